import { readNetworkPolicy } from '../../../lib/dialects/kubernetes';
import { peerKey, policyKey, portKey } from '../../../lib/policy';
import { read } from './documents';

const rules = (spec: unknown): unknown => read(spec).policy.rules;
const EVERYBODY = { direction: 'ingress', action: 'allow' };

test.each<[string, unknown, string[]]>([
  ['left out, without rules: Ingress', { podSelector: {} }, ['ingress']],
  ['left out, with an empty egress list: Ingress only', { podSelector: {}, egress: [] }, ['ingress']],
  ['left out, with null as egress: Ingress only', { podSelector: {}, egress: null }, ['ingress']],
  ['left out, with egress rules: both', { podSelector: {}, egress: [{}] }, ['ingress', 'egress']],
  ['empty, with egress rules: both', { podSelector: {}, policyTypes: [], egress: [{}] }, ['ingress', 'egress']],
  ['null', { podSelector: {}, policyTypes: null }, ['ingress']],
  ['Egress alone is not widened', { podSelector: {}, policyTypes: ['Egress'] }, ['egress']],
  ['in any order, repeated', { podSelector: {}, policyTypes: ['Egress', 'Ingress', 'Egress'] }, ['ingress', 'egress']],
])('policyTypes %s', (_, spec, isolates) => {
  expect(read(spec).policy.isolates).toEqual(isolates);
});

test.each<[string, unknown, unknown]>([
  ['ingress: [] allows nobody', { podSelector: {}, ingress: [] }, []],
  ['absent ingress allows nobody', { podSelector: {} }, []],
  ['null as ingress allows nobody', { podSelector: {}, ingress: null }, []],
  ['- {} allows everybody on every port', { podSelector: {}, ingress: [{}] }, [EVERYBODY]],
  ['- null allows everybody, as the API server reads it', { podSelector: {}, ingress: [null] }, [EVERYBODY]],
  ['from: [] allows everybody', { podSelector: {}, ingress: [{ from: [] }] }, [EVERYBODY]],
  ['ports: [] allows every port', { podSelector: {}, ingress: [{ from: [], ports: [] }] }, [EVERYBODY]],
  ['null lists are absent lists', { podSelector: {}, ingress: [{ from: null, ports: null }] }, [EVERYBODY]],
])('empty and absent lists: %s', (_, spec, expected) => {
  expect(rules(spec)).toEqual(expected);
});

const portOf = (port: unknown): string[] => read({ podSelector: {}, ingress: [{ ports: [port] }] })
  .policy.rules.flatMap((each) => (each.ports ?? []).map(portKey));

test.each<[string, unknown, string]>([
  ['the protocol defaults to TCP', { port: 80 }, '80/TCP'],
  ['a protocol without a port is all of its ports, and no other protocol', { protocol: 'UDP' }, 'all/UDP'],
  ['neither: all TCP ports, and no other protocol', {}, 'all/TCP'],
  ['null port', { protocol: 'SCTP', port: null }, 'all/SCTP'],
  ['SCTP', { protocol: 'SCTP', port: 9 }, '9/SCTP'],
  ['endPort', { port: 8000, endPort: 8010 }, '8000-8010/TCP'],
  ['endPort that is its port', { port: 8000, endPort: 8000 }, '8000/TCP'],
  ['a range over everything is all ports', { protocol: 'TCP', port: 1, endPort: 65535 }, 'all/TCP'],
  ['a named port of the default protocol', { port: 'http' }, 'http/TCP'],
  ['a named port of UDP', { port: 'dns', protocol: 'UDP' }, 'dns/UDP'],
])('ports: %s', (_, port, key) => {
  expect(portOf(port)).toEqual([key]);
});

const peerOf = (peer: unknown): string[] => read({ podSelector: {}, ingress: [{ from: [peer] }] })
  .policy.rules.flatMap((each) => (each.peers ?? []).map(peerKey));

test.each<[string, unknown, string]>([
  ['an empty podSelector is every pod of the policy\'s namespace', { podSelector: {} }, 'pods shop/*'],
  ['an absent namespaceSelector is the policy\'s namespace', { podSelector: { matchLabels: { app: 'web' } } }, 'pods shop/app=web'],
  ['an empty namespaceSelector is every namespace', { namespaceSelector: {} }, 'pods {}/*'],
  ['both hold at once', { namespaceSelector: { matchLabels: { team: 'a' } }, podSelector: { matchLabels: { app: 'web' } } }, 'pods {team=a}/app=web'],
  ['null is absent', { namespaceSelector: {}, podSelector: null, ipBlock: null }, 'pods {}/*'],
  ['the label with the name is the namespace', { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'pay' } } }, 'pods pay/*'],
  ['NotIn is kept as NotIn', { podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } }, 'pods shop/app!=web'],
  ['a block', { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }, 'ip 10.0.0.0/8 except 10.1.0.0/16'],
  ['an IPv6 block', { ipBlock: { cidr: 'FD00::/8' } }, 'ip fd00::/8'],
  ['null exceptions', { ipBlock: { cidr: '10.0.0.0/8', except: null } }, 'ip 10.0.0.0/8'],
])('peers: %s', (_, peer, key) => {
  expect(peerOf(peer)).toEqual([key]);
});

