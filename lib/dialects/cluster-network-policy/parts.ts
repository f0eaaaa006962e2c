import {
  Action, Cidr, checkPortName, Direction, everyNamespace, FIRST_PORT, ipBlockPeer, LAST_PORT, locate, matchingNamespaces, nodePeer, Peer, PodSet,
  PortMatch, Protocol, rule, Rule, Selector, unevaluatedPeer,
} from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { readLabelSelector } from '../label-selector';
import { readDomainNames } from './domain-names';

const MAX_DOMAINS = 25;

/**
 * What ClusterNetworkPolicy v1alpha2 and the AdminNetworkPolicy that it replaced have in common.
 * @see https://network-policy-api.sigs.k8s.io/reference/spec/
 */
export interface ClusterPolicyForm {
  /** How the API writes each action. */
  readonly actions: Readonly<Record<string, Action>>;
  readonly maxRules: number;
  readonly maxPeers: number;
  readonly portsField: string;
  readonly maxPorts: number;
  readonly maxNetworks: number;
  readonly podsFieldsRequired: readonly string[];
  readonly egressPeers: readonly string[];
  /** What a peer without any field that is known means: the rule fails closed, or nobody says. */
  readonly unknownPeer: 'failClosed' | 'unevaluated';
  /** Undefined for an entry that no API server takes: its rule fails closed. */
  readPort(reader: DocumentReader, value: unknown, path: FieldPath): PortMatch | undefined;
}

/** The one field that an object must have out of several; null counts as absent. */
function onlyField(reader: DocumentReader, value: unknown, path: FieldPath, fields: readonly string[]): [string, unknown] | undefined {
  const given = reader.object(value, path, fields);
  const set = Object.entries(given).filter(([, item]) => item !== undefined && item !== null);
  const known = set.filter(([field]) => fields.includes(field));
  if (known.length > 1) throw wrong(value, path, `has ${known.map(([field]) => field).join(' and ')}`, `exactly one of ${fields.join(', ')}`);
  if (set.length === 0) throw wrong(value, path, 'is empty', `exactly one of ${fields.join(', ')}`);
  return known[0];
}

export function readSubject(reader: DocumentReader, value: unknown, path: FieldPath, form: ClusterPolicyForm): PodSet {
  const [field, content] = onlyField(reader, value, path, ['namespaces', 'pods']) ?? [];
  if (field === undefined) throw wrong(value, path, 'names nobody', 'namespaces or pods');
  return podSet(reader, field, content, `${path}.${field}`, form);
}

function podSet(reader: DocumentReader, field: string, content: unknown, path: FieldPath, form: ClusterPolicyForm): PodSet {
  if (field === 'namespaces') return { kind: 'pods', namespaces: matchingNamespaces(required(readLabelSelector(reader, content, path), path)), pods: Selector.everything };
  const parts = reader.object(content, path, ['namespaceSelector', 'podSelector']);
  for (const name of form.podsFieldsRequired) {
    if (parts[name] === undefined || parts[name] === null) throw wrong(content, path, `has no ${name}`, `${name}: {} for all`);
  }
  const namespaces = readLabelSelector(reader, parts.namespaceSelector, `${path}.namespaceSelector`);
  const pods = readLabelSelector(reader, parts.podSelector, `${path}.podSelector`) ?? Selector.everything;
  return { kind: 'pods', namespaces: namespaces === undefined ? everyNamespace : matchingNamespaces(namespaces), pods };
}

function required<T>(value: T | undefined, path: FieldPath): T {
  if (value === undefined) throw wrong(value, path, 'is missing', 'a label selector, {} for all');
  return value;
}

export function readRules(reader: DocumentReader, spec: Readonly<Record<string, unknown>>, form: ClusterPolicyForm): Rule[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const path = `spec.${direction}`;
    const items = atMost(reader.list(spec[direction], path) ?? [], form.maxRules, path, 'rules');
    return items.map((item, index) => readRule(reader, direction, item, `${path}[${index}]`, form));
  });
}

function readRule(reader: DocumentReader, direction: Direction, value: unknown, path: FieldPath, form: ClusterPolicyForm): Rule {
  const end = direction === 'ingress' ? 'from' : 'to';
  const parts = reader.object(value, path, ['name', 'action', end, form.portsField]);
  const action = form.actions[reader.word(parts.action, `${path}.action`, Object.keys(form.actions))]!;
  const name = parts.name === undefined || parts.name === null || parts.name === '' ? undefined : reader.string(parts.name, `${path}.name`);
  const items = atMost(reader.list(parts[end], `${path}.${end}`) ?? [], form.maxPeers, `${path}.${end}`, 'peers');
  if (items.length === 0) throw wrong(parts[end], `${path}.${end}`, 'has no peers', 'at least one peer; for all pods "namespaces: {}"');
  const peers = items.map((item, index) => readPeers(reader, direction, action, item, `${path}.${end}[${index}]`, form));
  const ports = reader.list(parts[form.portsField], `${path}.${form.portsField}`);
  if (ports?.length === 0) throw wrong(ports, `${path}.${form.portsField}`, 'is an empty list', 'at least one entry, or leave the field out for every port');
  const matches = atMost(ports ?? [], form.maxPorts, `${path}.${form.portsField}`, 'entries').map((item, index) => form.readPort(reader, item, `${path}.${form.portsField}[${index}]`));
  const named = name === undefined ? {} : { name };
  if (peers.includes(undefined) || matches.includes(undefined)) return failClosed(direction, action, named);
  const read = matches.flatMap((match) => match ?? []);
  return rule({ direction, action, peers: peers.flatMap((peer) => peer ?? []), ...(read.length > 0 ? { ports: read } : {}), ...named });
}

