import { Peer, peerKey } from './peer';
import { canonicalPorts, PortMatch, portKey } from './port-match';

export type Direction = 'ingress' | 'egress';
export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** What a rule does that decides; `pass` leaves it to the next layer. */
export type Decision = 'allow' | 'deny' | 'pass';

/** `log` decides nothing: the next rule is asked. */
export type Action = Decision | 'log';

/** What one rule says about connections in one direction. */
export interface Rule {
  readonly direction: Direction;
  readonly action: Action;
  /** The other end; undefined means everybody, inside and outside of the cluster, an empty list nobody. */
  readonly peers?: readonly Peer[];
  /** The destination ports; undefined means every port and protocol. Never empty. */
  readonly ports?: readonly PortMatch[];
  /** Destination ports and protocols that it does not match, whatever `ports` says. Never empty. */
  readonly notPorts?: readonly PortMatch[];
  /** The rule speaks only about those pods of its policy that are one of these. Never empty. */
  readonly subject?: readonly Peer[];
  /** Source ports; undefined means every one. Names are those of container ports at the source. Never empty. */
  readonly sourcePorts?: readonly PortMatch[];
  readonly notSourcePorts?: readonly PortMatch[];
  /** A condition on the content of the traffic, which is not evaluated: HTTP paths, for one. */
  readonly l7?: string;
  /** The names that DNS queries may ask for, as `DomainName` has them; `*` lets every query through. */
  readonly dnsNames?: readonly string[];
  readonly name?: string;
  /** Where it stands in its document, in words of the API: `ingressDeny[0]`. */
  readonly place?: string;
  /** Its place among the written rules of its direction, where that is another than its place in the list: one written rule may become several. */
  readonly index?: number;
  /** Whether connections that it decides are logged, under a label or without. Decides nothing, and does not count for equality. */
  readonly log?: { readonly label?: string };
  /** How many ports were written where joining them made fewer: some data planes count. Does not count for equality. */
  readonly writtenPorts?: number;
}

type PortField = 'ports' | 'notPorts' | 'sourcePorts' | 'notSourcePorts';
type PeerField = 'peers' | 'subject';
const PORT_FIELDS: readonly PortField[] = ['ports', 'notPorts', 'sourcePorts', 'notSourcePorts'];
const PEER_FIELDS: readonly PeerField[] = ['peers', 'subject'];

/** A rule in canonical form: peers and ports sorted, each once. */
export function rule(parts: Rule): Rule {
  const { direction, action, name, l7, dnsNames, place, index, log } = parts;
  const made: { -readonly [Field in keyof Rule]: Rule[Field] } = { direction, action };
  for (const field of PEER_FIELDS) if (parts[field] !== undefined) made[field] = canonicalPeers(parts[field]);
  for (const field of PORT_FIELDS) if (parts[field] !== undefined) made[field] = canonicalPorts(parts[field]);
  if (l7 !== undefined) made.l7 = l7;
  if (dnsNames !== undefined) made.dnsNames = [...new Set(dnsNames)].sort();
  if (place !== undefined) made.place = place;
  if (name !== undefined) made.name = name;
  if (index !== undefined) made.index = index;
  if (log !== undefined) made.log = log;
  const written = Math.max(parts.writtenPorts ?? 0, parts.ports?.length ?? 0);
  if (written > (made.ports?.length ?? 0)) made.writtenPorts = written;
  return made;
}

function canonicalPeers(peers: readonly Peer[]): readonly Peer[] {
  if (peers.length < 2) return peers;
  const byKey = new Map(peers.map((peer) => [peerKey(peer), peer]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key)!);
}

/** Equal rules have equal keys; the name and the place do not count. */
export function ruleKey(each: Rule): string {
  const { direction, action, peers, ports, l7 } = each;
  const from = peers === undefined ? '*' : peers.map(peerKey).join(' | ');
  const to = ports === undefined ? '*' : ports.map(portKey).join(',');
  const narrowed = [
    ...(each.subject === undefined ? [] : [`subject ${each.subject.map(peerKey).join(' | ')}`]),
    ...(['notPorts', 'sourcePorts', 'notSourcePorts'] as const)
      .flatMap((field) => (each[field] === undefined ? [] : [`${field} ${each[field].map(portKey).join(',')}`])),
    ...(l7 === undefined ? [] : [`l7 ${l7}`]),
    ...(each.dnsNames === undefined ? [] : [`dns ${each.dnsNames.join(',')}`]),
  ];
  return [`${direction} ${action} ${from} : ${to}`, ...narrowed].join(' ; ');
}

/** What a rule says beside its peers and destination ports, in words; undefined for a plain rule. */
export function narrowingOf({ action, notPorts, subject, sourcePorts, notSourcePorts, l7, dnsNames }: Rule): string | undefined {
  if (action === 'log') return 'a rule that only logs';
  if (notPorts !== undefined) return 'ports that a rule does not match';
  if (subject !== undefined) return 'a rule for some of the pods of its policy';
  if (sourcePorts !== undefined || notSourcePorts !== undefined) return 'source ports';
  if (dnsNames !== undefined) return 'names of DNS queries';
  return l7 === undefined ? undefined : `a condition on the content of the traffic (${l7})`;
}
