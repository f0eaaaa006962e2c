import { readEgressFirewall } from '../../../lib/dialects/ovn-kubernetes';
import { policyId, ruleKey } from '../../../lib/policy';
import { messageOf } from '../../cluster/message-of';

function firewall(egress: unknown, metadata: unknown = { name: 'default', namespace: 'shop' }): ReturnType<typeof readEgressFirewall> {
  return readEgressFirewall({ apiVersion: 'k8s.ovn.org/v1', kind: 'EgressFirewall', metadata, spec: { egress } });
}

const rule = (to: unknown, parts: object = {}): object => ({ type: 'Deny', to, ...parts });

test('reads a list in its order, about every pod of its namespace; an Allow passes on to the policies', () => {
  const { policy, issues } = firewall([
    { type: 'Allow', to: { dnsName: '*.Example.com.' } },
    { type: 'Allow', to: { cidrSelector: '1.2.3.0/24' }, ports: [{ protocol: 'UDP', port: 55 }, { protocol: 'TCP', port: 80 }] },
    { type: 'Allow', to: { nodeSelector: { matchLabels: { role: 'infra' } } } },
    { type: 'Deny', to: { cidrSelector: '::/0' }, ports: null },
  ]);
  expect([policyId(policy), policy.isolates, policy.subject.pods.matchesEverything]).toEqual(['shop/default', [], true]);
  expect(policy.rules.map(ruleKey)).toEqual([
    'egress pass domain *.example.com : *', 'egress pass ip 1.2.3.0/24 : 80/TCP,55/UDP', 'egress pass nodes role=infra : *', 'egress deny ip ::/0 : *',
  ]);
  expect(issues).toEqual([]);
  expect(firewall([]).policy.rules).toEqual([]);
});

test('reports unknown fields and host bits', () => {
  const { issues, policy } = firewall([rule({ cidrSelector: '1.2.3.4/24' }, { from: {}, ports: [{ protocol: 'TCP', port: 1, endPort: 2 }] })]);
  expect(issues.map(({ code, path }) => [code, path])).toEqual([
    ['unknown-field', 'spec.egress[0].from'], ['unknown-field', 'spec.egress[0].ports[0].endPort'], ['host-bits', 'spec.egress[0].to.cidrSelector'],
  ]);
  expect(policy.rules.map(ruleKey)).toEqual(['egress deny ip 1.2.3.0/24 : 1/TCP']);
});

test.each<[string, () => unknown, string]>([
  ['another name', () => firewall([], { name: 'mine', namespace: 'shop' }), '[metadata.name] "mine" is not the name of an EgressFirewall. Instead: "default": a namespace has one'],
  ['no list', () => firewall(undefined), '[spec.egress] undefined is missing. Instead: a list of rules, each with type and to'],
  ['too many rules', () => firewall(Array.from({ length: 8001 }, () => rule({ cidrSelector: '::/0' }))), '[spec.egress] 8001 are too many rules, of which none would be in force. Instead: at most 8000'],
  ['an action of another API', () => firewall([{ type: 'Accept', to: { cidrSelector: '::/0' } }]), '[spec.egress[0].type] "Accept" is not one of the values that this field takes. Instead: Allow, Deny'],
  ['no destination', () => firewall([{ type: 'Deny' }]), '[spec.egress[0].to] undefined is empty. Instead: exactly one of cidrSelector, dnsName, nodeSelector'],
  ['two destinations', () => firewall([rule({ cidrSelector: '::/0', dnsName: 'a' })]), '[spec.egress[0].to] {"cidrSelector":"::/0","dnsName":"a"} has cidrSelector and dnsName. Instead: exactly one of cidrSelector, dnsName, nodeSelector'],
  ['a pattern in the middle', () => firewall([rule({ dnsName: 'a.*.example.com' })]), '[spec.egress[0].to.dnsName] "a.*.example.com" is not a domain name. Instead: "api.example.com" or "*.example.com"'],
  ['a port without a protocol', () => firewall([rule({ cidrSelector: '::/0' }, { ports: [{ port: 80 }] })]), '[spec.egress[0].ports[0].protocol] undefined is not one of the values that this field takes. Instead: TCP, UDP, SCTP'],
  ['a protocol without a port', () => firewall([rule({ cidrSelector: '::/0' }, { ports: [{ protocol: 'TCP' }] })]), '[spec.egress[0].ports[0].port] undefined is not a port number. Instead: a whole number from 1 to 65535'],
])('%s is refused with its place', (_, read, message) => expect(messageOf(read)).toBe(message));

test('an address without a prefix is refused', () => {
  expect(messageOf(() => firewall([rule({ cidrSelector: '1.2.3.4' })]))).toContain('[spec.egress[0].to.cidrSelector] "1.2.3.4"');
});
