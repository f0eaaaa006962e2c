import { analysisOf, clusterPolicy, pod, policy } from './yaml-cluster';

const KNOWN = { ipBlockMatchesPods: 'false', cnpNetworksMatchPods: 'false' };

function verdict(yaml: string, from: string, to: string, port: string, settings: Readonly<Record<string, string>> = KNOWN): string {
  return analysisOf(yaml, settings).allows(from, to, port).verdict;
}

const PODS = pod('shop/web', 'app: web') + pod('shop/bare') + pod('pay/api', 'app: api');

/** What other analysers get wrong. */
describe('selectors', () => {
  test('NotIn and DoesNotExist match where the key is absent', () => {
    const notIn = PODS + policy('pay/p', 'podSelector: {}, ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchExpressions: [{ key: app, operator: NotIn, values: [web] }] } }] }]');
    expect(verdict(notIn, 'shop/bare', 'pay/api', '80/TCP')).toBe('allowed');
    expect(verdict(notIn, 'shop/web', 'pay/api', '80/TCP')).toBe('denied');
  });

  test('an empty label value is not an absent label', () => {
    const empty = PODS + pod('shop/empty', 'app: ""') + policy('pay/p', 'podSelector: {}, ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: "" } } }] }]');
    expect(verdict(empty, 'shop/empty', 'pay/api', '80/TCP')).toBe('allowed');
    expect(verdict(empty, 'shop/bare', 'pay/api', '80/TCP')).toBe('denied');
  });

  test('a namespace has the label of its name though its manifest lacks it', () => {
    const named = PODS + policy('pay/p', 'podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } } }] }]');
    expect(verdict(named, 'shop/web', 'pay/api', '80/TCP')).toBe('allowed');
  });

  test('labels that a manifest claims for the name of its namespace do not count', () => {
    const claim = '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { kubernetes.io/metadata.name: pay } }\n';
    const named = PODS + claim + policy('pay/p', 'podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: pay } } }] }]');
    expect(verdict(named, 'shop/web', 'pay/api', '80/TCP')).toBe('denied');
  });

  test('a podSelector without a namespaceSelector is about the namespace of the policy', () => {
    const own = PODS + policy('pay/p', 'podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }]');
    expect(verdict(own, 'shop/web', 'pay/api', '80/TCP')).toBe('denied');
  });
});

describe('empty and absent', () => {
  test('ingress: [] lets nobody in, ingress: [{}] everybody', () => {
    expect(verdict(PODS + policy('pay/p', 'podSelector: {}, ingress: []'), 'shop/web', 'pay/api', '80/TCP')).toBe('denied');
    expect(verdict(PODS + policy('pay/p', 'podSelector: {}, ingress: [{}]'), 'shop/web', 'pay/api', '80/TCP')).toBe('allowed');
    expect(verdict(PODS + policy('pay/p', 'podSelector: {}, ingress: [{ from: [] }]'), '8.8.8.8', 'pay/api', '80/TCP')).toBe('allowed');
  });

  test('egress rules without policyTypes isolate both directions', () => {
    const egress = PODS + policy('pay/p', 'podSelector: {}, egress: [{}]');
    expect(verdict(egress, 'shop/web', 'pay/api', '80/TCP')).toBe('denied');
    expect(verdict(egress, 'pay/api', 'shop/web', '80/TCP')).toBe('allowed');
  });

  test('an empty egress list without policyTypes leaves egress open', () => {
    expect(verdict(PODS + policy('pay/p', 'podSelector: {}, egress: []'), 'pay/api', 'shop/web', '80/TCP')).toBe('allowed');
  });
});

