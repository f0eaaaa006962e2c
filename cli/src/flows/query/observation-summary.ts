import { HOUR } from '../durations';
import { ANY_NODE } from '../import/hourly-batch';
import { CoverageHour, Window } from '../store/flow-store';

/** How completely one source recorded a window. */
export interface SourceObservation {
  readonly source: string;
  /** Nodes that wrote anything in the window; null where records do not say which one wrote them. */
  readonly nodes: number | null;
  /** All of these nodes in all hours. */
  readonly nodeHours: number;
  /** Those of them that have events. */
  readonly withEvents: number;
  readonly lostEvents: number;
  /** One event of so many was recorded. */
  readonly sampled: number;
}

export function sourceObservations(coverage: readonly CoverageHour[], { from, until }: Window): readonly SourceObservation[] {
  const hours = Math.ceil(until / HOUR) - Math.floor(from / HOUR);
  return [...new Set(coverage.map(({ source }) => source))].sort().map((source) => {
    const own = coverage.filter((each) => each.source === source);
    const nodes = new Set(own.map(({ node }) => node));
    return {
      source,
      nodes: nodes.has(ANY_NODE) ? null : nodes.size,
      nodeHours: nodes.size * hours,
      withEvents: own.length,
      lostEvents: own.reduce((sum, { lost }) => sum + lost, 0),
      sampled: Math.max(...own.map(({ sampled }) => sampled)),
    };
  });
}

/** `hubble has events of 70 of 72 node-hours (97 %, 3 nodes), and lost 1,284`. */
export function observationText({ source, nodes, nodeHours, withEvents, lostEvents, sampled }: SourceObservation): string {
  const whose = nodes === null ? 'it does not say of which nodes' : `${number(nodes)} node${nodes === 1 ? '' : 's'}`;
  // rounded down: 99.9 % is not all
  const share = Math.floor((withEvents / nodeHours) * 100);
  const lost = lostEvents === 0 ? 'lost none that it knows of' : `lost ${number(lostEvents)}`;
  const sampling = sampled > 1 ? `; it records one event of ${number(sampled)}` : '';
  return `${source} has events of ${number(withEvents)} of ${number(nodeHours)} node-hours (${share} %, ${whose}), and ${lost}${sampling}`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
