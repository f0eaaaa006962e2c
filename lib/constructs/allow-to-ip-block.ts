import { Construct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import { checkFields } from '../policy';
import { AllowProps } from './allow-props';
import { Pods } from './pods';
import { ALLOW_FIELDS } from './synthesis/allow-fields';
import { open } from './synthesis/connect';
import { ipBlockPeers } from './synthesis/ip-blocks';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';

/** Which pods may connect to which addresses. */
export interface AllowToIpBlockProps extends AllowProps {
  /** Blocks of IPv4 or IPv6 addresses without host bits: `203.0.113.0/24`, `2001:db8::/32`. At least one. */
  readonly cidrs: string[];

  /**
   * Parts of the blocks that stay closed.
   * @default - none
   */
  readonly exceptions?: string[];

  /**
   * Leave the cluster's own pod, service and node ranges in. They are known from the `ClusterProfile`.
   * @default false
   */
  readonly includeCluster?: boolean;

  /**
   * The pods that may connect.
   * @default - every pod of the namespace
   */
  readonly from?: Pods;
}

/**
 * Pods may connect to addresses outside of the cluster. Where a `MetadataBlock` governs the app, metadata endpoints inside of
 * the blocks become exceptions.
 *
 * ```ts
 * new AllowToIpBlock(payments, 'bank', { cidrs: ['203.0.113.0/24'], from: payments.pods({ app: 'api' }), ports: [Port.tcp(443)] });
 * ```
 * ```yaml
 * metadata: { name: allow-api, namespace: pay }
 * spec:
 *   podSelector: { matchLabels: { app: api } }
 *   policyTypes: [Egress]
 *   egress:
 *     - to: [{ ipBlock: { cidr: 203.0.113.0/24 } }]
 *       ports: [{ port: 443, protocol: TCP }]
 * ```
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-ipblock-selectors
 */
export class AllowToIpBlock extends Construct {
  /**
   * Lets pods of a namespace connect to addresses.
   * @param scope the namespace, or a chart
   * @param id the id of the construct
   * @param props who, to which addresses, on which ports
   */
  public constructor(scope: Construct, id: string, props: AllowToIpBlockProps) {
    super(scope, id);
    enter(this);
    inConstruct(this, () => {
      checkFields<AllowToIpBlockProps>(props, { ...ALLOW_FIELDS, cidrs: 'value', exceptions: 'value', includeCluster: 'flag', from: 'value' });
      const peers = ipBlockPeers(props, ClusterProfile.of(this));
      const namespace = namespaceOf(this, props.namespace);
      open({ by: this, namespace, direction: 'egress', subject: props.from ?? Pods.all(), peers, ports: props.ports, policyName: props.policyName });
    });
  }
}
