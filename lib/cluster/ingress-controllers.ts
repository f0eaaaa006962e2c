import { CidrPeerSpec, PodPeerSpec, PodPreset } from './peer-spec';

const NAME = 'app.kubernetes.io/name';
const COMPONENT = 'app.kubernetes.io/component';

/** Controllers whose own pods open the connections to applications. */
export const INGRESS_CONTROLLERS = {
  ingressNginx: {
    name: 'ingress-nginx',
    title: 'ingress-nginx',
    namespaces: ['ingress-nginx'],
    pods: [{ matchLabels: { [NAME]: 'ingress-nginx', [COMPONENT]: 'controller' } }],
    source: 'https://github.com/kubernetes/ingress-nginx/blob/main/charts/ingress-nginx/templates/_helpers.tpl',
  },
  traefik: {
    name: 'traefik',
    title: 'Traefik',
    namespaces: ['traefik'],
    pods: [{ matchLabels: { [NAME]: 'traefik' } }],
    source: 'https://github.com/traefik/traefik-helm-chart/blob/master/traefik/templates/_helpers.tpl',
    note: 'k3s runs it in kube-system',
  },
  haproxy: {
    name: 'haproxy',
    title: 'HAProxy Kubernetes Ingress Controller',
    namespaces: ['haproxy-controller'],
    pods: [{ matchLabels: { [NAME]: 'kubernetes-ingress' } }],
    source: 'https://github.com/haproxytech/helm-charts/blob/main/kubernetes-ingress/templates/_helpers.tpl',
  },
  contour: {
    name: 'contour',
    title: 'Contour: its Envoy pods',
    namespaces: ['projectcontour'],
    pods: [{ matchLabels: { app: 'envoy' } }],
    source: 'https://github.com/projectcontour/contour/blob/main/examples/contour/03-envoy.yaml',
  },
  istio: {
    name: 'istio',
    title: 'the ingress gateway of Istio',
    namespaces: ['istio-ingress'],
    pods: [{ matchLabels: { istio: 'ingressgateway' } }],
    source: 'https://github.com/istio/istio/blob/master/manifests/charts/gateway/templates/_helpers.tpl',
    note: 'istioctl installs it in istio-system',
  },
  kong: {
    name: 'kong',
    title: 'Kong: the gateway pods of the charts kong/ingress and kong/kong',
    namespaces: ['kong'],
    pods: [{ matchLabels: { [COMPONENT]: 'app' }, matchExpressions: [{ key: NAME, operator: 'In', values: ['gateway', 'kong'] }] }],
    source: 'https://github.com/Kong/charts/blob/main/charts/kong/templates/_helpers.tpl',
  },
  envoyGateway: {
    name: 'envoy-gateway',
    title: 'Envoy Gateway: its proxy pods',
    namespaces: ['envoy-gateway-system'],
    pods: [{ matchLabels: { [NAME]: 'envoy', [COMPONENT]: 'proxy', 'app.kubernetes.io/managed-by': 'envoy-gateway' } }],
    source: 'https://github.com/envoyproxy/gateway/tree/main/internal/infrastructure/kubernetes/proxy/testdata/deployments',
    note: 'in the mode GatewayNamespace the pods are in the namespace of the Gateway',
  },
} as const satisfies Record<string, PodPreset>;

/** The label that implementations of the Gateway API put on the pods that they start for a Gateway (GEP-1762). */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';
export const GATEWAY_NAME_SOURCE = 'https://gateway-api.sigs.k8s.io/geps/gep-1762/';

const GOOGLE_RANGES = 'https://cloud.google.com/load-balancing/docs/firewall-rules';
const GOOGLE_WHY = 'Google front ends and health checks';

/** Container-native load balancers of Google connect to pods from these addresses. */
export const GOOGLE_FRONT_ENDS: readonly (CidrPeerSpec & { readonly source: string })[] = [
  { kind: 'cidr', cidr: '35.191.0.0/16', why: GOOGLE_WHY, source: GOOGLE_RANGES },
  { kind: 'cidr', cidr: '130.211.0.0/22', why: GOOGLE_WHY, source: GOOGLE_RANGES },
  { kind: 'cidr', cidr: '2600:2d00:1:1::/64', why: GOOGLE_WHY, source: GOOGLE_RANGES },
  { kind: 'cidr', cidr: '2600:2d00:1:b029::/64', why: GOOGLE_WHY, source: GOOGLE_RANGES },
];

/**
 * OpenShift matches its routers by a namespace label in both forms, as pods and in the network of the host. All pods have to
 * be selected: with a narrower selector host network traffic is left out.
 */
export const OPENSHIFT_ROUTER: PodPeerSpec & { readonly source: string } = {
  kind: 'pods',
  namespaceLabels: { 'policy-group.network.openshift.io/ingress': '' },
  matchLabels: {},
  source: 'https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/network_security/network-policy',
};
