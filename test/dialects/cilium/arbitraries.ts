import fc from 'fast-check';
import { ENTITIES, UNPUBLISHED_ENTITIES } from '../../../lib/dialects/cilium';
import {
  Cidr, CILIUM_CLUSTERWIDE_TIER, CILIUM_TIER, Direction, DIRECTIONS, domainPeer, everyNamespace, ICMP, ICMP_V6, ipBlockPeer, matchingNamespaces, NamespaceScope,
  namedNamespace, Peer, podPeer, Policy, PortMatch, Rule, rule, Selector,
} from '../../../lib/policy';
import { cidr, portMatch, selector } from '../../policy/arbitraries';

const NAMESPACES = ['shop', 'pay'] as const;

/** Labels of namespaces are labels of pods there: their keys must not be too long. */
const namespaceLabels = fc.dictionary(fc.constantFrom('team', 'example.com/stage'), fc.constantFrom('', 'a', 'b'), { noNullPrototype: true, minKeys: 1 });

const scope: fc.Arbitrary<NamespaceScope> = fc.oneof(
  fc.constantFrom(...NAMESPACES).map(namedNamespace),
  fc.constant(everyNamespace),
  namespaceLabels.map((matchLabels) => matchingNamespaces(Selector.of({ matchLabels }))),
  fc.constantFrom('NotIn', 'Exists', 'DoesNotExist').map((operator) => matchingNamespaces(Selector.of({
    matchExpressions: [{ key: 'team', operator, ...(operator === 'NotIn' ? { values: ['a', 'b'] } : {}) }],
  }))),
);

const several = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 1, maxLength: 3 });

const blocks = cidr.map((block) => ipBlockPeer(block));
const holes = cidr.filter((block) => block.prefix < 31).map((block) => ipBlockPeer(block, [Cidr.containing(block.family, block.first, block.prefix + 1)]));

const entities: fc.Arbitrary<Peer> = fc.constantFrom(...ENTITIES.filter((name) => !UNPUBLISHED_ENTITIES.includes(name)))
  .map((entity) => ({ terms: [{ kind: 'entity', entity }] }));

const groups: fc.Arbitrary<Peer> = fc.oneof(
  fc.constantFrom('office', 'vpn').map((name): Peer => ({ terms: [{ kind: 'addressSet', of: 'CiliumCIDRGroup', name, except: [] }] })),
  fc.tuple(selector, cidr).map(([labels, hole]): Peer => ({ terms: [{ kind: 'addressSet', of: 'CiliumCIDRGroup', labels, except: [hole] }] })),
);

const domains = fc.constantFrom('api.example.com', '*.example.com', '**.example.com', 'a*.example.com').map(domainPeer);

/** Ends of one kind: the API takes no others in one rule. */
const peers = (direction: Direction, action: Rule['action']): fc.Arbitrary<Peer[]> => fc.oneof(
  several(fc.tuple(scope, selector).map(([namespaces, pods]) => podPeer(namespaces, pods))),
  several(blocks),
  several(holes),
  several(entities),
  several(groups),
  ...(direction === 'egress' && action === 'allow' ? [several(domains)] : []),
);

const icmp: fc.Arbitrary<PortMatch> = fc.record({ number: fc.constantFrom(ICMP, ICMP_V6), icmpType: fc.integer({ min: 0, max: 255 }) })
  .map(({ number, icmpType }) => ({ kind: 'protocol', number, icmpType }));

const ports = fc.oneof(
  several(fc.oneof(portMatch, fc.constant<PortMatch>({ kind: 'named', name: 'http' }))),
  several(icmp),
);

const ruleOf = (direction: Direction, action: 'allow' | 'deny'): fc.Arbitrary<Rule> => fc.record({
  peers: fc.option(peers(direction, action), { nil: undefined }),
  ports: fc.option(ports, { nil: undefined }),
  dnsNames: fc.option(fc.constantFrom(['*'], ['*.example.com', 'api.example.com']), { nil: undefined }),
}).map(({ dnsNames, ...parts }) => {
  const visible = direction === 'egress' && action === 'allow' && parts.ports?.every(({ kind }) => kind === 'range') === true;
  return rule({ direction, action, ...parts, ...(visible && dnsNames !== undefined ? { dnsNames } : {}) });
});

const rulesOf = (direction: Direction): fc.Arbitrary<Rule[]> => fc.tuple(
  fc.array(ruleOf(direction, 'deny'), { maxLength: 2 }), fc.array(ruleOf(direction, 'allow'), { maxLength: 2 }),
).map(([denies, allows]) => [...denies, ...allows]);

/** A policy within what the API can say, each rule with ends and ports of one kind. */
export const ciliumPolicy: fc.Arbitrary<Policy> = fc.record({
  name: fc.constantFrom('allow-web', 'x'),
  namespace: fc.constantFrom(...NAMESPACES, undefined),
  pods: selector,
  scope,
  ingress: rulesOf('ingress'),
  egress: rulesOf('egress'),
  isolates: fc.subarray([...DIRECTIONS]),
}).map(({ name, namespace, pods, scope: namespaces, ingress, egress, isolates }): Policy => {
  const open = DIRECTIONS.filter((direction) => !isolates.includes(direction) && (direction === 'ingress' ? ingress : egress).length > 0);
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    tier: namespace === undefined ? CILIUM_CLUSTERWIDE_TIER : CILIUM_TIER,
    subject: { kind: 'pods', namespaces: namespace === undefined ? namespaces : namedNamespace(namespace), pods },
    isolates,
    ...(open.length > 0 ? { withoutDefaultDeny: open } : {}),
    rules: [...ingress, ...egress],
    stage: 'enforced',
  };
});
