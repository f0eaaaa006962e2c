import { deployment, found, lines, missing, policy } from './check';

const rule = 'workload-not-enforced';
const aws = { cni: 'aws' };
const node = (name: string, labels: string) => `apiVersion: v1\nkind: Node\nmetadata: { name: ${name}, labels: ${labels} }\nstatus: { addresses: [{ type: InternalIP, address: 10.0.0.9 }] }\n---\n`;
const pod = (name: string, nodeName: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { nodeName: ${nodeName}, containers: [{ name: a, image: a }] }
status: { podIP: 10.1.0.7 }
---
`;
const windows = (place: string, app: string) => deployment(place, `{ app: ${app} }`, '[]', ', nodeSelector: { kubernetes.io/os: windows, pool: b }');
const closed = (app: string) => policy('shop/a', `{ podSelector: { matchLabels: { app: ${app} } }, policyTypes: [Ingress] }`);

describe('reports', () => {
  test('a template that asks for nodes on which nothing is enforced', () => {
    expect(lines(rule, windows('shop/web', 'web'), aws)).toEqual([
      'warning Deployment shop/web: runs on nodes with kubernetes.io/os=windows,pool=b, where aws enforces no policy: every connection with it is allowed',
    ]);
  });

  test('a pod that says its operating system', () => {
    expect(lines(rule, deployment('shop/web', '{ app: web }', '[]', ', os: { name: windows }'), aws)).toHaveLength(1);
  });

  test('a pod that runs on such a node', () => {
    expect(lines(rule, node('f', '{ eks.amazonaws.com/compute-type: fargate }') + pod('web', 'f'), aws)).toEqual([expect.stringContaining('runs on f, where aws enforces no policy') as unknown]);
  });

  test('as an error where a policy reads as if it protected the pods', () => {
    const [finding] = found(rule, windows('shop/web', 'web') + closed('web'), aws);
    expect(finding).toMatchObject({ severity: 'error', object: { kind: 'Deployment', namespace: 'shop', name: 'web' } });
    expect(finding!.message).toContain('though NetworkPolicy shop/a selects its pods');
    expect(lines(rule, windows('shop/web', 'web') + closed('cart'), aws)).toEqual([expect.stringMatching(/^warning/) as unknown]);
  });
});

describe('does not report', () => {
  test('pods that may run anywhere, or ask for other nodes', () => {
    expect(lines(rule, deployment('shop/web', '{ app: web }') + closed('web'), aws)).toEqual([]);
    expect(lines(rule, deployment('shop/web', '{ app: web }', '[]', ', nodeSelector: { kubernetes.io/os: linux }') + closed('web'), aws)).toEqual([]);
    expect(lines(rule, node('n', '{ kubernetes.io/os: linux }') + pod('web', 'n') + closed('web'), aws)).toEqual([]);
  });

  test('a CNI of which no such nodes are known', () => {
    expect(lines(rule, windows('shop/web', 'web') + closed('web'), { cni: 'calico' })).toEqual([]);
    expect(missing(rule, windows('shop/web', 'web'), { cni: 'calico' })).toEqual([]);
  });
});

test('is not evaluated where nobody named the CNI, and nodes differ', () => {
  expect(missing(rule, windows('shop/web', 'web'), { profileIsAssumed: true })).toEqual([
    ': on which nodes policies are enforced is up to the CNI, and nobody said which one the cluster has: --cni',
  ]);
  expect(missing(rule, deployment('shop/web', '{ app: web }'), { profileIsAssumed: true })).toEqual([]);
});
