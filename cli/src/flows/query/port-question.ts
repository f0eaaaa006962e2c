import { UsageError } from '../../usage-error';
import { ObservedConnection } from '../store/flow-store';
import { allFit, Fit } from './fit';

/** A port, of one protocol or of any; or a protocol that has none. */
export interface PortQuestion {
  readonly port?: number;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP' | 'ICMP' | 'ICMPv6';
}

const WITHOUT_PORTS = { icmp: 'ICMP', icmpv6: 'ICMPv6' } as const;

/** `8080`, `8080/TCP`, `ICMP` or `ICMPv6`. */
export function portQuestion(text: string): PortQuestion {
  const word = text.toLowerCase();
  if (word === 'icmp' || word === 'icmpv6') return { protocol: WITHOUT_PORTS[word] };
  const [, number, protocol] = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(word) ?? [];
  const port = Number(number);
  if (number === undefined || port < 1 || port > 65_535) throw new UsageError(`--port: "${text}" is not a port. Instead: 8080, 8080/TCP, ICMP or ICMPv6`);
  return protocol === undefined ? { port } : { port, protocol: protocol.toUpperCase() as 'TCP' | 'UDP' | 'SCTP' };
}

/** The port of the record, or that of the Service that was called: a person may know either. */
export function portFit(question: PortQuestion, { port, protocol, service }: ObservedConnection): Fit {
  const isProtocol: Fit = question.protocol === undefined || question.protocol === protocol ? true : protocol === 'unknown' ? 'protocol' : false;
  if (question.port === undefined) return isProtocol;
  if (protocol === 'ICMP' || protocol === 'ICMPv6') return false;
  const isPort: Fit = port === question.port || service?.port === question.port ? true : port === null ? 'port' : false;
  return allFit([isProtocol, isPort]);
}
