import {
  checkDnsLabel, Direction, FIRST_PORT, LAST_PORT, locate, matchingNamespaces, namedNamespace, NETWORK_POLICY_TIER,
  Origin, Peer, podPeer, Policy, PortMatch, Protocol, rule, Rule, Selector, checkPortName,
} from '../../policy';
import { DocumentReader, FieldPath, ReadIssue, wrong } from '../document';
import { readIpBlock } from '../ip-block';
import { readLabelSelector } from '../label-selector';
import { API_VERSION, KIND } from './api';

/** What a document says, and what its author should know about it. */
export interface ReadPolicy {
  readonly policy: Policy;
  readonly issues: readonly ReadIssue[];
}

/** Reads the content of one field of a peer. */
export type PeerFieldReader = (reader: DocumentReader, content: unknown, path: FieldPath) => readonly Peer[];

/** What an API that copies the form of NetworkPolicy has beside it: fields of a `to` peer, each instead of all others. */
export interface NetworkPolicyForm {
  readonly egressPeers: Readonly<Record<string, PeerFieldReader>>;
}

const NATIVE: NetworkPolicyForm = { egressPeers: {} };

export function isNetworkPolicy(object: { readonly apiVersion?: unknown; readonly kind?: unknown }): boolean {
  return object.apiVersion === API_VERSION && object.kind === KIND;
}

/**
 * The policy that a NetworkPolicy document says, with the defaults that the API server fills in. What the API server refuses
 * is an error that names the field.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export function readNetworkPolicy(document: unknown, origin?: Origin, form: NetworkPolicyForm = NATIVE): ReadPolicy {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const metadata = (object.metadata ?? {}) as { readonly name?: unknown; readonly namespace?: unknown };
  if (typeof metadata !== 'object' || Array.isArray(metadata)) throw wrong(metadata, 'metadata', 'is not an object', 'an object with name and namespace');
  const name = reader.string(metadata.name, 'metadata.name');
  const namespace = metadata.namespace === undefined || metadata.namespace === null || metadata.namespace === ''
    ? 'default'
    : locate('metadata.namespace', () => checkDnsLabel(metadata.namespace as string, 'namespace name'));
  const spec = reader.object(object.spec, 'spec', ['podSelector', 'policyTypes', 'ingress', 'egress']);
  const ingress = reader.list(spec.ingress, 'spec.ingress') ?? [];
  const egress = reader.list(spec.egress, 'spec.egress') ?? [];
  const isolates = readPolicyTypes(reader, spec.policyTypes, egress.length > 0);
  const rules = [
    ...ingress.map((item, index) => readRule(reader, namespace, 'ingress', item, `spec.ingress[${index}]`, {})),
    ...egress.map((item, index) => readRule(reader, namespace, 'egress', item, `spec.egress[${index}]`, form.egressPeers)),
  ];
  for (const direction of ['ingress', 'egress'] as const) {
    if (!isolates.includes(direction) && rules.some((each) => each.direction === direction)) {
      reader.note('no-effect', `spec.${direction}`, `these rules have no effect: policyTypes does not name ${direction === 'ingress' ? 'Ingress' : 'Egress'}`);
    }
  }
  return {
    policy: {
      name,
      namespace,
      tier: NETWORK_POLICY_TIER,
      subject: {
        kind: 'pods',
        namespaces: namedNamespace(namespace),
        pods: readLabelSelector(reader, spec.podSelector, 'spec.podSelector') ?? Selector.everything,
      },
      isolates,
      ...(leavesTypesOut(spec) ? { isolationLeftOut: (['ingress', 'egress'] as const).filter((direction) => spec[direction] !== undefined && spec[direction] !== null) } : {}),
      rules: rules.filter(({ direction }) => isolates.includes(direction)),
      stage: 'enforced',
      ...(origin === undefined ? {} : { origin }),
    },
    issues: reader.issues,
  };
}

/** Left out or empty: Ingress always, and Egress where there are egress rules (not where the list is empty). */
function readPolicyTypes(reader: DocumentReader, value: unknown, hasEgressRules: boolean): readonly Direction[] {
  const types = reader.list(value, 'spec.policyTypes') ?? [];
  if (types.length === 0) return hasEgressRules ? ['ingress', 'egress'] : ['ingress'];
  const words = types.map((type, index) => reader.word(type, `spec.policyTypes[${index}]`, ['Ingress', 'Egress']));
  return (['ingress', 'egress'] as const).filter((direction) => words.includes(direction === 'ingress' ? 'Ingress' : 'Egress'));
}

