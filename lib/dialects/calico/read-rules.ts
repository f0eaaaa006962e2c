import { Action, Direction, ICMP, ICMP_V6, PortMatch, rule, Rule } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { Entity, ENTITY_FIELDS, isEmpty, readEntity } from './entity';
import { readPorts, readProtocol, RuleProtocol, wholeProtocol } from './protocols';

const ACTIONS: Readonly<Record<string, Action>> = { Allow: 'allow', Deny: 'deny', Pass: 'pass', Log: 'log' };
const RULE_FIELDS = ['action', 'metadata', 'ipVersion', 'protocol', 'notProtocol', 'icmp', 'notICMP', 'source', 'destination', 'http'];

/** @see https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#rule */
export function readRules(reader: DocumentReader, spec: Readonly<Record<string, unknown>>, direction: Direction, namespace: string | undefined): Rule[] {
  const path = `spec.${direction}`;
  return (reader.list(spec[direction], path) ?? []).map((item, index) => readRule(reader, item, `${path}[${index}]`, direction, namespace));
}

function readRule(reader: DocumentReader, value: unknown, path: FieldPath, direction: Direction, namespace: string | undefined): Rule {
  const parts = reader.object(value, path, RULE_FIELDS);
  reader.object(parts.metadata, `${path}.metadata`, ['annotations']);
  const action = ACTIONS[reader.word(parts.action, `${path}.action`, Object.keys(ACTIONS))]!;
  const protocol = readProtocol(parts.protocol, `${path}.protocol`);
  const ipVersion = readIpVersion(parts.ipVersion, `${path}.ipVersion`);
  const source = reader.object(parts.source, `${path}.source`, ENTITY_FIELDS);
  const destination = reader.object(parts.destination, `${path}.destination`, ENTITY_FIELDS);
  const peers = readEntity(reader, direction === 'ingress' ? source : destination, `${path}.${direction === 'ingress' ? 'source' : 'destination'}`, namespace, ipVersion);
  const subject = readEntity(reader, direction === 'ingress' ? destination : source, `${path}.${direction === 'ingress' ? 'destination' : 'source'}`, namespace, undefined);
  const ports = readRulePorts(reader, parts, path, protocol, source, destination);
  const l7 = isEmpty(parts.http) ? undefined : `the HTTP match ${JSON.stringify(reader.object(parts.http, `${path}.http`, ['methods', 'paths']))} decides`;
  const made = rule({
    direction, action, ...(peers === undefined ? {} : { peers }), ...(subject === undefined ? {} : { subject }), ...ports, ...(l7 === undefined ? {} : { l7 }),
  });
  if (Object.values(ports).every((list) => list.length > 0)) return made;
  reader.note('no-effect', path, 'this rule speaks only about port 0, which no packet has');
  return rule({ direction, action, peers: [] });
}

function readIpVersion(value: unknown, path: FieldPath): 4 | 6 | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 4 || value === 6) return value;
  throw wrong(value, path, 'is not a version of IP', '4 or 6');
}

type RulePorts = { [Field in 'ports' | 'notPorts' | 'sourcePorts' | 'notSourcePorts']?: readonly PortMatch[] };

function readRulePorts(
  reader: DocumentReader, parts: Readonly<Record<string, unknown>>, path: FieldPath, protocol: RuleProtocol | undefined, source: Entity, destination: Entity,
): RulePorts {
  const icmp = readIcmp(reader, parts.icmp, `${path}.icmp`, protocol);
  const named = readPorts(reader, destination.ports, `${path}.destination.ports`, protocol);
  const notProtocol = readProtocol(parts.notProtocol, `${path}.notProtocol`);
  const found: RulePorts = {
    ports: named ?? icmp ?? (protocol === undefined ? undefined : [wholeProtocol(protocol)]),
    notPorts: together(
      notProtocol === undefined ? undefined : [wholeProtocol(notProtocol)],
      readNotIcmp(reader, parts.notICMP, `${path}.notICMP`, protocol),
      withoutNone(readPorts(reader, destination.notPorts, `${path}.destination.notPorts`, protocol)),
    ),
    sourcePorts: readPorts(reader, source.ports, `${path}.source.ports`, protocol, 0),
    notSourcePorts: withoutNone(readPorts(reader, source.notPorts, `${path}.source.notPorts`, protocol, 0)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, list]) => list !== undefined));
}

/** Port 0 among ports that are left out takes nothing away. */
function withoutNone(list: readonly PortMatch[] | undefined): readonly PortMatch[] | undefined {
  return list?.length === 0 ? undefined : list;
}

function together(...lists: ReadonlyArray<readonly PortMatch[] | undefined>): readonly PortMatch[] | undefined {
  const all = lists.flatMap((list) => list ?? []);
  return all.length === 0 ? undefined : all;
}

function readIcmp(reader: DocumentReader, value: unknown, path: FieldPath, protocol: RuleProtocol | undefined): PortMatch[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (protocol !== ICMP && protocol !== ICMP_V6) throw wrong(value, path, 'is an ICMP match in a rule of another protocol', 'protocol: ICMP or ICMPv6');
  const { type, code } = readTypeAndCode(reader, value, path);
  return type === undefined ? undefined : [icmpMatch(protocol, type, code)];
}

/** Without a protocol it speaks of both families. */
function readNotIcmp(reader: DocumentReader, value: unknown, path: FieldPath, protocol: RuleProtocol | undefined): PortMatch[] | undefined {
  const { type, code } = readTypeAndCode(reader, value, path);
  if (type === undefined) return undefined;
  const protocols = protocol === ICMP || protocol === ICMP_V6 ? [protocol] : [ICMP, ICMP_V6];
  return protocols.map((number) => icmpMatch(number, type, code));
}

function icmpMatch(number: number, type: number, code: number | undefined): PortMatch {
  return { kind: 'protocol', number, icmpType: type, ...(code === undefined ? {} : { icmpCode: code }) };
}

function readTypeAndCode(reader: DocumentReader, value: unknown, path: FieldPath): { type: number | undefined; code: number | undefined } {
  const { type, code } = reader.object(value, path, ['type', 'code']);
  const number = (item: unknown, field: string, last: number): number | undefined => {
    if (item === undefined || item === null) return undefined;
    if (typeof item === 'number' && Number.isInteger(item) && item >= 0 && item <= last) return item;
    throw wrong(item, `${path}.${field}`, `is not a ${field} of ICMP`, `a whole number from 0 to ${last}`);
  };
  const read = { type: number(type, 'type', 254), code: number(code, 'code', 255) };
  if (read.code !== undefined && read.type === undefined) throw wrong(value, path, 'has a code without a type', 'type: the ICMP type');
  return read;
}
