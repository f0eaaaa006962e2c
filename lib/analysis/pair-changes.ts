import { Connection, EndpointJson, endpointText } from './connection';
import { ConnectionDiff, isWithin, PairPorts } from './diff';
import { Condition, distinctConditions } from './engine/condition';
import { PortsJson } from './engine/port-space';

/** Ports of one pair: those that may pass, and those that depend on something. */
export interface SidePorts {
  readonly allowed?: PortsJson;
  readonly depends?: PortsJson;
}

/** What changed between two ends, told once for the pair: the parts that did not change are not here. */
export interface PairChange {
  readonly source: EndpointJson;
  readonly destination: EndpointJson;
  readonly before: SidePorts;
  readonly after: SidePorts;
  /** Something more may pass. A step from denied over depends to allowed is more. */
  readonly opened: boolean;
  /** Something less may pass. */
  readonly closed: boolean;
  /** What the parts that depend hang on, before and after. */
  readonly conditions: readonly Condition[];
}

/** The rows of a difference by pair, in the order in which the pairs come first. */
export function pairChanges({ added, removed, changed }: ConnectionDiff): PairChange[] {
  const pairs = new Map<string, { before: PairPorts; after: PairPorts }>();
  const put = (connection: Connection, side: 'before' | 'after'): void => {
    const { source, destination, conditions } = connection;
    const key = `${endpointText(source)} -> ${endpointText(destination)}`;
    const ends = { source, destination };
    const pair = pairs.get(key) ?? { before: ends, after: ends };
    pairs.set(key, { ...pair, [side]: { ...pair[side], [conditions.length === 0 ? 'allowed' : 'depends']: connection } });
  };
  for (const connection of added) put(connection, 'after');
  for (const connection of removed) put(connection, 'before');
  for (const { before, after, ...rest } of changed) {
    put({ ...rest, ports: before }, 'before');
    put({ ...rest, ports: after }, 'after');
  }
  return [...pairs.values()].map(({ before, after }) => ({
    source: after.source,
    destination: after.destination,
    before: sideOf(before),
    after: sideOf(after),
    opened: !isWithin(after, before),
    closed: !isWithin(before, after),
    conditions: distinctConditions([...before.depends?.conditions ?? [], ...after.depends?.conditions ?? []]),
  }));
}

function sideOf({ allowed, depends }: PairPorts): SidePorts {
  return { ...(allowed === undefined ? {} : { allowed: allowed.ports }), ...(depends === undefined ? {} : { depends: depends.ports }) };
}
