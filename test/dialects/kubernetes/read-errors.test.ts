import { readNetworkPolicy } from '../../../lib/dialects/kubernetes';
import { messageOf } from '../../cluster/message-of';
import { read } from './documents';

const ingress = (rule: unknown): unknown => ({ podSelector: {}, ingress: [rule] });
const from = (peer: unknown): unknown => ingress({ from: [peer] });
const port = (value: unknown): unknown => ingress({ ports: [value] });
const block = (value: unknown): unknown => from({ ipBlock: value });
const conditions = (value: unknown): unknown => ({ podSelector: { matchExpressions: value } });

const P0 = 'spec.ingress[0].ports[0]';
const F0 = 'spec.ingress[0].from[0]';
const LIST = 'is not a list. Instead: a list; each entry begins with "- "';

test.each<[string, unknown, string]>([
  ['a spec that is a list', [], '[spec] [] is not an object. Instead: an object with podSelector, policyTypes, ingress, egress'],
  ['a spec that is text', 'deny', '[spec] "deny" is not an object. Instead: an object with podSelector, policyTypes, ingress, egress'],
  ['ingress as an object', { ingress: {} }, `[spec.ingress] {} ${LIST}`],
  ['egress as true', { egress: true }, `[spec.egress] true ${LIST}`],
  ['a rule that is text', ingress('all'), '[spec.ingress[0]] "all" is not an object. Instead: an object with from, ports'],
  ['from as an object', ingress({ from: { podSelector: {} } }), `[spec.ingress[0].from] {"podSelector":{}} ${LIST}`],
  ['ports as a number', ingress({ ports: 80 }), `[spec.ingress[0].ports] 80 ${LIST}`],
  ['policyTypes as text', { policyTypes: 'Ingress' }, `[spec.policyTypes] "Ingress" ${LIST}`],
  ['policyTypes in small letters', { policyTypes: ['Ingress', 'egress'] }, '[spec.policyTypes[1]] "egress" is not one of the values that this field takes. Instead: Ingress, Egress'],
  ['a podSelector that is text', { podSelector: 'app=web' }, '[spec.podSelector] "app=web" is not an object. Instead: an object with matchLabels, matchExpressions'],
  ['a podSelector that is a list', { podSelector: [] }, '[spec.podSelector] [] is not an object. Instead: an object with matchLabels, matchExpressions'],
  ['matchLabels as a list', { podSelector: { matchLabels: ['app'] } }, '[spec.podSelector.matchLabels] ["app"] is not a map of labels. Instead: lines of the form "key: value"'],
  ['a label that YAML read as true', { podSelector: { matchLabels: { app: true } } }, '[spec.podSelector.matchLabels.app] true is not a string. Instead: the word in quotes; without them y, yes, on and true are no text to kubectl'],
  ['a label that is a number', { podSelector: { matchLabels: { app: 5 } } }, '[spec.podSelector.matchLabels.app] 5 is not a string. Instead: "5" in quotes'],
  ['a label without a value', { podSelector: { matchLabels: { app: null } } }, '[spec.podSelector.matchLabels.app] null is not a string. Instead: "null" in quotes'],
  ['a label value that is none', { podSelector: { matchLabels: { app: 'a b' } } }, '[spec.podSelector] "a b" is not a value that the label "app" can have. Instead: at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends'],
  ['conditions as an object', conditions({}), `[spec.podSelector.matchExpressions] {} ${LIST}`],
  ['a condition that is text', conditions(['app']), '[spec.podSelector.matchExpressions[0]] "app" is not an object. Instead: an object with key, operator, values'],
  ['a condition without a key', conditions([{ operator: 'Exists' }]), '[spec.podSelector.matchExpressions[0].key] undefined is not a string. Instead: a string in quotes'],
  ['a condition without an operator', conditions([{ key: 'app' }]), '[spec.podSelector.matchExpressions[0].operator] undefined is not a string. Instead: a string in quotes'],
  ['an unknown operator', conditions([{ key: 'app', operator: '==' }]), '[spec.podSelector] "==" is not an operator (label "app"). Instead: In, NotIn, Exists or DoesNotExist'],
  ['values that are text', conditions([{ key: 'app', operator: 'In', values: 'web' }]), `[spec.podSelector.matchExpressions[0].values] "web" ${LIST}`],
  ['values that are numbers', conditions([{ key: 'app', operator: 'In', values: [5] }]), '[spec.podSelector.matchExpressions[0].values[0]] 5 is not a string. Instead: a string in quotes'],
  ['In without values', conditions([{ key: 'app', operator: 'In' }]), '[spec.podSelector] undefined is empty, but In on the label "app" needs values. Instead: at least one value, or the operator Exists'],
  ['Exists with values', conditions([{ key: 'app', operator: 'Exists', values: ['x'] }]), '[spec.podSelector] ["x"] are values, but Exists on the label "app" takes none. Instead: the operator In with these values'],
  ['from: [{}], which names nobody', from({}), `[${F0}] {} is a peer that names nobody. Instead: podSelector, namespaceSelector or ipBlock; for everybody leave the whole list out`],
  ['from: [null]', from(null), `[${F0}] null is a peer that names nobody. Instead: podSelector, namespaceSelector or ipBlock; for everybody leave the whole list out`],
  ['an ipBlock beside a selector', from({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }), `[${F0}] {"ipBlock":{"cidr":"10.0.0.0/8"},"podSelector":{}} has an ipBlock beside a selector. Instead: two peers, each with a "- " of its own`],
  ['a peer that is text', from('pay'), `[${F0}] "pay" is not an object. Instead: an object with podSelector, namespaceSelector, ipBlock`],
  ['a namespaceSelector that is text', from({ namespaceSelector: 'pay' }), `[${F0}.namespaceSelector] "pay" is not an object. Instead: an object with matchLabels, matchExpressions`],
  ['an ipBlock that is text', block('10.0.0.0/8'), `[${F0}.ipBlock] "10.0.0.0/8" is not an object. Instead: an object with cidr, except`],
  ['an ipBlock without a cidr', block({}), `[${F0}.ipBlock.cidr] undefined is not a string. Instead: a string in quotes`],
  ['an address without a prefix', block({ cidr: '10.0.0.1' }), `[${F0}.ipBlock.cidr] "10.0.0.1" has no prefix length. Instead: "10.0.0.1/32" for this one address`],
  ['999.0.0.1/99', block({ cidr: '999.0.0.1/99' }), `[${F0}.ipBlock.cidr] "999.0.0.1/99" is not a CIDR. Instead: an IPv4 block such as "10.0.0.0/8" or an IPv6 block such as "fd00::/8"`],
  ['1::2::3/200', block({ cidr: '1::2::3/200' }), `[${F0}.ipBlock.cidr] "1::2::3/200" is not a CIDR. Instead: an IPv4 block such as "10.0.0.0/8" or an IPv6 block such as "fd00::/8"`],
  ['an IPv4-mapped block', block({ cidr: '::ffff:10.0.0.0/104' }), `[${F0}.ipBlock.cidr] "::ffff:10.0.0.0/104" is an IPv4-mapped IPv6 block, which no CNI matches. Instead: the IPv4 block itself`],
  ['exceptions as text', block({ cidr: '10.0.0.0/8', except: '10.1.0.0/16' }), `[${F0}.ipBlock.except] "10.1.0.0/16" ${LIST}`],
  ['an exception that is a number', block({ cidr: '10.0.0.0/8', except: [10] }), `[${F0}.ipBlock.except[0]] 10 is not a string. Instead: a string in quotes`],
  ['an exception that is none', block({ cidr: '10.0.0.0/8', except: ['vpn'] }), `[${F0}.ipBlock.except[0]] "vpn" has no prefix length. Instead: a CIDR such as "10.0.0.0/8"`],
  ['port 0, which does not mean all ports', port({ port: 0 }), `[${P0}.port] 0 is not a port number. Instead: a whole number from 1 to 65535`],
  ['port 0 to 65535, as cdk8s-plus writes all ports', port({ port: 0, endPort: 65535 }), `[${P0}.port] 0 is not a port number. Instead: a whole number from 1 to 65535`],
  ['port 90000', port({ port: 90000 }), `[${P0}.port] 90000 is not a port number. Instead: a whole number from 1 to 65535`],
  ['a fraction', port({ port: 80.5 }), `[${P0}.port] 80.5 is not a port number. Instead: a whole number from 1 to 65535`],
  ['a port that is true', port({ port: true }), `[${P0}.port] true is not a port number. Instead: a whole number from 1 to 65535`],
  ['a number in quotes', port({ port: '8080' }), `[${P0}.port] "8080" is not a port name. Instead: at most 15 lower-case letters, digits and single "-", with at least one letter and no "-" at either end`],
  ['an endPort without a port', port({ endPort: 80 }), `[${P0}.endPort] 80 is an endPort without a port. Instead: port: the first port of the range`],
  ['an endPort beside a name', port({ port: 'http', endPort: 80 }), `[${P0}.endPort] 80 is an endPort beside a named port. Instead: a numeric port, or the name alone`],
  ['an endPort below its port', port({ port: 90, endPort: 80 }), `[${P0}.endPort] 80 is below its port 90. Instead: 90 or more`],
  ['an endPort that is text', port({ port: 80, endPort: '90' }), `[${P0}.endPort] "90" is not a port number. Instead: a whole number from 1 to 65535`],
  ['a protocol in small letters', port({ protocol: 'tcp' }), `[${P0}.protocol] "tcp" is not one of the values that this field takes. Instead: TCP, UDP, SCTP`],
  ['ICMP as a protocol', port({ protocol: 'ICMP' }), `[${P0}.protocol] "ICMP" is not one of the values that this field takes. Instead: TCP, UDP, SCTP`],
  ['a port that is a bare number', port(80), `[${P0}] 80 is not an object. Instead: an object with protocol, port, endPort`],
])('%s is an error that names the field', (_, spec, message) => {
  expect(messageOf(() => read(spec))).toBe(message);
});

test.each<[unknown, string]>([
  [undefined, '[metadata.name] undefined is not a string. Instead: a string in quotes'],
  [null, '[metadata.name] undefined is not a string. Instead: a string in quotes'],
  ['x', '"x" is not an object. Instead: an object with apiVersion, kind, metadata, spec, status'],
  [[], '[] is not an object. Instead: an object with apiVersion, kind, metadata, spec, status'],
  [{ metadata: { name: 5 } }, '[metadata.name] 5 is not a string. Instead: a string in quotes'],
  [{ metadata: 'x' }, '[metadata] "x" is not an object. Instead: an object with name and namespace'],
  [{ metadata: { name: 'x', namespace: 'Shop' } }, '[metadata.namespace] "Shop" is not a valid namespace name. Instead: at most 63 lower-case letters, digits and "-", with a letter or digit at both ends'],
  [{ metadata: { name: 'x', namespace: 7 } }, '[metadata.namespace] 7 is not a valid namespace name. Instead: at most 63 lower-case letters, digits and "-", with a letter or digit at both ends'],
])('the document %j', (document, message) => {
  expect(messageOf(() => readNetworkPolicy(document))).toBe(message);
});
