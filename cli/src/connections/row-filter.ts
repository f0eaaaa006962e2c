import { Connection, EndpointJson, Inventory, parsePort, PortsJson } from 'cdk8s-netpol/analysis';
import { Cidr, tryParseAddress } from 'cdk8s-netpol/policy';
import { matchesPattern } from '../name-pattern';
import { UsageError } from '../usage-error';
import { onlyPort } from './ports';

export interface RowQuestion {
  readonly from?: string;
  readonly to?: string;
  readonly port?: string;
}

type EndpointTest = (endpoint: EndpointJson) => boolean;

/** Keeps the connections that were asked for; a name that the input does not have is an error, not an empty answer. */
export function rowFilter(inventory: Inventory, { from, to, port }: RowQuestion): (connections: readonly Connection[]) => readonly Connection[] {
  const isFrom = from === undefined ? undefined : endpointTest(inventory, from);
  const isTo = to === undefined ? undefined : endpointTest(inventory, to);
  const asked = port === undefined ? undefined : parsePort(port);
  return (connections) => connections.flatMap((connection): Connection[] => {
    if (isFrom?.(connection.source) === false || isTo?.(connection.destination) === false) return [];
    if (asked === undefined) return [connection];
    const ports: PortsJson | undefined = onlyPort(connection.ports, asked);
    return ports === undefined ? [] : [{ ...connection, ports }];
  });
}

function endpointTest(inventory: Inventory, text: string): EndpointTest {
  const entity = /^\{(.+)\}$/.exec(text)?.[1];
  if (entity !== undefined) return (endpoint) => endpoint.kind === 'entity' && endpoint.entity === entity;
  const block = tryParseAddress(text) !== undefined ? Cidr.host(text) : /^[0-9a-fA-F.:]+\/\d+$/.test(text) ? Cidr.parse(text) : undefined;
  if (block !== undefined) return (endpoint) => endpoint.kind === 'external' && endpoint.cidrs.some((cidr) => Cidr.parse(cidr).overlaps(block));
  return workloadTest(inventory, text);
}

function workloadTest({ workloads }: Inventory, text: string): EndpointTest {
  const [, namespace, name, kind] = /^([^/[\]]+)\/([^/[\]]+)(?:\[([^\]]+)\])?$/.exec(text) ?? [];
  if (namespace === undefined || name === undefined) {
    throw new UsageError(`"${text}" is not an end of a connection. Instead: NAMESPACE/NAME, NAMESPACE/*, an IP address, a CIDR, or an entity such as {ingress-controller}`);
  }
  const fits = (each: { readonly namespace: string; readonly name: string; readonly workload: string }): boolean =>
    matchesPattern(namespace, each.namespace) && matchesPattern(name, each.name) && (kind === undefined || kind === each.workload);
  if (!workloads.some((each) => fits({ ...each, workload: each.kind }))) {
    const candidates = [...new Set(workloads.map((each) => `${each.namespace}/${each.name}`))];
    throw new UsageError(`"${text}" is no workload of the input`, { word: text, candidates });
  }
  return (endpoint) => endpoint.kind === 'workload' && fits(endpoint);
}
