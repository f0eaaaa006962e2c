import { deployment, found, lines, missing, policy } from './check';

const rule = 'api-server-by-selector';
const only = { only: [rule] };
const OPERATOR = deployment('pay/operator', '{ app: operator }');
const API_SERVER = '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { component: kube-apiserver } } }';
const egress = (peers: string, more = '') => policy('pay/a', `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [${peers}], ports: [{ port: 6443 }] }${more}] }`);

describe('reports', () => {
  test.each(['generic', 'calico', 'cilium', 'aws', 'antrea'])('the labels of the static pods (%s)', (cni) => {
    expect(lines(rule, OPERATOR + egress(API_SERVER), { ...only, cni })).toEqual([
      expect.stringMatching(/^warning NetworkPolicy pay\/a spec\.egress\[0\]: component=kube-apiserver is no pod that policies see: pay\/operator cannot reach the API server by this rule for 6443/) as unknown,
    ]);
  });

  test('that it may run on the own node, which passes on some CNIs', () => {
    expect(lines(rule, OPERATOR + egress(API_SERVER), only)).toEqual([expect.stringMatching(/, unless it runs on their own node$/) as unknown]);
    expect(lines(rule, OPERATOR + egress(API_SERVER), { ...only, cni: 'calico' })).toEqual([expect.stringMatching(/ by this rule for 6443$/) as unknown]);
  });

  test('the connection that shows it', () => {
    expect(found(rule, OPERATOR + egress(API_SERVER), only)[0]?.evidence).toEqual({ from: 'pay/operator', to: '{kube-apiserver}', port: '6443/TCP' });
  });

  test('its pods in the input, which are in the network of their node', () => {
    const mirror = 'apiVersion: v1\nkind: Pod\nmetadata: { name: kube-apiserver-a, namespace: kube-system, labels: { component: kube-apiserver, tier: control-plane } }\nspec: { hostNetwork: true, containers: [{ name: a, image: a }] }\n---\n';
    expect(lines(rule, OPERATOR + mirror + egress(API_SERVER), { ...only, cni: 'calico' })).toHaveLength(1);
  });
});

describe('does not report', () => {
  test.each([
    ['its address', '{ ipBlock: { cidr: 192.0.2.10/32 } }'],
    ['the labels and its address beside them', `${API_SERVER}, { ipBlock: { cidr: 192.0.2.10/32 } }`],
    ['the whole namespace, where DNS is too', '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }'],
    ['the API server of another cluster, hosted in this namespace', '{ podSelector: { matchLabels: { app: kube-apiserver } } }'],
    ['the API server of an aggregated API', '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: metrics-server } } }'],
  ])('%s', (_, peers) => {
    expect(lines(rule, OPERATOR + egress(peers), only)).toEqual([]);
  });

  test('a rule without effect where another opens the addresses', () => {
    expect(lines(rule, OPERATOR + egress(API_SERVER, ', { to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 443 }] }'), only)).toEqual([]);
  });

  test('pods of a hosted control plane in kube-system', () => {
    expect(lines(rule, OPERATOR + deployment('kube-system/vcluster', '{ component: kube-apiserver }') + egress(API_SERVER), only)).toEqual([]);
  });

  test('what the CNI has for it', () => {
    const entity = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: b, namespace: pay }\nspec: { endpointSelector: {}, egress: [{ toEntities: [kube-apiserver] }] }\n';
    expect(lines(rule, OPERATOR + egress(API_SERVER) + entity, { ...only, cni: 'cilium' })).toEqual([]);
  });

  test('calls of the API server at ingress, which is closed to it all the same', () => {
    expect(lines(rule, OPERATOR + policy('pay/a', `{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [${API_SERVER}] }] }`), only)).toEqual([]);
  });
});

test('is not evaluated where the pods are not in the input', () => {
  expect(lines(rule, egress(API_SERVER), only)).toEqual([]);
  expect(missing(rule, egress(API_SERVER), only)).toEqual([expect.stringMatching(/^pay: pay\/a names the API server by labels; no pod that it selects/) as unknown]);
});
