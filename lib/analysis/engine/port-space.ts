import { isNamed, PortMatch, Protocol, ProtocolMatch, Rule } from '../../policy';
import { AskedPort } from '../asked-port';
import { ContainerPort } from '../inventory';
import { portlessPieces, PortlessPiece } from './portless';

/** Ports that no rule tells apart; `OTHER` is ICMP and every protocol without ports, in pieces where rules tell those apart. */
export interface PortAtom {
  readonly protocol: Protocol | 'OTHER';
  readonly first: number;
  readonly last: number;
  readonly piece?: PortlessPiece;
}

/** A set of atoms, interned: equal sets are the same number. */
export type PortSet = number;

/** Which ports a rule matches for certain, and which it may match. */
export interface PortSpan {
  readonly certain: PortSet;
  readonly possible: PortSet;
}

/**
 * `"all"`, or protocol -> `"all"` or intervals (`80,443-445`). Towards pods that may come to exist a port can be a name that
 * each of them resolves by itself (`80,http`); names that go with any protocol stand under `"any"`.
 */
export type PortsJson = 'all' | Readonly<Record<string, string>>;

const PROTOCOLS = [Protocol.SCTP, Protocol.TCP, Protocol.UDP] as const;
const PAIR = 2 ** 26;

/**
 * All ports of all protocols, cut where some rule or named port begins or ends. Sets of the pieces are interned, and what was
 * once computed about two of them is remembered: there are few distinct sets, however many pods there are.
 */
export class PortSpace {
  public readonly atoms: readonly PortAtom[];
  public readonly none: PortSet;
  public readonly all: PortSet;
  /** ICMP and other protocols without ports. */
  public readonly other: PortSet;
  /** Every port of TCP, UDP and SCTP. */
  public readonly transport: PortSet;
  private readonly portless: number;
  private readonly words: number;
  private readonly sets: Uint32Array[] = [];
  private readonly ids = new Map<string, PortSet>();
  private readonly results: ReadonlyArray<Map<number, PortSet>> = [new Map(), new Map(), new Map()];
  private readonly rendered = new Map<PortSet, PortsJson>();
  private readonly starts: Readonly<Record<Protocol, { readonly offset: number; readonly firsts: readonly number[] }>>;

  public constructor(rules: readonly Rule[], numbers: Iterable<ContainerPort>) {
    const cuts: Record<Protocol, Set<number>> = { TCP: new Set([1]), UDP: new Set([1]), SCTP: new Set([1]) };
    const cut = (protocol: Protocol, first: number, last: number): void => {
      cuts[protocol].add(first);
      if (last < 65535) cuts[protocol].add(last + 1);
    };
    const portless: ProtocolMatch[] = [];
    for (const rule of rules) {
      for (const match of [...rule.ports ?? [], ...rule.notPorts ?? []]) {
        if (match.kind === 'range') cut(match.protocol, match.first, match.last);
        else if (match.kind === 'protocol') portless.push(match);
      }
    }
    for (const { protocol, number } of numbers) cut(protocol, number, number);
    const atoms: PortAtom[] = portlessPieces(portless).map((piece) => ({ protocol: 'OTHER', first: 0, last: 0, piece }));
    this.portless = atoms.length;
    const starts = {} as Record<Protocol, { offset: number; firsts: number[] }>;
    for (const protocol of PROTOCOLS) {
      const firsts = [...cuts[protocol]].sort((a, b) => a - b);
      starts[protocol] = { offset: atoms.length, firsts };
      firsts.forEach((first, index) => atoms.push({ protocol, first, last: (firsts[index + 1] ?? 65536) - 1 }));
    }
    this.atoms = atoms;
    this.starts = starts;
    this.words = Math.ceil(atoms.length / 32);
    this.none = this.intern(new Uint32Array(this.words));
    this.other = this.ofAtoms(atoms.map((_, atom) => atom).slice(0, this.portless));
    this.transport = this.ofAtoms(atoms.map((_, atom) => atom).slice(this.portless));
    this.all = this.or(this.other, this.transport);
  }

  public and(a: PortSet, b: PortSet): PortSet {
    return a === b ? a : this.combine(0, a, b, (x, y) => x & y);
  }

  public or(a: PortSet, b: PortSet): PortSet {
    return a === b ? a : this.combine(1, a, b, (x, y) => x | y);
  }

  public minus(a: PortSet, b: PortSet): PortSet {
    return a === b ? this.none : this.combine(2, a, b, (x, y) => x & ~y);
  }

  public has(set: PortSet, atom: number): boolean {
    return ((this.sets[set]![atom >> 5]! >>> (atom & 31)) & 1) === 1;
  }

