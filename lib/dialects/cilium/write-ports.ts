import { FIRST_PORT, ICMP, ICMP_V6, LAST_PORT, Policy, PortMatch, PortRange, Rule } from '../../policy';
import { CiliumPortRuleJson, CiliumRuleJson, MAX_ICMP_FIELDS, MAX_PORTS } from './api';
import { cannotSay } from './cannot-say';
import { writeDnsPattern } from './dns-patterns';

type Ports = Pick<CiliumRuleJson, 'toPorts' | 'icmps'>;

/** The fields for the ports of a rule: one set of them, or two where it has ports and types of ICMP, which do not stand together. */
export function writePorts(policy: Policy, { action, ports, dnsNames }: Rule): Ports[] {
  if (ports === undefined) {
    if (dnsNames !== undefined) throw cannotSay(policy, 'DNS names on every port');
    return [{}];
  }
  const icmp = ports.filter(isIcmp).map((match) => writeIcmp(policy, match));
  const entries = ports.filter((match) => !isIcmp(match)).map((match) => writePort(policy, match));
  if (dnsNames !== undefined && (icmp.length > 0 || action === 'deny')) throw cannotSay(policy, 'DNS names beside what is no DNS');
  const rules = dnsNames === undefined ? {} : { rules: { dns: dnsNames.map(writeDnsPattern) } };
  return [
    ...(entries.length > 0 ? [{ toPorts: split(entries, MAX_PORTS).map((some) => ({ ports: some, ...rules })) }] : []),
    ...(icmp.length > 0 ? [{ icmps: split(icmp, MAX_ICMP_FIELDS).map((fields) => ({ fields })) }] : []),
  ];
}

function isIcmp(match: PortMatch): match is PortMatch & { readonly kind: 'protocol' } {
  return match.kind === 'protocol' && (match.number === ICMP || match.number === ICMP_V6);
}

function writeIcmp(policy: Policy, match: PortMatch & { readonly kind: 'protocol' }): { readonly family: string; readonly type: number } {
  if (match.icmpType === undefined) throw cannotSay(policy, 'every type of ICMP; name the types, or leave the ports out');
  if (match.icmpCode !== undefined) throw cannotSay(policy, 'a code of ICMP');
  return { family: match.number === ICMP ? 'IPv4' : 'IPv6', type: match.icmpType };
}

function writePort(policy: Policy, match: PortMatch): CiliumPortRuleJson['ports'][number] {
  switch (match.kind) {
    case 'named':
      return { port: match.name, protocol: match.protocol ?? 'ANY' };
    case 'range':
      return writeRange(match);
    default:
      throw cannotSay(policy, `the protocol number ${match.number}, which needs enable-extended-ip-protocols`);
  }
}

function writeRange({ protocol, first, last }: PortRange): CiliumPortRuleJson['ports'][number] {
  if (first === FIRST_PORT && last === LAST_PORT) return { port: '0', protocol };
  return first === last ? { port: `${first}`, protocol } : { port: `${first}`, endPort: last, protocol };
}

function split<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