test('an absent or empty podSelector selects every pod of the namespace', () => {
  for (const spec of [{}, { podSelector: {} }, { podSelector: null }, { podSelector: { matchLabels: {}, matchExpressions: [] } }]) {
    expect(read(spec).policy.subject).toMatchObject({ namespaces: { kind: 'named', name: 'shop' }, pods: { requirements: [] } });
  }
});

test('without a namespace a policy is in "default"', () => {
  for (const metadata of [{ name: 'x' }, { name: 'x', namespace: null }, { name: 'x', namespace: '' }]) {
    expect(read({ podSelector: {} }, metadata).policy.namespace).toBe('default');
  }
});

test('the origin is kept and does not count', () => {
  const origin = { file: 'a.yaml', line: 3 };
  const { policy } = readNetworkPolicy({ metadata: { name: 'x' }, spec: {} }, origin);
  expect(policy.origin).toEqual(origin);
  expect(policyKey(policy)).toBe(policyKey(readNetworkPolicy({ metadata: { name: 'x' }, spec: {} }).policy));
});

test.each<[string, unknown, unknown]>([
  ['a misspelt field', { podSelector: {}, ingres: [] }, { code: 'unknown-field', path: 'spec.ingres', message: 'unknown field "ingres"; known here: podSelector, policyTypes, ingress, egress' }],
  ['"to" in an ingress rule', { ingress: [{ to: [{ podSelector: {} }] }] }, { code: 'unknown-field', path: 'spec.ingress[0].to', message: 'unknown field "to"; known here: from, ports' }],
  ['"from" in an egress rule', { egress: [{ from: [] }] }, { code: 'unknown-field', path: 'spec.egress[0].from', message: 'unknown field "from"; known here: to, ports' }],
  [
    'an unknown field of a peer', { ingress: [{ from: [{ podSelector: {}, namespace: 'pay' }] }] },
    { code: 'unknown-field', path: 'spec.ingress[0].from[0].namespace', message: 'unknown field "namespace"; known here: podSelector, namespaceSelector, ipBlock' },
  ],
  ['an unknown field of a port', { ingress: [{ ports: [{ port: 80, name: 'x' }] }] }, { code: 'unknown-field', path: 'spec.ingress[0].ports[0].name', message: 'unknown field "name"; known here: protocol, port, endPort' }],
  ['labels without matchLabels', { podSelector: { app: 'web' } }, { code: 'unknown-field', path: 'spec.podSelector.app', message: 'unknown field "app"; known here: matchLabels, matchExpressions' }],
  ['an unknown field of a block', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', exept: [] } }] }] }, { code: 'unknown-field', path: 'spec.ingress[0].from[0].ipBlock.exept', message: 'unknown field "exept"; known here: cidr, except' }],
  [
    'host bits', { ingress: [{ from: [{ ipBlock: { cidr: '10.1.2.3/8' } }] }] },
    { code: 'host-bits', path: 'spec.ingress[0].from[0].ipBlock.cidr', message: '"10.1.2.3/8" has host bits set; it means the network 10.0.0.0/8' },
  ],
  [
    'an exception outside of its block', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['192.168.0.0/16'] } }] }] },
    { code: 'except-outside-cidr', path: 'spec.ingress[0].from[0].ipBlock.except[0]', message: '192.168.0.0/16 is not a strict part of 10.0.0.0/8: the API server refuses it, and it takes nothing away' },
  ],
  [
    'an exception of another family', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['fd00::/8'] } }] }] },
    { code: 'except-outside-cidr', path: 'spec.ingress[0].from[0].ipBlock.except[0]', message: 'fd00::/8 is not a strict part of 10.0.0.0/8: the API server refuses it, and it takes nothing away' },
  ],
  [
    'an exception that is the block', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }] }] },
    { code: 'except-outside-cidr', path: 'spec.ingress[0].from[0].ipBlock.except[0]', message: '10.0.0.0/8 is not a strict part of 10.0.0.0/8: the API server refuses it, and it takes nothing away' },
  ],
  ['rules that policyTypes switches off', { policyTypes: ['Egress'], ingress: [{}] }, { code: 'no-effect', path: 'spec.ingress', message: 'these rules have no effect: policyTypes does not name Ingress' }],
  ['egress rules without Egress', { policyTypes: ['Ingress'], egress: [{}] }, { code: 'no-effect', path: 'spec.egress', message: 'these rules have no effect: policyTypes does not name Egress' }],
])('noted: %s', (_, spec, issue) => {
  expect(read(spec).issues).toEqual([issue]);
});

test('rules that policyTypes switches off are not in the policy', () => {
  expect(rules({ policyTypes: ['Ingress'], ingress: [{}], egress: [{}] })).toEqual([EVERYBODY]);
});

test('an IPv6 block in capitals has no host bits', () => {
  expect(read({ ingress: [{ from: [{ ipBlock: { cidr: 'FD00:0::/8' } }] }] }).issues).toEqual([]);
});
