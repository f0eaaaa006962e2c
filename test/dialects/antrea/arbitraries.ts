import fc from 'fast-check';
import {
  Cidr, Direction, everyNamespace, Group, ipBlockPeer, labelCondition, matchingNamespaces, namedNamespace, NAMESPACE_NAME_LABEL, NamespaceScope, nodePeer, Peer,
  Policy, podPeer, PortMatch, Protocol, rule, Rule, Selector,
} from '../../../lib/policy';

const labels = fc.constantFrom<Readonly<Record<string, string>>>({}, { app: 'web' }, { app: 'api', tier: 'x' });
const expressions = fc.constantFrom(
  [], [{ key: 'app', operator: 'In', values: ['web', 'api'] }], [{ key: 'legacy', operator: 'DoesNotExist' }], [{ key: 'team', operator: 'Exists' }],
);
const selector = fc.tuple(labels, expressions).map(([matchLabels, matchExpressions]) => Selector.of({ matchLabels, matchExpressions }));
const accounts = fc.constantFrom('sa', 'build.bot').map((name) => Selector.expression(labelCondition('internal.antrea.io/service-account', 'In', [name])));

const scope = (namespace: string | undefined): fc.Arbitrary<NamespaceScope> => fc.oneof(
  fc.constant(namespace === undefined ? everyNamespace : namedNamespace(namespace)),
  fc.constantFrom('shop', 'pay').map(namedNamespace),
  selector.map(matchingNamespaces),
);
const pods = (namespace: string | undefined): fc.Arbitrary<Peer> => fc.tuple(scope(namespace), selector).map(([namespaces, own]) => podPeer(namespaces, own));
const group = (namespace: string | undefined): Peer => ({
  terms: [namespace === undefined ? { kind: 'group', of: 'ClusterGroup', name: 'g' } : { kind: 'group', of: 'Group', namespace, name: 'g' }],
});
const block: fc.Arbitrary<Peer> = fc.constantFrom(
  ipBlockPeer(Cidr.parse('10.0.0.0/8'), [Cidr.parse('10.1.0.0/16')]), ipBlockPeer(Cidr.parse('169.254.169.254/32')), ipBlockPeer(Cidr.parse('fd00::/8')),
);
const name: fc.Arbitrary<Peer> = fc.constantFrom('api.stripe.com', '**.example.com').map((pattern) => ({ terms: [{ kind: 'domain', pattern }] }));
const alike: fc.Arbitrary<Peer> = fc.tuple(fc.constantFrom([NAMESPACE_NAME_LABEL], ['org'], ['org', 'region']), selector)
  .map(([sameLabels, own]) => ({ terms: [{ kind: 'podsAlike', sameLabels, pods: own }] }));
const account: fc.Arbitrary<Peer> = accounts.map((own) => podPeer(namedNamespace('pay'), own));

const peer = (namespace: string | undefined, direction: Direction): fc.Arbitrary<Peer> => fc.oneof(
  pods(namespace), block, fc.constant(group(namespace)), selector.map(nodePeer),
  ...(namespace === undefined ? [alike, account] : []),
  ...(direction === 'egress' ? [name] : []),
);

const number = fc.integer({ min: 1, max: 65535 });
const range = (protocol: Protocol): fc.Arbitrary<PortMatch> => fc.tuple(number, number).map(([a, b]) => ({ kind: 'range', protocol, first: Math.min(a, b), last: Math.max(a, b) }));
const whole = (protocol: Protocol): PortMatch => ({ kind: 'range', protocol, first: 1, last: 65535 });
const icmp: fc.Arbitrary<PortMatch[]> = fc.constantFrom({}, { icmpType: 8 }, { icmpType: 3, icmpCode: 1 })
  .map((type) => [1, 58].map((of) => ({ kind: 'protocol' as const, number: of, ...type })));
const protocol = fc.constantFrom(Protocol.TCP, Protocol.UDP, Protocol.SCTP);
const match = protocol.chain((of) => fc.oneof(range(of), fc.constant(whole(of)), fc.constantFrom('http', 'dns').map((word): PortMatch => ({ kind: 'named', protocol: of, name: word }))));

const ports: fc.Arbitrary<Pick<Rule, 'ports' | 'sourcePorts'>> = fc.oneof(
  fc.constant({}),
  fc.array(match, { minLength: 1, maxLength: 3 }).map((own) => ({ ports: own })),
  fc.tuple(fc.array(match, { maxLength: 2 }), icmp).map(([own, other]) => ({ ports: [...own, ...other] })),
  protocol.chain((of) => fc.record({
    ports: fc.array(range(of), { minLength: 1, maxLength: 2 }), sourcePorts: fc.array(range(of), { minLength: 1, maxLength: 2 }),
  })),
);
const log = fc.constantFrom<Rule['log']>(undefined, {}, { label: 'would-drop' });

