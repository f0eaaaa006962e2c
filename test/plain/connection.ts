import type { Party } from './party';
import type { Pod } from './pod';

export type Protocol = 'TCP' | 'UDP' | 'SCTP' | 'ICMP';

/** What is asked: may this packet open a connection? */
export interface Connection {
  readonly source: Party;
  readonly destination: Party;
  readonly protocol: Protocol;
  /** The destination port; absent for ICMP. */
  readonly port: number | undefined;
  /** What the source dialled, when it was a Service in front of the destination. */
  readonly dialled?: Dialled;
}

export interface Dialled {
  readonly party: Party;
  readonly port: number | undefined;
  /** May a client outside of the cluster appear under the address of a node? */
  readonly hidesClient: boolean;
}

export type Direction = 'ingress' | 'egress';

/** The end whose policies are asked, and the other one. */
export interface View {
  readonly direction: Direction;
  readonly local: Pod;
  readonly remote: Party;
  readonly connection: Connection;
}

/** Named ports are looked up at the destination: "a numerical or named port on a pod". Addresses and nodes have none. */
export function hasNamedPort(connection: Connection, name: string, protocol: string): boolean {
  const { destination } = connection;
  return destination.kind === 'pod' && connection.protocol === protocol && destination.pod.ports.some((port) =>
    port.name === name && port.protocol === protocol && port.number === connection.port);
}

/** `8080/TCP`, `53/UDP`, `ICMP`. */
export function parsePort(text: string): Pick<Connection, 'protocol' | 'port'> {
  if (text === 'ICMP') {
    return { protocol: 'ICMP', port: undefined };
  }
  const [, number, protocol] = /^(\d{1,5})\/(TCP|UDP|SCTP)$/.exec(text) ?? [];
  if (number === undefined || Number(number) < 1 || Number(number) > 65535) {
    throw new Error(`port '${text}' is not in the form 8080/TCP (protocols: TCP, UDP, SCTP; or the word ICMP)`);
  }
  return { protocol: protocol as Protocol, port: Number(number) };
}
