import { parse } from 'yaml';
import { writeCalicoPolicy } from '../../../lib/dialects/calico';
import {
  Cidr, domainPeer, everyNamespace, ipBlockPeer, namedNamespace, NETWORK_POLICY_TIER, nodePeer, podPeer, Policy, Protocol, rule, Rule, Selector,
} from '../../../lib/policy';
import { readBack, manifest } from './documents';

const policy = (parts: Partial<Policy>): Policy => ({
  name: 'guard.x', tier: { name: 'calico/guard' }, subject: { kind: 'pods', namespaces: everyNamespace, pods: Selector.everything }, isolates: ['egress'], rules: [], stage: 'enforced', ...parts,
});
const egress = (parts: Partial<Rule>): Rule => rule({ direction: 'egress', action: 'deny', ...parts });
const spec = (each: Policy): unknown => writeCalicoPolicy(each).spec;

test('a metadata block in its own tier', () => {
  const rules = [egress({ peers: [ipBlockPeer(Cidr.parse('169.254.169.254/32')), ipBlockPeer(Cidr.parse('fd00:ec2::254/128'))], ports: [{ kind: 'range', protocol: Protocol.TCP, first: 80, last: 80 }] })];
  const written = writeCalicoPolicy(policy({ name: 'metadata-block', order: 10, rules }));
  expect({ kind: written.kind, name: written.name, spec: written.spec }).toEqual(parse(`
kind: GlobalNetworkPolicy
name: guard.metadata-block
spec:
  tier: guard
  order: 10
  selector: all()
  namespaceSelector: all()
  types: [Egress]
  egress:
  - { action: Deny, protocol: TCP, destination: { nets: [169.254.169.254/32, 'fd00:ec2::254/128'], ports: [80] } }
`));
});

test('pods of another namespace, UDP and TCP: one rule for each protocol', () => {
  const ports = [Protocol.UDP, Protocol.TCP].map((protocol) => ({ kind: 'range' as const, protocol, first: 53, last: 53 }));
  const rules = [egress({ action: 'allow', peers: [podPeer(namedNamespace('kube-system'), Selector.labels({ 'k8s-app': 'kube-dns' }))], ports })];
  expect(spec(policy({ rules }))).toMatchObject({
    egress: ['TCP', 'UDP'].map((protocol) => ({
      action: 'Allow', protocol, destination: { namespaceSelector: "kubernetes.io/metadata.name == 'kube-system'", selector: "k8s-app == 'kube-dns'", ports: [53] },
    })),
  });
});

test('several ends of one rule become several rules in its place', () => {
  const peers = [podPeer(namedNamespace('a'), Selector.everything), podPeer(namedNamespace('b'), Selector.everything), ipBlockPeer(Cidr.parse('10.0.0.0/8'))];
  const written = spec(policy({ rules: [egress({ peers }), egress({ action: 'allow' })] })) as { egress: Array<{ action: string }> };
  expect(written.egress.map(({ action }) => action)).toEqual(['Deny', 'Deny', 'Deny', 'Allow']);
});

test('no namespaces at all is not the same as no namespace', () => {
  const nobody = egress({ peers: [{ terms: [{ kind: 'labelled', namespaces: { kind: 'matching', selector: Selector.expression({ kind: 'or', of: [] }) }, labels: Selector.everything }] }] });
  const each = policy({ rules: [nobody] });
  expect(spec(each)).toMatchObject({ egress: [{ destination: { namespaceSelector: 'all() && global()' } }] });
  expect(readBack(manifest(writeCalicoPolicy(each))).policy!.rules).toEqual([nobody]);
});

test.each<[string, Policy, string]>([
  ['a NetworkPolicy of Kubernetes that is enforced', policy({ tier: NETWORK_POLICY_TIER, namespace: 'shop' }), 'an enforced NetworkPolicy of Kubernetes'],
  ['a tier of another API', policy({ tier: { name: 'admin' } }), 'the tier admin'],
  ['a policy that isolates nobody', policy({ isolates: [] }), 'a policy that isolates nobody'],
  ['rules of a direction that it does not have', policy({ rules: [rule({ direction: 'ingress', action: 'allow' })] }), 'an ingress rule without the type Ingress'],
  ['a subject elsewhere', policy({ namespace: 'shop' }), 'a subject outside of its own namespace'],
  ['nodes', policy({ rules: [egress({ peers: [nodePeer(Selector.everything)] })] }), 'a peer of the kind nodes'],
  ['domain names', policy({ rules: [egress({ peers: [domainPeer('a.example')] })] }), 'a peer of the kind domain'],
  ['the content of the traffic', policy({ rules: [egress({ l7: 'GET' })] }), 'a condition on the content of the traffic'],
])('%s cannot be said', (_, each, message) => {
  expect(() => writeCalicoPolicy(each)).toThrow(message);
});
