import { createHash } from 'node:crypto';
import { Decider, Observation, ObservedPeer, PodPeer } from '../observation';
import { Reading } from '../sources/flow-source';

export const HOUR = 3_600_000;
const MINUTE = 60_000;
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

export interface BatchPod {
  readonly peer: PodPeer;
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
  private readonly rowsByKey = new Map<string, RowsOfConnection>();
  private hours = new Float64Array(1024 * HOUR_NUMBERS);
  private readonly pods = new Map<string, BatchPod>();
  private readonly coverage = new Map<string, BatchCoverage>();
  /** By identity: a source that remembers a peer gives the same one again. */
  private readonly knownPods = new WeakMap<ObservedPeer, BatchPod>();
  private readonly internedPeers = new WeakMap<ObservedPeer, Interned>();
  private readonly internedTexts = new Map<string, Interned>();
  private lastCoverage: BatchCoverage | undefined;

  /** @param now the time of what does not say when it was */
  public constructor(private readonly now: number) {}

  public get data(): BatchData {
    return { connections: this.connections, hours: this.hours.slice(0, this.rows * HOUR_NUMBERS), pods: [...this.pods.values()], coverage: [...this.coverage.values()] };
  }

  public add(reading: Reading): void {
    for (const observation of reading.observations) this.observe(observation, observation.time ?? this.now);
    const { time, skipped } = reading;
    if (time !== undefined && skipped !== 'malformed' && skipped !== 'clock') this.cover(reading.node ?? ANY_NODE, time, reading.lost ?? 0);
  }

  private observe(observation: Observation, time: number): void {
    const last = Math.max(time, observation.until === undefined ? time : observation.until - 1);
    this.sight(observation.src, time, last);
    this.sight(observation.dst, time, last);
    const offset = this.rowOf(this.connectionOf(observation), Math.floor(time / HOUR));
    const { hours } = this;
    hours[offset + 2]! += observation.count;
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

  private connectionOf(observation: Observation): RowsOfConnection {
    const src = this.intern(observation.src);
    const dst = this.intern(observation.dst);
    const { port, protocol, direction, verdict, decidedBy, service, evidence = '', icmpType = '' } = observation;
    const called = service === undefined ? '' : JSON.stringify([service.namespace, service.name, service.port, service.portName]);
    const words = `${port}/${protocol}/${direction}/${verdict}/${evidence}/${icmpType}/${called}/${decidedBy === null ? '' : decidersKey(decidedBy)}`;
    const key = `${src.number}/${dst.number}/${words}`;
    let rows = this.rowsByKey.get(key);
    if (rows === undefined) {
      this.rowsByKey.set(key, (rows = { place: this.connections.length, offsets: new Map(), lastHour: Number.NaN, lastOffset: 0 }));
      this.connections.push({ id: hashOf(`${src.text}\n${dst.text}\n${words}`), observation, src: src.peer, dst: dst.peer });
    }
    return rows;
  }

  private intern(peer: ObservedPeer): Interned {
    let interned = this.internedPeers.get(peer);
    if (interned !== undefined) return interned;
    const identity = identityOf(peer);
    const text = JSON.stringify(identity);
    interned = this.internedTexts.get(text);
    if (interned === undefined) this.internedTexts.set(text, (interned = { peer: identity, text, number: this.internedTexts.size }));
    this.internedPeers.set(peer, interned);
    return interned;
  }

  private sight(peer: ObservedPeer, from: number, until: number): void {
    if (peer.kind !== 'pod' || peer.pod === undefined) return;
    let pod = this.knownPods.get(peer);
    if (pod === undefined) this.knownPods.set(peer, (pod = this.pod(peer, from)));
    if (from < pod.firstSeen) pod.firstSeen = from;
    if (until > pod.lastSeen) pod.lastSeen = until;
  }

  private pod(peer: PodPeer, time: number): BatchPod {
    const key = `${peer.cluster ?? ''}/${peer.namespace}/${peer.pod}/${peer.ip ?? ''}`;
    let pod = this.pods.get(key);
    if (pod === undefined) this.pods.set(key, (pod = { peer, firstSeen: time, lastSeen: time }));
    return pod;
  }

  private cover(node: string, time: number, lost: number): void {
    const hour = Math.floor(time / HOUR);
    let coverage = this.lastCoverage;
    if (coverage?.hour !== hour || coverage.node !== node) {
      const key = `${hour}/${node}`;
      coverage = this.coverage.get(key);
      if (coverage === undefined) this.coverage.set(key, (coverage = { node, hour, events: 0, lost: 0, minutes: 0n }));
      this.lastCoverage = coverage;
    }
    coverage.events++;
    coverage.lost += lost;
    coverage.minutes |= MINUTE_BITS[Math.floor((time % HOUR) / MINUTE)]!;
  }
}

const MINUTE_BITS = Array.from({ length: 60 }, (_, minute) => 1n << BigInt(minute));

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