function leavesTypesOut({ policyTypes }: Readonly<Record<string, unknown>>): boolean {
  return !Array.isArray(policyTypes) || policyTypes.length === 0;
}

type PeerFields = NetworkPolicyForm['egressPeers'];

function readRule(
  reader: DocumentReader, namespace: string, direction: Direction, value: unknown, path: FieldPath, fields: PeerFields,
): Rule {
  const end = direction === 'ingress' ? 'from' : 'to';
  const parts = reader.object(value, path, [end, 'ports']);
  const peers = reader.list(parts[end], `${path}.${end}`) ?? [];
  const ports = reader.list(parts.ports, `${path}.ports`) ?? [];
  return rule({
    direction,
    action: 'allow',
    ...(peers.length > 0 ? { peers: peers.flatMap((peer, index) => readPeer(reader, namespace, peer, `${path}.${end}[${index}]`, fields)) } : {}),
    ...(ports.length > 0 ? { ports: ports.map((port, index) => readPort(reader, port, `${path}.ports[${index}]`)) } : {}),
  });
}

function readPeer(reader: DocumentReader, namespace: string, value: unknown, path: FieldPath, fields: PeerFields): readonly Peer[] {
  const peer = reader.object(value, path, ['podSelector', 'namespaceSelector', 'ipBlock', ...Object.keys(fields)]);
  for (const [field, read] of Object.entries(fields)) {
    if (peer[field] === undefined || peer[field] === null) continue;
    if (Object.keys(peer).length > 1) throw wrong(value, path, `has ${field} beside another field`, 'two peers, each with a "- " of its own');
    return read(reader, peer[field], `${path}.${field}`);
  }
  const pods = readLabelSelector(reader, peer.podSelector, `${path}.podSelector`);
  const namespaces = readLabelSelector(reader, peer.namespaceSelector, `${path}.namespaceSelector`);
  const isBlock = peer.ipBlock !== undefined && peer.ipBlock !== null;
  if (isBlock && (pods !== undefined || namespaces !== undefined)) {
    throw wrong(value, path, 'has an ipBlock beside a selector', 'two peers, each with a "- " of its own');
  }
  if (isBlock) return [readIpBlock(reader, peer.ipBlock, `${path}.ipBlock`)];
  if (pods === undefined && namespaces === undefined) {
    throw wrong(value, path, 'is a peer that names nobody', 'podSelector, namespaceSelector or ipBlock; for everybody leave the whole list out');
  }
  const scope = namespaces === undefined ? namedNamespace(namespace) : matchingNamespaces(namespaces);
  return [podPeer(scope, pods ?? Selector.everything)];
}

function readPort(reader: DocumentReader, value: unknown, path: FieldPath): PortMatch {
  const { protocol: word, port, endPort } = reader.object(value, path, ['protocol', 'port', 'endPort']);
  const protocol = word === undefined || word === null ? Protocol.TCP : reader.word(word, `${path}.protocol`, Object.values(Protocol));
  if (port === undefined || port === null) {
    if (endPort !== undefined && endPort !== null) throw wrong(endPort, `${path}.endPort`, 'is an endPort without a port', 'port: the first port of the range');
    return { kind: 'range', protocol, first: FIRST_PORT, last: LAST_PORT };
  }
  if (typeof port === 'string') {
    if (endPort !== undefined && endPort !== null) throw wrong(endPort, `${path}.endPort`, 'is an endPort beside a named port', 'a numeric port, or the name alone');
    return { kind: 'named', protocol, name: locate(`${path}.port`, () => checkPortName(port)) };
  }
  const first = portNumber(port, `${path}.port`);
  const last = endPort === undefined || endPort === null ? first : portNumber(endPort, `${path}.endPort`);
  if (last < first) throw wrong(endPort, `${path}.endPort`, `is below its port ${first}`, `${first} or more`);
  return { kind: 'range', protocol, first, last };
}

function portNumber(value: unknown, path: FieldPath): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= FIRST_PORT && value <= LAST_PORT) return value;
  throw wrong(value, path, 'is not a port number', 'a whole number from 1 to 65535');
}
