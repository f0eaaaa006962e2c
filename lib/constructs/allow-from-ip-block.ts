import { Construct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import { checkFields } from '../policy';
import { AllowProps } from './allow-props';
import { Pods } from './pods';
import { ALLOW_FIELDS } from './synthesis/allow-fields';
import { open } from './synthesis/connect';
import { ipBlockPeers } from './synthesis/ip-blocks';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';

/** Which addresses may connect to which pods. */
export interface AllowFromIpBlockProps extends AllowProps {
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
   * The pods that they may connect to.
   * @default - every pod of the namespace
   */
  readonly to?: Pods;
}

/**
 * Pods accept connections from addresses outside of the cluster. The address that a pod sees is the client's only where
 * nothing on the way replaces it: behind a Service of type LoadBalancer that takes `externalTrafficPolicy: Local`.
 *
 * ```ts
 * // podCidrs: ['10.244.0.0/16'] in the ClusterProfile
 * new AllowFromIpBlock(payments, 'vpn', { cidrs: ['10.0.0.0/8'], to: payments.pods({ app: 'admin' }), ports: [Port.tcp(8443)] });
 * ```
 * ```yaml
 * metadata: { name: allow-admin, namespace: pay }
 * spec:
 *   podSelector: { matchLabels: { app: admin } }
 *   policyTypes: [Ingress]
 *   ingress:
 *     - from: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.244.0.0/16] } }]
 *       ports: [{ port: 8443, protocol: TCP }]
 * ```
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-ipblock-selectors
 */
export class AllowFromIpBlock extends Construct {
  /**
   * Opens pods of a namespace to addresses.
   * @param scope the namespace, or a chart
   * @param id the id of the construct
   * @param props which addresses, to whom, on which ports
   */
  public constructor(scope: Construct, id: string, props: AllowFromIpBlockProps) {
    super(scope, id);
    enter(this);
    inConstruct(this, () => {
      checkFields<AllowFromIpBlockProps>(props, { ...ALLOW_FIELDS, cidrs: 'value', exceptions: 'value', includeCluster: 'flag', to: 'value' });
      const peers = ipBlockPeers(props, ClusterProfile.of(this));
      const namespace = namespaceOf(this, props.namespace);
      open({ by: this, namespace, direction: 'ingress', subject: props.to ?? Pods.all(), peers, ports: props.ports, policyName: props.policyName });
    });
  }
}
