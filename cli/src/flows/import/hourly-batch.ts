import { createHash } from 'node:crypto';
import { HOUR, MINUTE } from '../durations';
import { Decider, Observation, ObservedPeer, PodPeer } from '../observation';
import { Reading } from '../sources/flow-source';

/** A node that has no name, in sources that do not say which one wrote a record. */
export const ANY_NODE = '*';

/** What makes two observations one row: everything but the time, the pods and the count. */
export interface BatchConnection {
  readonly id: bigint;
  readonly observation: Observation;
  readonly src: ObservedPeer;
  readonly dst: ObservedPeer;
}

/** A peer without its pod, which has a number while the batch lasts. */
interface Interned {
  readonly peer: ObservedPeer;
  readonly text: string;
  readonly number: number;
}

/** What a batch knows of a peer: who it is without its pod, and that pod. */
interface KnownPeer {
  readonly interned: Interned;
  readonly pod: BatchPod | undefined;
}

/** What an observation says beside who, where and when, which has a number while the batch lasts. */
interface Kind {
  readonly text: string;
  readonly number: number;
}

export interface BatchPod {
  peer: PodPeer;
  firstSeen: number;
  lastSeen: number;
}

/** One node in one hour: which of its minutes had events, as a bit each. */
export interface BatchCoverage {
  readonly node: string;
  readonly hour: number;
  events: number;
  lost: number;
  minutes: bigint;
}

/** What some records come to by the hour. Plain data, which one thread can hand to another. */
export interface BatchData {
  readonly connections: readonly BatchConnection[];
  /** `HOUR_NUMBERS` for each row: the place of the connection in the list, the hour, the count, and when it was first and last seen in it. */
  readonly hours: Float64Array;
  readonly pods: readonly BatchPod[];
  readonly coverage: readonly BatchCoverage[];
}
export const HOUR_NUMBERS = 5;

/** Where the rows of a connection are. Records come in the order of time, more or less: the last one is asked for most. */
interface RowsOfConnection {
  readonly place: number;
  readonly offsets: Map<number, number>;
  lastHour: number;
  lastOffset: number;
}

/** Adds records up by the hour, until they are written. It grows with what differs, and not with what was recorded. */
export class HourlyBatch {
  public rows = 0;
  private readonly connections: BatchConnection[] = [];
  /** By the numbers of the ends, then by those of the kind and the port. */
  private readonly pairs = new Map<number, Map<number, RowsOfConnection>>();
  private hours = new Float64Array(1024 * HOUR_NUMBERS);
  private readonly pods = new Map<string, BatchPod>();
  private readonly nodes = new Map<string, Map<number, HourOfNode>>();
  /** By identity: a source that remembers a peer gives the same one again. */
  private readonly knownPeers = new WeakMap<ObservedPeer, KnownPeer>();
  private readonly kinds = new Map<string, Kind>();
  private readonly internedTexts = new Map<string, Interned>();

  /** @param now the time of what does not say when it was */
  public constructor(private readonly now: number) {}

  public get data(): BatchData {
    const { connections, pods, nodes } = this;
    const coverage = [...nodes].flatMap(([node, hours]) => [...hours].map(([hour, { events, lost, early, late }]) => (
      { node, hour, events, lost, minutes: BigInt(early) | (BigInt(late) << BigInt(HALF)) }
    )));
    return { connections, hours: this.hours.slice(0, this.rows * HOUR_NUMBERS), pods: [...pods.values()], coverage };
  }

  /** @param times when it was, once for each of the records that it is the reading of; default: one, at its own time */
  public add(reading: Reading, times?: Float64Array): void {
    for (const observation of reading.observations) this.observe(observation, times);
    const { time, skipped, node = ANY_NODE, lost = 0 } = reading;
    if (time === undefined || skipped === 'malformed' || skipped === 'clock') return;
    for (const each of times ?? [time]) this.cover(node, each, lost);
  }

  private observe(observation: Observation, times: Float64Array | undefined): void {
    const src = this.known(observation.src);
    const dst = this.known(observation.dst);
    const connection = this.connectionOf(observation, src.interned, dst.interned);
    const { count, until } = observation;
    let [first, last] = [Infinity, -Infinity];
    if (times === undefined) {
      first = observation.time ?? this.now;
      last = Math.max(first, until === undefined ? first : until - 1);
      this.countAt(connection, count, first, last);
    } else {
      for (const time of times) {
        if (time < first) first = time;
        if (time > last) last = time;
        this.countAt(connection, count, time, time);
      }
    }
    widen(src.pod, observation.src, first, last);
    widen(dst.pod, observation.dst, first, last);
  }

  private countAt(connection: RowsOfConnection, count: number, time: number, last: number): void {
    const offset = this.rowOf(connection, Math.floor(time / HOUR));
    const { hours } = this;
    hours[offset + 2]! += count;
    if (time < hours[offset + 3]!) hours[offset + 3] = time;
    if (last > hours[offset + 4]!) hours[offset + 4] = last;
  }

