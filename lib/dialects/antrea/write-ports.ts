import { FIRST_PORT, ICMP, ICMP_V6, LAST_PORT, Policy, PortMatch, ProtocolMatch, Rule } from '../../policy';
import { cannotSay } from './cannot-say';

type Json = Readonly<Record<string, unknown>>;
type WithPorts = Exclude<PortMatch, ProtocolMatch>;

/** `ports` and `protocols` of a rule; nothing where it speaks of all. */
export function writePorts(policy: Policy, { ports, notPorts, sourcePorts, notSourcePorts }: Rule): Json {
  if (notPorts !== undefined || notSourcePorts !== undefined) throw cannotSay(policy, 'ports that a rule does not match');
  if (ports === undefined) {
    if (sourcePorts !== undefined) throw cannotSay(policy, 'source ports of every protocol');
    return {};
  }
  const numbered = ports.filter((match): match is WithPorts => match.kind !== 'protocol');
  const others = ports.filter((match): match is ProtocolMatch => match.kind === 'protocol');
  if (sourcePorts !== undefined && others.length > 0) throw cannotSay(policy, 'source ports beside a protocol that has none');
  const entries = numbered.flatMap((match) => withSources(policy, match, sourcePorts));
  const protocols = writeProtocols(policy, others);
  return { ...(entries.length > 0 ? { ports: entries } : {}), ...(protocols.length > 0 ? { protocols } : {}) };
}

/** Each entry has source ports of its own: one for each of those of its protocol. */
function withSources(policy: Policy, match: WithPorts, sourcePorts: Rule['sourcePorts']): Json[] {
  const entry = writePort(policy, match);
  if (sourcePorts === undefined) return [entry];
  const own = sourcePorts.filter((source) => source.kind !== 'protocol' && source.protocol === match.protocol);
  if (own.length === 0 || own.length < sourcePorts.length) throw cannotSay(policy, 'source ports of another protocol than that of the destination');
  return own.map((source) => {
    if (source.kind !== 'range') throw cannotSay(policy, 'names of source ports');
    return { ...entry, sourcePort: source.first, ...(source.last > source.first ? { sourceEndPort: source.last } : {}) };
  });
}

function writePort(policy: Policy, match: WithPorts): Json {
  const { protocol } = match;
  if (protocol === undefined) throw cannotSay(policy, 'a named port of any protocol');
  if (match.kind === 'named') return { protocol, port: match.name };
  if (match.first === FIRST_PORT && match.last === LAST_PORT) return { protocol };
  return { protocol, port: match.first, ...(match.last > match.first ? { endPort: match.last } : {}) };
}

/** The ICMP of Antrea is that of both families at once. */
function writeProtocols(policy: Policy, matches: readonly ProtocolMatch[]): Json[] {
  const typeOf = ({ icmpType, icmpCode }: ProtocolMatch): string => `${icmpType ?? ''}/${icmpCode ?? ''}`;
  const [v4, v6] = [matches.filter(({ number }) => number === ICMP), matches.filter(({ number }) => number === ICMP_V6)];
  if (v4.length + v6.length < matches.length) throw cannotSay(policy, 'a protocol other than TCP, UDP, SCTP and ICMP');
  const types = new Set(v6.map(typeOf));
  if (v4.length !== v6.length || !v4.every((match) => types.has(typeOf(match)))) throw cannotSay(policy, 'ICMP of one IP family alone');
  return v4.map(({ icmpType, icmpCode }) => ({ icmp: { ...(icmpType === undefined ? {} : { icmpType }), ...(icmpCode === undefined ? {} : { icmpCode }) } }));
}
