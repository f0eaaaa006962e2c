import { Construct } from 'constructs';
import { checkFields, PolicyError } from '../policy';
import { Pods } from './pods';
import { ServiceBackend } from './service-backend';
import { open } from './synthesis/connect';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';

/** Which pods may connect to which Service. */
export interface AllowToServiceProps {
  /** The Service: its pods and the ports on which they listen are what the policy names. */
  readonly service: ServiceBackend;

  /**
   * The pods that may connect.
   * @default - every pod of the namespace
   */
  readonly from?: Pods;

  /**
   * The namespace whose policy this is.
   * @default - the nearest `DefaultDenyNamespace` above, else the namespace of the chart
   */
  readonly namespace?: string;

  /**
   * The name of the policy at this end.
   * @default - from the labels of the pods: `allow-web` for `app: web`
   */
  readonly policyName?: string;

  /**
   * Where a `DefaultDenyNamespace` of this app owns the Service's namespace, write the matching rule there too.
   * @default true
   */
  readonly reciprocal?: boolean;
}

/**
 * Pods of this namespace may connect to a Service. A policy sees the pod behind the Service and the pod's own port, so that is
 * what is written: the selector of the Service, and its target ports in place of the ports that clients dial.
 *
 * ```ts
 * // the Service `db` in `data`: selector app=postgres, port 5432 -> targetPort pg
 * new AllowToService(shop, 'db', { from: shop.pods({ app: 'web' }), service: ServiceBackend.of(dbService) });
 * ```
 * ```yaml
 * metadata: { name: allow-web, namespace: shop }
 * spec:
 *   podSelector: { matchLabels: { app: web } }
 *   policyTypes: [Egress]
 *   egress:
 *     - to:
 *         - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
 *           podSelector: { matchLabels: { app: postgres } }
 *       ports: [{ port: pg, protocol: TCP }]
 * ```
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service
 */
export class AllowToService extends Construct {
  /**
   * Lets pods connect to a Service.
   * @param scope the namespace, or a chart
   * @param id the id of the construct
   * @param props who, and to which Service
   */
  public constructor(scope: Construct, id: string, props: AllowToServiceProps) {
    super(scope, id);
    enter(this);
    inConstruct(this, () => {
      checkFields<AllowToServiceProps>(props, { service: 'value', from: 'value', namespace: 'value', policyName: 'value', reciprocal: 'flag' });
      if (typeof props.service?._backend !== 'function') {
        throw new PolicyError({ given: props.service, where: 'service', problem: 'is no Service', instead: 'ServiceBackend.of(service) or ServiceBackend.known({ ... })' });
      }
      const namespace = namespaceOf(this, props.namespace);
      const { scope: where, selector, ports } = props.service._backend();
      const to = { kind: 'pods' as const, namespaces: where ?? Pods.all()._in(namespace).namespaces, pods: selector };
      open({
        by: this, namespace, direction: 'egress', subject: props.from ?? Pods.all(), peers: [{ terms: [to] }], ports, policyName: props.policyName,
        mirrors: props.reciprocal === false ? [] : [to],
      });
    });
  }
}
