import { checkLabelValue } from '../policy/names';
import { locate } from '../policy/policy-error';
import { brand } from './brand';
import { Cloud } from './cloud';
import { checkCidrs, checkLabels, checkNamespace, checkOptions, checkSomeCidrs, checkText } from './field-checks';
import { GATEWAY_NAME_LABEL, GOOGLE_FRONT_ENDS, INGRESS_CONTROLLERS, OPENSHIFT_ROUTER } from './ingress-controllers';
import { EntitySpec, PeerSpec, peersOf, PodPreset } from './peer-spec';

/** Where an ingress controller runs. */
export interface IngressControllerOptions {
  /**
   * Namespace of the pods that open connections to applications.
   * @default - the one that its chart or manifest uses
   */
  readonly namespace?: string;
}

/** The pods that an implementation of the Gateway API starts for one Gateway. */
export interface GatewayOptions {
  /** Namespace of the pods: that of the Gateway with NGINX Gateway Fabric, Istio and kgateway. */
  readonly namespace: string;

  /** Name of the Gateway. */
  readonly gateway: string;
}

/** Load balancers of AWS that connect to pods themselves. */
export interface AwsLoadBalancerOptions {
  /** CIDRs of the subnets that the load balancers are in. */
  readonly subnets: string[];
}

/** Load balancers of Google Cloud that connect to pods themselves. */
export interface GoogleLoadBalancerOptions {
  /**
   * CIDRs of the proxy-only subnets, from which regional and internal application load balancers connect.
   * @default - none: global load balancers alone
   */
  readonly proxyOnlySubnets?: string[];
}

/** An ingress controller of one's own. */
export interface CustomIngressControllerOptions {
  /** Namespace of the pods that open connections to applications. */
  readonly namespace: string;

  /** Labels of these pods, at least one. */
  readonly labels: Record<string, string>;
}

/** Addresses from which traffic enters the cluster. */
export interface IngressAddressesOptions {
  /** CIDRs that connections to applications come from. */
  readonly cidrs: string[];

  /** What has these addresses, for whoever reviews the policy, such as "Application Gateway". */
  readonly reason: string;
}

/**
 * What brings traffic from outside to applications: the pods or addresses that `AllowFromIngressController` lets in.
 *
 * ```ts
 * ClusterProfile.attach(app, { name: 'prod', cni: Cni.calico(), ingressController: IngressController.ingressNginx() });
 * ```
 * ```yaml
 * from:
 *   - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } }
 *     podSelector: { matchLabels: { app.kubernetes.io/component: controller, app.kubernetes.io/name: ingress-nginx } }
 * ```
 */
export class IngressController {
  /**
   * ingress-nginx, in "ingress-nginx" by default.
   * @throws if `namespace` is not a namespace name
   * @see https://github.com/kubernetes/ingress-nginx/tree/main/charts/ingress-nginx
   */
  public static ingressNginx(options: IngressControllerOptions = {}): IngressController {
    return IngressController.preset(INGRESS_CONTROLLERS.ingressNginx, options);
  }

  /**
   * Traefik, in "traefik" by default. k3s runs it in "kube-system".
   * @throws if `namespace` is not a namespace name
   * @see https://github.com/traefik/traefik-helm-chart
   */
  public static traefik(options: IngressControllerOptions = {}): IngressController {
    return IngressController.preset(INGRESS_CONTROLLERS.traefik, options);
  }

  /**
   * HAProxy Kubernetes Ingress Controller, in "haproxy-controller" by default.
   * @throws if `namespace` is not a namespace name
   * @see https://github.com/haproxytech/helm-charts/tree/main/kubernetes-ingress
   */
  public static haproxy(options: IngressControllerOptions = {}): IngressController {
    return IngressController.preset(INGRESS_CONTROLLERS.haproxy, options);
  }

  /**
   * The Envoy pods of Contour as its manifest has them, in "projectcontour" by default.
   * @throws if `namespace` is not a namespace name
   * @see https://github.com/projectcontour/contour/tree/main/examples/contour
   */
  public static contour(options: IngressControllerOptions = {}): IngressController {
    return IngressController.preset(INGRESS_CONTROLLERS.contour, options);
  }

  /**
   * The ingress gateway of Istio, in "istio-ingress" by default. istioctl installs it in "istio-system".
   * @throws if `namespace` is not a namespace name
   * @see https://istio.io/latest/docs/setup/additional-setup/gateway/
   */
  public static istio(options: IngressControllerOptions = {}): IngressController {
    return IngressController.preset(INGRESS_CONTROLLERS.istio, options);
  }

  /**
   * The gateway pods of Kong, in "kong" by default.
   * @throws if `namespace` is not a namespace name
   * @see https://github.com/Kong/charts
   */
  public static kong(options: IngressControllerOptions = {}): IngressController {
    return IngressController.preset(INGRESS_CONTROLLERS.kong, options);
  }

  /**
   * The proxy pods of Envoy Gateway, in "envoy-gateway-system" by default.
   * @throws if `namespace` is not a namespace name
   * @see https://gateway.envoyproxy.io/
   */
  public static envoyGateway(options: IngressControllerOptions = {}): IngressController {
    return IngressController.preset(INGRESS_CONTROLLERS.envoyGateway, options);
  }

  /**
   * The pods that an implementation of the Gateway API starts for one Gateway and labels with its name: NGINX Gateway Fabric 2,
   * Istio, kgateway and others.
   * @throws if `namespace` is not a namespace name, or `gateway` cannot be a label value
   * @see https://gateway-api.sigs.k8s.io/geps/gep-1762/
   */
  public static gateway(options: GatewayOptions): IngressController {
    checkOptions('IngressController.gateway', options, { namespace: 'value', gateway: 'value' });
    const gateway = locate('ingressController.gateway', () => checkLabelValue(options.gateway, GATEWAY_NAME_LABEL));
    return new IngressController('gateway', [{
      kind: 'pods',
      namespace: checkNamespace('ingressController.namespace', options.namespace),
      matchLabels: { [GATEWAY_NAME_LABEL]: checkText('ingressController.gateway', gateway, 'the name of the Gateway') },
    }]);
  }

