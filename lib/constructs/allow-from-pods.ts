import { Construct } from 'constructs';
import { checkFields } from '../policy';
import { AllowPodsProps } from './allow-props';
import { Pods } from './pods';
import { ALLOW_PODS_FIELDS } from './synthesis/allow-fields';
import { open, peerPods } from './synthesis/connect';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';

/** Who may connect to which pods. */
export interface AllowFromPodsProps extends AllowPodsProps {
  /** The clients. */
  readonly from: Pods;

  /**
   * The pods that they may connect to.
   * @default - every pod of the namespace
   */
  readonly to?: Pods;
}

/**
 * Pods of this namespace accept connections from other pods. Where the app owns the namespace of the clients, they may also
 * leave it: one construct opens both ends.
 *
 * ```ts
 * new AllowFromPods(payments, 'web-to-api', {
 *   from: shop.pods({ app: 'web' }), to: payments.pods({ app: 'api' }), ports: [Port.tcp(8080)],
 * });
 * ```
 * ```yaml
 * # in pay
 * metadata: { name: allow-api, namespace: pay }
 * spec:
 *   podSelector: { matchLabels: { app: api } }
 *   policyTypes: [Ingress]
 *   ingress:
 *     - from:
 *         - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }
 *           podSelector: { matchLabels: { app: web } }
 *       ports: [{ port: 8080, protocol: TCP }]
 * ---
 * # in shop
 * metadata: { name: allow-web, namespace: shop }
 * spec:
 *   podSelector: { matchLabels: { app: web } }
 *   policyTypes: [Egress]
 *   egress:
 *     - to:
 *         - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: pay } }
 *           podSelector: { matchLabels: { app: api } }
 *       ports: [{ port: 8080, protocol: TCP }]
 * ```
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export class AllowFromPods extends Construct {
  /**
   * Opens pods of a namespace to other pods.
   * @param scope the namespace, or a chart
   * @param id the id of the construct
   * @param props who, to whom, on which ports
   */
  public constructor(scope: Construct, id: string, props: AllowFromPodsProps) {
    super(scope, id);
    enter(this);
    inConstruct(this, () => {
      checkFields<AllowFromPodsProps>(props, { ...ALLOW_PODS_FIELDS, from: 'value', to: 'value' });
      const namespace = namespaceOf(this, props.namespace);
      const from = peerPods(props.from, 'from')._in(namespace);
      open({
        by: this, namespace, direction: 'ingress', subject: props.to ?? Pods.all(), peers: [{ terms: [from] }], ports: props.ports, policyName: props.policyName,
        mirrors: props.reciprocal === false ? [] : [from], mirrorName: props.from._workload?.name,
      });
    });
  }
}
