import { writeAntreaGroup, writeAntreaPolicy, writeAntreaTier } from '../../../lib/dialects/antrea';
import { Cidr, domainPeer, everyNamespace, ipBlockPeer, namedNamespace, nodePeer, Policy, Protocol, rule, Rule, Selector } from '../../../lib/policy';

const EVERYBODY: Policy['subject'] = { kind: 'pods', namespaces: everyNamespace, pods: Selector.everything };
const tcp = (port: number): Rule['ports'] => [{ kind: 'range', protocol: Protocol.TCP, first: port, last: port }];

function policy(parts: Partial<Policy> = {}): Policy {
  return { name: 'x', tier: { name: 'antrea/securityops' }, order: 1, subject: EVERYBODY, isolates: [], rules: [], stage: 'enforced', ...parts };
}

function ofRule(parts: Partial<Rule>, more: Partial<Policy> = {}): unknown {
  return writeAntreaPolicy(policy({ rules: [rule({ direction: 'egress', action: 'allow', ...parts })], ...more })).spec;
}

test('a hard deny of metadata for every pod of the cluster', () => {
  const blocks = ['169.254.169.254/32', 'fd00:ec2::254/128'].map((text) => ipBlockPeer(Cidr.parse(text)));
  expect(writeAntreaPolicy(policy({ name: 'metadata-block', rules: [rule({ direction: 'egress', action: 'deny', peers: blocks, ports: tcp(80), name: 'imds', log: { label: 'imds' } })] }))).toEqual({
    apiVersion: 'crd.antrea.io/v1beta1',
    kind: 'ClusterNetworkPolicy',
    name: 'metadata-block',
    spec: {
      tier: 'securityops',
      priority: 1,
      appliedTo: [{ podSelector: {} }],
      egress: [{
        name: 'imds', action: 'Drop', to: [{ ipBlock: { cidr: '169.254.169.254/32' } }, { ipBlock: { cidr: 'fd00:ec2::254/128' } }],
        ports: [{ protocol: 'TCP', port: 80 }], enableLogging: true, logLabel: 'imds',
      }],
    },
  });
});

test('domain names that Antrea can say, for the pods of a namespace', () => {
  const subject = { ...EVERYBODY, namespaces: namedNamespace('shop') };
  expect(ofRule({ peers: [domainPeer('api.stripe.com'), domainPeer('**.example.com')], ports: tcp(443) }, { namespace: 'shop', subject })).toMatchObject({
    appliedTo: [{ podSelector: {} }],
    egress: [{ action: 'Allow', to: [{ fqdn: '*.example.com' }, { fqdn: 'api.stripe.com' }], ports: [{ protocol: 'TCP', port: 443 }] }],
  });
});

test('rules about different pods have appliedTo of their own', () => {
  const web = { terms: [{ kind: 'pods' as const, namespaces: everyNamespace, pods: Selector.labels({ app: 'web' }) }] };
  const rules = [rule({ direction: 'ingress', action: 'deny', subject: [web] }), rule({ direction: 'egress', action: 'deny' })];
  expect(writeAntreaPolicy(policy({ rules })).spec).toEqual({
    tier: 'securityops', priority: 1,
    ingress: [{ action: 'Drop', appliedTo: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
    egress: [{ action: 'Drop', appliedTo: [{ podSelector: {} }] }],
  });
});

describe('what the API cannot say', () => {
  const web = { terms: [{ kind: 'pods' as const, namespaces: everyNamespace, pods: Selector.labels({ app: 'web' }) }] };

  test.each<[string, Partial<Rule>]>([
    ['the domain pattern *.example.com', { peers: [domainPeer('*.example.com')] }],
    ['the domain pattern *example.com', { peers: [domainPeer('*example.com')] }],
    ['the domain pattern db.shop.svc.cluster.local', { peers: [domainPeer('db.shop.svc.cluster.local')] }],
    ['the domain pattern a.com at ingress', { direction: 'ingress', peers: [domainPeer('a.com')] }],
    ['a rule for nobody', { peers: [] }],
    ['several conditions on one peer', { peers: [{ terms: [...web.terms, ...nodePeer(Selector.everything).terms] }] }],
    ['a peer of the kind entity', { peers: [{ terms: [{ kind: 'entity', entity: 'world' }] }] }],
    ['the Group g', { peers: [{ terms: [{ kind: 'group', of: 'Group', namespace: 'shop', name: 'g' }] }] }],
    ['a rule that only logs', { action: 'log' }],
    ['a condition on the content of the traffic', { l7: 'x' }],
    ['several rules at one place', { index: 3 }],
    ['ports that a rule does not match', { notPorts: tcp(80)! }],
    ['ICMP of one IP family alone', { ports: [{ kind: 'protocol', number: 1 }] }],
    ['a protocol other than TCP, UDP, SCTP and ICMP', { ports: [{ kind: 'protocol', number: 2 }] }],
    ['a named port of any protocol', { ports: [{ kind: 'named', name: 'http' }] }],
    ['source ports of every protocol', { sourcePorts: tcp(80)! }],
    ['ports of a Service that is dialled', { peers: [{ terms: [{ kind: 'dialledService', namespace: 'a', name: 'b' }] }], ports: tcp(80)! }],
  ])('%s', (what, parts) => {
    expect(() => ofRule(parts)).toThrow(`needs ${what}`);
  });

  test.each<[string, Partial<Policy>]>([
    ['the tier network-policy', { tier: { name: 'network-policy' } }],
    ['isolation of the pods', { isolates: ['ingress'] }],
    ['the stage staged', { stage: 'staged' }],
    ['a priority of none', { order: undefined }],
    ['a priority of 0', { order: 0 }],
    ['rules for some of the pods of a subject', { subject: { ...EVERYBODY, pods: Selector.labels({ a: 'b' }) }, rules: [rule({ direction: 'ingress', action: 'deny', subject: [web] })] }],
    ['nodes in some of its rules', { rules: [rule({ direction: 'ingress', action: 'deny', subject: [nodePeer(Selector.everything)] }), rule({ direction: 'ingress', action: 'deny' })] }],
    ['Pass in the tier baseline', { tier: { name: 'antrea/baseline' }, rules: [rule({ direction: 'ingress', action: 'pass' })] }],
    ['a subject outside of its own namespace', { namespace: 'shop' }],
  ])('%s', (what, parts) => {
    expect(() => writeAntreaPolicy(policy(parts))).toThrow(`needs ${what}`);
  });

  test('tiers where those of Antrea stand, and groups of several kinds', () => {
    expect(() => writeAntreaTier({ tier: { name: 'antrea/x' }, order: 250 })).toThrow('a whole number below 250');
    expect(() => writeAntreaTier({ tier: { name: 'antrea/x' }, order: 5, defaultAction: 'deny' })).toThrow('a policy in the tier that denies');
    expect(() => writeAntreaGroup({ name: 'g', members: [web, ipBlockPeer(Cidr.parse('10.0.0.0/8'))] })).toThrow('members of several kinds');
    expect(() => writeAntreaGroup({ name: 'g', members: [] })).toThrow('a group of nobody');
  });
});
