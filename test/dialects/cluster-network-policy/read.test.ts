import { parse } from 'yaml';
import { readClusterNetworkPolicy } from '../../../lib/dialects/cluster-network-policy';
import { peerKey, portKey } from '../../../lib/policy';

function read(spec: string): ReturnType<typeof readClusterNetworkPolicy> {
  return readClusterNetworkPolicy({ apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name: 'p' }, spec: parse(spec) as unknown });
}

const HEAD = 'tier: Admin\npriority: 5\nsubject: { namespaces: {} }\n';

test('reads tier, priority, subject and rules in their order', () => {
  const { policy, issues } = read(`
tier: Baseline
priority: 1000
subject: { pods: { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: pay } }, podSelector: { matchLabels: { app: api } } } }
ingress:
- { name: first, action: Accept, from: [{ namespaces: { matchLabels: { team: a } } }], protocols: [{ tcp: { destinationPort: { number: 80 } } }, { udp: { destinationPort: { range: { start: 1, end: 65535 } } } }, { destinationNamedPort: http }] }
- { action: Deny, from: [{ pods: { podSelector: {} } }] }
egress:
- { action: Pass, to: [{ networks: [10.0.0.0/8, "fd00::/8"] }, { nodes: {} }] }
`);
  expect(issues).toEqual([]);
  expect({ tier: policy.tier.name, order: policy.order, isolates: policy.isolates, namespace: policy.namespace }).toEqual({ tier: 'baseline', order: 1000, isolates: [], namespace: undefined });
  expect(policy.subject.namespaces).toEqual({ kind: 'named', name: 'pay' });
  expect(policy.rules.map(({ direction, action, name, peers, ports }) => [direction, action, name, peers?.map(peerKey), ports?.map(portKey)])).toEqual([
    ['ingress', 'allow', 'first', ['pods {team=a}/*'], ['80/TCP', 'all/UDP', 'http']],
    ['ingress', 'deny', undefined, ['pods {}/*'], undefined],
    ['egress', 'pass', undefined, ['ip 10.0.0.0/8', 'ip fd00::/8', 'nodes *'], undefined],
  ]);
});

test.each([
  ['tier: Middle\npriority: 5\nsubject: { namespaces: {} }', '[spec.tier] "Middle" is not one of the values that this field takes. Instead: Admin, Baseline'],
  ['tier: Admin\npriority: 1001\nsubject: { namespaces: {} }', '[spec.priority] 1001 is not a priority'],
  ['tier: Admin\nsubject: { namespaces: {} }', '[spec.priority] undefined is not a priority'],
  ['tier: Admin\npriority: 1\nsubject: {}', '[spec.subject] {} is empty. Instead: exactly one of namespaces, pods'],
  ['tier: Admin\npriority: 1\nsubject: { namespaces: {}, pods: { podSelector: {} } }', '[spec.subject] {"namespaces":{},"pods":{"podSelector":{}}} has namespaces and pods'],
  ['tier: Admin\npriority: 1\nsubject: { pods: {} }', 'has no podSelector'],
  [`${HEAD}ingress: [{ action: Allow, from: [{ namespaces: {} }] }]`, '[spec.ingress[0].action] "Allow" is not one of the values that this field takes. Instead: Accept, Deny, Pass'],
  [`${HEAD}ingress: [{ action: Accept }]`, '[spec.ingress[0].from] undefined has no peers'],
  [`${HEAD}ingress: [{ action: Accept, from: [{}] }]`, '[spec.ingress[0].from[0]] {} is empty'],
  [`${HEAD}ingress: [{ action: Accept, from: [{ namespaces: {} }], protocols: [] }]`, '[spec.ingress[0].protocols] [] is an empty list'],
  [`${HEAD}ingress: [{ action: Accept, from: [{ namespaces: {} }], protocols: [{ tcp: {} }] }]`, 'has no destinationPort'],
  [`${HEAD}ingress: [{ action: Accept, from: [{ namespaces: {} }], protocols: [{ tcp: { destinationPort: { range: { start: 80, end: 80 } } } }] }]`, 'is a range whose start is not below its end'],
  [`${HEAD}egress: [{ action: Accept, to: [{ networks: [10.0.0.0] }] }]`, '[spec.egress[0].to[0].networks[0]] "10.0.0.0" has no prefix length'],
  [`${HEAD}egress: [{ action: Deny, to: [{ domainNames: [example.com] }] }]`, 'are domain names in a rule that does not allow'],
  [`${HEAD}egress: [${Array.from({ length: 26 }, () => '{ action: Deny, to: [{ namespaces: {} }] }').join(', ')}]`, '[spec.egress] 26 are too many rules. Instead: at most 25'],
])('refuses what the API server refuses: %s', (spec, message) => {
  expect(() => read(spec)).toThrow(message);
});

test('a peer of a kind that is not known: an allowing rule matches nobody, every other denies all', () => {
  const { policy, issues } = read(`${HEAD}egress: [{ action: Accept, to: [{ namespaces: {} }, { moons: {} }] }, { action: Pass, to: [{ moons: {} }], protocols: [{ tcp: { destinationPort: { number: 1 } } }] }]`);
  expect(policy.rules).toEqual([{ direction: 'egress', action: 'allow', peers: [] }, { direction: 'egress', action: 'deny' }]);
  expect(issues.map(({ code, path }) => [code, path])).toEqual([['unknown-field', 'spec.egress[0].to[1].moons'], ['unknown-field', 'spec.egress[1].to[0].moons']]);
});

test('host bits are told', () => {
  expect(read(`${HEAD}egress: [{ action: Deny, to: [{ networks: [10.0.0.5/8] }] }]`).issues).toEqual([
    { code: 'host-bits', path: 'spec.egress[0].to[0].networks[0]', message: '"10.0.0.5/8" has host bits set; it means the network 10.0.0.0/8' },
  ]);
});
