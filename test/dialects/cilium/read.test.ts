import { readCiliumCidrGroup } from '../../../lib/dialects/cilium';
import { messageOf } from '../../cluster/message-of';
import { describeWithShared } from '../../shared-data';
import { policyOf, read, readClusterwide } from './documents';
import { schemaErrors } from './published-schema';

const egress = (rule: unknown): unknown => ({ endpointSelector: {}, egress: [rule] });
const ingress = (rule: unknown): unknown => ({ endpointSelector: {}, ingress: [rule] });
const port = (value: unknown): unknown => egress({ toPorts: [{ ports: [value] }] });
const E0 = 'spec.egress[0]';
const P0 = `${E0}.toPorts[0].ports[0]`;

test.each<[string, unknown, string]>([
  ['a spec that is text', 'deny', '[spec] "deny" is not an object. Instead: an object with endpointSelector, nodeSelector, ingress, ingressDeny, egress, egressDeny, enableDefaultDeny, description, labels, log'],
  ['no selector', { ingress: [] }, '[spec] {"ingress":[]} selects nobody. Instead: exactly one of endpointSelector, nodeSelector'],
  ['no rules', { endpointSelector: {} }, '[spec] {"endpointSelector":{}} has no rules. Instead: at least one of ingress, ingressDeny, egress, egressDeny'],
  ['a nodeSelector', { nodeSelector: {}, ingress: [] }, '[spec.nodeSelector] {} stands in a policy of a namespace. Instead: a CiliumClusterwideNetworkPolicy'],
  ['egress as an object', { endpointSelector: {}, egress: {} }, '[spec.egress] {} is not a list. Instead: a list; each entry begins with "- "'],
  ['a flag that is text', { endpointSelector: {}, egress: [], enableDefaultDeny: { egress: 'no' } }, '[spec.enableDefaultDeny.egress] "no" is neither true nor false. Instead: true or false'],
  ['two kinds of peers', egress({ toEndpoints: [{}], toCIDR: ['10.0.0.0/8'] }), `[${E0}] ["toEndpoints","toCIDR"] stand in one rule: the agent refuses the whole policy. Instead: a rule for each of them`],
  ['ICMP beside ports', egress({ toPorts: [{ ports: [{ port: '80' }] }], icmps: [{ fields: [{ type: 8 }] }] }), `[${E0}] ["toPorts","icmps"] stand in one rule: the agent refuses the whole policy. Instead: a rule for each of them`],
  ['DNS rules at ingress', ingress({ toPorts: [{ ports: [{ port: '53' }], rules: { dns: [{ matchPattern: '*' }] } }] }), '[spec.ingress[0].toPorts] "dns" are rules about DNS at ingress: the agent refuses the whole policy. Instead: the rules at egress of the clients'],
  ['an unknown entity', egress({ toEntities: ['internet'] }), `[${E0}.toEntities[0]] "internet" is not one of the values that this field takes. Instead: all, world, world-ipv4, world-ipv6, cluster, host, remote-node, kube-apiserver, ingress, init, health, unmanaged, none`],
  ['a port that is a number', port({ port: 80 }), `[${P0}.port] 80 is not a string. Instead: a string in quotes`],
  ['a port out of range', port({ port: '70000' }), `[${P0}.port] "70000" is not a port number. Instead: "1" to "65535", or "0" for every port`],
  ['no port', port({ protocol: 'TCP' }), `[${P0}.port] undefined is no port. Instead: "80", the name of a container port, or "0" for every port`],
  ['an endPort below its port', port({ port: '90', endPort: 80 }), `[${P0}.endPort] 80 is below its port 90. Instead: 90 or more`],
  ['a protocol in small letters', port({ port: '80', protocol: 'tcp' }), `[${P0}.protocol] "tcp" is not one of the values that this field takes. Instead: ANY, TCP, UDP, SCTP, VRRP, IGMP, GRE, IPIP, IPV6, ESP, AH`],
  ['a port of GRE', port({ port: '80', protocol: 'GRE' }), `[${P0}.port] "80" is a port, which GRE does not have. Instead: the protocol alone`],
  ['41 ports', egress({ toPorts: [{ ports: Array.from({ length: 41 }, (_, index) => ({ port: `${index + 1}` })) }] }), `[${E0}.toPorts[0].ports] 41 are too many ports. Instead: at most 40; write another element of toPorts`],
  ['a type of ICMP that is none', egress({ icmps: [{ fields: [{ type: 'Ping' }] }] }), `[${E0}.icmps[0].fields[0].type] "Ping" is no ICMP type of IPv4. Instead: a number from 0 to 255, or a name such as EchoRequest`],
  ['an exception outside of its block', egress({ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }] }), `[${E0}.toCIDRSet[0].except[0]] "11.0.0.0/16" is outside of 10.0.0.0/8: the agent refuses the whole policy. Instead: a part of 10.0.0.0/8`],
  ['a block beside a group', egress({ toCIDRSet: [{ cidr: '10.0.0.0/8', cidrGroupRef: 'x' }] }), `[${E0}.toCIDRSet[0]] {"cidr":"10.0.0.0/8","cidrGroupRef":"x"} has cidr and cidrGroupRef. Instead: exactly one of cidr, cidrGroupRef, cidrGroupSelector`],
  ['a domain name that is none', egress({ toFQDNs: [{ matchName: '*.example.com' }] }), `[${E0}.toFQDNs[0].matchName] "*.example.com" is not a domain name. Instead: "api.example.com"`],
  ['rules of two protocols', egress({ toPorts: [{ ports: [{ port: '80' }], rules: { http: [], dns: [] } }] }), `[${E0}.toPorts[0].rules] {"http":[],"dns":[]} has rules of http and dns. Instead: rules of one protocol; l7 needs l7proto`],
  ['a log value that is too long', { endpointSelector: {}, egress: [], log: { value: 'x'.repeat(33) } }, `[spec.log.value] "${'x'.repeat(33)}" is too long. Instead: at most 32 characters`],
])('%s is an error that names the field', (_, spec, message) => {
  expect(messageOf(() => read(spec))).toBe(message);
});

