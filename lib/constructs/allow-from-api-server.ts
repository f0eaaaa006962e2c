import { Construct } from 'constructs';
import { checkFields } from '../policy';
import { AllowProps } from './allow-props';
import { Pods } from './pods';
import { ALLOW_FIELDS } from './synthesis/allow-fields';
import { apiServerOf } from './synthesis/api-server';
import { open } from './synthesis/connect';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';

/** Which pods the API server may call. */
export interface AllowFromApiServerProps extends AllowProps {
  /**
   * The pods that it may call: admission webhooks, conversion webhooks, aggregated API servers.
   * @default - every pod of the namespace
   */
  readonly to?: Pods;
}

/**
 * The API server may call pods: webhooks and aggregated APIs. Its calls come from the addresses of its machines, which the
 * `ClusterProfile` has to know; a webhook that is shut out fails every request that it is asked about. On Cilium the rule is a
 * CiliumNetworkPolicy that names the entity `kube-apiserver`. Where the control plane reaches pods through an agent (konnectivity
 * on GKE and AKS), its pods are the client: let them in with `AllowFromPods`.
 *
 * ```ts
 * // apiServer: { addresses: ['192.0.2.10/32'] } in the ClusterProfile
 * new AllowFromApiServer(certs, 'webhook', { to: certs.pods({ app: 'webhook' }), ports: [Port.tcp(10250)] });
 * ```
 * ```yaml
 * metadata: { name: allow-webhook, namespace: certs }
 * spec:
 *   podSelector: { matchLabels: { app: webhook } }
 *   policyTypes: [Ingress]
 *   ingress:
 *     - from: [{ ipBlock: { cidr: 192.0.2.10/32 } }]
 *       ports: [{ port: 10250, protocol: TCP }]
 * ```
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export class AllowFromApiServer extends Construct {
  /**
   * Opens pods to the API server.
   * @param scope the namespace, or a chart
   * @param id the id of the construct
   * @param props which pods, on which ports
   */
  public constructor(scope: Construct, id: string, props: AllowFromApiServerProps) {
    super(scope, id);
    enter(this);
    inConstruct(this, () => {
      checkFields<AllowFromApiServerProps>(props, { ...ALLOW_FIELDS, to: 'value' });
      const { peers, form } = apiServerOf(this);
      const namespace = namespaceOf(this, props.namespace);
      open({ by: this, namespace, direction: 'ingress', subject: props.to ?? Pods.all(), peers, form, ports: props.ports, policyName: props.policyName });
    });
  }
}
