import { PolicyError, Protocol } from '../policy';

/** A destination port as it is asked for: `80/TCP`, or `ICMP` for what has no ports. */
export interface AskedPort {
  readonly protocol: Protocol | 'OTHER';
  readonly port: number;
}

export function parsePort(text: string): AskedPort {
  if (/^icmp$/i.test(text)) return { protocol: 'OTHER', port: 0 };
  const [, number, word] = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/i.exec(text) ?? [];
  const port = Number(number);
  if (number === undefined || port < 1 || port > 65535) {
    throw new PolicyError({ given: text, problem: 'is not a port that can be asked for', instead: '80/TCP, 53/UDP, 7777/SCTP or ICMP' });
  }
  return { protocol: (word?.toUpperCase() ?? Protocol.TCP) as Protocol, port };
}

export function portText({ protocol, port }: AskedPort): string {
  return protocol === 'OTHER' ? 'ICMP' : `${port}/${protocol}`;
}
