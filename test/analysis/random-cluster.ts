import * as fc from 'fast-check';

/** Small words, so that selectors and pods meet often. */
const NAMESPACES = ['a', 'b', 'c'] as const;
const KEYS = ['app', 'tier'] as const;
const VALUES = ['x', 'y', 'z'] as const;
const BLOCKS = ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '192.0.2.0/24', '::/0', 'fd00::/8', 'fd00:1::/32'] as const;
const HOLES: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['10.0.0.0/8', '192.0.2.0/25'],
  '10.0.0.0/8': ['10.1.0.0/16'],
  '10.1.0.0/16': ['10.1.2.0/24'],
  '::/0': ['fd00::/8'],
};
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const NUMBERS = [53, 80, 81, 443, 8080] as const;
const NAMES = ['http', 'dns', 'metrics'] as const;

type Json = Record<string, unknown>;

const word = <T>(words: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...words);

const labels = fc.record({ app: word(VALUES), tier: word(VALUES) }, { requiredKeys: [] });

const requirement: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ key: word(KEYS), operator: word(['In', 'NotIn'] as const), values: fc.uniqueArray(word(VALUES), { minLength: 1, maxLength: 2 }) }),
  fc.record({ key: word(KEYS), operator: word(['Exists', 'DoesNotExist'] as const) }),
);

export const selector: fc.Arbitrary<Json> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 4, arbitrary: fc.record({ matchLabels: labels }) },
  { weight: 2, arbitrary: fc.record({ matchExpressions: fc.array(requirement, { minLength: 1, maxLength: 2 }) }) },
);

export const namespaceSelector: fc.Arbitrary<Json> = fc.oneof(
  fc.constant({}),
  fc.record({ matchLabels: fc.record({ team: word(VALUES) }) }),
  fc.record({ matchLabels: fc.record({ 'kubernetes.io/metadata.name': word(NAMESPACES) }) }),
);

const ipBlock = word(BLOCKS).chain((cidr) => {
  const holes = HOLES[cidr] ?? [];
  return holes.length === 0 ? fc.constant({ cidr }) : fc.record({ cidr: fc.constant(cidr), except: fc.subarray([...holes]) });
});

const peer: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ podSelector: selector }) },
  { weight: 2, arbitrary: fc.record({ namespaceSelector }) },
  { weight: 3, arbitrary: fc.record({ namespaceSelector, podSelector: selector }) },
  { weight: 3, arbitrary: fc.record({ ipBlock }) },
);

const port: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ protocol: word(PROTOCOLS), port: word(NUMBERS) }),
  fc.record({ protocol: word(PROTOCOLS) }),
  fc.record({ protocol: word(PROTOCOLS), port: word(NAMES) }),
  fc.record({ port: fc.constant(80), endPort: word([81, 443, 65535]) }),
);

const rule = (end: 'from' | 'to'): fc.Arbitrary<Json> => fc.record(
  { [end]: fc.array(peer, { maxLength: 3 }), ports: fc.array(port, { maxLength: 2 }) },
  { requiredKeys: [] },
);

const networkPolicy = (index: number): fc.Arbitrary<Json> => fc.record({
  namespace: word(NAMESPACES),
  spec: fc.record(
    {
      podSelector: selector,
      policyTypes: fc.subarray(['Ingress', 'Egress'], { minLength: 1 }),
      ingress: fc.array(rule('from'), { maxLength: 2 }),
      egress: fc.array(rule('to'), { maxLength: 2 }),
    },
    { requiredKeys: ['podSelector'] },
  ),
}).map(({ namespace, spec }) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: `np-${index}`, namespace }, spec }));

const containers = fc.uniqueArray(
  fc.record({ name: word(NAMES), containerPort: word(NUMBERS), protocol: word(PROTOCOLS) }),
  { maxLength: 2, selector: ({ name }) => name },
).map((ports) => [{ name: 'main', image: 'none', ports }]);

const addresses = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constant(4 as const) },
  { weight: 1, arbitrary: fc.constant(6 as const) },
);

