import { Construct } from 'constructs';
import { checkFields } from '../policy';
import { AllowPodsProps } from './allow-props';
import { Namespaces } from './namespaces';
import { Pods } from './pods';
import { ALLOW_PODS_FIELDS } from './synthesis/allow-fields';
import { open } from './synthesis/connect';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';

/** Which namespaces may connect to which pods. */
export interface AllowFromNamespacesProps extends AllowPodsProps {
  /** The namespaces; every pod in them is a client. */
  readonly from: Namespaces;

  /**
   * The pods that they may connect to.
   * @default - every pod of the namespace
   */
  readonly to?: Pods;
}

/**
 * Pods of this namespace accept connections from every pod of other namespaces. To name the pods too, use `AllowFromPods`
 * with `Pods.inNamespaces`.
 *
 * ```ts
 * new AllowFromNamespaces(payments, 'tools', {
 *   from: Namespaces.withLabels({ purpose: 'tools' }), to: payments.pods({ app: 'api' }), ports: [Port.tcp(8080)],
 * });
 * ```
 * ```yaml
 * metadata: { name: allow-api, namespace: pay }
 * spec:
 *   podSelector: { matchLabels: { app: api } }
 *   policyTypes: [Ingress]
 *   ingress:
 *     - from: [{ namespaceSelector: { matchLabels: { purpose: tools } } }]
 *       ports: [{ port: 8080, protocol: TCP }]
 * ```
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-multiple-namespaces-by-label
 */
export class AllowFromNamespaces extends Construct {
  /**
   * Opens pods of a namespace to other namespaces.
   * @param scope the namespace, or a chart
   * @param id the id of the construct
   * @param props who, to whom, on which ports
   */
  public constructor(scope: Construct, id: string, props: AllowFromNamespacesProps) {
    super(scope, id);
    enter(this);
    inConstruct(this, () => {
      checkFields<AllowFromNamespacesProps>(props, { ...ALLOW_PODS_FIELDS, from: 'value', to: 'value' });
      const namespace = namespaceOf(this, props.namespace);
      const from = Pods.inNamespaces(props.from)._in(namespace);
      open({
        by: this, namespace, direction: 'ingress', subject: props.to ?? Pods.all(), peers: [{ terms: [from] }], ports: props.ports, policyName: props.policyName,
        mirrors: props.reciprocal === false ? [] : [from],
      });
    });
  }
}
