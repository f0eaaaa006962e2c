import { deployment, lines, missing, namespace, policy } from './check';

const rule = 'workload-without-policy';
const only = { only: [rule] };
const WEB = deployment('shop/web', '{ app: web }');
const CACHE = deployment('shop/cache', '{ app: cache }');
const web = (spec: string) => policy('shop/web', `{ podSelector: { matchLabels: { app: web } }, ${spec} }`);
const options = (given: Record<string, readonly string[]>) => ({ ...only, settings: { rules: { [rule]: { options: given } } } });

describe('reports', () => {
  test('the workload that the policies of its namespace leave out', () => {
    expect(lines(rule, WEB + CACHE + web('policyTypes: [Ingress]'), only)).toEqual(['warning Deployment shop/cache: no policy of shop closes ingress or egress of its pods']);
  });

  test('a misspelt selector leaves both', () => {
    expect(lines(rule, WEB + CACHE + policy('shop/a', '{ podSelector: { matchLabels: { app: wbe } }, policyTypes: [Ingress] }'), only)).toHaveLength(2);
  });

  test('what a policy of the cluster that denies one address does not close', () => {
    expect(lines(rule, `${namespace('shop')}${WEB}apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: metadata }
spec: { tier: Admin, priority: 0, subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ networks: [169.254.169.254/32] }] }] }
`, only)).toHaveLength(1);
  });

  test('a workload that is open in the direction that is asked for', () => {
    expect(lines(rule, WEB + web('policyTypes: [Egress]'), options({ directions: ['ingress'] }))).toEqual(['warning Deployment shop/web: no policy of shop closes ingress of its pods']);
  });

  test('two workloads of the same labels are two findings', () => {
    expect(lines(rule, CACHE + deployment('shop/other', '{ app: cache }') + web('policyTypes: [Ingress]'), only)).toHaveLength(2);
  });
});

describe('does not report', () => {
  test('a workload that one direction is closed of, as charts do it', () => {
    expect(lines(rule, WEB + web('policyTypes: [Ingress]'), only)).toEqual([]);
    expect(lines(rule, WEB + web('policyTypes: [Egress], egress: [{}]'), only)).toEqual([]);
  });

  test('pods under a default deny of their namespace, or of the cluster', () => {
    expect(lines(rule, WEB + CACHE + policy('shop/deny', '{ podSelector: {}, policyTypes: [Ingress] }'), only)).toEqual([]);
    expect(lines(rule, `${namespace('shop')}${WEB}apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: deny }
spec: { tier: Baseline, priority: 0, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] }
`, only)).toEqual([]);
  });

  test('a namespace without any policy, which has a rule of its own', () => {
    expect(lines(rule, WEB + CACHE, only)).toEqual([]);
  });

  test('hooks and tests of a Helm chart', () => {
    const hook = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web-test-connection, namespace: shop, labels: { app: test }, annotations: { helm.sh/hook: test } }\nspec: { containers: [{ name: wget, image: busybox }] }\n---\n';
    expect(lines(rule, WEB + hook + web('policyTypes: [Ingress]'), only)).toEqual([]);
  });

  test('pods in the network of their node, and pods where nothing is enforced: other rules say that', () => {
    const other = web('policyTypes: [Ingress]');
    expect(lines(rule, deployment('shop/agent', '{ app: agent }', '[]', ', hostNetwork: true') + WEB + other, only)).toEqual([]);
    expect(lines(rule, deployment('shop/win', '{ app: win }', '[]', ', nodeSelector: { kubernetes.io/os: windows }') + WEB + other, { ...only, cni: 'aws' })).toEqual([]);
  });

  test('exempt namespaces', () => {
    expect(lines(rule, WEB + CACHE + web('policyTypes: [Ingress]'), options({ exempt: ['shop'] }))).toEqual([]);
  });
});

test('is not evaluated where policies of another API may close the pods', () => {
  const cilium = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { endpointSelector: {}, ingress: [{}] }\n---\n';
  const given = WEB + cilium + policy('shop/a', '{ podSelector: { matchLabels: { app: x } }, policyTypes: [Ingress] }');
  expect(lines(rule, given, { ...only, profileIsAssumed: true })).toEqual([]);
  expect(missing(rule, given, { ...only, profileIsAssumed: true })).toEqual([expect.stringContaining('shop: cilium.io/v2 CiliumNetworkPolicy is not evaluated') as unknown]);
});

test('a direction that there is not ends the rule, it does not switch it off', () => {
  expect(lines(rule, WEB + web('policyTypes: [Ingress]'), options({ directions: ['Ingres'] }))).toEqual([expect.stringMatching(/Rule workload-without-policy: .*failed/) as unknown]);
});
