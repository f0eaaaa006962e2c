import { policyKey, ruleKey } from '../../../lib/policy';
import { read } from './documents';

const rules = (kind: string, spec: string): string[] => read(kind, spec).policy!.rules.map(ruleKey);
const issues = (kind: string, spec: string): string[] => read(kind, spec).issues.map(({ code, path }) => `${code} ${path}`);

describe('types left out', () => {
  test.each([
    ['ingress: [{ action: Allow }]', ['ingress']],
    ['egress: [{ action: Allow }]', ['egress']],
    ['ingress: [{ action: Allow }], egress: [{ action: Allow }]', ['ingress', 'egress']],
    ['selector: all()', ['ingress']],
    ['egress: []', ['ingress']],
    ['types: [Egress]', ['egress']],
  ])('{ %s } isolates %s', (spec, isolates) => {
    expect(read('GlobalNetworkPolicy', `{ ${spec} }`).policy!.isolates).toEqual(isolates);
  });

  test('rules of a direction that types does not name are told and left out', () => {
    const { policy, issues: found } = read('NetworkPolicy', '{ types: [Ingress], egress: [{ action: Deny }] }');
    expect(policy!.rules).toEqual([]);
    expect(found.map(({ code, path }) => [code, path])).toEqual([['no-effect', 'spec.egress']]);
  });
});

describe('ends of a rule', () => {
  const peers = (entity: string, kind = 'NetworkPolicy'): string => rules(kind, `{ ingress: [{ action: Allow, source: ${entity} }] }`)[0]!.replace('ingress allow ', '').replace(' : *', '');

  test.each([
    ["{ selector: app == 'web' }", 'labelled shop/app=web', 'labelled {}/app=web'],
    ['{ namespaceSelector: all() }', 'labelled {kubernetes.io/metadata.name}/*', 'labelled {kubernetes.io/metadata.name}/*'],
    ['{ namespaceSelector: global() }', 'labelled {!kubernetes.io/metadata.name}/*', 'labelled {!kubernetes.io/metadata.name}/*'],
    ["{ namespaceSelector: \"projectcalico.org/name == 'pay'\" }", 'labelled pay/*', 'labelled pay/*'],
    ['{ notSelector: has(x) }', 'labelled shop/* & not(labelled {}/x)', 'not(labelled {}/x)'],
    ['{ nets: [10.0.0.0/8, 192.0.2.1] }', 'ip 10.0.0.0/8 | ip 192.0.2.1/32', 'ip 10.0.0.0/8 | ip 192.0.2.1/32'],
    ['{ nets: [10.0.0.0/8], notNets: [10.1.0.0/16] }', 'ip 10.0.0.0/8 except 10.1.0.0/16', 'ip 10.0.0.0/8 except 10.1.0.0/16'],
    ['{ nets: [10.0.0.0/8], notNets: [11.0.0.0/8] }', 'ip 10.0.0.0/8 & not(ip 11.0.0.0/8)', 'ip 10.0.0.0/8 & not(ip 11.0.0.0/8)'],
    ['{ notNets: [10.0.0.0/8] }', 'not(ip 10.0.0.0/8)', 'not(ip 10.0.0.0/8)'],
    ['{ serviceAccounts: { names: [a, b], selector: has(k) } }', 'labelled shop/pcsa.k,projectcalico.org/serviceaccount in (a,b)', 'labelled {}/pcsa.k,projectcalico.org/serviceaccount in (a,b)'],
    ['{ services: { name: api, namespace: pay } }', 'service pay/api', 'service pay/api'],
    ['{}', '*', '*'],
    ["{ selector: '', nets: [], ports: [] }", '*', '*'],
  ])('%s', (entity, namespaced, global) => {
    expect(peers(entity)).toBe(namespaced);
    expect(peers(entity, 'GlobalNetworkPolicy')).toBe(global);
  });

  test('the other end narrows the subject', () => {
    expect(rules('NetworkPolicy', '{ egress: [{ action: Deny, source: { selector: has(a) }, destination: { nets: [10.0.0.0/8] } }] }'))
      .toEqual(['egress deny ip 10.0.0.0/8 : * ; subject labelled shop/a']);
  });

  test('ipVersion is every address of that family', () => {
    expect(rules('NetworkPolicy', '{ ingress: [{ action: Allow, ipVersion: 4 }, { action: Allow, ipVersion: 6, source: { nets: [10.0.0.0/8] } }] }'))
      .toEqual(['ingress allow ip 0.0.0.0/0 : *', 'ingress allow  : *']);
  });
});

