import {
  domainPeer, ipBlockPeer, namedNamespace, nodePeer, Origin, OVN_EGRESS_FIREWALL_TIER, Peer, PortMatch, Protocol, rule, Rule, Selector,
} from '../../policy';
import { exactlyOne, portNumber, portRange, readNetwork } from '../cluster-network-policy/parts';
import { DocumentReader, FieldPath, wrong } from '../document';
import { ReadPolicy } from '../kubernetes';
import { readLabelSelector } from '../label-selector';
import { readNamespacedName } from '../namespaced-name';
import { MAX_RULES } from './api';

/** The name that alone an EgressFirewall can have. */
const SINGLETON = 'default';

const DOMAIN = /^(?:\*\.)?(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+\.?$/;

/**
 * An EgressFirewall: an ordered list about traffic of all pods of its namespace to addresses outside of the cluster. The first
 * rule that matches decides, but an Allow opens nothing that policies close: it passes the traffic on to them.
 * @see https://ovn-kubernetes.io/features/network-security-controls/egress-firewall/
 * @see https://github.com/ovn-kubernetes/ovn-kubernetes/blob/master/docs/design/acls.md
 */
export function readEgressFirewall(document: unknown, origin?: Origin): ReadPolicy {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const { name, namespace } = readNamespacedName(reader, object.metadata);
  if (name !== SINGLETON) throw wrong(name, 'metadata.name', 'is not the name of an EgressFirewall', `"${SINGLETON}": a namespace has one`);
  const spec = reader.object(object.spec, 'spec', ['egress']);
  const items = reader.list(spec.egress, 'spec.egress');
  if (items === undefined) throw wrong(spec.egress, 'spec.egress', 'is missing', 'a list of rules, each with type and to');
  if (items.length > MAX_RULES) throw wrong(items.length, 'spec.egress', 'are too many rules, of which none would be in force', `at most ${MAX_RULES}`);
  return {
    policy: {
      name,
      namespace,
      tier: OVN_EGRESS_FIREWALL_TIER,
      subject: { kind: 'pods', namespaces: namedNamespace(namespace), pods: Selector.everything },
      isolates: [],
      rules: items.map((item, index) => readRule(reader, item, `spec.egress[${index}]`)),
      stage: 'enforced',
      ...(origin === undefined ? {} : { origin }),
    },
    issues: reader.issues,
  };
}

function readRule(reader: DocumentReader, value: unknown, path: FieldPath): Rule {
  const parts = reader.object(value, path, ['type', 'ports', 'to']);
  const type = reader.word(parts.type, `${path}.type`, ['Allow', 'Deny']);
  const ports = (reader.list(parts.ports, `${path}.ports`) ?? []).map((item, index) => readPort(reader, item, `${path}.ports[${index}]`));
  return rule({
    direction: 'egress',
    action: type === 'Allow' ? 'pass' : 'deny',
    peers: [readDestination(reader, parts.to, `${path}.to`)],
    ...(ports.length > 0 ? { ports } : {}),
  });
}

/** A `*.` of a name stands for one label. */
function readDestination(reader: DocumentReader, value: unknown, path: FieldPath): Peer {
  const [field, content] = exactlyOne(reader, value, path, ['cidrSelector', 'dnsName', 'nodeSelector']);
  const at = `${path}.${field}`;
  if (field === 'nodeSelector') return nodePeer(readLabelSelector(reader, content, at) ?? Selector.everything);
  const text = reader.string(content, at);
  if (field === 'cidrSelector') return ipBlockPeer(readNetwork(reader, text, at));
  if (!DOMAIN.test(text)) throw wrong(text, at, 'is not a domain name', '"api.example.com" or "*.example.com"');
  return domainPeer(text.replace(/\.$/, '').toLowerCase());
}

function readPort(reader: DocumentReader, value: unknown, path: FieldPath): PortMatch {
  const { protocol, port } = reader.object(value, path, ['protocol', 'port']);
  const number = portNumber(port, `${path}.port`);
  return portRange(reader.word(protocol, `${path}.protocol`, Object.values(Protocol)), number, number);
}
