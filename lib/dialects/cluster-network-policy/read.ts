import { ADMIN_TIER, BASELINE_TIER, Origin, PortMatch, Protocol } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { ReadPolicy } from '../kubernetes';
import { ClusterPolicyForm, exactlyOne, portByName, portNumber, portRange, readPriority, readRules, readSubject } from './parts';

export const API_VERSION = 'policy.networking.k8s.io/v1alpha2';
export const KIND = 'ClusterNetworkPolicy';

/** What the API server takes at most. https://github.com/kubernetes-sigs/network-policy-api/tree/main/config/crd */
export const MAX_RULES = 25;
export const MAX_PEERS = 25;
export const MAX_PROTOCOLS = 25;
export const MAX_NETWORKS = 25;
export const MAX_RULE_NAME = 100;

const FORM: ClusterPolicyForm = {
  actions: { Accept: 'allow', Deny: 'deny', Pass: 'pass' },
  maxRules: MAX_RULES,
  maxPeers: MAX_PEERS,
  portsField: 'protocols',
  maxPorts: MAX_PROTOCOLS,
  maxNetworks: MAX_NETWORKS,
  podsFieldsRequired: ['podSelector'],
  egressPeers: ['namespaces', 'pods', 'nodes', 'networks', 'domainNames'],
  unknownPeer: 'failClosed',
  readPort: readProtocolEntry,
};

/**
 * The policy that a ClusterNetworkPolicy says. What the API server refuses is an error that names the field.
 * @see https://network-policy-api.sigs.k8s.io/reference/spec/
 */
export function readClusterNetworkPolicy(document: unknown, origin?: Origin): ReadPolicy {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const name = reader.string((object.metadata as { readonly name?: unknown } | undefined)?.name, 'metadata.name');
  const spec = reader.object(object.spec, 'spec', ['tier', 'priority', 'subject', 'ingress', 'egress']);
  const tier = reader.word(spec.tier, 'spec.tier', ['Admin', 'Baseline']);
  return {
    policy: {
      name,
      tier: tier === 'Admin' ? ADMIN_TIER : BASELINE_TIER,
      order: readPriority(spec.priority, 'spec.priority'),
      subject: readSubject(reader, spec.subject, 'spec.subject', FORM),
      isolates: [],
      rules: readRules(reader, spec, FORM),
      stage: 'enforced',
      ...(origin === undefined ? {} : { origin }),
    },
    issues: reader.issues,
  };
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = { tcp: Protocol.TCP, udp: Protocol.UDP, sctp: Protocol.SCTP };

function readProtocolEntry(reader: DocumentReader, value: unknown, path: FieldPath): PortMatch | undefined {
  const [field, content] = exactlyOne(reader, value, path, ['tcp', 'udp', 'sctp', 'destinationNamedPort']);
  const protocol = PROTOCOLS[field];
  if (protocol === undefined) return anyPortName(reader, content, `${path}.destinationNamedPort`);
  const at = `${path}.${field}.destinationPort`;
  const { destinationPort } = reader.object(content, `${path}.${field}`, ['destinationPort']);
  if (destinationPort === undefined || destinationPort === null) throw wrong(content, `${path}.${field}`, 'has no destinationPort', 'destinationPort: {range: {start: 1, end: 65535}} for all ports');
  const [form, port] = exactlyOne(reader, destinationPort, at, ['number', 'range']);
  if (form === 'number') {
    const number = portNumber(port, `${at}.number`);
    return portRange(protocol, number, number);
  }
  const range = reader.object(port, `${at}.range`, ['start', 'end']);
  const [first, last] = [portNumber(range.start, `${at}.range.start`), portNumber(range.end, `${at}.range.end`)];
  if (first === last) throw wrong(port, `${at}.range`, 'is a range whose start is not below its end', 'number for a single port');
  if (first < last) return portRange(protocol, first, last);
  reader.note('no-effect', `${at}.range`, `${first} to ${last} is a range that ends before it begins: the API server refuses it, and implementations fail closed`);
  return undefined;
}

/** The schema takes any text; what no container port can be called is the name of no port. */
function anyPortName(reader: DocumentReader, value: unknown, path: FieldPath): PortMatch {
  const name = reader.string(value, path);
  try {
    return portByName(reader, value, path);
  } catch {
    reader.note('no-effect', path, `"${name}" is no name that a container port can have: it matches nothing, and is not the number`);
    return { kind: 'named', name };
  }
}
