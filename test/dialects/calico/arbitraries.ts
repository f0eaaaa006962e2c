import fc from 'fast-check';
import {
  anyOf, Cidr, Direction, DIRECTIONS, everyNamespace, IpBlock, labelCondition, LabelExpression, matchingNamespaces, namedNamespace, NAMESPACE_NAME_LABEL,
  NamespaceScope, not, Peer, PeerTerm, Policy, PortMatch, Protocol, rule, Rule, Selector,
} from '../../../lib/policy';

const KEYS = ['app', 'tier', 'pcns.team', 'app.kubernetes.io/name'];
const VALUES = ['', 'web', 'api', 'Db_1.x', "it's", 'two words'];
const key = fc.constantFrom(...KEYS);
const values = fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 3 });

const condition: fc.Arbitrary<LabelExpression> = fc.oneof(
  fc.tuple(key, fc.constantFrom('In' as const, 'NotIn' as const), values).map(([of, operator, list]) => labelCondition(of, operator, list)),
  fc.tuple(key, fc.constantFrom('Exists' as const, 'DoesNotExist' as const)).map(([of, operator]) => labelCondition(of, operator)),
  fc.tuple(key, fc.constantFrom('Contains' as const, 'StartsWith' as const, 'EndsWith' as const), fc.constantFrom(...VALUES))
    .map(([of, operator, value]) => labelCondition(of, operator, [value])),
);

/** Any formula, nested a few levels deep. */
export const expression: fc.Arbitrary<LabelExpression> = fc.letrec<{ tree: LabelExpression }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    condition,
    tie('tree').map((of): LabelExpression => ({ kind: 'not', of })),
    fc.tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('tree'), { maxLength: 3 })).map(([kind, of]): LabelExpression => ({ kind, of })),
  ),
})).tree;

export const selector = expression.map((each) => Selector.expression(each));

