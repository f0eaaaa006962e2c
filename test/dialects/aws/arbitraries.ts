import fc from 'fast-check';
import {
  AWS_ADMIN_TIER, AWS_APPLICATION_TIER, AWS_BASELINE_TIER, Direction, domainPeer, ipBlockPeer, Peer, podPeer, Policy, PortMatch, Protocol, rule, Rule,
} from '../../../lib/policy';
import { cidr, namespaceScope, networkPolicy, peer, portMatch, selector } from '../../policy/arbitraries';

const domain: fc.Arbitrary<Peer> = fc.constantFrom('api.example.com', '**.example.com').map(domainPeer);
const pods: fc.Arbitrary<Peer> = fc.tuple(namespaceScope, selector).map(([scope, of]) => podPeer(scope, of));
const network: fc.Arbitrary<Peer> = cidr.map((block) => ipBlockPeer(block));

/** A ClusterNetworkPolicy of AWS looks a name up among the TCP ports. */
const clusterPort: fc.Arbitrary<PortMatch> = portMatch.map((port): PortMatch => (port.kind === 'named' ? { ...port, protocol: Protocol.TCP } : port));

function clusterRule(direction: Direction): fc.Arbitrary<Rule> {
  return fc.record({
    action: fc.constantFrom('allow' as const, 'deny' as const, 'pass' as const),
    name: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    numbers: fc.boolean(),
    ports: fc.option(fc.array(clusterPort, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  }).chain(({ action, name, numbers, ports }) => {
    // names have no meaning towards addresses, domains none in rules that do not allow
    const addresses = direction === 'ingress' ? [] : action === 'allow' ? [network, domain] : [network];
    const own = numbers || ports === undefined ? ports?.filter(({ kind }) => kind === 'range') : ports;
    const kinds = own?.some(({ kind }) => kind === 'named') ? [pods] : [pods, ...addresses];
    return fc.array(fc.oneof(...kinds), { minLength: 1, maxLength: 3 }).map((peers) => rule({
      direction, action, peers, ...(name === undefined ? {} : { name }), ...(own === undefined || own.length === 0 ? {} : { ports: own }),
    }));
  });
}

export const clusterPolicy: fc.Arbitrary<Policy> = fc.record({
  tier: fc.constantFrom(AWS_ADMIN_TIER, AWS_BASELINE_TIER),
  order: fc.integer({ min: 0, max: 1000 }),
  namespaces: namespaceScope,
  of: selector,
  ingress: fc.array(clusterRule('ingress'), { maxLength: 3 }),
  egress: fc.array(clusterRule('egress'), { maxLength: 3 }),
}).map(({ tier, order, namespaces, of, ingress, egress }): Policy => ({
  name: 'x', tier, order, subject: { kind: 'pods', namespaces, pods: of }, isolates: [], rules: [...ingress, ...egress], stage: 'enforced',
}));

const applicationPeer = (direction: Direction): fc.Arbitrary<Peer> => (direction === 'egress' ? fc.oneof(peer, domain) : peer);

export const applicationPolicy: fc.Arbitrary<Policy> = networkPolicy.chain((native) => fc
  .tuple(...native.rules.map((each) => fc.array(applicationPeer(each.direction), { minLength: 1, maxLength: 3 })))
  .map((peers): Policy => ({
    ...native, tier: AWS_APPLICATION_TIER, rules: native.rules.map((each, index) => rule({ ...each, peers: peers[index] })),
  })));
