import fc from 'fast-check';
import {
  Cidr, domainPeer, everyNamespace, ipBlockPeer, matchingNamespaces, NAMESPACE_NAME_LABEL, namedNamespace, namespaceSelector, nodePeer,
  Peer, peerKey, podPeer, Policy, policyId, policyKey, Protocol, rule, Rule, ruleKey, scopeKey, Selector, unevaluatedPeer,
} from '../../lib/policy';
import { messageOf } from '../cluster/message-of';
import { networkPolicy, networkPolicyRule } from './arbitraries';

const web = podPeer(namedNamespace('shop'), Selector.labels({ app: 'web' }));
const vpn = ipBlockPeer(Cidr.parse('10.0.0.0/8'), [Cidr.parse('10.2.0.0/16'), Cidr.parse('10.1.0.0/16')]);

test.each<[Peer, string]>([
  [web, 'pods shop/app=web'],
  [podPeer(everyNamespace, Selector.everything), 'pods {}/*'],
  [podPeer(matchingNamespaces(Selector.labels({ team: 'a' })), Selector.everything), 'pods {team=a}/*'],
  [vpn, 'ip 10.0.0.0/8 except 10.1.0.0/16 except 10.2.0.0/16'],
  [nodePeer(Selector.labels({ role: 'edge' })), 'nodes role=edge'],
  [domainPeer('*.example.com'), 'domain *.example.com'],
  [unevaluatedPeer('a network set'), 'unevaluated a network set'],
  [{ terms: [...vpn.terms, ...web.terms] }, 'ip 10.0.0.0/8 except 10.1.0.0/16 except 10.2.0.0/16 & pods shop/app=web'],
])('the key of a peer: %#', (peer, key) => {
  expect(peerKey(peer)).toBe(key);
});

test('a selector of nothing but the name of a namespace is that namespace', () => {
  expect(matchingNamespaces(Selector.labels({ [NAMESPACE_NAME_LABEL]: 'shop' }))).toEqual(namedNamespace('shop'));
  expect(scopeKey(matchingNamespaces(Selector.labels({ [NAMESPACE_NAME_LABEL]: 'shop', team: 'a' })))).toBe(`{${NAMESPACE_NAME_LABEL}=shop,team=a}`);
  expect(scopeKey(matchingNamespaces(Selector.of({ matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: 'In', values: ['a', 'b'] }] })))).toBe(`{${NAMESPACE_NAME_LABEL} in (a,b)}`);
  expect(scopeKey(matchingNamespaces(Selector.of({ matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: 'NotIn', values: ['a'] }] })))).toBe(`{${NAMESPACE_NAME_LABEL}!=a}`);
  expect(namespaceSelector(namedNamespace('shop')).matches({ [NAMESPACE_NAME_LABEL]: 'shop' })).toBe(true);
  expect(messageOf(() => namedNamespace('Shop'))).toContain('"Shop" is not a valid namespace name');
});

test('an exception lies strictly inside of its block, in the same family', () => {
  const block = Cidr.parse('10.0.0.0/8');
  const refused = (except: string): string => messageOf(() => ipBlockPeer(block, [Cidr.parse(except)]));
  expect(refused('192.168.0.0/16')).toBe('"192.168.0.0/16" is an exception outside its block 10.0.0.0/8. Instead: a block inside of it, or no exception');
  expect(refused('0.0.0.0/0')).toBe('"0.0.0.0/0" is an exception outside its block 10.0.0.0/8. Instead: a block inside of it, or no exception');
  expect(refused('fd00::/8')).toBe('"fd00::/8" is an exception outside its block 10.0.0.0/8. Instead: a block inside of it, or no exception');
  expect(refused('10.0.0.0/8')).toBe('"10.0.0.0/8" is an exception that takes away its whole block. Instead: no rule at all');
  expect(peerKey(ipBlockPeer(block, [Cidr.parse('10.1.0.0/16'), Cidr.parse('10.1.0.0/16')]))).toBe('ip 10.0.0.0/8 except 10.1.0.0/16');
});