const net: fc.Arbitrary<Cidr> = fc
  .constantFrom('10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '192.0.2.1/32', '2001:db8::/32', '0.0.0.0/0')
  .map((text) => Cidr.parse(text));
const block = (cidr: Cidr, except: readonly Cidr[] = []): IpBlock => ({ kind: 'ipBlock', cidr, except });
const nets = fc.uniqueArray(net, { minLength: 2, maxLength: 4, selector: String })
  .map((list) => [...list].sort((a, b) => (a.toString() < b.toString() ? -1 : 1)));

const scope = (namespace: string | undefined): fc.Arbitrary<NamespaceScope> => fc.oneof(
  fc.constant(everyNamespace),
  fc.constantFrom('shop', 'pay').map(namedNamespace),
  fc.constant(namespace).map((own) => (own === undefined ? everyNamespace : namedNamespace(own))),
  fc.constantFrom('Exists' as const, 'DoesNotExist' as const).map((operator) => matchingNamespaces(Selector.expression(labelCondition(NAMESPACE_NAME_LABEL, operator)))),
  selector.map(matchingNamespaces),
);

const labelled = (namespace: string | undefined): fc.Arbitrary<PeerTerm> => fc.tuple(scope(namespace), selector)
  .map(([namespaces, labels]) => ({ kind: 'labelled' as const, namespaces, labels }));
const notLabelled: fc.Arbitrary<PeerTerm> = selector.map((labels) => not({ kind: 'labelled', namespaces: everyNamespace, labels }));

/** What one end of one rule of Calico can say. */
const ends = (namespace: string | undefined): fc.Arbitrary<readonly Peer[]> => fc.oneof(
  fc.uniqueArray(net, { minLength: 1, maxLength: 3, selector: String }).map((list) => list.map((cidr) => ({ terms: [block(cidr)] }))),
  fc.constant([{ terms: [block(Cidr.parse('10.0.0.0/8'), [Cidr.parse('10.1.0.0/16'), Cidr.parse('10.2.0.0/16')])] }]),
  fc.constant([{ terms: [{ kind: 'service' as const, namespace: 'pay', name: 'api' }] }]),
  fc.tuple(labelled(namespace), fc.option(notLabelled), fc.option(nets), fc.uniqueArray(net, { maxLength: 2, selector: String }))
    .map(([positive, negative, own, holes]) => {
      const blocks = own === null ? [] : [anyOf(own.map((cidr) => block(cidr)))];
      return [{ terms: [positive, ...(negative === null ? [] : [negative]), ...blocks, ...holes.map((cidr) => not(block(cidr)))] }];
    }),
);

const number = fc.integer({ min: 1, max: 65535 });
const rangeOf = (protocol: Protocol): fc.Arbitrary<PortMatch> => fc.tuple(number, number)
  .map(([a, b]): PortMatch => ({ kind: 'range', protocol, first: Math.min(a, b), last: Math.max(a, b) }));
const some = (protocol: Protocol): fc.Arbitrary<readonly PortMatch[]> => fc.array(fc.oneof(
  rangeOf(protocol), fc.constantFrom('http', 'metrics').map((name): PortMatch => ({ kind: 'named', protocol, name })),
), { minLength: 1, maxLength: 3 });

type Ports = Pick<Rule, 'ports' | 'notPorts' | 'sourcePorts' | 'notSourcePorts'>;

const ports: fc.Arbitrary<Ports> = fc.oneof(
  fc.constant({}),
  fc.constantFrom(Protocol.TCP, Protocol.UDP, Protocol.SCTP).chain((protocol) => fc.record({
    ports: some(protocol), notPorts: some(protocol), sourcePorts: some(protocol), notSourcePorts: some(protocol),
  }, { requiredKeys: ['ports'] })),
  fc.constant({ ports: [{ kind: 'named' as const, name: 'http' }] }),
  fc.constantFrom(1, 58, 253).map((each) => ({ ports: [{ kind: 'protocol' as const, number: each }] })),
  fc.constant({ ports: [{ kind: 'protocol' as const, number: 1, icmpType: 8, icmpCode: 0 }] }),
  fc.constant({ ports: [{ kind: 'protocol' as const, number: 1 }], notPorts: [{ kind: 'protocol' as const, number: 1, icmpType: 8 }] }),
  fc.constantFrom(Protocol.TCP, Protocol.UDP).map((protocol) => ({ notPorts: [{ kind: 'range' as const, protocol, first: 1, last: 65535 }] })),
);

const ruleOf = (namespace: string | undefined, direction: Direction): fc.Arbitrary<Rule> => fc.record({
  action: fc.constantFrom('allow' as const, 'deny' as const, 'pass' as const, 'log' as const),
  peers: fc.option(ends(namespace), { nil: undefined }),
  subject: fc.option(ends(namespace), { nil: undefined }),
  ports,
}).map(({ action, peers, subject, ports: own }) => {
  const hasService = [...peers ?? [], ...subject ?? []].some(({ terms }) => terms.some(({ kind }) => kind === 'service'));
  return rule({ direction, action, ...(peers === undefined ? {} : { peers }), ...(subject === undefined ? {} : { subject }), ...(hasService ? {} : own) });
});

/** A policy whose rules are rules of Calico one by one. */
export const calicoPolicy: fc.Arbitrary<Policy> = fc.tuple(
  fc.constantFrom(undefined, 'shop', 'pay'), fc.subarray([...DIRECTIONS], { minLength: 1 }), fc.constantFrom('default', 'guard'),
).chain(([namespace, isolates, tier]) => fc.record({
  name: fc.constantFrom('a', 'b-c').map((name) => `${tier}.${name}`),
  order: fc.option(fc.constantFrom(0, 0.5, 100), { nil: undefined }),
  scope: namespace === undefined ? fc.oneof(fc.constant(everyNamespace), fc.constant(namedNamespace('pay')), selector.map(matchingNamespaces)) : fc.constant(namedNamespace(namespace)),
  pods: selector,
  stage: fc.constantFrom('enforced' as const, 'staged' as const, 'staged-ignored' as const),
  rules: fc.array(fc.constantFrom(...isolates).chain((direction) => ruleOf(namespace, direction)), { maxLength: 3 }),
}).map(({ name, order, scope: namespaces, pods, stage, rules }): Policy => ({
  name, ...(namespace === undefined ? {} : { namespace }), tier: { name: `calico/${tier}` }, ...(order === undefined ? {} : { order }),
  subject: { kind: 'pods', namespaces, pods }, isolates, rules, stage,
})));
