import fc from 'fast-check';
import {
  Cidr, Direction, DIRECTIONS, everyNamespace, Family, IpBlock, ipBlockPeer, Labels, LabelSelectorSpec, matchingNamespaces, NamespaceScope,
  namedNamespace, NETWORK_POLICY_TIER, Peer, podPeer, Policy, PortMatch, Protocol, rule, Rule, Selector,
} from '../../lib/policy';

/** Few keys and values, so that random selectors meet random labels. */
export const KEYS = ['app', 'tier', 'app.kubernetes.io/name'];
export const VALUES = ['', 'web', 'api', 'Db_1.x'];

export const labels: fc.Arbitrary<Labels> = fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), { noNullPrototype: true });

const values = fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 3 });
const key = fc.constantFrom(...KEYS);

export const selectorSpec: fc.Arbitrary<LabelSelectorSpec> = fc.record({
  matchLabels: labels,
  matchExpressions: fc.array(fc.oneof(
    fc.record({ key, operator: fc.constantFrom('In', 'NotIn'), values }),
    fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
  ), { maxLength: 3 }),
}, { requiredKeys: [] });

export const selector: fc.Arbitrary<Selector> = selectorSpec.map((spec) => Selector.of(spec));

export const family = fc.constantFrom<Family>(4, 6);
const WIDTH = { 4: 32, 6: 128 } as const;

/** IPv4-mapped addresses are no blocks of their own. */
const isMapped = (cidr: Cidr): boolean => cidr.family === 6 && cidr.first >> 32n === 0xffffn;

function blocks(prefix: (width: number) => fc.Arbitrary<number>): fc.Arbitrary<Cidr> {
  return family.chain((each) => fc.tuple(fc.bigInt({ min: 0n, max: (1n << BigInt(WIDTH[each])) - 1n }), prefix(WIDTH[each]))
    .map(([address, length]) => Cidr.containing(each, address, length))
    .filter((cidr) => !isMapped(cidr)));
}

/** Any block, from the whole of a family to one address. */
export const cidr: fc.Arbitrary<Cidr> = blocks((width) => fc.integer({ min: 0, max: width }));

/** Blocks in the lowest sixteen addresses of `10.0.0.0`: small enough to count every address, so that they overlap and touch. */
export const tinyCidr: fc.Arbitrary<Cidr> = fc.tuple(fc.bigInt({ min: 0n, max: 15n }), fc.integer({ min: 28, max: 32 }))
  .map(([address, prefix]) => Cidr.containing(4, (10n << 24n) + address, prefix));

const portNumber = fc.integer({ min: 1, max: 65535 });
const protocol = fc.constantFrom(...Object.values(Protocol));

export const portMatch: fc.Arbitrary<PortMatch> = fc.oneof(
  fc.tuple(protocol, portNumber, portNumber)
    .map(([which, a, b]): PortMatch => ({ kind: 'range', protocol: which, first: Math.min(a, b), last: Math.max(a, b) })),
  fc.tuple(protocol, portNumber).map(([which, port]): PortMatch => ({ kind: 'range', protocol: which, first: port, last: port })),
  protocol.map((which): PortMatch => ({ kind: 'range', protocol: which, first: 1, last: 65535 })),
  fc.tuple(protocol, fc.constantFrom('http', 'metrics', 'x-1')).map(([which, name]): PortMatch => ({ kind: 'named', protocol: which, name })),
);

const NAMESPACES = ['shop', 'pay', 'kube-system'];

export const namespaceScope: fc.Arbitrary<NamespaceScope> = fc.oneof(
  fc.constantFrom(...NAMESPACES).map(namedNamespace),
  selector.map(matchingNamespaces),
  fc.constant(everyNamespace),
);

const ipBlock: fc.Arbitrary<Peer> = fc.tuple(cidr, fc.array(fc.tuple(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.nat(128)), { maxLength: 3 }))
  .map(([block, holes]) => ipBlockPeer(block, holes
    .filter(([, longer]) => longer > 0 && block.prefix + longer <= WIDTH[block.family])
    .map(([offset, longer]) => Cidr.containing(block.family, block.first + (offset % (block.last - block.first + 1n)), block.prefix + longer))
    .filter((hole) => !isMapped(hole))));

/** A peer that NetworkPolicy can say: pods, or a block. */
export const peer: fc.Arbitrary<Peer> = fc.oneof(fc.tuple(namespaceScope, selector).map(([scope, pods]) => podPeer(scope, pods)), ipBlock);

export const isBlock = (each: Peer): each is { terms: readonly [IpBlock] } => each.terms[0]?.kind === 'ipBlock';

export const networkPolicyRule = (direction: Direction): fc.Arbitrary<Rule> => fc.record({
  peers: fc.option(fc.array(peer, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  ports: fc.option(fc.array(portMatch, { minLength: 1, maxLength: 3 }), { nil: undefined }),
}).map((parts) => rule({ direction, action: 'allow', ...parts }));

/** A policy within what NetworkPolicy can say. */
export const networkPolicy: fc.Arbitrary<Policy> = fc.subarray([...DIRECTIONS], { minLength: 1 }).chain((isolates) => fc.record({
  name: fc.constantFrom('allow-web', 'a.b', 'x'),
  namespace: fc.constantFrom(...NAMESPACES),
  pods: selector,
  rules: fc.array(fc.constantFrom(...isolates).chain(networkPolicyRule), { maxLength: 4 }),
}).map(({ name, namespace, pods, rules }): Policy => ({
  name, namespace, tier: NETWORK_POLICY_TIER, subject: { kind: 'pods', namespaces: namedNamespace(namespace), pods }, isolates, rules, stage: 'enforced',
})));