describe('protocols and ports', () => {
  const ports = (parts: string): string => rules('NetworkPolicy', `{ ingress: [{ action: Allow, ${parts} }] }`)[0]!.replace('ingress allow * : ', '');

  test.each([
    ['protocol: TCP', 'all/TCP'],
    ['protocol: 17', 'all/UDP'],
    ['protocol: "132"', 'all/SCTP'],
    ['protocol: icmp', 'protocol 1'],
    ['protocol: 253', 'protocol 253'],
    ['notProtocol: TCP', '* ; notPorts all/TCP'],
    ['protocol: ICMP, icmp: { type: 8, code: 0 }', 'protocol 1 type 8 code 0'],
    ['protocol: ICMP, notICMP: { type: 8 }', 'protocol 1 ; notPorts protocol 1 type 8'],
    ['notICMP: { type: 8 }', '* ; notPorts protocol 1 type 8,protocol 58 type 8'],
    ['protocol: TCP, destination: { ports: [80, "81", "8000:8010", http] }', '80-81/TCP,8000-8010/TCP,http/TCP'],
    ['destination: { ports: [http] }', 'http'],
    ['protocol: TCP, destination: { ports: ["0:80"] }', '1-80/TCP'],
    ['protocol: TCP, destination: { notPorts: [80, 0] }', 'all/TCP ; notPorts 80/TCP'],
    ['protocol: UDP, source: { ports: [53], notPorts: [http] }', 'all/UDP ; sourcePorts 53/UDP ; notSourcePorts http/UDP'],
    ['http: { methods: [GET] }', '* ; l7 the HTTP match {"methods":["GET"]} decides'],
  ])('{ %s } is %s', (parts, key) => {
    expect(ports(parts)).toBe(key);
  });

  test('a rule for port 0 alone has no effect, and says so', () => {
    const { policy, issues: found } = read('NetworkPolicy', '{ ingress: [{ action: Allow, protocol: TCP, destination: { ports: [0] } }] }');
    expect(policy!.rules).toEqual([{ direction: 'ingress', action: 'allow', peers: [] }]);
    expect(found).toHaveLength(1);
  });
});

