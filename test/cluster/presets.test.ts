import { Dns, IngressController, INGRESS_CONTROLLERS, Monitoring, MONITORING_PRESETS, PeerSpec } from '../../lib/cluster';
import {
  CORE_DNS, GKE_CLOUD_DNS_ADDRESS, NODE_LOCAL_ADDRESS, NODE_LOCAL_DNS, OPENSHIFT_DNS,
} from '../../lib/cluster/dns-presets';
import { GOOGLE_FRONT_ENDS, OPENSHIFT_ROUTER } from '../../lib/cluster/ingress-controllers';
import { PodPreset } from '../../lib/cluster/peer-spec';
import { Cidr } from '../../lib/policy/cidr';
import { checkDnsLabel, checkLabelKey, checkLabelValue } from '../../lib/policy/names';
import { messageOf } from './message-of';

const podPresets: PodPreset[] = [
  CORE_DNS, NODE_LOCAL_DNS, OPENSHIFT_DNS, ...Object.values(MONITORING_PRESETS), ...Object.values(INGRESS_CONTROLLERS),
];

/** Peers in one line each, as they read in a policy. */
function show(peers: readonly PeerSpec[]): string[] {
  return peers.map((peer) => {
    if (peer.kind === 'cidr') return peer.cidr;
    const labels = Object.entries(peer.matchLabels).map(([key, value]) => `${key}=${value}`);
    const expressions = (peer.matchExpressions ?? []).map(({ key, operator, values = [] }) => `${key} ${operator} ${values.join('|')}`);
    const where = peer.namespace ?? `{${Object.entries(peer.namespaceLabels ?? {}).map(([key, value]) => `${key}=${value}`).join(',')}}`;
    return `${where}/${[...labels, ...expressions].join(',')}`;
  });
}

describe.each(podPresets.map((preset) => [preset.title, preset] as const))('%s', (_title, preset) => {
  test('has a source, namespaces and labels that exist', () => {
    expect(preset.source).toMatch(/^https:\/\/\S+$/);
    expect(preset.namespaces.length).toBeGreaterThan(0);
    for (const namespace of preset.namespaces) expect(checkDnsLabel(namespace, 'namespace')).toBe(namespace);
    for (const { matchLabels, matchExpressions = [] } of preset.pods) {
      expect(Object.keys(matchLabels).length + matchExpressions.length).toBeGreaterThan(0);
      for (const [key, value] of Object.entries(matchLabels)) expect([checkLabelKey(key), checkLabelValue(value, key)]).toEqual([key, value]);
      for (const { key, values = [] } of matchExpressions) {
        expect(checkLabelKey(key)).toBe(key);
        expect(values.length).toBeGreaterThan(0);
      }
    }
  });
});

test.each([NODE_LOCAL_ADDRESS, GKE_CLOUD_DNS_ADDRESS, ...GOOGLE_FRONT_ENDS])('$cidr is a CIDR and has a source', ({ cidr, source, why }) => {
  expect(Cidr.parse(cidr).toString()).toBe(cidr);
  expect(source).toMatch(/^https:\/\/\S+$/);
  expect(why).not.toBe('');
});

