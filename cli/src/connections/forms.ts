import { Condition, Connection, endpointText, portsText } from 'cdk8s-netpol/analysis';
import { Edge, Sheet, withoutEmptyColumns } from '../output';

const ALWAYS = ['source', 'destination', 'ports'];

/** Rows for people: what an answer depends on stands behind it, and nothing where nothing does. */
export function connectionRows(connections: readonly Connection[]): Sheet {
  return withoutEmptyColumns(connectionSheet(connections), ALWAYS);
}

/** Rows for programs: always the same columns. */
export function connectionSheet(connections: readonly Connection[]): Sheet {
  return {
    columns: [...ALWAYS, 'depends on'],
    rows: connections.map(({ source, destination, ports, conditions }) => [
      endpointText(source), endpointText(destination), portsText(ports), conditionsText(conditions),
    ]),
  };
}

export function connectionEdges(connections: readonly Connection[]): Edge[] {
  return connections.map(({ source, destination, ports, conditions }) => ({
    from: endpointText(source), to: endpointText(destination), label: portsText(ports), unsure: conditions.length > 0,
  }));
}

export function conditionsText(conditions: readonly Condition[]): string {
  return conditions.map(({ kind, at }) => `${kind} (${at})`).join('; ');
}
