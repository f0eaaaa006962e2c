import { Action, Direction, Peer, rule, Rule } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { AppliedTo, readAppliedTo } from './applied-to';
import { isGiven, optionalText, readReference } from './names';
import { readPeer } from './peers';
import { PortGroup, readPortGroups } from './ports';

const ACTIONS: Readonly<Record<string, Action>> = { Allow: 'allow', Drop: 'deny', Reject: 'deny', Pass: 'pass' };
const FIELDS = ['name', 'action', 'ports', 'protocols', 'l7Protocols', 'enableLogging', 'logLabel', 'appliedTo'];

/** What the whole policy says about each of its rules. */
export interface RuleContext {
  readonly namespace: string | undefined;
  /** Undefined where each rule has its own. */
  readonly appliedTo: AppliedTo | undefined;
  /** Whether the packet may be left to the next layer: not where there is none. */
  readonly mayPass: boolean;
}

/** The rules of one direction in the order in which they are asked. */
export function readRules(reader: DocumentReader, spec: Readonly<Record<string, unknown>>, direction: Direction, context: RuleContext): Rule[] {
  const path = `spec.${direction}`;
  const found: Rule[] = [];
  for (const [index, item] of (reader.list(spec[direction], path) ?? []).entries()) {
    for (const each of readRule(reader, item, `${path}[${index}]`, direction, context)) {
      found.push(found.length === index ? each : { ...each, index });
    }
  }
  return found;
}

/** One written rule. It becomes several where its ports have source ports of their own. */
function readRule(reader: DocumentReader, value: unknown, path: FieldPath, direction: Direction, { namespace, appliedTo, mayPass }: RuleContext): Rule[] {
  const end = direction === 'ingress' ? 'from' : 'to';
  const parts = reader.object(value, path, [...FIELDS, end, ...(direction === 'egress' ? ['toServices'] : [])]);
  const action = ACTIONS[reader.word(parts.action, `${path}.action`, Object.keys(ACTIONS))]!;
  if (action === 'pass' && !mayPass) throw wrong('Pass', `${path}.action`, 'leaves the packet to the next tier, and none comes after this one', 'Allow, Drop or Reject');
  const own = readAppliedTo(reader, parts.appliedTo, `${path}.appliedTo`, direction, namespace);
  if (own !== undefined && appliedTo !== undefined) throw wrong(parts.appliedTo, `${path}.appliedTo`, 'stands in a rule and in the policy', 'appliedTo in one of the two');
  const applied = own ?? appliedTo;
  if (applied === undefined) throw wrong(value, path, 'is about nobody: neither the rule nor the policy has appliedTo', 'appliedTo in the policy, or in each rule');
  if (applied.isOfServices && direction === 'egress') throw wrong(value, path, 'is an egress rule of a policy for Services', 'ingress rules alone');
  const services = direction === 'egress' ? readServices(reader, value, parts, path, namespace) : undefined;
  const items = reader.list(parts[end], `${path}.${end}`) ?? [];
  const named = items.flatMap((item, index) => readPeer(reader, item, `${path}.${end}[${index}]`, direction, namespace));
  const peers = services ?? (items.length === 0 ? undefined : named);
  const name = optionalText(reader, parts.name, `${path}.name`);
  const l7 = readL7(reader, parts.l7Protocols, `${path}.l7Protocols`, action);
  const log = readLog(reader, parts, path);
  return readPortGroups(reader, parts, path).map(({ ports, sourcePorts, unevaluated }) => rule({
    direction,
    action,
    ...peersOf(applied.isOfServices ? fromOutside(peers) : peers, unevaluated),
    ...(applied.subject === undefined ? {} : { subject: applied.subject }),
    ...(ports === undefined ? {} : { ports }),
    ...(sourcePorts === undefined ? {} : { sourcePorts }),
    ...(l7 === undefined ? {} : { l7 }),
    ...(name === undefined ? {} : { name }),
    ...(log === undefined ? {} : { log }),
  }));
}

function peersOf(peers: readonly Peer[] | undefined, unevaluated: PortGroup['unevaluated']): { readonly peers?: readonly Peer[] } {
  if (unevaluated === undefined) return peers === undefined ? {} : { peers };
  const term = { kind: 'unevaluated' as const, what: unevaluated };
  return { peers: peers === undefined ? [{ terms: [term] }] : peers.map(({ terms }) => ({ terms: [...terms, term] })) };
}

/** Only clients from outside come in through a NodePort. */
function fromOutside(peers: readonly Peer[] = [{ terms: [] }]): readonly Peer[] {
  return peers.map(({ terms }) => ({ terms: [...terms, { kind: 'entity', entity: 'world' }] }));
}

/**
 * Services by the address that is dialled, with all of their ports.
 * @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#toservices-egress-rules
 */
function readServices(
  reader: DocumentReader, value: unknown, parts: Readonly<Record<string, unknown>>, path: FieldPath, namespace: string | undefined,
): readonly Peer[] | undefined {
  const items = reader.list(parts.toServices, `${path}.toServices`) ?? [];
  if (items.length === 0) return undefined;
  for (const field of ['to', 'ports', 'protocols', 'l7Protocols']) {
    if ((reader.list(parts[field], `${path}.${field}`) ?? []).length > 0) throw wrong(value, path, `has toServices beside ${field}`, 'two rules');
  }
  return items.map((item, index): Peer => {
    const at = `${path}.toServices[${index}]`;
    const { scope } = (item ?? {}) as { readonly scope?: unknown };
    const service = readReference(reader, item, at, namespace, ['scope']);
    const isClusterSet = isGiven(scope) && reader.word(scope, `${at}.scope`, ['Cluster', 'ClusterSet']) === 'ClusterSet';
    if (isClusterSet) return { terms: [{ kind: 'unevaluated', what: `${at}: Services of other clusters are not evaluated` }] };
    return { terms: [{ kind: 'dialledService', ...service }] };
  });
}

const HTTP = ['host', 'method', 'path'];

/** What a rule asks of the content: the rest of the connections that it matches is dropped. */
function readL7(reader: DocumentReader, value: unknown, path: FieldPath, action: Action): string | undefined {
  const items = reader.list(value, path) ?? [];
  if (items.length === 0) return undefined;
  if (action !== 'allow') throw wrong(value, path, 'stands in a rule that does not allow', 'action: Allow');
  for (const [index, item] of items.entries()) {
    const at = `${path}[${index}]`;
    const { http, tls } = reader.object(item, at, ['http', 'tls']);
    if ((http === undefined || http === null) === (tls === undefined || tls === null)) throw wrong(item, at, 'names no protocol, or two', 'exactly one of http, tls');
    reader.object(http, `${at}.http`, HTTP);
    reader.object(tls, `${at}.tls`, ['sni']);
  }
  return `${path}: which requests pass depends on their content`;
}

function readLog(reader: DocumentReader, { enableLogging, logLabel }: Readonly<Record<string, unknown>>, path: FieldPath): Rule['log'] {
  const label = optionalText(reader, logLabel, `${path}.logLabel`);
  if (enableLogging === undefined || enableLogging === null || enableLogging === false) return undefined;
  if (enableLogging !== true) throw wrong(enableLogging, `${path}.enableLogging`, 'is neither true nor false', 'true or false');
  return label === undefined ? {} : { label };
}
