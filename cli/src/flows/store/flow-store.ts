import { Decider, ObservedDirection, ObservedPeer, ObservedProtocol, ObservedService, ObservedVerdict } from '../observation';

/** From when until when (not included), in milliseconds. */
export interface Window {
  readonly from: number;
  readonly until: number;
}

/** One connection as it was seen over a window: all records alike, whatever hour they are from. */
export interface ObservedConnection {
  readonly src: ObservedPeer;
  readonly dst: ObservedPeer;
  readonly port: number | null;
  readonly protocol: ObservedProtocol;
  readonly direction: ObservedDirection;
  readonly verdict: ObservedVerdict;
  readonly decidedBy: readonly Decider[] | null;
  readonly service?: ObservedService;
  readonly count: number;
  /** Milliseconds. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** In how many hours it was seen. */
  readonly hours: number;
  /** The most of them within one hour. */
  readonly peak: number;
  /** The sources that saw it. */
  readonly sources: readonly string[];
}

/** What was watched: one node in one hour. */
export interface CoverageHour {
  /** The beginning of the hour, in milliseconds. */
  readonly hour: number;
  readonly node: string;
  readonly source: string;
  readonly events: number;
  readonly lost: number;
  /** One event of so many was recorded; 1 is all of them. */
  readonly sampled: number;
  /** Minutes of the hour without any event. */
  readonly silentMinutes: number;
  /** The longest run of such minutes. */
  readonly longestSilence: number;
}

/** A pod as records show it. */
export interface PodSighting {
  readonly namespace: string;
  readonly pod: string;
  readonly ip: string | null;
  readonly workload: { readonly kind: string | null; readonly name: string } | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

export interface ImportEntry {
  readonly id: number;
  readonly name: string;
  readonly source: string;
  readonly cluster: string;
  readonly records: number;
  readonly observations: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
  /** When it was imported, in milliseconds. */
  readonly importedAt: number;
}

/** What happened in one hour. */
export interface ActivityHour {
  /** The beginning of the hour, in milliseconds. */
  readonly hour: number;
  readonly count: number;
  readonly denied: number;
  /** Let through, and would not be by the policies that are being tried. */
  readonly wouldDeny: number;
}

export interface ConnectionFilter {
  /** Connections with an end in one of these. */
  readonly namespaces?: readonly string[];
  /** Only these verdicts. */
  readonly verdicts?: readonly ObservedVerdict[];
}

/** What is asked of recorded traffic. Another database is another implementation of this. */
export interface FlowStore {
  connections(cluster: string, window: Window, filter?: ConnectionFilter): Promise<readonly ObservedConnection[]>;
  coverage(cluster: string, window: Window): Promise<readonly CoverageHour[]>;
  pods(cluster: string, window: Window, namespaces?: readonly string[]): Promise<readonly PodSighting[]>;
  /** The hours in which something happened, in order. */
  activity(cluster: string, window: Window, filter?: ConnectionFilter): Promise<readonly ActivityHour[]>;
  imports(cluster?: string): Promise<readonly ImportEntry[]>;
  clusters(): Promise<readonly string[]>;
  close(): Promise<void>;
}
