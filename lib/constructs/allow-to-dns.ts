import { Construct, IConstruct } from 'constructs';
import { isBranded } from '../cluster/brand';
import { ClusterProfile } from '../cluster/cluster-profile';
import { Cni } from '../cluster/cni';
import { Dns } from '../cluster/dns';
import { checkFields, Peer, PolicyError, Port } from '../policy';
import { Pods } from './pods';
import { open, peerPods } from './synthesis/connect';
import { entityForm } from './synthesis/entity-form';
import { entityPeer, podSetsOf, peerOf } from './synthesis/peer-spec';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';
import { DNS_POLICY } from './synthesis/policy-name';

/** Which pods may ask which DNS. */
export interface AllowToDnsProps {
  /**
   * The pods that may ask.
   * @default - every pod of the namespace
   */
  readonly from?: Pods;

  /**
   * The DNS of the cluster.
   * @default - the `dns` of the `ClusterProfile`, else CoreDNS in kube-system
   */
  readonly dns?: Dns;

  /**
   * The namespace whose policy this is.
   * @default - the nearest `DefaultDenyNamespace` above, else the namespace of the chart
   */
  readonly namespace?: string;
}

/**
 * Pods may ask the DNS of the cluster, over UDP and TCP: an answer that does not fit into a datagram is asked for again over
 * TCP. A `DefaultDenyNamespace` has this already. On Cilium a cache on the node is named as the entity `host` too, in a
 * CiliumNetworkPolicy of the same name.
 *
 * ```ts
 * new AllowToDns(chart, 'dns', { namespace: 'legacy' });
 * ```
 * ```yaml
 * metadata: { name: allow-dns, namespace: legacy }
 * spec:
 *   podSelector: {}
 *   policyTypes: [Egress]
 *   egress:
 *     - ports: [{ port: 53, protocol: TCP }, { port: 53, protocol: UDP }]
 *       to:
 *         - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
 *           podSelector: { matchLabels: { k8s-app: kube-dns } }
 * ```
 * @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
export class AllowToDns extends Construct {
  /**
   * Lets pods ask the DNS.
   * @param scope the namespace, or a chart
   * @param id the id of the construct
   * @param props who asks whom
   */
  public constructor(scope: Construct, id: string, props: AllowToDnsProps = {}) {
    super(scope, id);
    enter(this);
    inConstruct(this, () => {
      checkFields<AllowToDnsProps>(props, { from: 'value', dns: 'value', namespace: 'value' });
      if (props.dns !== undefined && !isBranded(props.dns, 'Dns')) {
        throw new PolicyError({ given: props.dns?.name ?? props.dns, where: 'dns', problem: 'is no DNS', instead: 'Dns.coreDns() or another, or nothing for that of the ClusterProfile' });
      }
      const from = props.from === undefined ? Pods.all() : peerPods(props.from, 'from');
      openDns(this, namespaceOf(this, props.namespace), from, props.dns);
    });
  }
}

/** Where DNS answers, and on which ports. */
export interface DnsEnds {
  readonly peers: readonly Peer[];
  readonly ports: readonly Port[];
}

/** @internal the DNS of a cluster, with the node where a cache answers on it and no block matches nodes */
export function dnsPeers(by: IConstruct): DnsEnds {
  const { cni, dns } = ClusterProfile.of(by);
  return { peers: [...dns._peers.map(peerOf), ...ownNodePeers(cni, dns)], ports: portsOf(dns) };
}

/** @internal */
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