describe('Dns', () => {
  test.each([
    ['CoreDNS', Dns.coreDns(), ['kube-system/k8s-app=kube-dns']],
    ['a node-local cache', Dns.coreDns({ nodeLocalCache: true }), ['kube-system/k8s-app=kube-dns', 'kube-system/k8s-app=node-local-dns', '169.254.20.10/32']],
    ['a node-local cache of kubespray', Dns.coreDns({ nodeLocalCache: true, nodeLocalAddress: '169.254.25.10' }), [
      'kube-system/k8s-app=kube-dns', 'kube-system/k8s-app=node-local-dns', '169.254.25.10/32',
    ]],
    ['a ClusterIP', Dns.coreDns({ clusterIp: '10.96.0.10' }), ['kube-system/k8s-app=kube-dns', '10.96.0.10/32']],
    ['an IPv6 ClusterIP', Dns.coreDns({ clusterIp: 'FD00:0::A' }), ['kube-system/k8s-app=kube-dns', 'fd00::a/128']],
    ['kube-dns of GKE', Dns.gkeKubeDns({ clusterIp: '10.0.0.10' }), [
      'kube-system/k8s-app=kube-dns', 'kube-system/k8s-app=node-local-dns', '169.254.20.10/32', '10.0.0.10/32',
    ]],
    ['Cloud DNS of GKE', Dns.gkeCloudDns(), ['kube-system/k8s-app=node-local-dns', '169.254.20.10/32', '169.254.169.254/32']],
    ['EKS Auto Mode', Dns.eksAutoMode({ clusterIp: '10.100.0.10' }), ['10.100.0.10/32']],
    ['OpenShift', Dns.openshift(), ['openshift-dns/dns.operator.openshift.io/daemonset-dns=default']],
    ['pods and addresses of one\'s own', Dns.custom({ namespace: 'dns', labels: { app: 'unbound' }, addresses: ['192.0.2.53'] }), ['dns/app=unbound', '192.0.2.53/32']],
    ['an address of one\'s own', Dns.custom({ addresses: ['192.0.2.53'] }), ['192.0.2.53/32']],
  ])('%s', (_name, dns, peers) => {
    expect(show(dns._peers)).toEqual(peers);
  });

  test('is UDP and TCP on 53', () => {
    expect(Dns.coreDns()._ports).toEqual([{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }]);
  });

  test('of OpenShift listens on 5353 behind port 53', () => {
    expect(Dns.openshift()._ports.map(({ protocol, port }) => `${protocol} ${port}`)).toEqual(['UDP 53', 'TCP 53', 'UDP 5353', 'TCP 5353']);
  });

  test('of one\'s own may listen elsewhere', () => {
    expect(Dns.custom({ namespace: 'dns', labels: { app: 'unbound' }, ports: [1053] })._ports.map(({ port }) => port)).toEqual([1053, 1053]);
  });

  test('marks addresses of the node', () => {
    const marked = Dns.coreDns({ nodeLocalCache: true, clusterIp: '10.96.0.10' })._peers.filter((peer) => peer.kind === 'cidr' && peer.onOwnNode);
    expect(show(marked)).toEqual(['169.254.20.10/32']);
  });

  test.each([
    ['an address without its cache', () => Dns.coreDns({ nodeLocalAddress: '169.254.25.10' }), '[dns.nodeLocalAddress] "169.254.25.10" is the address of a cache that is not there. Instead: nodeLocalCache: true besides, or no address'],
    ['a block as an address', () => Dns.coreDns({ clusterIp: '10.96.0.10/32' }), '[dns.clusterIp] "10.96.0.10/32" is a block where one address is asked for. Instead: "10.96.0.10"'],
    ['nonsense with a slash', () => Dns.coreDns({ clusterIp: 'dns/53' }), '[dns.clusterIp] "dns/53" is a block where one address is asked for. Instead: an address such as "10.96.0.10"'],
    ['a name as an address', () => Dns.coreDns({ clusterIp: 'kube-dns' }), '[dns.clusterIp] "kube-dns" is not an IP address. Instead: an address such as "10.0.0.1" or "fd00::1"'],
    ['no address of Auto Mode', () => Dns.eksAutoMode(JSON.parse('{}')), '[dns.clusterIp] "" is not an IP address. Instead: an address such as "10.0.0.1" or "fd00::1"'],
    ['a number as an address', () => Dns.coreDns({ clusterIp: JSON.parse('10') }), '[dns.clusterIp] 10 is not an IP address. Instead: an address such as "10.96.0.10" or "fd00::a"'],
    ['nothing', () => Dns.custom({}), '[dns] {} says nowhere to ask for names. Instead: namespace and labels of the DNS pods, addresses, or both'],
    ['a namespace alone', () => Dns.custom({ namespace: 'dns' }), '[dns] "dns" has no labels besides. Instead: both namespace and labels of the DNS pods, or addresses alone'],
    ['labels alone', () => Dns.custom({ labels: { app: 'dns' } }), '[dns] {"app":"dns"} has no namespace besides. Instead: both namespace and labels of the DNS pods, or addresses alone'],
    ['no labels', () => Dns.custom({ namespace: 'dns', labels: {} }), '[dns.labels] {} selects every pod of the namespace. Instead: the labels of the pods, such as { app: "prometheus" }'],
    ['no ports', () => Dns.custom({ addresses: ['192.0.2.53'], ports: [] }), '[dns.ports] [] names no port. Instead: [53]'],
    ['port 0', () => Dns.custom({ addresses: ['192.0.2.53'], ports: [53, 0] }), '[dns.ports[1]] 0 is not a port. Instead: a whole number from 1 to 65535'],
    ['a bad address in a list', () => Dns.custom({ addresses: ['192.0.2.53', '192.0.2.256'] }), '[dns.addresses[1]] "192.0.2.256" is not an IP address. Instead: an address such as "10.0.0.1" or "fd00::1"'],
    ['a bad namespace', () => Dns.custom({ namespace: 'My DNS', labels: { app: 'dns' } }), '[dns.namespace] "My DNS" is not a valid namespace name. Instead: at most 63 lower-case letters, digits and "-", with a letter or digit at both ends'],
  ])('refuses %s', (_name, make, message) => {
    expect(messageOf(make)).toBe(message);
  });
});