  public ofAtoms(atoms: Iterable<number>): PortSet {
    const words = new Uint32Array(this.words);
    for (const atom of atoms) words[atom >> 5]! |= 1 << (atom & 31);
    return this.intern(words);
  }

  /** The atoms that an asked port stands for: one, but for protocols without ports. */
  public atomsOf({ protocol, port, number, icmpType, icmpCode }: AskedPort): readonly number[] {
    if (protocol !== 'OTHER') return [this.atomOf(protocol, port)];
    const pieces = this.atoms.slice(0, this.portless).map(({ piece }) => piece!);
    return pieces.flatMap((piece, atom) => (piece.mayBe(number, icmpType, icmpCode) ? [atom] : []));
  }

  /** The atom that a port lies in. */
  public atomOf(protocol: Protocol, port: number): number {
    const { offset, firsts } = this.starts[protocol];
    let [low, high] = [0, firsts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firsts[middle]! <= port) low = middle;
      else high = middle - 1;
    }
    return offset + low;
  }

  /** The destination ports of a rule, at a destination with these container ports. */
  public ofRule({ ports, notPorts }: Rule, container: readonly ContainerPort[]): PortSet {
    const matched = this.ofMatches(ports, container);
    return notPorts === undefined ? matched : this.minus(matched, this.ofMatches(notPorts, container));
  }

  /** Every port of some protocols. */
  public ofProtocols(protocols: readonly Protocol[]): PortSet {
    return this.ofMatches(protocols.map((protocol) => ({ kind: 'range', protocol, first: 1, last: 65535 })), []);
  }

  /** What a rule's ports mean at a destination with these container ports. Names that it does not have match nothing. */
  public ofMatches(matches: readonly PortMatch[] | undefined, container: readonly ContainerPort[]): PortSet {
    if (matches === undefined) return this.all;
    const atoms: number[] = [];
    const add = (protocol: Protocol, first: number, last: number): void => {
      for (let atom = this.atomOf(protocol, first); this.atoms[atom]?.protocol === protocol && this.atoms[atom]!.first <= last; atom++) atoms.push(atom);
    };
    for (const match of matches) {
      if (match.kind === 'range') {
        add(match.protocol, match.first, match.last);
        continue;
      }
      if (match.kind === 'protocol') {
        for (let atom = 0; atom < this.portless; atom++) if (this.atoms[atom]!.piece!.isIn(match)) atoms.push(atom);
        continue;
      }
      for (const port of container) if (isNamed(match, port)) add(port.protocol, port.number, port.number);
    }
    return this.ofAtoms(atoms);
  }

  /** The set without protocols that have no ports, as JSON output says it; they are `"all"` only where no rule excludes them. */
  public toJson(set: PortSet, withOther: PortSet = set): PortsJson {
    const key = set * PAIR + withOther;
    let json = this.rendered.get(key);
    if (json === undefined) this.rendered.set(key, (json = this.render(set, this.minus(this.other, withOther) === this.none)));
    return json;
  }

  private render(set: PortSet, other: boolean): PortsJson {
    if (other && this.minus(this.transport, set) === this.none) return 'all';
    const ports: Record<string, string> = {};
    for (const protocol of PROTOCOLS) {
      const runs: Array<[number, number]> = [];
      const { offset, firsts } = this.starts[protocol];
      for (let atom = offset; atom < offset + firsts.length; atom++) {
        if (!this.has(set, atom)) continue;
        const { first, last } = this.atoms[atom]!;
        const run = runs.at(-1);
        if (run !== undefined && run[1] + 1 === first) run[1] = last;
        else runs.push([first, last]);
      }
      if (runs.length === 0) continue;
      const [first, last] = runs[0]!;
      ports[protocol] = first === 1 && last === 65535 ? 'all' : runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
    }
    return ports;
  }

  private combine(operation: 0 | 1 | 2, a: PortSet, b: PortSet, word: (x: number, y: number) => number): PortSet {
    const known = this.results[operation]!;
    const key = a * PAIR + b;
    let result = known.get(key);
    if (result === undefined) {
      const [x, y] = [this.sets[a]!, this.sets[b]!];
      const words = new Uint32Array(this.words);
      for (let index = 0; index < this.words; index++) words[index] = word(x[index]!, y[index]!);
      result = this.intern(words);
      known.set(key, result);
    }
    return result;
  }

  private intern(words: Uint32Array): PortSet {
    const key = words.join(',');
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.sets.length;
      this.sets.push(words);
      this.ids.set(key, id);
    }
    return id;
  }
}
