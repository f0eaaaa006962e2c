import { IConstruct } from 'constructs';
import { ClusterProfile } from '../../cluster/cluster-profile';
import { EntitySpec } from '../../cluster/peer-spec';
import { Cidr, Entity, ipBlockPeer, Peer, PolicyError } from '../../policy';
import { entityForm } from './entity-form';
import { entityPeer } from './peer-spec';
import { NamespaceForm, NATIVE_FORM } from './policy-form';

/** What the entities of the tables are called where the CNI has entities. */
const NAMES: Readonly<Record<EntitySpec, readonly Entity[]>> = { nodes: ['host', 'remote-node'], ingress: ['ingress'] };

/** The other end of a rule that selectors do not name: as entities where the CNI has them, nodes by their addresses elsewhere. */
export function entityEnd(construct: IConstruct, entity: EntitySpec): { readonly peers: readonly Peer[]; readonly form: NamespaceForm } {
  const { cni, name, nodeCidrs } = ClusterProfile.of(construct);
  const form = entityForm(cni);
  if (form !== undefined) return { peers: NAMES[entity].map(entityPeer), form };
  if (entity === 'ingress') {
    throw new PolicyError({
      given: cni.name, where: 'from', problem: 'is not the CNI that this ingress is a part of', instead: 'IngressController.cilium() on Cilium, or the controller that runs here',
    });
  }
  if (nodeCidrs.length === 0) {
    throw new PolicyError({
      given: name, where: 'from', problem: 'is a cluster whose nodes have no known addresses, and no selector names them',
      instead: 'nodeCidrs: ["192.0.2.0/24"] in ClusterProfile.attach',
    });
  }
  return { peers: nodeCidrs.map((cidr) => ipBlockPeer(Cidr.parse(cidr))), form: NATIVE_FORM };
}