describe('Monitoring', () => {
  test.each([
    ['kube-prometheus', Monitoring.kubePrometheus(), ['monitoring/app.kubernetes.io/name=prometheus']],
    ['kube-prometheus elsewhere', Monitoring.kubePrometheus({ namespace: 'cattle-monitoring-system' }), ['cattle-monitoring-system/app.kubernetes.io/name=prometheus']],
    ['Prometheus in agent mode', Monitoring.kubePrometheus({ agentMode: true }), ['monitoring/app.kubernetes.io/name=prometheus-agent']],
    ['the chart of Prometheus', Monitoring.prometheusChart(), ['monitoring/app.kubernetes.io/name=prometheus,app.kubernetes.io/component=server']],
    ['VictoriaMetrics', Monitoring.victoriaMetrics(), ['monitoring/app.kubernetes.io/name In victoria-metrics-agent|vmagent']],
    ['Alloy', Monitoring.alloy(), ['monitoring/app.kubernetes.io/name=alloy']],
    ['OpenTelemetry', Monitoring.openTelemetry(), [
      'observability/app.kubernetes.io/name=opentelemetry-collector', 'observability/app.kubernetes.io/managed-by=opentelemetry-operator',
    ]],
    ['Datadog', Monitoring.datadog(), ['datadog/agent.datadoghq.com/component=agent', 'datadog/app.kubernetes.io/component=agent']],
    ['GMP', Monitoring.gmp(), ['gmp-system/app.kubernetes.io/name=collector', 'gke-gmp-system/app.kubernetes.io/name=collector']],
    ['OpenShift', Monitoring.openshift(), [
      'openshift-monitoring/app.kubernetes.io/name=prometheus', 'openshift-user-workload-monitoring/app.kubernetes.io/name=prometheus',
    ]],
    ['one\'s own', Monitoring.custom({ namespace: 'metrics', labels: { app: 'scraper' } }), ['metrics/app=scraper']],
  ])('%s', (_name, monitoring, peers) => {
    expect(show(monitoring._peers)).toEqual(peers);
  });

  test.each([
    ['a bad namespace', () => Monitoring.alloy({ namespace: 'Monitoring' }), '[monitoring.namespace] "Monitoring" is not a valid namespace name. Instead: at most 63 lower-case letters, digits and "-", with a letter or digit at both ends'],
    ['no labels', () => Monitoring.custom({ namespace: 'metrics', labels: {} }), '[monitoring.labels] {} selects every pod of the namespace. Instead: the labels of the pods, such as { app: "prometheus" }'],
    ['a bad label', () => Monitoring.custom({ namespace: 'metrics', labels: { app: 'a b' } }), '[monitoring.labels] "a b" is not a value that the label "app" can have. Instead: at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends'],
  ])('refuses %s', (_name, make, message) => {
    expect(messageOf(make)).toBe(message);
  });
});

