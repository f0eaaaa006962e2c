import { writeFqdnNetworkPolicy } from '../../../lib/dialects/gke';
import {
  Cidr, Direction, domainPeer, everyNamespace, GKE_FQDN_TIER, ipBlockPeer, namedNamespace, NETWORK_POLICY_TIER, Policy, PortMatch, Protocol, rule, Rule,
  Selector,
} from '../../../lib/policy';
import { messageOf } from '../../cluster/message-of';

const policy = (rules: readonly Rule[], parts: Partial<Policy> = {}): Policy => ({
  name: 'x', namespace: 'shop', tier: GKE_FQDN_TIER, subject: { kind: 'pods', namespaces: namedNamespace('shop'), pods: Selector.labels({ app: 'web' }) },
  isolates: ['egress'], rules, stage: 'enforced', ...parts,
});
const to = (pattern: string, parts: Partial<Rule> = {}): Rule => rule({ direction: 'egress', action: 'allow', peers: [domainPeer(pattern)], ...parts });
const range = (protocol: Protocol, first: number, last = first): PortMatch => ({ kind: 'range', protocol, first, last });

test('names and patterns of one label, port by port', () => {
  const rules = [
    rule({ direction: 'egress', action: 'allow', peers: [domainPeer('api.example.com'), domainPeer('*.example.org')], ports: [range(Protocol.TCP, 443), range(Protocol.TCP, 8000, 8001)] }),
    to('a.com', { ports: [range(Protocol.TCP, 1, 65535), ...Object.values(Protocol).map((protocol) => range(protocol, 53))] }),
  ];
  expect(writeFqdnNetworkPolicy(policy(rules))).toEqual({
    name: 'x',
    namespace: 'shop',
    spec: {
      podSelector: { matchLabels: { app: 'web' } },
      egress: [
        {
          matches: [{ pattern: '*.example.org' }, { name: 'api.example.com' }],
          ports: [{ protocol: 'TCP', port: 443 }, { protocol: 'TCP', port: 8000 }, { protocol: 'TCP', port: 8001 }],
        },
        { matches: [{ name: 'a.com' }], ports: [{ protocol: 'ALL', port: 53 }, { protocol: 'TCP' }] },
      ],
    },
  });
});

test('any number of labels is refused, with what can be said', () => {
  expect(messageOf(() => writeFqdnNetworkPolicy(policy([to('**.example.com')])))).toBe(
    '[shop/x] "**.example.com" stands for any number of labels before example.com, and * in networking.gke.io/v1alpha1 FQDNNetworkPolicy stands for one. '
    + 'Instead: *.example.com for one label, *.*.example.com for two, each as a name of its own',
  );
});

const INGRESS: Direction = 'ingress';

test.each<[string, Policy, string]>([
  ['no rule', policy([]), 'no rule at all'],
  ['rules for nobody alone', policy([rule({ direction: 'egress', action: 'allow', peers: [] })]), 'no rule at all'],
  ['everybody', policy([rule({ direction: 'egress', action: 'allow' })]), 'a rule for everybody'],
  ['addresses', policy([rule({ direction: 'egress', action: 'allow', peers: [ipBlockPeer(Cidr.parse('192.0.2.0/24'))] })]), 'a peer that is no domain name (ipBlock)'],
  ['a denial', policy([to('a.com', { action: 'deny' })]), 'the action deny'],
  ['ingress', policy([to('a.com', { direction: INGRESS })]), 'an ingress rule'],
  ['isolated ingress', policy([to('a.com')], { isolates: ['ingress', 'egress'] }), 'another direction than egress'],
  ['no isolation', policy([to('a.com')], { isolates: [] }), 'another direction than egress'],
  ['another tier', policy([to('a.com')], { tier: NETWORK_POLICY_TIER }), 'a tier or an order (network-policy)'],
  ['an order', policy([to('a.com')], { order: 1 }), 'a tier or an order'],
  ['a staged policy', policy([to('a.com')], { stage: 'staged' }), 'a staged policy'],
  ['other namespaces', policy([to('a.com')], { subject: { kind: 'pods', namespaces: everyNamespace, pods: Selector.everything } }), 'a subject outside of its own namespace'],
  ['a name of a port', policy([to('a.com', { ports: [{ kind: 'named', name: 'https', protocol: Protocol.TCP }] })]), 'the port https/TCP'],
  ['ICMP', policy([to('a.com', { ports: [{ kind: 'protocol', number: 1 }] })]), 'the port protocol 1'],
  ['SCTP', policy([to('a.com', { ports: [range(Protocol.SCTP, 53)] })]), 'SCTP without TCP and UDP on the same port'],
  ['all of SCTP', policy([to('a.com', { ports: Object.values(Protocol).map((protocol) => range(protocol, 1, 65535)) })]), 'SCTP without TCP and UDP on the same port'],
  ['a long range', policy([to('a.com', { ports: [range(Protocol.TCP, 8000, 8100)] })]), 'the range of ports 8000-8100/TCP'],
  ['source ports', policy([to('a.com', { sourcePorts: [range(Protocol.TCP, 1)] })]), 'source ports'],
  ['a name that no entry takes', policy([to('_dmarc.example.com')]), 'the domain pattern _dmarc.example.com'],
])('%s is refused, never written as something else', (_, given, problem) => {
  expect(messageOf(() => writeFqdnNetworkPolicy(given))).toContain(problem);
});