test('a rule is canonical: the order of peers and ports does not count, nor does saying one twice', () => {
  fc.assert(fc.property(networkPolicyRule('ingress'), (each) => {
    const twice = <T>(list: readonly T[] | undefined): T[] | undefined => (list === undefined ? undefined : [...list, ...list].reverse());
    const { direction, action, peers, ports } = each;
    const again = rule({ direction, action, ...(peers && { peers: twice(peers) }), ...(ports && { ports: twice(ports) }) });
    // it keeps the count of what was written, and nothing else differs
    expect({ ...again, writtenPorts: each.writtenPorts }).toEqual({ ...each, writtenPorts: each.writtenPorts });
    expect(again.writtenPorts).toBe(ports === undefined ? undefined : 2 * ports.length);
    expect(ruleKey(again)).toBe(ruleKey(each));
  }));
});

test('everybody, nobody and somebody are three different rules; so are every port and one port', () => {
  const base: Rule = { direction: 'egress', action: 'allow' };
  const port = { kind: 'range', protocol: Protocol.TCP, first: 80, last: 80 } as const;
  const all: Rule[] = [
    base, { ...base, peers: [] }, { ...base, peers: [web] }, { ...base, ports: [port] }, { ...base, direction: 'ingress' }, { ...base, action: 'deny' },
  ];
  expect(new Set(all.map((each) => ruleKey(rule(each)))).size).toBe(all.length);
  expect(ruleKey(rule({ ...base, name: 'named' }))).toBe(ruleKey(rule(base)));
  expect(ruleKey(rule({ ...base, peers: [web, vpn], ports: [port] })))
    .toBe('egress allow ip 10.0.0.0/8 except 10.1.0.0/16 except 10.2.0.0/16 | pods shop/app=web : 80/TCP');
});

test('the order of allow rules does not count in a policy; the order of others does', () => {
  fc.assert(fc.property(networkPolicy, (policy) => {
    expect(policyKey({ ...policy, rules: [...policy.rules].reverse() })).toBe(policyKey(policy));
    expect(policyKey({ ...policy, origin: { path: 'somewhere/else' } })).toBe(policyKey(policy));
    expect(policyKey({ ...policy, isolates: [...policy.isolates].reverse() })).toBe(policyKey(policy));
  }));
  const rules = (['deny', 'allow'] as const).map((action) => rule({ direction: 'ingress', action }));
  const policy: Policy = { name: 'x', tier: { name: 'admin' }, subject: { kind: 'pods', namespaces: everyNamespace, pods: Selector.everything }, isolates: ['ingress'], rules, stage: 'enforced' };
  expect(policyKey({ ...policy, rules: [...rules].reverse() })).not.toBe(policyKey(policy));
});

test('whatever changes the meaning changes the key', () => {
  const base: Policy = {
    name: 'x', namespace: 'shop', tier: { name: 'network-policy' }, subject: { kind: 'pods', namespaces: namedNamespace('shop'), pods: Selector.everything },
    isolates: ['ingress'], rules: [rule({ direction: 'ingress', action: 'allow', peers: [web] })], stage: 'enforced',
  };
  const others: Policy[] = [
    base, { ...base, name: 'y' }, { ...base, namespace: 'pay' }, { ...base, tier: { name: 'admin' } }, { ...base, order: 1 }, { ...base, isolates: ['ingress', 'egress'] },
    { ...base, subject: { ...base.subject, pods: Selector.labels({ app: 'web' }) } }, { ...base, rules: [] }, { ...base, stage: 'staged' }, { ...base, namespace: undefined },
  ];
  expect(new Set(others.map(policyKey)).size).toBe(others.length);
  expect([policyId(base), policyId({ ...base, namespace: undefined })]).toEqual(['shop/x', 'x']);
});
