import { writeNetworkPolicySpec } from '../../../lib/dialects/kubernetes';
import {
  ADMIN_TIER, Cidr, domainPeer, everyNamespace, ipBlockPeer, namedNamespace, NETWORK_POLICY_TIER, nodePeer, podPeer, Policy, PortMatch,
  Protocol, rule, Rule, Selector,
} from '../../../lib/policy';
import { messageOf } from '../../cluster/message-of';

const base: Policy = {
  name: 'x', namespace: 'shop', tier: NETWORK_POLICY_TIER, subject: { kind: 'pods', namespaces: namedNamespace('shop'), pods: Selector.everything },
  isolates: ['ingress'], rules: [], stage: 'enforced',
};
const withRule = (parts: Partial<Rule>): Policy => ({ ...base, rules: [rule({ direction: 'ingress', action: 'allow', ...parts })] });
const ports = (...matches: PortMatch[]): unknown => writeNetworkPolicySpec(withRule({ ports: matches })).ingress?.[0]?.ports;

test.each(Object.values(Protocol))('all ports of %s are the protocol alone, never port 0', (protocol) => {
  expect(ports({ kind: 'range', protocol, first: 1, last: 65535 })).toEqual([{ protocol }]);
});

test('SCTP, end ports and named ports are written, the protocol always beside them', () => {
  expect(ports({ kind: 'range', protocol: Protocol.SCTP, first: 9, last: 9 })).toEqual([{ protocol: 'SCTP', port: 9 }]);
  expect(ports({ kind: 'range', protocol: Protocol.UDP, first: 8000, last: 8010 })).toEqual([{ protocol: 'UDP', port: 8000, endPort: 8010 }]);
  expect(ports({ kind: 'named', protocol: Protocol.TCP, name: 'http' })).toEqual([{ protocol: 'TCP', port: 'http' }]);
});

test('policyTypes is always written, in order, also where there are no rules: the API server would add Ingress by itself', () => {
  const types = (...isolates: Policy['isolates']): unknown => writeNetworkPolicySpec({ ...base, isolates });
  expect(types('ingress')).toEqual({ podSelector: {}, policyTypes: ['Ingress'] });
  expect(types('egress')).toEqual({ podSelector: {}, policyTypes: ['Egress'] });
  expect(types('egress', 'ingress')).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
});

test('everybody is a rule without peers, nobody is no rule', () => {
  expect(writeNetworkPolicySpec(withRule({})).ingress).toEqual([{}]);
  expect(writeNetworkPolicySpec(withRule({ peers: [] })).ingress).toBeUndefined();
  expect(writeNetworkPolicySpec(withRule({ ports: [] })).ingress).toBeUndefined();
});

test('pods of the own namespace need no namespaceSelector, those of another one do', () => {
  const peers = (...list: Rule['peers'] & object): unknown => writeNetworkPolicySpec(withRule({ peers: list })).ingress?.[0]?.from;
  const shop = { matchLabels: { 'kubernetes.io/metadata.name': 'pay' } };
  expect(peers(podPeer(namedNamespace('shop'), Selector.everything))).toEqual([{ podSelector: {} }]);
  expect(peers(podPeer(namedNamespace('pay'), Selector.everything))).toEqual([{ namespaceSelector: shop }]);
  expect(peers(podPeer(namedNamespace('pay'), Selector.labels({ app: 'web' })))).toEqual([{ namespaceSelector: shop, podSelector: { matchLabels: { app: 'web' } } }]);
  expect(peers(podPeer(everyNamespace, Selector.everything))).toEqual([{ namespaceSelector: {} }]);
  expect(peers(ipBlockPeer(Cidr.parse('10.0.0.0/8'), [Cidr.parse('10.1.0.0/16')]))).toEqual([{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }]);
  expect(peers(ipBlockPeer(Cidr.parse('fd00::/8')))).toEqual([{ ipBlock: { cidr: 'fd00::/8' } }]);
});

test('egress has its peers under "to"', () => {
  const egress = rule({ direction: 'egress', action: 'allow', peers: [podPeer(namedNamespace('shop'), Selector.everything)] });
  expect(writeNetworkPolicySpec({ ...base, isolates: ['egress'], rules: [egress] })).toEqual({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: {} }] }] });
});

const own = podPeer(namedNamespace('shop'), Selector.everything).terms;

test.each<[string, Policy, string]>([
  ['a policy of the whole cluster', { ...base, namespace: undefined }, 'a subject outside of its own namespace'],
  ['pods of another namespace', { ...base, subject: { ...base.subject, namespaces: namedNamespace('pay') } }, 'a subject outside of its own namespace'],
  ['pods of every namespace', { ...base, subject: { ...base.subject, namespaces: everyNamespace } }, 'a subject outside of its own namespace'],
  ['a tier', { ...base, tier: ADMIN_TIER }, 'a tier or an order'],
  ['an order', { ...base, order: 1 }, 'a tier or an order'],
  ['a staged policy', { ...base, stage: 'staged' }, 'a staged policy'],
  ['no isolation', { ...base, isolates: [] }, 'rules that do not isolate their subject'],
  ['a deny', withRule({ action: 'deny' }), 'the action deny'],
  ['a pass', withRule({ action: 'pass' }), 'the action pass'],
  ['a rule in a direction that is not isolated', withRule({ direction: 'egress' }), 'an egress rule without isolating egress'],
  ['several conditions on one peer', withRule({ peers: [{ terms: [...own, ...ipBlockPeer(Cidr.all(4)).terms] }] }), 'several conditions on one peer'],
  ['a peer without conditions', withRule({ peers: [{ terms: [] }] }), 'several conditions on one peer'],
  ['nodes', withRule({ peers: [nodePeer(Selector.everything)] }), 'a peer of the kind nodes'],
  ['a domain', withRule({ peers: [domainPeer('example.com')] }), 'a peer of the kind domain'],
  ['a protocol without ports', withRule({ ports: [{ kind: 'protocol', number: 1 }] }), 'a port of the kind protocol'],
  ['a named port of any protocol', withRule({ ports: [{ kind: 'named', name: 'http' }] }), 'a named port of any protocol'],
])('%s is refused, never written as something else', (_, policy, what) => {
  const id = policy.namespace === undefined ? 'x' : 'shop/x';
  expect(messageOf(() => writeNetworkPolicySpec(policy))).toBe(`"${id}" needs ${what}, which networking.k8s.io/v1 NetworkPolicy cannot say. Instead: a policy API of the CNI that can`);
});
