import { ccnp, clusterPolicy, clusterUnder, np } from './cluster-under';

/**
 * Policies that people wrote and shipped, and that did something else than they say. Each is asked of the engine in the profile
 * where it bites, beside one that does what was meant.
 */
interface Cluster {
  readonly id: string;
  readonly version?: string;
}

const METADATA = '169.254.169.254';
const ANYWHERE = '0.0.0.0/0';

function ask({ id, version }: Cluster, policies: readonly string[], ...questions: ReadonlyArray<readonly [from: string, to: string, port: string]>): string[] {
  const analysis = clusterUnder(id, version === undefined ? {} : { version }, ...policies);
  return questions.map(([from, to, port]) => analysis.allows(from, to, port).verdict);
}

const egress = (...rules: readonly string[]): string => np('shop', `{podSelector: {}, policyTypes: [Egress], egress: [${rules.join(', ')}]}`);
const block = (cidr: string, ...except: readonly string[]): string => `{ipBlock: {cidr: ${cidr}${except.length === 0 ? '' : `, except: [${except.join(', ')}]`}}}`;

// https://github.com/Wide-Moat/open-computer-use/issues/464: "a later rule cannot subtract an earlier allow"
test('a metadata block is shadowed by any other allow', () => {
  const metadata = ['shop/web', METADATA, '80/TCP'] as const;
  const blocking = egress(`{to: [${block(ANYWHERE, `${METADATA}/32`)}]}`);
  const generic = { id: 'generic' };
  expect(ask(generic, [blocking], metadata)).toEqual(['denied']);
  for (const other of [egress(`{to: [${block(ANYWHERE)}]}`), egress('{}'), egress(`{to: [${block('0.0.0.0/1')}, ${block('128.0.0.0/1')}]}`)]) {
    expect(ask(generic, [blocking, other], metadata)).toEqual(['allowed']);
  }
  const right = egress(`{to: [${block('0.0.0.0/1')}, ${block('128.0.0.0/1', `${METADATA}/32`)}]}`);
  expect(ask(generic, [blocking, right], metadata, ['shop/web', '8.8.8.8', '443/TCP'])).toEqual(['denied', 'allowed']);
  const hard = clusterPolicy('Admin', 0, `egress: [{action: Deny, to: [{networks: [${METADATA}/32]}]}]`);
  expect(ask(generic, [egress('{}'), hard], metadata, ['shop/web', '8.8.8.8', '443/TCP'])).toEqual(['denied', 'allowed']);
});

// https://github.com/tryretool/retool-helm/issues/375
test('on Cilium "everything but metadata" is everything outside of the cluster: pods are cut off', () => {
  const wrong = egress(`{to: [${block(ANYWHERE, `${METADATA}/32`)}]}`);
  const questions = [['shop/web', 'pay/api', '8080/TCP'], ['shop/web', 'shop/db', '5432/TCP'], ['shop/web', '8.8.8.8', '443/TCP'], ['shop/web', METADATA, '80/TCP']] as const;
  const cilium = { id: 'cilium', version: '1.18' };
  expect(ask(cilium, [wrong], ...questions)).toEqual(['denied', 'denied', 'allowed', 'denied']);
  expect(ask({ id: 'calico', version: '3.32' }, [wrong], ...questions)).toEqual(['allowed', 'allowed', 'allowed', 'denied']);
  const right = egress(`{to: [${block(ANYWHERE, `${METADATA}/32`)}, {namespaceSelector: {}}]}`);
  expect(ask(cilium, [right], ...questions)).toEqual(['allowed', 'allowed', 'allowed', 'denied']);
});