/**
 * A peer of a kind that did not exist when this was written: an allow rule then matches nothing, every other rule denies all.
 * @see https://github.com/kubernetes-sigs/network-policy-api/blob/main/apis/v1alpha2/shared_types.go
 */
function failClosed(direction: Direction, action: Action, named: { readonly name?: string }): Rule {
  return action === 'allow' ? rule({ direction, action, peers: [], ...named }) : rule({ direction, action: 'deny', ...named });
}

/** One entry may be several peers of the model: a list of networks is a union. Undefined for an unknown kind. */
function readPeers(
  reader: DocumentReader, direction: Direction, action: Action, value: unknown, path: FieldPath, form: ClusterPolicyForm,
): readonly Peer[] | undefined {
  const fields = direction === 'ingress' ? ['namespaces', 'pods'] : form.egressPeers;
  const [field, content] = onlyField(reader, value, path, fields) ?? [];
  const at = `${path}.${field}`;
  switch (field) {
    case undefined:
      return form.unknownPeer === 'failClosed' ? undefined : [unevaluatedPeer(`${path} is a peer of a kind that is not known here`)];
    case 'nodes':
      return [nodePeer(required(readLabelSelector(reader, content, at), at))];
    case 'networks': {
      const networks = atMost(reader.strings(content, at) ?? [], form.maxNetworks, at, 'networks');
      if (networks.length === 0) throw wrong(content, at, 'is an empty list', 'at least one CIDR');
      return networks.map((text, index) => ipBlockPeer(readNetwork(reader, text, `${at}[${index}]`)));
    }
    case 'domainNames': {
      if (action !== 'allow') throw wrong(content, at, 'are domain names in a rule that does not allow', 'networks, or a rule that allows');
      return atMost(readDomainNames(reader, content, at), MAX_DOMAINS, at, 'domain names');
    }
    default: {
      return [{ terms: [{ ...podSet(reader, field, content, at, form), ...(field === 'namespaces' ? { wholeNamespaces: true as const } : {}) }] }];
    }
  }
}

export function readNetwork(reader: DocumentReader, text: string, path: FieldPath): Cidr {
  const cidr = locate(path, () => Cidr.lenient(text));
  if (cidr.toString() !== text && locate(path, () => Cidr.host(text.slice(0, text.indexOf('/')))).first !== cidr.first) {
    reader.note('host-bits', path, `"${text}" has host bits set; it means the network ${cidr.toString()}`);
  }
  return cidr;
}

export function readProtocol(reader: DocumentReader, value: unknown, path: FieldPath): Protocol {
  return value === undefined || value === null ? Protocol.TCP : reader.word(value, path, Object.values(Protocol));
}

export function portNumber(value: unknown, path: FieldPath): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= FIRST_PORT && value <= LAST_PORT) return value;
  throw wrong(value, path, 'is not a port number', 'a whole number from 1 to 65535');
}

export function portRange(protocol: Protocol, first: number, last: number): PortMatch {
  return { kind: 'range', protocol, first, last };
}

export function portByName(reader: DocumentReader, value: unknown, path: FieldPath): PortMatch {
  const name = reader.string(value, path);
  return { kind: 'named', name: locate(path, () => checkPortName(name)) };
}

export function readPriority(value: unknown, path: FieldPath): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1000) return value;
  throw wrong(value, path, 'is not a priority', 'a whole number from 0 to 1000; lower is evaluated first');
}

/** The one field out of several, which must be a known one. */
export function exactlyOne(reader: DocumentReader, value: unknown, path: FieldPath, fields: readonly string[]): [string, unknown] {
  const found = onlyField(reader, value, path, fields);
  if (found === undefined) throw wrong(value, path, 'has none of the fields that are known here', `exactly one of ${fields.join(', ')}`);
  return found;
}

function atMost<T>(items: readonly T[], limit: number, path: FieldPath, what: string): readonly T[] {
  if (items.length > limit) throw wrong(items.length, path, `are too many ${what}`, `at most ${limit}; split the policy`);
  return items;
}

/**
 * A port as `portNumber`, `portRange` or `namedPort`; the protocol of a number is TCP where it is left out, a name has that of
 * the API.
 */
export function readPortByKind(reader: DocumentReader, value: unknown, path: FieldPath, ofNames?: Protocol): PortMatch {
  const [field, content] = exactlyOne(reader, value, path, ['portNumber', 'portRange', 'namedPort']);
  const at = `${path}.${field}`;
  if (field === 'namedPort') return { ...portByName(reader, content, at), ...(ofNames === undefined ? {} : { protocol: ofNames }) };
  if (field === 'portNumber') {
    const { protocol, port } = reader.object(content, at, ['protocol', 'port']);
    const number = portNumber(port, `${at}.port`);
    return portRange(readProtocol(reader, protocol, `${at}.protocol`), number, number);
  }
  const { protocol, start, end } = reader.object(content, at, ['protocol', 'start', 'end']);
  const [first, last] = [portNumber(start, `${at}.start`), portNumber(end, `${at}.end`)];
  if (first > last) throw wrong(content, at, 'is a range that ends before it begins', 'the lower port as start');
  return portRange(readProtocol(reader, protocol, `${at}.protocol`), first, last);
}
