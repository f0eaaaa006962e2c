import { IConstruct } from 'constructs';
import { ClusterProfile } from '../../cluster/cluster-profile';
import { Cni } from '../../cluster/cni';
import { Dns } from '../../cluster/dns';
import { Peer, Port } from '../../policy';
import { Pods } from '../pods';
import { open } from './connect';
import { entityForm } from './entity-form';
import { entityPeer, peerOf, podSetsOf } from './peer-spec';
import { DNS_POLICY } from './policy-name';

/** Where DNS answers, and on which ports. */
export interface DnsEnds {
  readonly peers: readonly Peer[];
  readonly ports: readonly Port[];
}

/** The DNS of a cluster, with the node where a cache answers on it and no block matches nodes */
export function dnsPeers(by: IConstruct): DnsEnds {
  const { cni, dns } = ClusterProfile.of(by);
  return { peers: [...dns._peers.map(peerOf), ...ownNodePeers(cni, dns)], ports: portsOf(dns) };
}

/** Lets pods of a namespace ask the DNS. */
export function openDns(by: IConstruct, namespace: string, subject: Pods, given?: Dns): void {
  const dns = given ?? ClusterProfile.of(by).dns ?? Dns.coreDns();
  const peers = dns._peers.map(peerOf);
  const common = {
    by,
    namespace,
    direction: 'egress' as const,
    subject,
    ports: portsOf(dns),
    fixedName: subject._selector.matchesEverything ? DNS_POLICY : undefined,
  };
  open({ ...common, peers, mirrors: podSetsOf(peers) });
  const { cni } = ClusterProfile.of(by);
  const onNode = ownNodePeers(cni, dns);
  if (onNode.length > 0) open({ ...common, peers: onNode, form: entityForm(cni) });
}

/** Where blocks match no node, a cache on the pod's own node is the entity host, or an address still: as its agents started. */
function ownNodePeers(cni: Cni, dns: Dns): Peer[] {
  const isOnNode = dns._peers.some((peer) => peer.kind === 'cidr' && peer.onOwnNode === true);
  return isOnNode && entityForm(cni) !== undefined ? [entityPeer('host')] : [];
}

function portsOf(dns: Dns): Port[] {
  return dns._ports.map(({ protocol, port }) => (protocol === 'UDP' ? Port.udp(port) : Port.tcp(port)));
}