describe('ports', () => {
  const named = (ports: string): string => `
---
apiVersion: v1
kind: Pod
metadata: { name: api, namespace: pay }
spec: { containers: [{ name: a, image: none, ports: [${ports}] }], initContainers: [{ name: side, image: none, restartPolicy: Always, ports: [{ name: mesh, containerPort: 15008 }] }, { name: once, image: none, ports: [{ name: gone, containerPort: 99 }] }] }
`;
  const http = '{ name: http, containerPort: 8080 }, { name: http, containerPort: 8081, protocol: UDP }';

  test('a name counts with its protocol, at the destination pod', () => {
    const yaml = named(http) + pod('shop/web') + policy('pay/p', 'podSelector: {}, ingress: [{ ports: [{ port: http }] }]');
    expect(verdict(yaml, 'shop/web', 'pay/api', '8080/TCP')).toBe('allowed');
    expect(verdict(yaml, 'shop/web', 'pay/api', '8081/UDP')).toBe('denied');
    expect(verdict(yaml, 'shop/web', 'pay/api', '8081/TCP')).toBe('denied');
  });

  test('sidecars have names for their ports, init containers that end do not', () => {
    const yaml = named(http) + pod('shop/web') + policy('pay/p', 'podSelector: {}, ingress: [{ ports: [{ port: mesh }, { port: gone }] }]');
    expect(verdict(yaml, 'shop/web', 'pay/api', '15008/TCP')).toBe('allowed');
    expect(verdict(yaml, 'shop/web', 'pay/api', '99/TCP')).toBe('denied');
  });

  test('a name towards an address matches nothing', () => {
    const yaml = pod('shop/web') + policy('shop/p', 'podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 8.8.8.0/24 } }], ports: [{ port: http }] }]');
    expect(verdict(yaml, 'shop/web', '8.8.8.8', '80/TCP')).toBe('denied');
  });

  test('a protocol without a port is all ports of that protocol', () => {
    const yaml = PODS + policy('pay/p', 'podSelector: {}, ingress: [{ ports: [{ protocol: UDP }] }]');
    expect(verdict(yaml, 'shop/web', 'pay/api', '9/UDP')).toBe('allowed');
    expect(verdict(yaml, 'shop/web', 'pay/api', '9/TCP')).toBe('denied');
  });

  test('ICMP is up to the CNI where a policy isolates the pod, and free where none does', () => {
    expect(verdict(PODS + policy('pay/p', 'podSelector: {}, ingress: []'), 'shop/web', 'pay/api', 'ICMP')).toBe('depends');
    expect(verdict(PODS, 'shop/web', 'pay/api', 'ICMP')).toBe('allowed');
    expect(verdict(PODS + policy('pay/p', 'podSelector: {}, ingress: []'), 'shop/web', 'pay/api', 'ICMP', { networkPolicyIsolatesIcmp: 'true' })).toBe('denied');
  });
});

