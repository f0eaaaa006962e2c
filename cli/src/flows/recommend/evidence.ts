import { groupBy } from 'cdk8s-netpol/analysis';
import { Protocol } from 'cdk8s-netpol/policy';
import { ObservedConnection } from '../store/flow-store';
import { EndAndPort, Peers } from './peers';
import { End, Need, Unopened, Why } from './recommendation';
import { highest, Seen, seenOf, together } from './seen';

/** What connections say: what has to be possible, and what is not opened, with the reason. */
export interface Evidence {
  readonly needs: readonly Need[];
  readonly unopened: readonly Unopened[];
}

interface Record {
  readonly connection: ObservedConnection;
  readonly src: End;
  readonly dst: End;
  readonly port: number;
}

const NO_PORT = 'its source records no port: import one that does';
const PROTOCOLS: Readonly<{ [name: string]: Protocol | undefined }> = { TCP: Protocol.TCP, UDP: Protocol.UDP, SCTP: Protocol.SCTP };

/**
 * Brings the records of one connection together: those of both ends, of every hour and source.
 * @param asked the namespaces: what has no end in one of them is not looked at
 */
export function evidenceOf(connections: readonly ObservedConnection[], peers: Peers, asked: ReadonlySet<string>): Evidence {
  const records: Record[] = [];
  const unopened: Unopened[] = [];
  const leave = (from: string, to: string, port: string, connection: ObservedConnection, why: Why, reason: string): void => {
    unopened.push({ from, to, port, seen: seenOf(connection), why, reason });
  };
  for (const connection of connections) {
    if (!isAsked(connection, asked)) continue;
    const { protocol } = connection;
    const [from, to] = [peers.of(connection.src, null, protocol), peers.of(connection.dst, connection.port, protocol)];
    const word = connection.port === null ? protocol : `${protocol} ${connection.port}`;
    const [source, destination] = [textOf(from), textOf(to)];
    const lost = from.noEnd ?? to.noEnd;
    const isIcmp = protocol === 'ICMP' || protocol === 'ICMPv6';
    if (isAcrossClusters(connection)) leave(source, destination, word, connection, 'other-cluster', 'one of the pods is in another cluster; a rule names the pods of one');
    else if (connection.port === null && !isIcmp) leave(source, destination, word, connection, ...explained(connection, 'no-port', NO_PORT));
    else if (lost !== undefined) leave(source, destination, word, connection, ...explained(connection, lost.why, lost.reason));
    else if (isIcmp) leave(source, destination, word, connection, ...explained(connection, 'no-construct', 'NetworkPolicies and the constructs know no ICMP'));
    else if (PROTOCOLS[protocol] === undefined) leave(source, destination, word, connection, ...explained(connection, 'no-construct', 'its protocol is not known, or not one of policies'));
    else {
      for (const src of from.ends ?? []) {
        for (const dst of to.ends ?? []) {
          // what two workloads of one Service share is seen through it: both have to be possible
          const port = dst.port ?? connection.port!;
          records.push({ connection, src: src.end, dst: dst.end, port });
        }
      }
    }
  }
  const needs: Need[] = [];
  for (const all of groupBy(records, (each) => [keyOf(each.src), keyOf(each.dst), each.connection.protocol, each.port].join(' ; ')).values()) {
    const { src, dst, port, connection: { protocol } } = all[0]!;
    const passing = passingOf(all.map(({ connection }) => connection));
    if (passing !== undefined) needs.push({ src, dst, port, protocol: PROTOCOLS[protocol]!, seen: passing });
    else {
      const seen = together(all.filter(({ connection }) => connection.verdict === 'denied').map(({ connection }) => seenOf(connection)), highest);
      unopened.push({ from: src.text, to: dst.text, port: `${protocol} ${port}`, seen, why: 'denied', reason: 'denied today, not opened: if it is meant to work, open it by hand' });
    }
  }
  return { needs, unopened: merged(unopened) };
}

/** Records of one thing for one reason are one line. */
export function merged(unopened: readonly Unopened[]): readonly Unopened[] {
  const found = new Map<string, Unopened>();
  for (const each of unopened) {
    const key = [each.from, each.to, each.port, each.why].join(' ; ');
    const before = found.get(key);
    found.set(key, before === undefined ? each : { ...before, seen: together([before.seen, each.seen], highest) });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, each]) => each);
}

/** What is denied is not opened, whatever else keeps it from being a rule. */
function explained({ verdict }: ObservedConnection, why: Why, reason: string): [Why, string] {
  return verdict === 'denied' ? ['denied', 'denied today, not opened'] : [why, reason];
}

/**
 * What passed, at every end that speaks of it; undefined where some end stops it. Of an end that both let it pass and denied it,
 * the last word counts; where the two overlap it is opened, with a doubt.
 */
function passingOf(connections: readonly ObservedConnection[]): Seen | undefined {
  const seen: Seen[] = [];
  for (const all of groupBy(connections, ({ direction }) => direction).values()) {
    const passed = all.filter(({ verdict }) => verdict !== 'denied').map(seenOf);
    const denied = all.filter(({ verdict }) => verdict === 'denied').map(seenOf);
    if (passed.length === 0) return undefined;
    const allowed = together(passed);
    if (denied.length === 0) {
      seen.push(allowed);
      continue;
    }
    const closed = together(denied);
    if (closed.firstSeen > allowed.lastSeen) return undefined;
    seen.push(closed.lastSeen < allowed.firstSeen ? allowed : { ...allowed, alsoDenied: closed.count });
  }
  return together(seen, highest);
}

function isAsked({ src, dst }: ObservedConnection, asked: ReadonlySet<string>): boolean {
  return [src, dst].some((peer) => (peer.kind === 'pod' || peer.kind === 'service') && asked.has(peer.namespace));
}

function isAcrossClusters({ src, dst }: ObservedConnection): boolean {
  return src.kind === 'pod' && dst.kind === 'pod' && src.cluster !== undefined && dst.cluster !== undefined && src.cluster !== dst.cluster;
}

function textOf(resolved: ReturnType<Peers['of']>): string {
  return resolved.noEnd?.text ?? [...new Set((resolved.ends ?? []).map(({ end }: EndAndPort) => end.text))].join(', ');
}

function keyOf(end: End): string {
  return end.kind === 'pods' ? `${end.namespace} ${end.text} ${end.pods.key}` : `${end.kind} ${end.text}`;
}
