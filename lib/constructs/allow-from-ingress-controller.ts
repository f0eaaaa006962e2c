import { Construct } from 'constructs';
import { isBranded } from '../cluster/brand';
import { ClusterProfile } from '../cluster/cluster-profile';
import { IngressController } from '../cluster/ingress-controller';
import { checkFields, PolicyError } from '../policy';
import { AllowPodsProps } from './allow-props';
import { Pods } from './pods';
import { ALLOW_PODS_FIELDS } from './synthesis/allow-fields';
import { open } from './synthesis/connect';
import { entityEnd } from './synthesis/entity-end';
import { podSetsOf, peerOf } from './synthesis/peer-spec';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';

/** Which ingress controller may connect to which pods. */
export interface AllowFromIngressControllerProps extends AllowPodsProps {
  /**
   * The controller.
   * @default - the `ingressController` of the `ClusterProfile`; an error where it has none
   */
  readonly from?: IngressController;

  /**
   * The pods behind its routes.
   * @default - every pod of the namespace
   */
  readonly to?: Pods;
}

/**
 * Pods accept connections from the ingress controller: the pods that end the connections of clients and open new ones to the
 * application. The port is the container's, not that of the Service which the Ingress names.
 *
 * ```ts
 * new AllowFromIngressController(shop, 'www', { from: IngressController.ingressNginx(), to: shop.pods({ app: 'web' }), ports: [Port.tcp(8080)] });
 * ```
 * ```yaml
 * metadata: { name: allow-web, namespace: shop }
 * spec:
 *   podSelector: { matchLabels: { app: web } }
 *   policyTypes: [Ingress]
 *   ingress:
 *     - from:
 *         - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } }
 *           podSelector: { matchLabels: { app.kubernetes.io/component: controller, app.kubernetes.io/name: ingress-nginx } }
 *       ports: [{ port: 8080, protocol: TCP }]
 * ```
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress-controllers/
 */
export class AllowFromIngressController extends Construct {
  /**
   * Opens pods to the ingress controller.
   * @param scope the namespace, or a chart
   * @param id the id of the construct
   * @param props which controller, to whom, on which ports
   */
  public constructor(scope: Construct, id: string, props: AllowFromIngressControllerProps) {
    super(scope, id);
    enter(this);
    inConstruct(this, () => {
      checkFields<AllowFromIngressControllerProps>(props, { ...ALLOW_PODS_FIELDS, from: 'value', to: 'value' });
      const controller = props.from ?? ClusterProfile.of(this).ingressController;
      if (controller === undefined || !isBranded(controller, 'IngressController')) {
        throw new PolicyError({
          given: props.from?.name ?? props.from, where: 'from', problem: props.from === undefined ? 'is no ingress controller, and the ClusterProfile names none' : 'is no ingress controller',
          instead: 'from: IngressController.ingressNginx() or another, or ingressController in ClusterProfile.attach',
        });
      }
      const namespace = namespaceOf(this, props.namespace);
      const common = { by: this, namespace, direction: 'ingress' as const, subject: props.to ?? Pods.all(), ports: props.ports, policyName: props.policyName };
      const peers = controller._peers.map(peerOf);
      if (controller._entity !== undefined) open({ ...common, ...entityEnd(this, controller._entity) });
      else open({ ...common, peers, mirrors: props.reciprocal === false ? [] : podSetsOf(peers) });
    });
  }
}