  /**
   * Load balancers of the AWS Load Balancer Controller with targets of type `ip`: they connect to pods from addresses of their
   * subnets, and no pod is between. With targets of type `instance` traffic comes from nodes.
   * @throws if `subnets` is empty or holds something else than CIDRs
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/
   */
  public static awsLoadBalancer(options: AwsLoadBalancerOptions): IngressController {
    checkOptions('IngressController.awsLoadBalancer', options, { subnets: 'value' });
    const subnets = checkSomeCidrs('ingressController.subnets', options.subnets);
    return new IngressController('aws-load-balancer', addresses(subnets, 'load balancers of AWS'), { clouds: [Cloud.AWS] });
  }

  /**
   * Load balancers of GKE with container-native load balancing: they connect to pods, and check their health, from the ranges
   * of Google, in both IP families, and from the proxy-only subnets.
   * @throws if `proxyOnlySubnets` holds something else than CIDRs
   * @see https://cloud.google.com/load-balancing/docs/firewall-rules
   */
  public static gke(options: GoogleLoadBalancerOptions = {}): IngressController {
    checkOptions('IngressController.gke', options, { proxyOnlySubnets: 'value' });
    const subnets = checkCidrs('ingressController.proxyOnlySubnets', options.proxyOnlySubnets ?? []);
    const fronts = GOOGLE_FRONT_ENDS.map(({ cidr, why }): PeerSpec => ({ kind: 'cidr', cidr, why }));
    return new IngressController('gke', [...fronts, ...addresses(subnets, 'proxy-only subnet')], { clouds: [Cloud.GCP] });
  }

  /**
   * The routers of OpenShift, as pods and in the network of the host alike, by the namespace label of their policy group.
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/network_security/network-policy
   */
  public static openshift(): IngressController {
    const { kind, namespaceLabels, matchLabels } = OPENSHIFT_ROUTER;
    return new IngressController('openshift', [{ kind, namespaceLabels, matchLabels }]);
  }

  /**
   * The Ingress and Gateway API of Cilium itself: a proxy on each node, whose connections to applications have the identity
   * `ingress`. On Cilium alone.
   * @see https://docs.cilium.io/en/stable/network/servicemesh/ingress-and-network-policy/
   */
  public static cilium(): IngressController {
    return new IngressController('cilium', [], { entity: 'ingress' });
  }

  /**
   * Whatever connects to pods from the nodes of the cluster: a controller in the network of its node, load balancers with
   * targets of type `instance`, Services with `externalTrafficPolicy: Cluster`. Needs `nodeCidrs` in the `ClusterProfile`; on
   * Cilium, where no address matches a node, the entities `host` and `remote-node` stand for them.
   * @see https://kubernetes.io/docs/tutorials/services/source-ip/
   */
  public static onNodes(): IngressController {
    return new IngressController('nodes', [], { entity: 'nodes' });
  }

  /**
   * Any other controller that runs as pods.
   * @throws if `namespace` is not a namespace name, or `labels` are empty or invalid
   */
  public static custom(options: CustomIngressControllerOptions): IngressController {
    checkOptions('IngressController.custom', options, { namespace: 'value', labels: 'value' });
    return new IngressController('custom', [{
      kind: 'pods',
      namespace: checkNamespace('ingressController.namespace', options.namespace),
      matchLabels: checkLabels('ingressController.labels', options.labels),
    }]);
  }

  /**
   * Anything that connects to pods from known addresses: a load balancer appliance, Azure Application Gateway, nodes.
   * @throws if `cidrs` is empty or holds something else than CIDRs, or `reason` is blank
   */
  public static fromAddresses(options: IngressAddressesOptions): IngressController {
    checkOptions('IngressController.fromAddresses', options, { cidrs: 'value', reason: 'value' });
    const reason = checkText('ingressController.reason', options.reason, 'what has these addresses, such as "Application Gateway"');
    return new IngressController('addresses', addresses(checkSomeCidrs('ingressController.cidrs', options.cidrs), reason));
  }

  private static preset(preset: PodPreset, options: IngressControllerOptions): IngressController {
    const { namespace } = checkOptions(`IngressController, ${preset.title}`, options, { namespace: 'value' });
    const checked = namespace === undefined ? undefined : checkNamespace('ingressController.namespace', namespace);
    return new IngressController(preset.name, peersOf(preset, checked));
  }

  /** Which controller it is: `ingress-nginx`, `traefik`, `gke`, `gateway`, `cilium`, `nodes`, `addresses`, `custom`, ... */
  public readonly name: string;

  /** @internal */
  public readonly _peers: readonly PeerSpec[];

  /**
   * What it is where neither selectors nor fixed addresses name it.
   * @internal
   */
  public readonly _entity?: EntitySpec;

  /**
   * The clouds where alone it exists.
   * @internal
   */
  public readonly _clouds?: readonly Cloud[];

  private constructor(name: string, peers: readonly PeerSpec[], { clouds, entity }: { clouds?: readonly Cloud[]; entity?: EntitySpec } = {}) {
    this.name = name;
    this._peers = peers;
    this._clouds = clouds;
    this._entity = entity;
    brand(this, 'IngressController');
  }
}

function addresses(cidrs: readonly string[], why: string): PeerSpec[] {
  return cidrs.map((cidr): PeerSpec => ({ kind: 'cidr', cidr, why }));
}