describe('pods', () => {
  const deployment = (replicas: string): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: etcd, namespace: pay }
spec: { ${replicas} template: { metadata: { labels: { app: etcd } }, spec: { containers: [{ name: a, image: none }] } } }
`;

  test('a pod reaches itself whatever policies say, and its replicas only where they let it', () => {
    const deny = policy('pay/p', 'podSelector: {}, policyTypes: [Ingress, Egress]');
    expect(verdict(deployment('replicas: 1,') + deny, 'pay/etcd', 'pay/etcd', '2380/TCP')).toBe('allowed');
    expect(verdict(deployment('replicas: 3,') + deny, 'pay/etcd', 'pay/etcd', '2380/TCP')).toBe('denied');
    expect(verdict(deployment('') + deny, 'pay/etcd', 'pay/etcd', '2380/TCP')).toBe('denied');
  });

  test('an autoscaler makes replicas', () => {
    const scaler = '---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: s, namespace: pay }\nspec: { scaleTargetRef: { kind: Deployment, name: etcd } }\n';
    const rows = analysisOf(deployment('replicas: 1,') + scaler, KNOWN).connections();
    expect(rows).toContainEqual(expect.objectContaining({ source: { kind: 'workload', namespace: 'pay', name: 'etcd', workload: 'Deployment' }, destination: { kind: 'workload', namespace: 'pay', name: 'etcd', workload: 'Deployment' } }));
  });

  test('labels of pods come from the template, not from the workload', () => {
    const yaml = deployment('replicas: 1,').replace('namespace: pay', 'namespace: pay, labels: { app: db }') + PODS
      + policy('pay/p', 'podSelector: { matchLabels: { app: etcd } }, ingress: []');
    expect(verdict(yaml, 'shop/web', 'pay/etcd', '80/TCP')).toBe('denied');
  });

  test('a completed pod is gone: its address may be that of another', () => {
    const done = pod('pay/job').replace('spec:', 'status: { phase: Succeeded, podIP: 10.0.0.1 }\nspec:');
    const analysis = analysisOf(done + PODS, KNOWN);
    expect(() => analysis.allows('shop/web', 'pay/job', '80/TCP')).toThrow(/"pay\/job" is no workload or pod of the input/);
    expect(analysis.inventory.issues).toContainEqual(expect.objectContaining({ code: 'completed-pod', severity: 'note' }));
  });

  test('the pods of a StatefulSet have labels with their numbers', () => {
    const set = '---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db, namespace: pay }\nspec: { replicas: 2, template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: a, image: none }] } } }\n';
    const yaml = set + PODS + policy('pay/p', 'podSelector: { matchLabels: { statefulset.kubernetes.io/pod-name: db-0 } }, ingress: []');
    expect(verdict(yaml, 'shop/web', 'pay/db-0', '80/TCP')).toBe('denied');
    expect(verdict(yaml, 'shop/web', 'pay/db-1', '80/TCP')).toBe('allowed');
    expect(analysisOf(yaml, KNOWN).allows('shop/web', 'pay/db', '80/TCP')).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'parts-differ' }] });
  });
});

describe('addresses', () => {
  const dual = pod('pay/api', 'app: api').replace('spec:', 'status: { podIP: 10.0.0.5, podIPs: [{ ip: 10.0.0.5 }, { ip: "fd00::5" }] }\nspec:');

  test('whether ipBlock matches a pod is up to the CNI', () => {
    const yaml = pod('shop/web') + dual + policy('shop/p', 'podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }, { ipBlock: { cidr: "fd00::/8" } }] }]');
    expect(verdict(yaml, 'shop/web', 'pay/api', '80/TCP', {})).toBe('depends');
    expect(verdict(yaml, 'shop/web', 'pay/api', '80/TCP', { ipBlockMatchesPods: 'true' })).toBe('allowed');
    expect(verdict(yaml, 'shop/web', 'pay/api', '80/TCP', { ipBlockMatchesPods: 'false' })).toBe('denied');
  });

  test('both addresses of a dual-stack pod count', () => {
    const yaml = pod('shop/web') + dual + policy('shop/p', 'podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]');
    expect(verdict(yaml, 'shop/web', 'pay/api', '80/TCP', { ipBlockMatchesPods: 'true' })).toBe('depends');
  });

  test('fd00::/8 is not a block of IPv4', () => {
    const yaml = pod('shop/web') + policy('shop/p', 'podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: "fd00::/8" } }] }]');
    expect(verdict(yaml, 'shop/web', '253.0.0.1', '80/TCP')).toBe('denied');
    expect(verdict(yaml, 'shop/web', 'fd12::1', '80/TCP')).toBe('allowed');
  });

  test('an exception is taken out of its block', () => {
    const yaml = pod('shop/web') + policy('shop/p', 'podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }] }]');
    expect(verdict(yaml, 'shop/web', '169.254.169.254', '80/TCP')).toBe('denied');
    expect(verdict(yaml, 'shop/web', '169.254.169.253', '80/TCP')).toBe('allowed');
  });
});

describe('nodes', () => {
  const isolated = PODS + policy('pay/p', 'podSelector: {}, policyTypes: [Ingress, Egress]');

  test('traffic with the own node passes, other nodes are policed', () => {
    expect(verdict(isolated, '{host}', 'pay/api', '80/TCP')).toBe('allowed');
    expect(verdict(isolated, 'pay/api', '{host}', '80/TCP')).toBe('allowed');
    expect(verdict(isolated, '{remote-node}', 'pay/api', '80/TCP')).toBe('denied');
  });

  test('what a policy means for a pod in the network of its node is up to the CNI', () => {
    const host = isolated + pod('pay/agent', 'app: agent', 'hostNetwork: true');
    expect(analysisOf(host, KNOWN).allows('shop/web', 'pay/agent', '80/TCP')).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'cni' }] });
  });
});

describe('cluster policies', () => {
  const admin = (action: string, priority: number, name = 'p'): string => clusterPolicy(name, `tier: Admin, priority: ${priority}, subject: { namespaces: {} }, ingress: [{ action: ${action}, from: [{ namespaces: {} }] }]`);
  const isolated = PODS + policy('pay/p', 'podSelector: {}, policyTypes: [Ingress]');

  test('Admin comes before NetworkPolicy, Baseline after it', () => {
    expect(verdict(isolated + admin('Accept', 1), 'shop/web', 'pay/api', '80/TCP')).toBe('allowed');
    expect(verdict(isolated + admin('Accept', 1).replace('Admin', 'Baseline'), 'shop/web', 'pay/api', '80/TCP')).toBe('denied');
    expect(verdict(PODS + admin('Deny', 1).replace('Admin', 'Baseline'), 'shop/web', 'pay/api', '80/TCP')).toBe('denied');
  });

  test('Pass leaves the tier', () => {
    expect(verdict(isolated + admin('Pass', 1) + admin('Accept', 2, 'q'), 'shop/web', 'pay/api', '80/TCP')).toBe('denied');
  });

  test('policies of equal priority that disagree: nobody says which holds', () => {
    const tie = analysisOf(PODS + admin('Accept', 1) + admin('Deny', 1, 'q'), KNOWN).allows('shop/web', 'pay/api', '80/TCP');
    expect(tie).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'priority-tie', at: 'ClusterNetworkPolicy p, ClusterNetworkPolicy q' }] });
    expect(verdict(PODS + admin('Deny', 1) + admin('Deny', 1, 'q'), 'shop/web', 'pay/api', '80/TCP')).toBe('denied');
  });

  test('what the cluster does not serve has no effect, and is told', () => {
    const analysis = analysisOf(PODS + admin('Deny', 1), { ...KNOWN, cnp: 'off' });
    expect(analysis.allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('allowed');
    expect(analysis.issues).toEqual([expect.objectContaining({ code: 'api-not-served', object: { kind: 'ClusterNetworkPolicy', name: 'p' } })]);
  });

  test('what a domain name resolves to is not known', () => {
    const yaml = PODS + policy('shop/p', 'podSelector: {}, policyTypes: [Egress]')
      + clusterPolicy('p', 'tier: Admin, priority: 1, subject: { namespaces: {} }, egress: [{ action: Accept, to: [{ domainNames: ["*.example.com"] }] }]');
    expect(analysisOf(yaml, KNOWN).allows('shop/web', '8.8.8.8', '443/TCP')).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'fqdn', at: 'ClusterNetworkPolicy p egress[0]' }] });
    expect(verdict(yaml, 'shop/web', 'pay/api', '443/TCP')).toBe('denied');
  });
});
