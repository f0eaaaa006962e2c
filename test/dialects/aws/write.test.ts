import { writeApplicationNetworkPolicySpec, writeClusterNetworkPolicy } from '../../../lib/dialects/aws';
import {
  ADMIN_TIER, AWS_ADMIN_TIER, AWS_APPLICATION_TIER, Cidr, domainPeer, everyNamespace, ipBlockPeer, namedNamespace, nodePeer, podPeer, Policy,
  PortMatch, Protocol, rule, Rule, Selector, unevaluatedPeer,
} from '../../../lib/policy';
import { messageOf } from '../../cluster/message-of';

const everyPod = podPeer(everyNamespace, Selector.everything);
const cluster = (parts: Partial<Policy> = {}): Policy => ({
  name: 'x', tier: AWS_ADMIN_TIER, order: 0, subject: { kind: 'pods', namespaces: everyNamespace, pods: Selector.everything }, isolates: [], rules: [], stage: 'enforced', ...parts,
});
const application = (rules: readonly Rule[], parts: Partial<Policy> = {}): Policy => ({
  name: 'x', namespace: 'shop', tier: AWS_APPLICATION_TIER, subject: { kind: 'pods', namespaces: namedNamespace('shop'), pods: Selector.everything },
  isolates: ['ingress', 'egress'], rules, stage: 'enforced', ...parts,
});
const egress = (parts: Partial<Rule>): Rule => rule({ direction: 'egress', action: 'allow', peers: [everyPod], ...parts });
const single = (port: number): PortMatch => ({ kind: 'range', protocol: Protocol.TCP, first: port, last: port });

test('a metadata block as the VPC CNI takes it', () => {
  const block = egress({ name: 'imds', action: 'deny', peers: [ipBlockPeer(Cidr.parse('169.254.169.254/32'))], ports: [single(80)] });
  expect(writeClusterNetworkPolicy(cluster({ name: 'metadata-block', rules: [block] }))).toEqual([{
    name: 'metadata-block',
    spec: {
      tier: 'Admin', priority: 0, subject: { namespaces: {} },
      egress: [{ name: 'imds', action: 'Deny', to: [{ networks: ['169.254.169.254/32'] }], ports: [{ portNumber: { protocol: 'TCP', port: 80 } }] }],
    },
  }]);
});

test('more rules than an object takes become several objects of the same priority: rules of one priority have no order', () => {
  const rules = Array.from({ length: 101 }, (_, index) => egress({ action: index % 2 === 0 ? 'deny' : 'allow', peers: [podPeer(namedNamespace(`n${index}`), Selector.everything)] }));
  expect(writeClusterNetworkPolicy(cluster({ rules })).map(({ name, spec }) => [name, spec.priority, spec.egress?.length])).toEqual([['x', 0, 100], ['x-2', 0, 1]]);
});

test('an ApplicationNetworkPolicy with domains beside pods', () => {
  expect(writeApplicationNetworkPolicySpec(application([egress({ peers: [domainPeer('**.example.com'), everyPod], ports: [single(443)] })]))).toEqual({
    podSelector: {}, policyTypes: ['Ingress', 'Egress'],
    egress: [{ to: [{ namespaceSelector: {} }, { domainNames: ['*.example.com'] }], ports: [{ protocol: 'TCP', port: 443 }] }],
  });
});

test.each<[string, () => unknown, string]>([
  ['more port entries than the data plane keeps', () => writeApplicationNetworkPolicySpec(application([egress({ ports: Array.from({ length: 25 }, (_, index) => single(1 + 2 * index)) })])), '25 are more port entries towards one peer than the 24 that the data plane keeps'],
  ['the same over several rules', () => writeClusterNetworkPolicy(cluster({ rules: [1, 2000].map((first) => egress({ ports: Array.from({ length: 20 }, (_, index) => single(first + 2 * index)) })) })), '40 are more port entries'],
  ['a tier of another API', () => writeClusterNetworkPolicy(cluster({ tier: ADMIN_TIER })), 'the tier admin, which networking.k8s.aws/v1alpha1 ClusterNetworkPolicy cannot say'],
  ['isolation', () => writeClusterNetworkPolicy(cluster({ isolates: ['ingress'] })), 'a policy that isolates its subject'],
  ['nodes', () => writeClusterNetworkPolicy(cluster({ rules: [egress({ peers: [nodePeer(Selector.everything)] })] })), 'nodes as a peer'],
  ['a name without TCP', () => writeClusterNetworkPolicy(cluster({ rules: [egress({ ports: [{ kind: 'named', name: 'dns', protocol: Protocol.UDP }] })] })), 'the port dns/UDP'],
  ['ICMP', () => writeClusterNetworkPolicy(cluster({ rules: [egress({ ports: [{ kind: 'protocol', number: 1 }] })] })), 'the port protocol 1'],
  ['a domain that is denied', () => writeClusterNetworkPolicy(cluster({ rules: [egress({ action: 'deny', peers: [domainPeer('a.b')] })] })), 'domain names in a rule that does not allow'],
  ['a pattern of one label', () => writeClusterNetworkPolicy(cluster({ rules: [egress({ peers: [domainPeer('*.example.com')] })] })), 'the domain pattern *.example.com'],
  ['a rule for everybody', () => writeApplicationNetworkPolicySpec(application([rule({ direction: 'egress', action: 'allow' })])), 'a rule for everybody, which its peers have to name as blocks'],
  ['ingress from a domain', () => writeApplicationNetworkPolicySpec(application([rule({ direction: 'ingress', action: 'allow', peers: [domainPeer('a.b')] })])), 'ingress from a domain'],
  ['a peer that was not evaluated', () => writeApplicationNetworkPolicySpec(application([egress({ peers: [unevaluatedPeer('x')] })])), 'a peer of the kind unevaluated'],
  ['a tier of another API in a namespace', () => writeApplicationNetworkPolicySpec(application([], { tier: ADMIN_TIER })), 'the tier admin'],
  ['what may mean nothing', () => writeApplicationNetworkPolicySpec(application([], { unevaluated: 'x' })), 'what it may mean or not'],
])('%s is refused, never written as something else', (_, write, problem) => {
  expect(messageOf(write)).toContain(problem);
});
