import fc from 'fast-check';
import { domainPeer, GKE_FQDN_TIER, namedNamespace, Peer, Policy, PortMatch, Protocol, rule, Rule } from '../../../lib/policy';
import { selector } from '../../policy/arbitraries';

const domain: fc.Arbitrary<Peer> = fc.constantFrom(
  'api.example.com', 'a', 'x_y.example.com', '*.example.com', '*.*.example.com', 'api-*.example.com', '*a*.example.com', '*',
).map(domainPeer);

const range = (protocol: Protocol, first: number, last: number): PortMatch => ({ kind: 'range', protocol, first, last });

/** What the API can say: TCP and UDP, and SCTP where the other two have the same port. */
const ports: fc.Arbitrary<readonly PortMatch[]> = fc.oneof(
  fc.constantFrom(Protocol.TCP, Protocol.UDP).map((protocol) => [range(protocol, 1, 65535)]),
  fc.tuple(fc.constantFrom(Protocol.TCP, Protocol.UDP), fc.integer({ min: 1, max: 65500 }), fc.nat(30))
    .map(([protocol, first, more]) => [range(protocol, first, first + more)]),
  fc.integer({ min: 1, max: 65535 }).map((port) => Object.values(Protocol).map((protocol) => range(protocol, port, port))),
);

const fqdnRule: fc.Arbitrary<Rule> = fc.record({
  peers: fc.array(domain, { minLength: 1, maxLength: 3 }),
  ports: fc.option(fc.array(ports, { minLength: 1, maxLength: 3 }).map((lists) => lists.flat()), { nil: undefined }),
}).map(({ peers, ports: own }) => rule({ direction: 'egress', action: 'allow', peers, ...(own === undefined ? {} : { ports: own }) }));

/** A policy within what FQDNNetworkPolicy can say. */
export const fqdnPolicy: fc.Arbitrary<Policy> = fc.record({
  name: fc.constantFrom('allow-web', 'x'), namespace: fc.constantFrom('shop', 'pay'), pods: selector, rules: fc.array(fqdnRule, { minLength: 1, maxLength: 3 }),
}).map(({ name, namespace, pods, rules }): Policy => ({
  name, namespace, tier: GKE_FQDN_TIER, subject: { kind: 'pods', namespaces: namedNamespace(namespace), pods }, isolates: ['egress'], rules, stage: 'enforced',
}));