// https://github.com/azimuth-cloud/capi-helm-charts/pull/251: "when I do that then nothing works"
// https://github.com/projectcalico/calico/issues/4003: an allow of everything of order 1000 beside the denial
test('on Calico a policy that only denies closes the tier: what it does not deny is denied by its end', () => {
  const calico = { id: 'calico', version: '3.32' };
  const questions = [['shop/web', 'pay/api', '8080/TCP'], ['shop/web', '8.8.8.8', '443/TCP'], ['shop/web', METADATA, '80/TCP']] as const;
  const gnp = (tier: string, name: string, order: number, ...rules: readonly string[]): string => `{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: ${tier}.${name}}, `
    + `spec: {tier: ${tier}, order: ${order}, selector: all(), types: [Egress], egress: [${rules.join(', ')}]}}`;
  const deny = `{action: Deny, destination: {nets: [${METADATA}/32]}}`;
  expect(ask(calico, [gnp('default', 'deny-metadata', 10, deny)], ...questions)).toEqual(['denied', 'denied', 'denied']);
  const everything = gnp('default', 'allow-all', 10, '{action: Allow}');
  expect(ask(calico, [everything, gnp('default', 'deny-metadata', 20, deny)], ...questions)).toEqual(['allowed', 'allowed', 'allowed']);
  const tier = (defaultAction: string): string => `{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: security}, spec: {order: 100, defaultAction: ${defaultAction}}}`;
  expect(ask(calico, [tier('Deny'), gnp('security', 'deny-metadata', 10, deny)], ...questions)).toEqual(['denied', 'denied', 'denied']);
  expect(ask(calico, [tier('Pass'), gnp('security', 'deny-metadata', 10, deny), everything], ...questions)).toEqual(['allowed', 'allowed', 'denied']);
  expect(ask(calico, [tier('Deny'), gnp('security', 'deny-metadata', 10, deny, '{action: Pass}')], ...questions)).toEqual(['allowed', 'allowed', 'denied']);
});

const KUBE_DNS = '{apiVersion: v1, kind: Pod, metadata: {name: kube-dns, namespace: kube-system, labels: {k8s-app: kube-dns}}, spec: {nodeName: n1, containers: [{name: c}]}, status: {podIP: 10.0.1.53}}';
const TO_KUBE_DNS = '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}';
const DNS_PORTS = 'ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]';

// https://github.com/gardener/gardener/issues/2745
test('the node-local DNS cache is an address that no podSelector matches', () => {
  const questions = [['shop/web', 'kube-system/kube-dns', '53/UDP'], ['shop/web', '169.254.20.10', '53/UDP']] as const;
  const calico = { id: 'calico', version: '3.32' };
  expect(ask(calico, [KUBE_DNS, egress(`{to: [${TO_KUBE_DNS}], ${DNS_PORTS}}`)], ...questions)).toEqual(['allowed', 'denied']);
  const right = egress(`{to: [${TO_KUBE_DNS}, ${block('169.254.20.10/32')}], ${DNS_PORTS}}`);
  expect(ask(calico, [KUBE_DNS, right], ...questions)).toEqual(['allowed', 'allowed']);
});

// https://github.com/tektoncd/operator/issues/4000: "lookup ... on 169.254.169.254:53: i/o timeout"
test('on GKE Cloud DNS answers on the address of the metadata server: a block on all ports takes DNS away', () => {
  const gke = { id: 'gke-dpv2', version: '1.36.0-gke.4447000' };
  const questions = [['shop/web', METADATA, '53/UDP'], ['shop/web', METADATA, '80/TCP']] as const;
  const deny = (protocols: string): string => clusterPolicy('Admin', 0, `egress: [{action: Deny, to: [{networks: [${METADATA}/32]}]${protocols}}]`);
  expect(ask(gke, [deny('')], ...questions)).toEqual(['denied', 'denied']);
  expect(ask(gke, [deny(', protocols: [{tcp: {destinationPort: {number: 80}}}]')], ...questions)).toEqual(['allowed', 'denied']);
});

// https://github.com/tektoncd/operator/issues/4000: the DNS rule named the kube-dns pods alone
test('on GKE a DNS rule that names the kube-dns pods does not reach Cloud DNS', () => {
  const gke = { id: 'gke-dpv2', version: '1.36.0-gke.4447000' };
  const questions = [['shop/web', METADATA, '53/UDP'], ['shop/web', METADATA, '80/TCP']] as const;
  expect(ask(gke, [KUBE_DNS, egress(`{to: [${TO_KUBE_DNS}], ${DNS_PORTS}}`)], ...questions)).toEqual(['denied', 'denied']);
  expect(ask(gke, [KUBE_DNS, egress(`{to: [${TO_KUBE_DNS}, ${block(`${METADATA}/32`)}], ${DNS_PORTS}}`)], ...questions)).toEqual(['allowed', 'denied']);
});

