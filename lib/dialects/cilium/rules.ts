import { Direction, Peer, PortMatch, rule, Rule } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { peerFields, readPeers } from './peers';
import { PortGroup, readIcmps, readToPorts } from './ports';

/** What the rules of one spec say in one direction. */
export interface DirectionRules {
  /** Whether there are rules at all: without them the direction is open whatever else the policy says. */
  readonly present: boolean;
  readonly rules: readonly Rule[];
}

/** Denials first: they hold against every allow, whatever the order. */
export function readDirection(
  reader: DocumentReader, spec: Readonly<Record<string, unknown>>, path: FieldPath, direction: Direction, namespace: string | undefined,
): DirectionRules {
  const lists = [
    { field: `${direction}Deny`, action: 'deny' as const },
    { field: direction, action: 'allow' as const },
  ].map(({ field, action }) => ({ field, action, items: reader.list(spec[field], `${path}.${field}`) ?? [] }));
  return {
    present: lists.some(({ items }) => items.length > 0),
    rules: lists.flatMap(({ field, action, items }) => items.flatMap((item, index) => {
      const at = `${path}.${field}[${index}]`;
      return readRule(reader, item, at, direction, action, namespace, items.length === 1 && action === 'allow').map((each) => ({ ...each, place: `${field}[${index}]` }));
    })),
  };
}

/**
 * One element is several rules where its ports have different conditions. It is none where it names neither an end nor ports: alone
 * in its list that is how a default-deny is written.
 */
function readRule(
  reader: DocumentReader, value: unknown, path: FieldPath, direction: Direction, action: 'allow' | 'deny', namespace: string | undefined, isAlone: boolean,
): Rule[] {
  const requires = direction === 'ingress' ? 'fromRequires' : 'toRequires';
  const fields = peerFields(direction, action);
  const parts = reader.object(value, path, [...Object.keys(fields), requires, 'toPorts', 'icmps', ...(action === 'allow' ? ['authentication'] : [])]);
  const peers = readPeers(reader, parts, path, fields, namespace);
  const toPorts = readToPorts(reader, parts.toPorts, `${path}.toPorts`, action);
  const icmps = readIcmps(reader, parts.icmps, `${path}.icmps`);
  if (toPorts !== undefined && icmps !== undefined) {
    throw wrong(['toPorts', 'icmps'], path, 'stand in one rule: the agent refuses the whole policy', 'a rule for each of them');
  }
  if (direction === 'ingress' && toPorts?.some(({ dnsNames }) => dnsNames !== undefined)) {
    throw wrong('dns', `${path}.toPorts`, 'are rules about DNS at ingress: the agent refuses the whole policy', 'the rules at egress of the clients');
  }
  const required = readRequires(reader, parts[requires], `${path}.${requires}`, direction);
  if (peers === undefined && toPorts === undefined && icmps === undefined) {
    if (required.length === 0 && !isAlone) reader.note('no-effect', path, `is empty: it ${action === 'allow' ? 'allows' : 'denies'} nobody`);
    return required;
  }
  const ends = narrowedByAuthentication(reader, parts.authentication, `${path}.authentication`, peers === 'everybody' ? undefined : peers);
  return [...required, ...groupsOf(toPorts, icmps).map((group) => rule({ direction, action, ...(ends === undefined ? {} : { peers: ends }), ...group }))];
}

/** One rule for all ports without conditions, and one for each condition. */
function groupsOf(toPorts: readonly PortGroup[] | undefined, icmps: readonly PortMatch[] | undefined): Array<Partial<PortGroup>> {
  if (icmps !== undefined) return icmps.length === 0 ? [] : [{ ports: icmps }];
  if (toPorts === undefined) return [{}];
  const plain = toPorts.filter(({ l7, dnsNames }) => l7 === undefined && dnsNames === undefined).flatMap(({ ports }) => ports);
  return [...(plain.length > 0 ? [{ ports: plain }] : []), ...toPorts.filter(({ l7, dnsNames }) => l7 !== undefined || dnsNames !== undefined)];
}

/** Traffic of ends that do not authenticate themselves is dropped. */
function narrowedByAuthentication(reader: DocumentReader, value: unknown, path: FieldPath, peers: readonly Peer[] | undefined): readonly Peer[] | undefined {
  if (value === undefined || value === null) return peers;
  const mode = reader.word(reader.object(value, path, ['mode']).mode, `${path}.mode`, ['disabled', 'required', 'test-always-fail']);
  if (mode === 'disabled') return peers;
  const unknown = { kind: 'unevaluated', what: `${path}: only where both ends authenticate each other` } as const;
  return peers === undefined ? [{ terms: [unknown] }] : peers.map(({ terms }) => ({ terms: [...terms, unknown] }));
}

/** Removed in 1.19; before, a condition on the peers of every policy of the same pods. It may deny, and never allows. */
function readRequires(reader: DocumentReader, value: unknown, path: FieldPath, direction: Direction): Rule[] {
  const items = reader.list(value, path) ?? [];
  if (items.length === 0) return [];
  return [rule({ direction, action: 'deny', peers: [{ terms: [{ kind: 'unevaluated', what: `${path} is not evaluated; it was removed in Cilium 1.19` }] }] })];
}