test.each<[string, unknown, string]>([
  ['fromEndpoint', ingress({ fromEndpoint: [{}] }), 'spec.ingress[0].fromEndpoint'],
  ['a field of the spec', { endpointSelector: {}, ingress: [], podSelector: {} }, 'spec.podSelector'],
  ['a field of a port', port({ port: '80', endport: 90 }), `${P0}.endport`],
  ['rules about content in a denial', { endpointSelector: {}, egressDeny: [{ toPorts: [{ ports: [{ port: '80' }], rules: { http: [{}] } }] }] }, 'spec.egressDeny[0].toPorts[0].rules'],
  ['domain names in a denial', { endpointSelector: {}, egressDeny: [{ toFQDNs: [{ matchName: 'x.y' }] }] }, 'spec.egressDeny[0].toFQDNs'],
])('%s is an unknown field, and reported', (_, spec, path) => {
  expect(read(spec).issues).toContainEqual(expect.objectContaining({ code: 'unknown-field', path }));
});

test.each<[string, unknown, string]>([
  ['an empty rule beside others', { endpointSelector: {}, ingress: [{}, { fromEntities: ['all'] }] }, 'spec.ingress[0]'],
  ['a denial of nobody', { endpointSelector: {}, ingressDeny: [{}] }, 'spec.ingressDeny[0]'],
  ['an element without ports', egress({ toPorts: [{ ports: [] }] }), `${E0}.toPorts[0]`],
  ['reserved labels', { endpointSelector: { matchLabels: { 'reserved:health': '' } }, ingress: [] }, 'spec.endpointSelector'],
])('%s has no effect, and is reported', (_, spec, path) => {
  expect(read(spec).issues).toEqual([expect.objectContaining({ code: 'no-effect', path })]);
});

test('what 1.18 knew and the newest CRD does not is read: it depends', () => {
  const kafka = policyOf(read(egress({ toPorts: [{ ports: [{ port: '9092', protocol: 'TCP' }], rules: { kafka: [{ topic: 'x' }] } }] })));
  expect(kafka.rules.map(({ l7 }) => l7)).toEqual(['spec.egress[0].toPorts[0].rules.kafka: rules of this protocol are not evaluated']);
  const requires = policyOf(read(ingress({ fromRequires: [{ matchLabels: { team: 'a' } }], fromEndpoints: [{}] })));
  expect(requires.rules.map(({ action }) => action)).toEqual(['deny', 'allow']);
});

test('specs are policies of one name, each with its place', () => {
  const { policies } = readClusterwide({ endpointSelector: {}, ingress: [] });
  expect(policies).toHaveLength(1);
  const two = read({ endpointSelector: {}, ingress: [] }).policies;
  expect(two[0]).toMatchObject({ name: 'x', namespace: 'shop' });
});

test('a CiliumCIDRGroup holds blocks and single addresses', () => {
  const { addressSet, issues } = readCiliumCidrGroup({ metadata: { name: 'office', labels: { a: 'b' } }, spec: { externalCIDRs: ['10.0.0.1', '192.0.2.9/24'] } });
  expect(addressSet.blocks.map(({ cidr }) => cidr.toString())).toEqual(['10.0.0.1/32', '192.0.2.0/24']);
  expect(issues.map(({ code }) => code)).toEqual(['host-bits']);
  expect(messageOf(() => readCiliumCidrGroup({ metadata: { name: 'x' }, spec: {} }))).toBe('[spec] {} has no externalCIDRs. Instead: externalCIDRs: a list of CIDRs');
});

describeWithShared('schemas', 'the published schema of CiliumCIDRGroup', () => {
  test('takes what is read', () => {
    expect(schemaErrors('CiliumCIDRGroup', { metadata: { name: 'x' }, spec: { externalCIDRs: ['10.0.0.0/8'] } })).toEqual([]);
  });
});
