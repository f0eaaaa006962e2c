import { FIRST_PORT, ICMP, ICMP_V6, LAST_PORT, Policy, portKey, PortMatch, Rule } from '../../policy';
import { MAX_PORTS } from './api';
import { cannotSay } from './cannot-say';
import { RuleProtocol, writeProtocol } from './protocols';
import { split } from './write-entity';

export type PortJson = number | string;

/** What one rule says about protocols and ports. */
export interface PortsOfRule {
  readonly protocol?: string | number;
  readonly notProtocol?: string | number;
  readonly icmp?: { readonly type: number; readonly code?: number };
  readonly notICMP?: { readonly type: number; readonly code?: number };
  readonly source: PortLists;
  readonly destination: PortLists;
}

interface PortLists {
  readonly ports?: readonly PortJson[];
  readonly notPorts?: readonly PortJson[];
}

/** One protocol of a rule, with the entries of each list that belong to it. */
interface Part {
  readonly protocol: RuleProtocol | undefined;
  readonly destination: readonly PortMatch[] | undefined;
}

/** A rule has one protocol: one that names several becomes a rule for each. */
export function writePorts(policy: Policy, rule: Rule): readonly PortsOfRule[] {
  return partsOf(rule).flatMap(({ protocol, destination }) => {
    const not = notPartsOf(policy, rule, protocol);
    const source = { ...portsOf(policy, 'ports', rule.sourcePorts, protocol), ...portsOf(policy, 'notPorts', rule.notSourcePorts, protocol) };
    const lists: ReadonlyArray<readonly PortMatch[] | undefined> = destination === undefined ? [undefined] : split(destination, MAX_PORTS);
    return lists.map((list): PortsOfRule => {
      const [only, ...more] = list ?? [];
      const icmp = only?.kind === 'protocol' && more.length === 0 ? typeOf(only) : undefined;
      const ports = icmp !== undefined || list === undefined ? undefined : list.filter((match) => !isWhole(match)).map(portJson);
      return {
        ...(protocol === undefined ? {} : { protocol: writeProtocol(protocol) }),
        ...not.fields,
        ...(icmp === undefined ? {} : { icmp }),
        source,
        destination: { ...(ports === undefined || ports.length === 0 ? {} : { ports }), ...not.ports },
      };
    });
  });
}

/** Entries by protocol. Everything of a protocol swallows its ports; ICMP types cannot share a rule. */
function partsOf({ ports, sourcePorts, notPorts, notSourcePorts }: Rule): Part[] {
  if (ports === undefined) {
    const named = [...sourcePorts ?? [], ...notSourcePorts ?? []].concat((notPorts ?? []).filter((match) => !isWhole(match)));
    const protocols = [...new Set(named.map(protocolOf))];
    return protocols.length === 0 ? [{ protocol: undefined, destination: undefined }] : protocols.map((protocol) => ({ protocol, destination: undefined }));
  }
  return [...new Set(ports.map(protocolOf))].flatMap((protocol): Part[] => {
    const own = ports.filter((match) => protocolOf(match) === protocol);
    if (own.some(isWhole)) return [{ protocol, destination: undefined }];
    return typeof protocol === 'number' ? own.map((match) => ({ protocol, destination: [match] })) : [{ protocol, destination: own }];
  });
}

function protocolOf(match: PortMatch): RuleProtocol | undefined {
  return match.kind === 'protocol' ? match.number : match.protocol;
}

function isWhole(match: PortMatch): boolean {
  if (match.kind === 'protocol') return match.icmpType === undefined;
  return match.kind === 'range' && match.first === FIRST_PORT && match.last === LAST_PORT;
}

function typeOf({ icmpType, icmpCode }: Extract<PortMatch, { kind: 'protocol' }>): PortsOfRule['icmp'] {
  return icmpType === undefined ? undefined : { type: icmpType, ...(icmpCode === undefined ? {} : { code: icmpCode }) };
}

interface NotParts {
  readonly fields: Pick<PortsOfRule, 'notProtocol' | 'notICMP'>;
  readonly ports: PortLists;
}

/** What a rule does not match: a whole protocol, ports of its own protocol, one kind of ICMP. */
function notPartsOf(policy: Policy, { notPorts }: Rule, protocol: RuleProtocol | undefined): NotParts {
  const whole = (notPorts ?? []).filter(isWhole);
  const icmp = (notPorts ?? []).filter((match) => match.kind === 'protocol' && match.icmpType !== undefined);
  const rest = (notPorts ?? []).filter((match) => !whole.includes(match) && !icmp.includes(match));
  if (whole.length > 1) throw cannotSay(policy, 'several protocols that a rule does not match');
  const [kind, ...kinds] = icmp.filter((match) => protocol === undefined || protocolOf(match) === protocol);
  const ofIcmp = [kind, ...kinds].flatMap((match) => (match === undefined ? [] : [protocolOf(match)]));
  const isBothFamilies = protocol === undefined && ofIcmp.length === 2 && ofIcmp.includes(ICMP) && ofIcmp.includes(ICMP_V6);
  if (kinds.length > 0 && !isBothFamilies) throw cannotSay(policy, 'several kinds of ICMP that a rule does not match');
  const notICMP = kind?.kind === 'protocol' ? typeOf(kind) : undefined;
  return {
    fields: { ...(whole[0] === undefined ? {} : { notProtocol: writeProtocol(protocolOf(whole[0])!) }), ...(notICMP === undefined ? {} : { notICMP }) },
    ports: portsOf(policy, 'notPorts', rest.length > 0 ? rest : undefined, protocol),
  };
}

/** Ports of other protocols than that of the rule take nothing away and let nothing through. */
function portsOf(policy: Policy, field: keyof PortLists, matches: readonly PortMatch[] | undefined, protocol: RuleProtocol | undefined): PortLists {
  if (matches === undefined) return {};
  const own = matches.filter((match) => protocolOf(match) === undefined || protocolOf(match) === protocol);
  if (own.length === 0 && field === 'ports') throw cannotSay(policy, `source ports of another protocol (${matches.map(portKey).join(', ')})`);
  if (own.length > MAX_PORTS) throw cannotSay(policy, `more than ${MAX_PORTS} ports in one list`);
  return own.length === 0 ? {} : { [field]: own.map(portJson) };
}

function portJson(match: PortMatch): PortJson {
  if (match.kind === 'named') return match.name;
  if (match.kind === 'protocol') return match.number;
  return match.first === match.last ? match.first : `${match.first}:${match.last}`;
}
