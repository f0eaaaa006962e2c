import { ICMP, ICMP_V6, PolicyError, Protocol } from '../policy';

/** A packet as it is asked for: its destination port, or what it has in place of ports. */
export interface AskedPort {
  readonly protocol: Protocol | 'OTHER';
  /** 0 for protocols without ports. */
  readonly port: number;
  /** The source port; without it, that of an ordinary client, which its system picks: what rules say about some of those decides. */
  readonly sourcePort?: number;
  /** The number of a protocol without ports. */
  readonly number?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
}

const ICMP_NAMES: Readonly<Record<string, number>> = { icmp: ICMP, icmpv6: ICMP_V6 };

/** `80/TCP`; `ICMP`, `ICMP/8`, `ICMP/8/0` (type and code), `ICMPv6/128`; `IP/253` for another protocol by its number. */
export function parsePort(text: string): AskedPort {
  const [, name, type, code] = /^(icmp|icmpv6)(?:\/(\d{1,3}))?(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  if (name !== undefined && Number(type ?? 0) < 256 && Number(code ?? 0) < 256) {
    return {
      protocol: 'OTHER', port: 0, number: ICMP_NAMES[name.toLowerCase()]!,
      ...(type === undefined ? {} : { icmpType: Number(type) }), ...(code === undefined ? {} : { icmpCode: Number(code) }),
    };
  }
  const [, protocol] = /^ip\/(\d{1,3})$/i.exec(text) ?? [];
  if (protocol !== undefined && Number(protocol) < 256 && !WITH_PORTS.includes(Number(protocol))) return { protocol: 'OTHER', port: 0, number: Number(protocol) };
  const [, number, word] = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/i.exec(text) ?? [];
  const port = Number(number);
  if (number === undefined || port < 1 || port > 65535) {
    throw new PolicyError({ given: text, problem: 'is not a port that can be asked for', instead: '80/TCP, 53/UDP, 7777/SCTP, ICMP, ICMP/8/0 or IP/253' });
  }
  return { protocol: (word?.toUpperCase() ?? Protocol.TCP) as Protocol, port };
}

/** TCP, UDP and SCTP have ports, and are asked for with one. */
const WITH_PORTS: readonly number[] = [6, 17, 132];

export function portText({ protocol, port, number, icmpType, icmpCode }: AskedPort): string {
  if (protocol !== 'OTHER') return `${port}/${protocol}`;
  const name = number === undefined || number === ICMP ? 'ICMP' : number === ICMP_V6 ? 'ICMPv6' : `IP/${number}`;
  return [name, icmpType, icmpCode].filter((part) => part !== undefined).join('/');
}
