import { policyKey, ruleKey } from '../../../lib/policy';
import { messageOf } from '../../cluster/message-of';
import { readApplication, readCluster } from './documents';

const SUBJECT = { namespaces: {} };
const rulesOf = (spec: object): string[] => readCluster({ tier: 'Admin', priority: 1, subject: SUBJECT, ...spec }).policy.rules.map(ruleKey);
const egress = (to: unknown, parts: object = {}): object => ({ egress: [{ action: 'Accept', to, ...parts }] });

describe('ClusterNetworkPolicy of AWS', () => {
  test('has ports by number, range and name; a name is one of TCP', () => {
    expect(rulesOf(egress([{ namespaces: {} }], {
      ports: [{ portNumber: { port: 80 } }, { portNumber: { protocol: 'UDP', port: 53 } }, { portRange: { protocol: 'SCTP', start: 1, end: 9 } }, { namedPort: 'http' }],
    }))).toEqual(['egress allow pods {}/* : 80/TCP,53/UDP,1-9/SCTP,http/TCP']);
  });

  test('has peers by namespaces, pods, networks and domain names of any depth', () => {
    expect(rulesOf(egress([
      { pods: { namespaceSelector: { matchLabels: { team: 'a' } }, podSelector: { matchLabels: { app: 'web' } } } },
      { networks: ['10.0.0.0/8', 'fd00::/8'] }, { domainNames: ['*.Example.com.', 'api.example.com'] },
    ]))).toEqual(['egress allow domain **.example.com | domain api.example.com | ip 10.0.0.0/8 | ip fd00::/8 | pods {team=a}/app=web : *']);
  });

  test('a peer of a kind that is not known may hold or not, and is reported', () => {
    const { policy, issues } = readCluster({ tier: 'Admin', priority: 1, subject: SUBJECT, ...egress([{ nodes: {} }]) });
    expect(policy.rules.map(ruleKey)).toEqual(['egress allow unevaluated spec.egress[0].to[0] is a peer of a kind that is not known here : *']);
    expect(issues).toMatchObject([{ code: 'unknown-field', path: 'spec.egress[0].to[0].nodes' }]);
  });

  test.each<[string, object, string]>([
    ['tier', { tier: 'admin' }, '[spec.tier] "admin" is not one of the values that this field takes. Instead: Admin, Baseline'],
    ['priority', { priority: 1001 }, '[spec.priority] 1001 is not a priority. Instead: a whole number from 0 to 1000; lower is evaluated first'],
    ['subject', { subject: {} }, '[spec.subject] {} is empty. Instead: exactly one of namespaces, pods'],
    ['pods without a selector', { subject: { pods: { podSelector: {} } } }, '[spec.subject.pods] {"podSelector":{}} has no namespaceSelector. Instead: namespaceSelector: {} for all'],
    ['action', { ingress: [{ action: 'Allow', from: [SUBJECT] }] }, '[spec.ingress[0].action] "Allow" is not one of the values that this field takes. Instead: Accept, Deny, Pass'],
    ['no peers', { ingress: [{ action: 'Deny' }] }, '[spec.ingress[0].from] undefined has no peers. Instead: at least one peer; for all pods "namespaces: {}"'],
    ['domain names in a Deny', { egress: [{ action: 'Deny', to: [{ domainNames: ['a.b'] }] }] }, '[spec.egress[0].to[0].domainNames] ["a.b"] are domain names in a rule that does not allow. Instead: networks, or a rule that allows'],
    ['a range that ends before it begins', egress([SUBJECT], { ports: [{ portRange: { start: 9, end: 1 } }] }), '[spec.egress[0].ports[0].portRange] {"start":9,"end":1} is a range that ends before it begins. Instead: the lower port as start'],
    ['a list that is none', { ingress: {} }, '[spec.ingress] {} is not a list. Instead: a list; each entry begins with "- "'],
  ])('%s is refused with its place', (_, spec, message) => {
    expect(messageOf(() => readCluster({ tier: 'Admin', priority: 1, subject: SUBJECT, ...spec }))).toBe(message);
  });
});

describe('ApplicationNetworkPolicy', () => {
  test('is a NetworkPolicy with domain names among the peers of egress', () => {
    const { policies, issues } = readApplication({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ domainNames: ['a.example.com'] }, { podSelector: {} }], ports: [{ port: 443 }] }] });
    expect(policies.flatMap(({ rules, isolates }) => [...isolates, ...rules.map(ruleKey)])).toEqual(['egress', 'egress allow domain a.example.com | pods shop/* : 443/TCP']);
    expect(issues).toEqual([]);
  });

  test('a rule without peers may mean everybody or not', () => {
    const { policies } = readApplication({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] });
    expect(policies[0]?.rules.map(ruleKey)).toEqual(['ingress allow unevaluated a rule of an ApplicationNetworkPolicy without peers: it is not documented that it means everybody : *']);
  });

  test('without policyTypes it may isolate ingress or not, unless it has ingress rules', () => {
    const egressOnly = readApplication({ podSelector: {}, egress: [{ to: [{ podSelector: {} }] }] }).policies;
    expect(egressOnly.map(({ isolates, unevaluated }) => [isolates, unevaluated !== undefined])).toEqual([[['egress'], false], [['ingress'], true]]);
    expect(readApplication({ podSelector: {} }).policies.map(({ isolates, unevaluated }) => [isolates, unevaluated !== undefined])).toEqual([[['ingress'], true]]);
    const both = readApplication({ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }).policies;
    expect(both.map(({ isolates, unevaluated }) => [isolates, unevaluated !== undefined])).toEqual([[['ingress'], false]]);
    expect(new Set(egressOnly.map(policyKey)).size).toBe(2);
  });

  test.each<[string, object, string]>([
    ['a domain beside a selector', { egress: [{ to: [{ domainNames: ['a.b'], podSelector: {} }] }] }, 'has domainNames beside another field'],
    ['no domain', { egress: [{ to: [{ domainNames: [] }] }] }, 'is an empty list'],
    ['a domain that is none', { egress: [{ to: [{ domainNames: ['a b'] }] }] }, 'is not a domain name'],
    ['a wrong type', { podSelector: [] }, 'is not an object'],
  ])('%s is refused', (_, spec, problem) => {
    expect(messageOf(() => readApplication({ podSelector: {}, ...spec }))).toContain(problem);
  });

  test('domain names are not known among the peers of ingress', () => {
    expect(messageOf(() => readApplication({ podSelector: {}, ingress: [{ from: [{ domainNames: ['a.b'] }] }] }))).toContain('is a peer that names nobody');
  });
});

test('more port entries towards one peer than the data plane keeps are reported, with the rule that is one too many', () => {
  const ports = (first: number, count: number): unknown[] => Array.from({ length: count }, (_, index) => ({ port: first + index * 2 }));
  const spec = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }], ports: ports(1, 20) }, { from: [{ podSelector: {} }], ports: ports(1000, 5) }] };
  expect(readApplication(spec).issues).toMatchObject([{ code: 'limit', path: 'spec.ingress[1].ports' }]);
  expect(readApplication({ ...spec, ingress: [spec.ingress[0]] }).issues).toEqual([]);
  const neighbours = Array.from({ length: 25 }, (_, index) => ({ portNumber: { port: 8000 + index } }));
  expect(readCluster({ tier: 'Admin', priority: 1, subject: SUBJECT, ...egress([SUBJECT], { ports: neighbours }) }).issues).toMatchObject([{ code: 'limit', path: 'spec.egress[0].ports' }]);
});
