import { explanationText } from '../../lib/analysis';
import { clusterUnder, np } from './cluster-under';

const SETTINGS = { 'enable-fqdn-network-policy': 'true' };
const fqdn = (spec: string): string => `{apiVersion: networking.gke.io/v1alpha1, kind: FQDNNetworkPolicy, metadata: {name: names, namespace: shop}, spec: ${spec}}`;
const WEB_TO_API = fqdn('{podSelector: {matchLabels: {app: web}}, egress: [{matches: [{name: api.example.com}, {pattern: "*.example.org"}], ports: [{protocol: TCP, port: 443}]}]}');
const LOGGING = '{apiVersion: networking.gke.io/v1alpha1, kind: NetworkLogging, metadata: {name: default}, spec: {cluster: {deny: {log: true}}}}';

function verdict(texts: readonly string[], from: string, to: string, port = '443/TCP', settings: Readonly<Record<string, string>> = SETTINGS): string {
  const { verdict: answer, conditions } = clusterUnder('gke-dpv2', { version: '1.35.1-gke.1', settings }, ...texts).allows(from, to, port);
  return answer === 'depends' ? `depends: ${[...new Set(conditions.map(({ kind }) => kind))].join()}` : answer;
}

describe('FQDNNetworkPolicy', () => {
  test.each<[string, readonly string[], string, string, string, string]>([
    ['what a name resolves to decides', [WEB_TO_API], 'shop/web', '8.8.8.8', '443/TCP', 'depends: fqdn'],
    ['other ports are closed', [WEB_TO_API], 'shop/web', '8.8.8.8', '80/TCP', 'denied'],
    ['it isolates egress: pods behind no name are closed', [WEB_TO_API], 'shop/web', 'pay/api', '443/TCP', 'denied'],
    ['it has no effect on ingress', [WEB_TO_API], 'pay/api', 'shop/web', '443/TCP', 'allowed'],
    ['nor on pods that it does not select', [WEB_TO_API], 'shop/db', '8.8.8.8', '80/TCP', 'allowed'],
    ['a NetworkPolicy adds to it', [WEB_TO_API, np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]}')], 'shop/web', 'pay/api', '443/TCP', 'allowed'],
    ['it adds to a NetworkPolicy', [WEB_TO_API, np('shop', '{podSelector: {}, policyTypes: [Egress]}')], 'shop/web', '8.8.8.8', '443/TCP', 'depends: fqdn'],
    ['DNS requests are left alone; which servers they may ask nobody says', [WEB_TO_API], 'shop/web', 'pay/api', '53/UDP', 'depends: unevaluated-field'],
    ['DNS of pods that it does not select stays closed', [WEB_TO_API, np('shop', '{podSelector: {}, policyTypes: [Egress]}')], 'shop/db', 'pay/api', '53/UDP', 'denied'],
    ['DNS over another port is no exception', [WEB_TO_API], 'shop/web', 'pay/api', '853/TCP', 'denied'],
  ])('%s', (_, texts, from, to, port, expected) => expect(verdict(texts, from, to, port)).toBe(expected));

  test('contributes nothing and is reported where the cluster does not serve it', () => {
    const analysis = clusterUnder('gke-dpv2', { version: '1.35.1-gke.1' }, WEB_TO_API);
    expect(analysis.allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('allowed');
    expect(analysis.issues).toMatchObject([{ code: 'api-not-served', message: 'FQDNNetworkPolicy shop/names: the profile gke-dpv2 does not serve networking.gke.io/v1alpha1 FQDNNetworkPolicy; it has no effect there' }]);
    expect(clusterUnder('generic', {}, WEB_TO_API).issues.map(({ code }) => code)).toEqual(['api-not-served']);
  });

  test('the list and single answers say the same of a pod that it closes', () => {
    const rows = clusterUnder('gke-dpv2', { version: '1.35.1-gke.1', settings: SETTINGS }, WEB_TO_API).connections()
      .filter(({ source }) => source.kind === 'workload' && source.name === 'web');
    const toApi = rows.filter(({ destination }) => destination.kind === 'workload' && destination.name === 'api');
    expect(toApi.map(({ ports, conditions }) => [ports, conditions.length > 0])).toEqual([[{ TCP: '53', UDP: '53' }, true]]);
    const outside = rows.filter(({ destination }) => destination.kind === 'external');
    expect(outside.map(({ ports }) => ports)).toEqual([{ TCP: '53,443', UDP: '53' }]);
    expect(outside.every(({ conditions }) => conditions.length > 0)).toBe(true);
  });

  test('the explanation names the DNS requests, which stand at no line, and does not take them for a rule that missed', () => {
    const analysis = clusterUnder('gke-dpv2', { settings: SETTINGS }, WEB_TO_API);
    const why = (port: string): string[] => explanationText(analysis.explain('shop/web', 'pay/api', port)).split('\n').filter((line) => line.includes('FQDNNetworkPolicy')).map((line) => line.trim());
    expect(why('53/UDP')[0]).toBe('FQDNNetworkPolicy shop/names, rule "DNS requests": allows it');
    expect(analysis.explain('shop/web', 'pay/api', '53/UDP').egress.decidedBy.every(({ ruleIndex }) => ruleIndex === undefined)).toBe(true);
    expect(why('80/TCP')).toEqual(['FQDNNetworkPolicy shop/names: selects the pod, and none of its rules selects the other end']);
  });
});

test('NetworkLogging says nothing about traffic and gives no issue', () => {
  const analysis = clusterUnder('gke-dpv2', {}, LOGGING);
  expect([analysis.allows('shop/web', 'pay/api', '80/TCP').verdict, analysis.inventory.issues, analysis.issues]).toEqual(['allowed', [], []]);
});

test('FQDNNetworkPolicy of the archived controller is another API, and is reported', () => {
  const { inventory } = clusterUnder('gke-dpv2', { settings: SETTINGS }, '{apiVersion: networking.gke.io/v1alpha3, kind: FQDNNetworkPolicy, metadata: {name: x, namespace: shop}, spec: {podSelector: {}, egress: [{to: [{fqdns: [a.com]}]}]}}');
  expect(inventory.issues.map(({ code }) => code)).toEqual(['unsupported-api']);
});
