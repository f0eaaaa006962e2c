import { Construct } from 'constructs';
import { checkFields, namedNamespace } from '../policy';
import { AllowProps } from './allow-props';
import { Pods } from './pods';
import { ALLOW_FIELDS } from './synthesis/allow-fields';
import { open, subjectIn } from './synthesis/connect';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';

/** Which pods may talk to one another. */
export interface AllowWithinProps extends AllowProps {
  /**
   * The pods.
   * @default - every pod of the namespace
   */
  readonly pods?: Pods;
}

/**
 * Pods may talk to their own kind: the replicas of a database, or a whole namespace. A default-deny also stands between the
 * replicas of one workload, so that a quorum (etcd, Kafka, RabbitMQ) is lost without this.
 *
 * ```ts
 * new AllowWithin(data, 'replication', { pods: data.pods({ app: 'postgres' }), ports: [Port.tcp(5432)] });
 * ```
 * ```yaml
 * metadata: { name: allow-postgres, namespace: data }
 * spec:
 *   podSelector: { matchLabels: { app: postgres } }
 *   policyTypes: [Ingress, Egress]
 *   ingress:
 *     - from: [{ podSelector: { matchLabels: { app: postgres } } }]
 *       ports: [{ port: 5432, protocol: TCP }]
 *   egress:
 *     - to: [{ podSelector: { matchLabels: { app: postgres } } }]
 *       ports: [{ port: 5432, protocol: TCP }]
 * ```
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class AllowWithin extends Construct {
  /**
   * Lets pods talk to one another.
   * @param scope the namespace, or a chart
   * @param id the id of the construct
   * @param props which pods, on which ports
   */
  public constructor(scope: Construct, id: string, props: AllowWithinProps) {
    super(scope, id);
    enter(this);
    inConstruct(this, () => {
      checkFields<AllowWithinProps>(props, { ...ALLOW_FIELDS, pods: 'value' });
      const namespace = namespaceOf(this, props.namespace);
      const pods = props.pods ?? Pods.all();
      const peers = [{ terms: [{ kind: 'pods' as const, namespaces: namedNamespace(namespace), pods: subjectIn(pods, namespace, 'pods') }] }];
      for (const direction of ['ingress', 'egress'] as const) {
        open({ by: this, namespace, direction, subject: pods, peers, ports: props.ports, policyName: props.policyName });
      }
    });
  }
}
