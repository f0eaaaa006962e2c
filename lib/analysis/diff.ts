import { Connection, EndpointJson, endpointText } from './connection';
import { alignAddresses } from './diff-addresses';
import { alignPods } from './diff-pods';
import { Condition } from './engine/condition';
import { PortsJson } from './engine/port-space';
import { PortRanges } from './port-ranges';

/** A connection whose ports are others than before. */
export interface ChangedConnection {
  readonly source: EndpointJson;
  readonly destination: EndpointJson;
  readonly before: PortsJson;
  readonly after: PortsJson;
  readonly conditions: readonly Condition[];
}

export interface ConnectionDiff {
  /** `wider`: something more may pass and nothing less; `mixed`: both. A step from denied over depends to allowed is wider. */
  readonly verdict: 'none' | 'narrower' | 'wider' | 'mixed';
  readonly added: readonly Connection[];
  readonly removed: readonly Connection[];
  readonly changed: readonly ChangedConnection[];
}

/** What two lists of connections say about one pair: the ports that may pass, and those that depend. */
export interface PairPorts {
  readonly source: EndpointJson;
  readonly destination: EndpointJson;
  readonly allowed?: Connection;
  readonly depends?: Connection;
}

/** What changed from one cluster to another. Addresses and pods that were told together on one side only are compared apart. */
export function diffConnections(before: readonly Connection[], after: readonly Connection[]): ConnectionDiff {
  const [podsBefore, podsAfter] = alignPods(before, after);
  const [old, now] = alignAddresses(podsBefore, podsAfter);
  const [oldPairs, newPairs] = [pairsOf(old), pairsOf(now)];
  const added: Connection[] = [];
  const removed: Connection[] = [];
  const changed: ChangedConnection[] = [];
  let [isWider, isNarrower] = [false, false];
  for (const key of [...new Set([...oldPairs.keys(), ...newPairs.keys()])].sort()) {
    const [was, is] = [oldPairs.get(key), newPairs.get(key)];
    isWider ||= !isWithin(is, was);
    isNarrower ||= !isWithin(was, is);
    for (const part of ['allowed', 'depends'] as const) {
      const [gone, come] = [was?.[part], is?.[part]];
      if (gone === undefined && come !== undefined) added.push(come);
      else if (gone !== undefined && come === undefined) removed.push(gone);
      else if (gone !== undefined && come !== undefined && !isSame(gone.ports, come.ports)) {
        changed.push({ source: come.source, destination: come.destination, before: gone.ports, after: come.ports, conditions: come.conditions });
      }
    }
  }
  const verdict = isWider ? (isNarrower ? 'mixed' : 'wider') : isNarrower ? 'narrower' : 'none';
  return { verdict, added, removed, changed };
}

function pairsOf(connections: readonly Connection[]): Map<string, PairPorts> {
  const pairs = new Map<string, PairPorts>();
  for (const connection of connections) {
    const { source, destination, conditions } = connection;
    const key = `${endpointText(source)} -> ${endpointText(destination)}`;
    pairs.set(key, { source, destination, ...pairs.get(key), [conditions.length === 0 ? 'allowed' : 'depends']: connection });
  }
  return pairs;
}

function isSame(a: PortsJson, b: PortsJson): boolean {
  return PortRanges.of(a).within(PortRanges.of(b)) && PortRanges.of(b).within(PortRanges.of(a));
}

/** Whether one pair lets through no more than another, for certain and possibly. */
export function isWithin(pair: PairPorts | undefined, other: PairPorts | undefined): boolean {
  const allowed = portsOf(pair?.allowed);
  const otherAllowed = portsOf(other?.allowed);
  return allowed.within(otherAllowed) && allowed.or(portsOf(pair?.depends)).within(otherAllowed.or(portsOf(other?.depends)));
}

function portsOf(connection: Connection | undefined): PortRanges {
  return connection === undefined ? PortRanges.none : PortRanges.of(connection.ports);
}