const services: fc.Arbitrary<Peer[]> = fc.uniqueArray(fc.constantFrom('api', 'db'), { minLength: 1 })
  .map((list) => list.map((each) => ({ terms: [{ kind: 'dialledService', namespace: 'pay', name: each }] })));

type Subject = Rule['subject'];

const ruleOf = (namespace: string | undefined, subject: fc.Arbitrary<Subject>, actions: readonly ('allow' | 'deny' | 'pass')[]): fc.Arbitrary<Rule> => fc.record({
  direction: fc.constantFrom('ingress' as const, 'egress' as const), action: fc.constantFrom(...actions), subject, log, own: ports,
  dialled: fc.option(services, { freq: 5 }),
}).chain(({ direction, action, subject: about, log: logged, own, dialled }) =>
  fc.option(fc.array(peer(namespace, direction), { minLength: 1, maxLength: 3 })).map((peers) => {
    const parts = { direction, action, ...(about === undefined ? {} : { subject: about }), ...(logged === undefined ? {} : { log: logged }) };
    if (dialled !== null && direction === 'egress') return rule({ ...parts, peers: dialled });
    return rule({ ...parts, ...own, ...(peers === null ? {} : { peers }) });
  }));

const everyPod = (namespace: string | undefined): Policy['subject'] => ({
  kind: 'pods', namespaces: namespace === undefined ? everyNamespace : namedNamespace(namespace), pods: Selector.everything,
});

/** What `appliedTo` takes in one entry, but every pod. */
const entry = (namespace: string | undefined): fc.Arbitrary<Peer> => fc.oneof(
  selector.filter((own) => !own.matchesEverything).map((own) => podPeer(namespace === undefined ? everyNamespace : namedNamespace(namespace), own)),
  fc.constant(group(namespace)), ...(namespace === undefined ? [account] : []),
);

/** Whom a policy is about: one set of pods; the same several in each rule; or in each rule its own. */
const subjects = (namespace: string | undefined): fc.Arbitrary<{ subject: Policy['subject']; inRules: fc.Arbitrary<Subject> }> => fc.oneof(
  fc.tuple(namespace === undefined ? scope(undefined) : fc.constant(namedNamespace(namespace)), selector)
    .map(([namespaces, own]) => ({ subject: { kind: 'pods' as const, namespaces, pods: own }, inRules: fc.constant(undefined) })),
  fc.uniqueArray(entry(namespace), { minLength: 2, maxLength: 3, selector: (each) => JSON.stringify(each) })
    .map((list) => ({ subject: everyPod(namespace), inRules: fc.constant<Subject>(list) })),
  fc.constant({ subject: everyPod(namespace), inRules: fc.option(entry(namespace).map((each): Subject => [each]), { nil: undefined }) }),
  ...(namespace === undefined ? [selector.map((nodes) => ({ subject: everyPod(namespace), inRules: fc.constant<Subject>([nodePeer(nodes)]) }))] : []),
);

/** A policy that Antrea can say. */
export const antreaPolicy: fc.Arbitrary<Policy> = fc.tuple(fc.constantFrom(undefined, 'shop', 'pay'), fc.constantFrom('application', 'securityops', 'baseline', 'mine'))
  .chain(([namespace, tier]) => subjects(namespace).chain(({ subject, inRules }) => fc.record({
    name: fc.constantFrom('a', 'b-c'),
    order: fc.constantFrom(1, 1.5, 10_000),
    rules: fc.array(ruleOf(namespace, inRules, tier === 'baseline' ? ['allow', 'deny'] : ['allow', 'deny', 'pass']), { minLength: 1, maxLength: 3 }),
  }).map(({ rules, ...rest }): Policy => ({
    ...rest, ...(namespace === undefined ? {} : { namespace }), tier: { name: `antrea/${tier}` }, subject, isolates: [], stage: 'enforced',
    // one direction after the other, as documents have them
    rules: [...rules.filter(({ direction }) => direction === 'ingress'), ...rules.filter(({ direction }) => direction === 'egress')],
  }))));

export const antreaGroup: fc.Arbitrary<Group> = fc.constantFrom(undefined, 'shop').chain((namespace) => fc.oneof(
  pods(namespace).map((each) => [each]),
  fc.uniqueArray(block, { minLength: 1, maxLength: 3, selector: (each) => JSON.stringify(each, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) }),
  fc.constant([group(namespace), group(namespace)]),
  fc.constant<Peer[]>([{ terms: [{ kind: 'servicePods', namespace: 'pay', name: 'api' }] }]),
  ...(namespace === undefined ? [selector.map((nodes) => [nodePeer(nodes)])] : []),
).map((members): Group => ({ name: 'g', ...(namespace === undefined ? {} : { namespace }), members })));
