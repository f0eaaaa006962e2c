import { writeCiliumPolicy } from '../../../lib/dialects/cilium';
import {
  CILIUM_CLUSTERWIDE_TIER, CILIUM_TIER, Cidr, domainPeer, everyNamespace, ICMP, ipBlockPeer, namedNamespace, nodePeer, NETWORK_POLICY_TIER, podPeer,
  Policy, Protocol, rule, Rule, Selector,
} from '../../../lib/policy';
import { messageOf } from '../../cluster/message-of';
import { describeWithShared } from '../../shared-data';
import { manifest } from './documents';
import { schemaErrors } from './published-schema';

const policy = (parts: Partial<Policy>): Policy => ({
  name: 'x', namespace: 'shop', tier: CILIUM_TIER, subject: { kind: 'pods', namespaces: namedNamespace('shop'), pods: Selector.everything },
  isolates: ['egress'], rules: [], stage: 'enforced', ...parts,
});
const egress = (parts: Partial<Rule>): Policy => policy({ rules: [rule({ direction: 'egress', action: 'allow', ...parts })] });
const specOf = (given: Policy): unknown => writeCiliumPolicy(given).spec;
const TCP = { kind: 'range', protocol: Protocol.TCP } as const;

test('a default-deny is an empty rule, not an empty list', () => {
  expect(specOf(policy({ isolates: ['ingress', 'egress'] }))).toEqual({ endpointSelector: {}, ingress: [{}], egress: [{}] });
});

test('metadata stays closed, and nothing else', () => {
  const block = policy({
    namespace: undefined, name: 'metadata-block', tier: CILIUM_CLUSTERWIDE_TIER, subject: { kind: 'pods', namespaces: everyNamespace, pods: Selector.everything },
    isolates: [], withoutDefaultDeny: ['egress'],
    rules: [rule({ direction: 'egress', action: 'deny', peers: [ipBlockPeer(Cidr.parse('169.254.169.254/32'))], ports: [{ ...TCP, first: 80, last: 80 }] })],
  });
  expect(writeCiliumPolicy(block)).toEqual({
    kind: 'CiliumClusterwideNetworkPolicy', name: 'metadata-block',
    spec: { endpointSelector: {}, enableDefaultDeny: { egress: false }, egressDeny: [{ toCIDR: ['169.254.169.254/32'], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }] },
  });
});

test('ends of several kinds are a rule for each: the agent refuses them together', () => {
  const peers = [podPeer(namedNamespace('pay'), Selector.labels({ app: 'api' })), ipBlockPeer(Cidr.parse('10.0.0.0/8')), domainPeer('*.example.com')];
  expect(specOf(egress({ peers, ports: [{ ...TCP, first: 443, last: 443 }] }))).toMatchObject({
    egress: [
      { toFQDNs: [{ matchPattern: '*.example.com' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] },
      { toCIDR: ['10.0.0.0/8'] },
      { toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'pay', app: 'api' } }] },
    ],
  });
});

test('ports and types of ICMP do not stand in one rule', () => {
  expect(specOf(egress({ ports: [{ ...TCP, first: 80, last: 90 }, { kind: 'protocol', number: ICMP, icmpType: 8 }] }))).toMatchObject({
    egress: [{ toEntities: ['all'], toPorts: [{ ports: [{ port: '80', endPort: 90, protocol: 'TCP' }] }] }, { toEntities: ['all'], icmps: [{ fields: [{ family: 'IPv4', type: 8 }] }] }],
  });
});

test('more than 40 ports are several elements', () => {
  const ports = Array.from({ length: 41 }, (_, index) => ({ ...TCP, first: 2 * index + 1, last: 2 * index + 1 }));
  const { egress: [only] } = specOf(egress({ ports })) as { egress: Array<{ toPorts: Array<{ ports: unknown[] }> }> };
  expect(only!.toPorts.map((each) => each.ports.length)).toEqual([40, 1]);
});

test.each<[string, Policy, string]>([
  ['the tier of another API', policy({ tier: NETWORK_POLICY_TIER }), 'a tier or an order'],
  ['a staged policy', policy({ stage: 'staged' }), 'a staged policy'],
  ['a subject of another namespace', policy({ subject: { kind: 'pods', namespaces: everyNamespace, pods: Selector.everything } }), 'a subject outside of its own namespace'],
  ['rules that neither isolate nor say so', { ...egress({}), isolates: [] }, 'egress rules that neither isolate nor say that they do not'],
  ['nodes', egress({ peers: [nodePeer(Selector.everything)] }), 'a peer of the kind nodes'],
  ['pass', egress({ action: 'pass' }), 'the action pass'],
  ['content', egress({ l7: 'GET' }), 'a condition that was not read completely (GET)'],
  ['a subject that was not read completely', policy({ unevaluated: 'the cluster' }), 'a subject that was not read completely (the cluster)'],
  ['a protocol without ports', egress({ ports: [{ kind: 'protocol', number: 47 }] }), 'the protocol number 47, which needs enable-extended-ip-protocols'],
  ['every type of ICMP', egress({ ports: [{ kind: 'protocol', number: ICMP }] }), 'every type of ICMP; name the types, or leave the ports out'],
])('%s cannot be said', (_, given, what) => {
  expect(messageOf(() => writeCiliumPolicy(given))).toBe(`"shop/x" needs ${what}, which cilium.io/v2 cannot say. Instead: a policy without it, or another API`);
});

test('a word for the flow log', () => {
  expect(writeCiliumPolicy(policy({}), { log: 'netpol-audit' }).spec.log).toEqual({ value: 'netpol-audit' });
  expect(() => writeCiliumPolicy(policy({}), { log: 'x'.repeat(33) })).toThrow('is not a word for the flow log');
});

describeWithShared('schemas', 'the published schema', () => {
  test('takes a policy that says nothing', () => {
    const written = writeCiliumPolicy(policy({ isolates: [] }));
    expect(written.spec).toEqual({ endpointSelector: {}, ingress: [] });
    expect(schemaErrors(written.kind, manifest(written))).toEqual([]);
  });
});
