import { IConstruct } from 'constructs';
import { ClusterProfile } from '../../cluster/cluster-profile';
import { Cidr, ipBlockPeer, Peer, PolicyError, Port } from '../../policy';
import { entityForm } from './entity-form';
import { entityPeer } from './peer-spec';
import { NamespaceForm, NATIVE_FORM } from './policy-form';

/** The API server as the other end of a rule. */
export interface ApiServerEnd {
  readonly peers: readonly Peer[];
  /** Where it answers. */
  readonly ports: readonly Port[];
  readonly form: NamespaceForm;
  /** The address of its Service, for CNIs that match before that is translated. */
  readonly service?: Peer;
}

/** Where an API server answers that the profile does not know: kubeadm and its kin, and managed ones. */
const USUAL_PORTS = [Port.tcp(443), Port.tcp(6443)];

/** The API server: an entity where the CNI has a kind that names it, else its addresses, or an error where nothing names it. */
export function apiServerOf(construct: IConstruct): ApiServerEnd {
  const { apiServer, cni, name } = ClusterProfile.of(construct);
  const form = entityForm(cni);
  if (form !== undefined) {
    return { peers: [entityPeer('kube-apiserver')], ports: apiServer === undefined ? USUAL_PORTS : [Port.tcp(apiServer.port ?? 6443)], form };
  }
  if (apiServer === undefined || apiServer.addresses.length === 0) {
    throw new PolicyError({
      given: name,
      problem: 'is a cluster whose API server has no known addresses, and no selector can name it',
      instead: 'apiServer: { addresses: ["192.0.2.10/32"] } in ClusterProfile.attach; kubectl get endpointslices -n default -l kubernetes.io/service-name=kubernetes shows them',
    });
  }
  return {
    peers: apiServer.addresses.map((cidr) => ipBlockPeer(Cidr.parse(cidr))),
    ports: [Port.tcp(apiServer.port ?? 6443)],
    form: NATIVE_FORM,
    ...(apiServer.serviceIp === undefined ? {} : { service: ipBlockPeer(Cidr.host(apiServer.serviceIp)) }),
  };
}