  private rowOf(connection: RowsOfConnection, hour: number): number {
    if (connection.lastHour === hour) return connection.lastOffset;
    let offset = connection.offsets.get(hour);
    if (offset === undefined) {
      offset = this.rows++ * HOUR_NUMBERS;
      if (offset === this.hours.length) {
        const more = new Float64Array(2 * offset);
        more.set(this.hours);
        this.hours = more;
      }
      this.hours.set([connection.place, hour, 0, Infinity, -Infinity], offset);
      connection.offsets.set(hour, offset);
    }
    connection.lastHour = hour;
    return (connection.lastOffset = offset);
  }

  private connectionOf(observation: Observation, src: Interned, dst: Interned): RowsOfConnection {
    const kind = this.kindOf(observation);
    const pair = src.number * MOST_NUMBERS + dst.number;
    let ofPair = this.pairs.get(pair);
    if (ofPair === undefined) this.pairs.set(pair, (ofPair = new Map()));
    const port = kind.number * PORTS + (observation.port ?? PORTS - 1);
    let rows = ofPair.get(port);
    if (rows === undefined) {
      ofPair.set(port, (rows = { place: this.connections.length, offsets: new Map(), lastHour: Number.NaN, lastOffset: 0 }));
      const id = hashOf(`${src.text}\n${dst.text}\n${observation.port}/${kind.text}`);
      this.connections.push({ id, observation, src: src.peer, dst: dst.peer });
    }
    return rows;
  }

  private kindOf(observation: Observation): Kind {
    const { protocol, direction, verdict, decidedBy, service, evidence = '', icmpType = '' } = observation;
    const called = service === undefined ? '' : JSON.stringify([service.namespace, service.name, service.port, service.portName]);
    const text = `${protocol}/${direction}/${verdict}/${evidence}/${icmpType}/${called}/${decidedBy === null ? '' : decidersKey(decidedBy)}`;
    let kind = this.kinds.get(text);
    if (kind === undefined) this.kinds.set(text, (kind = { text, number: this.kinds.size }));
    return kind;
  }

  private known(peer: ObservedPeer): KnownPeer {
    let known = this.knownPeers.get(peer);
    if (known === undefined) this.knownPeers.set(peer, (known = { interned: this.intern(peer), pod: this.podOf(peer) }));
    return known;
  }

  private intern(peer: ObservedPeer): Interned {
    const identity = identityOf(peer);
    const text = JSON.stringify(identity);
    let interned = this.internedTexts.get(text);
    if (interned === undefined) this.internedTexts.set(text, (interned = { peer: identity, text, number: this.internedTexts.size }));
    return interned;
  }

  private podOf(peer: ObservedPeer): BatchPod | undefined {
    if (peer.kind !== 'pod' || peer.pod === undefined) return undefined;
    const key = `${peer.cluster ?? ''}/${peer.namespace}/${peer.pod}/${peer.ip ?? ''}`;
    let pod = this.pods.get(key);
    if (pod === undefined) this.pods.set(key, (pod = { peer, firstSeen: Infinity, lastSeen: -Infinity }));
    return pod;
  }

  private cover(node: string, time: number, lost: number): void {
    const hour = Math.floor(time / HOUR);
    let hours = this.nodes.get(node);
    if (hours === undefined) this.nodes.set(node, (hours = new Map()));
    let coverage = hours.get(hour);
    if (coverage === undefined) hours.set(hour, (coverage = { events: 0, lost: 0, early: 0, late: 0 }));
    coverage.events++;
    coverage.lost += lost;
    const minute = Math.floor((time - hour * HOUR) / MINUTE);
    if (minute < HALF) coverage.early |= 1 << minute;
    else coverage.late |= 1 << (minute - HALF);
  }
}

/** The minutes of an hour in two halves: bits of numbers end before sixty. */
const HALF = 30;
interface HourOfNode {
  events: number;
  lost: number;
  early: number;
  late: number;
}

/** More than a batch ever has of peers: rows are counted, and each has two. */
const MOST_NUMBERS = 2 ** 26;
const PORTS = 65_537;

function widen(pod: BatchPod | undefined, peer: ObservedPeer, from: number, until: number): void {
  if (pod === undefined) return;
  if (from < pod.firstSeen) pod.firstSeen = from;
  if (until <= pod.lastSeen) return;
  pod.lastSeen = until;
  // its labels are those that it had last
  pod.peer = peer as PodPeer;
}

/** The peer without what differs between two pods that are alike. */
function identityOf(peer: ObservedPeer): ObservedPeer {
  if (peer.kind === 'pod') {
    const { kind, namespace, workload, labels, cluster } = peer;
    return { kind, namespace, workload, labels, ...(cluster === undefined ? {} : { cluster }) };
  }
  return peer;
}

/** The order in which a record names policies says nothing. */
function decidersKey(deciders: readonly Decider[]): string {
  return deciders.map(({ kind, namespace, name, tier, rule, staged }) => JSON.stringify([kind, namespace, name, tier, rule, staged])).sort().join();
}

/** Sixty-four bits: in a million connections the chance that two share them is one in forty million. */
export function hashOf(text: string): bigint {
  return createHash('sha256').update(text).digest().readBigUInt64BE(0);
}