test.each([
  ['NetworkPolicy', '{ ingress: [{ action: allow }] }', '[spec.ingress[0].action] "allow" is not one of the values that this field takes. Instead: Allow, Deny, Pass, Log'],
  ['NetworkPolicy', '{ ingress: [{ action: Allow, destination: { ports: [80] } }] }', '[spec.ingress[0].destination.ports[0]] 80 is a port number without a protocol'],
  ['NetworkPolicy', '{ ingress: [{ action: Allow, protocol: ICMP, destination: { ports: [80] } }] }', 'are ports of a protocol that has none'],
  ['NetworkPolicy', '{ ingress: [{ action: Allow, protocol: TCP, destination: { ports: ["90:80"] } }] }', 'is not a port'],
  ['NetworkPolicy', '{ ingress: [{ action: Allow, protocol: TPC }] }', '"TPC" is not a protocol'],
  ['NetworkPolicy', '{ ingress: [{ action: Allow, icmp: { type: 8 } }] }', 'is an ICMP match in a rule of another protocol'],
  ['NetworkPolicy', '{ ingress: [{ action: Allow, protocol: ICMP, icmp: { code: 8 } }] }', 'has a code without a type'],
  ['NetworkPolicy', '{ ingress: [{ action: Allow, ipVersion: 5 }] }', 'is not a version of IP'],
  ['NetworkPolicy', '{ ingress: [{ action: Allow, source: { nets: [10.0.0.0/33] } }] }', '[spec.ingress[0].source.nets[0]]'],
  ['NetworkPolicy', '{ ingress: [{ action: Allow, source: { services: { name: x }, nets: [10.0.0.0/8] } }] }', 'stands beside services'],
  ['GlobalNetworkPolicy', '{ egress: [{ action: Allow, destination: { services: { name: x } } }] }', 'names a Service without its namespace'],
  ['NetworkPolicy', '{ selector: "app = web" }', '[spec.selector] "app = web" is not a selector of Calico: at character 5'],
  ['GlobalNetworkPolicy', '{ namespaceSelector: global() }', 'global() stands where it is not allowed'],
  ['NetworkPolicy', '{ order: first }', 'is not an order'],
  ['NetworkPolicy', '{ types: [ingress] }', 'is not one of the values'],
  ['GlobalNetworkPolicy', '{ preDNAT: "yes" }', 'is neither true nor false'],
  ['StagedNetworkPolicy', '{ stagedAction: Remove }', 'Set, Delete, Learn, Ignore'],
  ['Tier', '{ defaultAction: Allow }', 'Deny, Pass'],
])('%s %s is refused', (kind, spec, message) => {
  expect(() => read(kind, spec)).toThrow(message);
});

test('unknown fields and what has no effect are told', () => {
  expect(issues('NetworkPolicy', '{ selectors: all(), namespaceSelector: all() }')).toEqual(['unknown-field spec.selectors', 'unknown-field spec.namespaceSelector']);
  expect(issues('NetworkPolicy', '{ ingress: [{ action: Allow, source: { domains: [a.example] } }] }')).toEqual(['unknown-field spec.ingress[0].source.domains']);
  expect(issues('GlobalNetworkPolicy', '{ preDNAT: true, applyOnForward: true }')).toEqual(['no-effect spec.preDNAT']);
  expect(issues('NetworkPolicy', '{ ingress: [{ action: Allow, source: { nets: [10.0.0.1/8] } }] }')).toEqual(['host-bits spec.ingress[0].source.nets[0]']);
});

test('a policy for host endpoints alone says nothing about pods', () => {
  const { policy } = read('GlobalNetworkPolicy', '{ doNotTrack: true, applyOnForward: true, ingress: [{ action: Deny }] }');
  expect(policy).toMatchObject({ isolates: [], rules: [] });
});

test('the subject: a namespaced policy has its namespace, one of the cluster those that it selects', () => {
  expect(policyKey(read('NetworkPolicy', "{ selector: app == 'x', serviceAccountSelector: has(k) }").policy!).split('\n')[2]).toBe('pods shop/app=x,pcsa.k');
  expect(policyKey(read('GlobalNetworkPolicy', "{ namespaceSelector: \"projectcalico.org/name == 'shop'\" }").policy!).split('\n')[2]).toBe('pods shop/*');
  expect(policyKey(read('GlobalNetworkPolicy', '{ namespaceSelector: all() }').policy!).split('\n')[2]).toBe('pods {}/*');
});

test('tiers have Deny at their end unless they say otherwise', () => {
  expect(read('Tier', '{ order: 5 }').tier).toEqual({ tier: { name: 'calico/x' }, order: 5, defaultAction: 'deny' });
  expect(read('Tier', '{ defaultAction: Pass }').tier).toEqual({ tier: { name: 'calico/x' }, defaultAction: 'pass' });
});

test('staged policies have their stage', () => {
  expect(read('StagedNetworkPolicy', '{}').policy!.stage).toBe('staged');
  expect(read('StagedGlobalNetworkPolicy', '{ stagedAction: Ignore }').policy!.stage).toBe('staged-ignored');
  expect(read('StagedKubernetesNetworkPolicy', '{ stagedAction: Delete }').policy!).toMatchObject({ stage: 'staged-removal', tier: { name: 'network-policy' } });
});
