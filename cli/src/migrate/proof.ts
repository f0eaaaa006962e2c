import { Analysis, Connection, ConnectionDiff, diffConnections, endpointText, Profile, readInventory, SourceObject } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { possiblePods } from './possible-pods';

type Differences = Pick<ConnectionDiff, 'added' | 'removed' | 'changed'>;

/** Whether two clusters let the same through, and what was compared. */
export interface Proof {
  readonly equal: boolean;
  readonly diff: Differences;
  /** Workloads of the input. */
  readonly workloads: number;
  /** Workloads that may come to exist, made up for the comparison. */
  readonly possible: number;
  /** Connections that the manifests let through between all of these and addresses outside. */
  readonly connections: number;
}

/** Compares what two sets of objects let through: between the workloads that there are, those that may come to exist, and any pod. */
export function prove(before: readonly SourceObject[], after: readonly SourceObject[], profile: Profile): Proof {
  const read = (objects: readonly SourceObject[]) => readInventory(objects, { readers: POLICY_READERS });
  const [old, now] = [read(before), read(after)];
  const possible = possiblePods([old, now]).map((object) => ({ object, origin: { file: 'possible pods' } }));
  const analyse = (objects: readonly SourceObject[]) => new Analysis(read([...objects, ...possible]), profile);
  const [was, is] = [analyse(before), analyse(after)];
  const [connectionsBefore, connectionsAfter] = [was.connections(), is.connections()];
  const parts = [diffConnections(connectionsBefore, connectionsAfter), diffExposure(exposureOf(was), exposureOf(is))];
  const diff = {
    added: parts.flatMap(({ added }) => [...added]),
    removed: parts.flatMap(({ removed }) => [...removed]),
    changed: parts.flatMap(({ changed }) => [...changed]),
  };
  return {
    equal: diff.added.length + diff.removed.length + diff.changed.length === 0,
    diff,
    workloads: old.workloads.length,
    possible: was.inventory.workloads.length - old.workloads.length,
    connections: connectionsBefore.length,
  };
}

/** What any pod reaches and is reached by. Kinds of pods are among the possible ones, each with rows of its own. */
function exposureOf(analysis: Analysis): Connection[] {
  return analysis.exposure().connections.filter(({ source, destination }) => source.kind === 'cluster' || destination.kind === 'cluster');
}

/** Ports of any pod are numbers and names: the same ones in whatever order are the same. Conditions name policies, which have other names. */
function diffExposure(before: readonly Connection[], after: readonly Connection[]): Differences {
  const byEnds = (rows: readonly Connection[]) => new Map(rows.map((row) => [`${endpointText(row.source)} -> ${endpointText(row.destination)}`, row]));
  const [old, now] = [byEnds(before), byEnds(after)];
  return {
    added: [...now].filter(([key]) => !old.has(key)).map(([, row]) => row),
    removed: [...old].filter(([key]) => !now.has(key)).map(([, row]) => row),
    changed: [...now].flatMap(([key, row]) => {
      const was = old.get(key);
      if (was === undefined || sortedText(was) === sortedText(row)) return [];
      return [{ source: row.source, destination: row.destination, before: was.ports, after: row.ports, conditions: row.conditions }];
    }),
  };
}

function sortedText({ ports, conditions }: Connection): string {
  const sorted = ports === 'all' ? ports : Object.entries(ports).map(([protocol, list]) => `${protocol} ${list.split(',').sort().join(',')}`).sort().join(';');
  return conditions.length === 0 ? sorted : `${sorted}, some of them perhaps`;
}