// https://github.com/cilium/cilium/pull/6622, https://github.com/cilium/cilium/issues/22081
test('*.example.com is not example.com: the answer hangs on the names that are written, and on no other', () => {
  const names = (policy: string, id: string, settings: Readonly<Record<string, string>> = {}): string[] => {
    const { verdict, conditions } = clusterUnder(id, { version: id === 'cilium' ? '1.19' : '1.35.1-gke.1', settings }, policy).allows('shop/web', '203.0.113.7', '443/TCP');
    expect([verdict, conditions.map(({ kind }) => kind)]).toEqual(['depends', conditions.map(() => 'fqdn')]);
    return conditions.map(({ why }) => why.replace(/^what (\S+) resolves to decides$/, '$1')).sort();
  };
  const cilium = (...patterns: readonly string[]): string => ccnp(`{endpointSelector: {}, egress: [{toFQDNs: [${patterns.join(', ')}]}]}`);
  expect(names(cilium('{matchPattern: "*.example.com"}'), 'cilium')).toEqual(['*.example.com']);
  expect(names(cilium('{matchPattern: "**.example.com"}'), 'cilium')).toEqual(['**.example.com']);
  expect(names(cilium('{matchName: example.com}', '{matchPattern: "**.example.com"}'), 'cilium')).toEqual(['**.example.com', 'example.com']);
  // the same two asterisks are one label on GKE, and one asterisk is any depth on AWS
  const gke = (...patterns: readonly string[]): string => `{apiVersion: networking.gke.io/v1alpha1, kind: FQDNNetworkPolicy, metadata: {name: x, namespace: shop}, spec: {podSelector: {}, egress: [{matches: [${patterns.join(', ')}], ports: [{protocol: TCP, port: 443}]}]}}`;
  const served = { 'enable-fqdn-network-policy': 'true' };
  expect(names(gke('{pattern: "**.example.com"}'), 'gke-dpv2', served)).toEqual(['*.example.com']);
  expect(names(gke('{pattern: "*.example.com"}', '{name: example.com}'), 'gke-dpv2', served)).toEqual(['*.example.com', 'example.com']);
});

// https://github.com/devantler-tech/platform/pull/3407: cluster DNS, the autoscaler and others went down
test('on Cilium a policy that only denies isolates whom it selects: here the whole cluster', () => {
  const questions = [['shop/web', 'pay/api', '8080/TCP'], ['pay/api', '8.8.8.8', '443/TCP'], ['shop/web', METADATA, '80/TCP']] as const;
  const deny = `egressDeny: [{toCIDR: [${METADATA}/32]}]`;
  const [old, current] = [{ id: 'cilium', version: '1.15' }, { id: 'cilium', version: '1.18' }];
  expect(ask(current, [ccnp(`{endpointSelector: {}, ${deny}}`)], ...questions)).toEqual(['denied', 'denied', 'denied']);
  const right = ccnp(`{endpointSelector: {}, enableDefaultDeny: {egress: false}, ${deny}}`);
  expect(ask(current, [right], ...questions)).toEqual(['allowed', 'allowed', 'denied']);
  // before 1.16 nobody knows enableDefaultDeny, and an allow of everything has to stand beside the deny
  expect(ask(old, [right], ...questions)).toEqual(['denied', 'denied', 'denied']);
  expect(ask(old, [ccnp(`{endpointSelector: {}, ${deny}, egress: [{toEntities: [all]}]}`)], ...questions)).toEqual(['allowed', 'allowed', 'denied']);
});

// https://github.com/jharting/openshift-rabbitmq-cluster/issues/19: "in effect need to add both ingress and egress"
test('a default deny cuts the replicas of one workload from one another: the quorum is lost', () => {
  const rabbit = '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: rabbitmq, namespace: shop}, spec: {replicas: 3, template: {metadata: {labels: {app: rabbitmq}}, spec: {containers: [{name: c}]}}}}';
  const questions = [['shop/rabbitmq', 'shop/rabbitmq', '25672/TCP'], ['shop/web', 'shop/rabbitmq', '25672/TCP'], ['shop/rabbitmq', 'shop/rabbitmq', '22/TCP']] as const;
  const closed = np('shop', '{podSelector: {}, policyTypes: [Ingress, Egress]}');
  const own = '{podSelector: {matchLabels: {app: rabbitmq}}}';
  const within = (direction: string, end: string): string => np('shop', `{podSelector: {matchLabels: {app: rabbitmq}}, policyTypes: [${direction}], ${direction.toLowerCase()}: [{${end}: [${own}], ports: [{port: 25672}]}]}`);
  for (const cluster of [{ id: 'generic' }, { id: 'cilium', version: '1.18' }, { id: 'calico', version: '3.32' }, { id: 'ovn-kubernetes' }]) {
    expect(ask(cluster, [rabbit, closed], ...questions)).toEqual(['denied', 'denied', 'denied']);
    expect(ask(cluster, [rabbit, closed, within('Ingress', 'from')], ...questions)).toEqual(['denied', 'denied', 'denied']);
    expect(ask(cluster, [rabbit, closed, within('Ingress', 'from'), within('Egress', 'to')], ...questions)).toEqual(['allowed', 'denied', 'denied']);
  }
});
