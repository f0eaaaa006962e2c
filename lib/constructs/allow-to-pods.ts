import { Construct } from 'constructs';
import { checkFields } from '../policy';
import { AllowPodsProps } from './allow-props';
import { Pods } from './pods';
import { ALLOW_PODS_FIELDS } from './synthesis/allow-fields';
import { open, peerPods } from './synthesis/connect';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';

/** Which pods may connect to whom. */
export interface AllowToPodsProps extends AllowPodsProps {
  /** The servers. */
  readonly to: Pods;

  /**
   * The pods that may connect to them.
   * @default - every pod of the namespace
   */
  readonly from?: Pods;
}

/**
 * Pods of this namespace may connect to other pods. Where the app owns the namespace of the servers, they accept it too: one
 * construct opens both ends, and saying it from both ends writes it once.
 *
 * ```ts
 * new AllowToPods(shop, 'web-to-api', { from: shop.pods({ app: 'web' }), to: payments.pods({ app: 'api' }), ports: [Port.tcp(8080)] });
 * ```
 * ```yaml
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
export class AllowToPods extends Construct {
  /**
   * Lets pods of a namespace connect to other pods.
   * @param scope the namespace, or a chart
   * @param id the id of the construct
   * @param props who, to whom, on which ports
   */
  public constructor(scope: Construct, id: string, props: AllowToPodsProps) {
    super(scope, id);
    enter(this);
    inConstruct(this, () => {
      checkFields<AllowToPodsProps>(props, { ...ALLOW_PODS_FIELDS, from: 'value', to: 'value' });
      const namespace = namespaceOf(this, props.namespace);
      const to = peerPods(props.to, 'to')._in(namespace);
      open({
        by: this, namespace, direction: 'egress', subject: props.from ?? Pods.all(), peers: [{ terms: [to] }], ports: props.ports, policyName: props.policyName,
        mirrors: props.reciprocal === false ? [] : [to], mirrorName: props.to._workload?.name,
      });
    });
  }
}