describe('IngressController', () => {
  test.each([
    ['ingress-nginx', IngressController.ingressNginx(), ['ingress-nginx/app.kubernetes.io/name=ingress-nginx,app.kubernetes.io/component=controller']],
    ['Traefik', IngressController.traefik(), ['traefik/app.kubernetes.io/name=traefik']],
    ['Traefik of k3s', IngressController.traefik({ namespace: 'kube-system' }), ['kube-system/app.kubernetes.io/name=traefik']],
    ['HAProxy', IngressController.haproxy(), ['haproxy-controller/app.kubernetes.io/name=kubernetes-ingress']],
    ['Contour', IngressController.contour(), ['projectcontour/app=envoy']],
    ['Istio', IngressController.istio({ namespace: 'istio-system' }), ['istio-system/istio=ingressgateway']],
    ['Kong', IngressController.kong(), ['kong/app.kubernetes.io/component=app,app.kubernetes.io/name In gateway|kong']],
    ['Envoy Gateway', IngressController.envoyGateway(), [
      'envoy-gateway-system/app.kubernetes.io/name=envoy,app.kubernetes.io/component=proxy,app.kubernetes.io/managed-by=envoy-gateway',
    ]],
    ['a Gateway', IngressController.gateway({ namespace: 'edge', gateway: 'public' }), ['edge/gateway.networking.k8s.io/gateway-name=public']],
    ['load balancers of AWS', IngressController.awsLoadBalancer({ subnets: ['10.0.0.0/24', '10.0.1.0/24'] }), ['10.0.0.0/24', '10.0.1.0/24']],
    ['load balancers of Google', IngressController.gke(), ['35.191.0.0/16', '130.211.0.0/22', '2600:2d00:1:1::/64', '2600:2d00:1:b029::/64']],
    ['regional load balancers of Google', IngressController.gke({ proxyOnlySubnets: ['10.129.0.0/23'] }), [
      '35.191.0.0/16', '130.211.0.0/22', '2600:2d00:1:1::/64', '2600:2d00:1:b029::/64', '10.129.0.0/23',
    ]],
    ['routers of OpenShift', IngressController.openshift(), ['{policy-group.network.openshift.io/ingress=}/']],
    ['one\'s own', IngressController.custom({ namespace: 'edge', labels: { app: 'proxy' } }), ['edge/app=proxy']],
    ['addresses', IngressController.fromAddresses({ cidrs: ['192.0.2.0/28'], reason: 'Application Gateway' }), ['192.0.2.0/28']],
  ])('%s', (_name, controller, peers) => {
    expect(show(controller._peers)).toEqual(peers);
  });

  test('the OpenShift row has a source', () => {
    expect(OPENSHIFT_ROUTER.source).toMatch(/^https:\/\/\S+$/);
  });

  test.each([
    ['no subnets', () => IngressController.awsLoadBalancer({ subnets: [] }), '[ingressController.subnets] [] names no address. Instead: at least one CIDR'],
    ['a subnet with host bits', () => IngressController.awsLoadBalancer({ subnets: ['10.0.0.1/24'] }), '[ingressController.subnets[0]] "10.0.0.1/24" has host bits set. Instead: the network address, "10.0.0.0/24"'],
    ['a text instead of a list', () => IngressController.gke({ proxyOnlySubnets: JSON.parse('"10.0.0.0/24"') }), '[ingressController.proxyOnlySubnets] "10.0.0.0/24" is not a list of CIDRs. Instead: a list such as ["10.0.0.0/16"]'],
    ['no reason', () => IngressController.fromAddresses({ cidrs: ['192.0.2.0/28'], reason: ' ' }), '[ingressController.reason] " " says nothing. Instead: what has these addresses, such as "Application Gateway"'],
    ['an address without a prefix', () => IngressController.fromAddresses({ cidrs: ['192.0.2.1'], reason: 'F5' }), '[ingressController.cidrs[0]] "192.0.2.1" has no prefix length. Instead: "192.0.2.1/32" for this one address'],
    ['a Gateway without a name', () => IngressController.gateway({ namespace: 'edge', gateway: '' }), '[ingressController.gateway] "" says nothing. Instead: the name of the Gateway'],
    ['a bad namespace', () => IngressController.kong({ namespace: '' }), '[ingressController.namespace] "" is not a valid namespace name. Instead: at most 63 lower-case letters, digits and "-", with a letter or digit at both ends'],
    ['no labels', () => IngressController.custom({ namespace: 'edge', labels: {} }), '[ingressController.labels] {} selects every pod of the namespace. Instead: the labels of the pods, such as { app: "prometheus" }'],
  ])('refuses %s', (_name, make, message) => {
    expect(messageOf(make)).toBe(message);
  });
});