const pod = (index: number, options: ClusterOptions): fc.Arbitrary<Json> => fc.record({
  namespace: word(NAMESPACES), labels, containers,
  family: options.addresses ? addresses : fc.constant(undefined),
  hostNetwork: options.hostNetwork ? fc.integer({ min: 0, max: 4 }).map((roll) => roll === 0) : fc.constant(false),
  node: options.hostNetwork ? word(['n1', 'n2', undefined]) : fc.constant(undefined),
  workload: fc.boolean(), replicas: word([1, 2]),
}).map(({ namespace, labels: own, containers: list, family, hostNetwork, node, workload, replicas }) => {
  const spec = { containers: list, ...(hostNetwork ? { hostNetwork } : {}), ...(node === undefined ? {} : { nodeName: node }) };
  if (workload && family === undefined) {
    return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `w${index}`, namespace }, spec: { replicas, template: { metadata: { labels: own }, spec } } };
  }
  const podIP = family === 4 ? `10.${index % 2}.2.${index + 1}` : `fd00:${index % 2}::${index + 1}`;
  const status = family === undefined || hostNetwork ? {} : { podIP, podIPs: [{ ip: podIP }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: `w${index}`, namespace, labels: own }, spec, status };
});

const clusterPeers = (direction: 'ingress' | 'egress'): fc.Arbitrary<Json> => fc.oneof(
  fc.record({ namespaces: namespaceSelector }),
  fc.record({ pods: fc.record({ namespaceSelector, podSelector: selector }) }),
  ...(direction === 'egress' ? [fc.record({ networks: fc.uniqueArray(word(BLOCKS), { minLength: 1, maxLength: 2 }) })] : []),
);

const clusterProtocol: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ protocol: word(['tcp', 'udp', 'sctp']), number: word(NUMBERS) }).map(({ protocol, number }) => ({ [protocol]: { destinationPort: { number } } })),
  fc.record({ protocol: word(['tcp', 'udp']), end: word([81, 443]) }).map(({ protocol, end }) => ({ [protocol]: { destinationPort: { range: { start: 53, end } } } })),
);

const clusterRule = (direction: 'ingress' | 'egress'): fc.Arbitrary<Json> => fc.record(
  {
    action: word(['Accept', 'Deny', 'Pass']),
    [direction === 'ingress' ? 'from' : 'to']: fc.array(clusterPeers(direction), { minLength: 1, maxLength: 2 }),
    protocols: fc.array(clusterProtocol, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['action', direction === 'ingress' ? 'from' : 'to'] },
);

export const clusterPolicy = (index: number): fc.Arbitrary<Json> => fc.record({
  tier: word(['Admin', 'Baseline']),
  priority: word([1, 2, 3]),
  subject: fc.oneof(fc.record({ namespaces: namespaceSelector }), fc.record({ pods: fc.record({ namespaceSelector, podSelector: selector }) })),
  ingress: fc.array(clusterRule('ingress'), { maxLength: 2 }),
  egress: fc.array(clusterRule('egress'), { maxLength: 2 }),
}).map((spec) => ({ apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name: `cnp-${index}` }, spec }));

const namespaces = fc.tuple(...NAMESPACES.map((name) => fc.option(word(VALUES), { nil: undefined }).map((team) => ({
  apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: team === undefined ? {} : { team } },
}))));

const numbered = (make: (index: number) => fc.Arbitrary<Json>, min: number, max: number): fc.Arbitrary<Json[]> =>
  fc.integer({ min, max }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => make(index))));

const nodes: Json[] = ['n1', 'n2'].map((name, index) => ({
  apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { zone: name } }, status: { addresses: [{ type: 'InternalIP', address: `192.0.2.${index + 1}` }] },
}));

export interface ClusterOptions {
  readonly clusterPolicies: boolean;
  /** Whether some pods have addresses of their own. */
  readonly addresses: boolean;
  readonly hostNetwork: boolean;
}

/** The objects of a small cluster: two to five workloads `w0`, `w1`, ... in three namespaces, and a few policies. */
export function clusterObjects(options: ClusterOptions): fc.Arbitrary<Json[]> {
  return fc.tuple(
    namespaces,
    numbered((index) => pod(index, options), 2, 5),
    numbered(networkPolicy, 0, 4),
    options.clusterPolicies ? numbered(clusterPolicy, 0, 4) : fc.constant([]),
  ).map(([own, pods, policies, cluster]) => [...own, ...(options.hostNetwork ? nodes : []), ...pods, ...policies, ...cluster]);
}
