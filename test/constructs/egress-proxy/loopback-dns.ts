import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

export interface Addresses {
  readonly a?: readonly string[];
  readonly aaaa?: readonly string[];
}

/** A name, as the server answers for it. */
export interface Zone extends Addresses {
  /** Different addresses for each query of a type in turn; the last ones stay. */
  readonly answers?: readonly Addresses[];
  /** Names that a reverse lookup gives. */
  readonly ptr?: readonly string[];
  /** SERVFAIL in place of an answer. */
  readonly fails?: boolean;
  /** No answer at all. */
  readonly silent?: boolean;
  /** No answer to the first question of each type, as if it was lost on the way. */
  readonly losesFirst?: boolean;
  /** Milliseconds to wait before the AAAA answer. */
  readonly slowAaaaMs?: number;
  /** Seconds; 60 where absent. */
  readonly ttl?: number;
}

export interface Query {
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'PTR' | 'other';
}

const TYPES: Record<number, Query['type']> = { 1: 'A', 28: 'AAAA', 12: 'PTR' };
const CODES = { A: 1, AAAA: 28, PTR: 12, other: 255 };

/** A DNS server on a loopback address, over UDP. Names that it does not know are NXDOMAIN. */
export class LoopbackDns {
  public static async start(address: string): Promise<LoopbackDns> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(53, address, resolve);
    });
    return new LoopbackDns(socket);
  }

  public readonly queries: Query[] = [];
  private readonly zones = new Map<string, Zone>();

  private constructor(private readonly socket: Socket) {
    socket.on('message', (message, from) => this.answer(message, from));
  }

  public set(name: string, zone: Zone): void {
    this.zones.set(name, zone);
  }

  public async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }

  private answer(message: Buffer, from: RemoteInfo): void {
    const { name, end } = readName(message);
    const type = TYPES[message.readUInt16BE(end)] ?? 'other';
    const question = message.subarray(12, end + 4);
    const zone = this.zones.get(name);
    this.queries.push({ name, type });
    if (zone?.silent === true || (zone?.losesFirst === true && this.turn(name, type) === 0)) return;
    const records = this.records(name, type, zone);
    const header = Buffer.alloc(12);
    message.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | (zone === undefined ? 3 : zone.fails === true ? 2 : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const reply = Buffer.concat([header, question, ...records.map((data) => record(CODES[type], zone?.ttl ?? 60, data))]);
    const send = (): void => this.socket.send(reply, from.port, from.address);
    if (type === 'AAAA' && zone?.slowAaaaMs !== undefined) setTimeout(send, zone.slowAaaaMs);
    else send();
  }

  /** How many questions of the type came before the one that is being answered. */
  private turn(name: string, type: Query['type']): number {
    return this.queries.filter((query) => query.name === name && query.type === type).length - 1;
  }

  private records(name: string, type: Query['type'], zone: Zone | undefined): Buffer[] {
    if (zone === undefined) return [];
    const { a = [], aaaa = [] } = zone.answers?.[Math.min(this.turn(name, type), zone.answers.length - 1)] ?? zone;
    if (type === 'A') return a.map(v4Bytes);
    if (type === 'AAAA') return aaaa.map(v6Bytes);
    return type === 'PTR' ? (zone.ptr ?? []).map(nameBytes) : [];
  }
}

/** The name that a reverse lookup of an IPv4 address asks for. */
export function reverseName(address: string): string {
  return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
}

function readName(message: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** A resource record whose owner points back to the question. */
function record(type: number, ttl: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function v4Bytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

function v6Bytes(address: string): Buffer {
  const [head = '', tail] = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => `${hex(a, b)}:${hex(c, d)}`).split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...front, ...new Array<string>(8 - front.length - back.length).fill('0'), ...back];
  const bytes = Buffer.alloc(16);
  groups.forEach((group, index) => bytes.writeUInt16BE(parseInt(group, 16), index * 2));
  return bytes;
}

function hex(high: string, low: string): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}

function nameBytes(name: string): Buffer {
  return Buffer.concat([...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])), Buffer.from([0])]);
}
