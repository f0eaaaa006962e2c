import { Construct } from 'constructs';
import { isBranded } from '../cluster/brand';
import { Dns } from '../cluster/dns';
import { checkFields, PolicyError } from '../policy';
import { Pods } from './pods';
import { peerPods } from './synthesis/connect';
import { openDns } from './synthesis/dns';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';

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
