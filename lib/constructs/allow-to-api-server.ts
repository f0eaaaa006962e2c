import { Construct } from 'constructs';
import { checkFields, Port } from '../policy';
import { Pods } from './pods';
import { apiServerOf } from './synthesis/api-server';
import { open } from './synthesis/connect';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';

/** Which pods may call the API server. */
export interface AllowToApiServerProps {
  /**
   * The pods that may call it. Most pods have no business there.
   * @default - every pod of the namespace
   */
  readonly from?: Pods;

  /**
   * The namespace whose policy this is.
   * @default - the nearest `DefaultDenyNamespace` above, else the namespace of the chart
   */
  readonly namespace?: string;

  /**
   * The name of the policy.
   * @default - from the labels of the pods: `allow-web` for `app: web`
   */
  readonly policyName?: string;
}

/**
 * Pods may call the Kubernetes API server. It is no pod that a selector could name: the policy names the addresses of its
 * endpoints, which the `ClusterProfile` has to know, and the ClusterIP of the Service `kubernetes` for CNIs that match before
 * it is translated. On Cilium, where no address matches it, the rule is a CiliumNetworkPolicy that names the entity
 * `kube-apiserver`, on the port of the profile, or on 443 and 6443 where that says none.
 *
 * ```ts
 * // apiServer: { addresses: ['192.0.2.10/32'], port: 6443 } in the ClusterProfile
 * new AllowToApiServer(operators, 'api', { from: operators.pods({ app: 'operator' }) });
 * ```
 * ```yaml
 * metadata: { name: allow-operator, namespace: operators }
 * spec:
 *   podSelector: { matchLabels: { app: operator } }
 *   policyTypes: [Egress]
 *   egress:
 *     - to: [{ ipBlock: { cidr: 192.0.2.10/32 } }]
 *       ports: [{ port: 6443, protocol: TCP }]
 * ```
 * @see https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster/
 */
export class AllowToApiServer extends Construct {
  /**
   * Lets pods call the API server.
   * @param scope the namespace, or a chart
   * @param id the id of the construct
   * @param props which pods
   */
  public constructor(scope: Construct, id: string, props: AllowToApiServerProps = {}) {
    super(scope, id);
    enter(this);
    inConstruct(this, () => {
      checkFields<AllowToApiServerProps>(props, { from: 'value', namespace: 'value', policyName: 'value' });
      const { service, ...server } = apiServerOf(this);
      const namespace = namespaceOf(this, props.namespace);
      const subject = props.from ?? Pods.all();
      const common = { by: this, namespace, direction: 'egress' as const, subject, policyName: props.policyName };
      open({ ...common, ...server });
      if (service !== undefined) open({ ...common, peers: [service], ports: [Port.tcp(443)] });
    });
  }
}
