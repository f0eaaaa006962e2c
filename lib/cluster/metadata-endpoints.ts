import { Cidr, compareCidrs } from '../policy/cidr';
import { Cloud } from './cloud';
import { METADATA_NAMES, METADATA_TABLE, MetadataName, MetadataRow, PortSpan } from './metadata-table';
import { WorkloadIdentity } from './workload-identity';

/** An address and the ports on it where metadata or credentials are handed out. */
export interface MetadataEndpoint {
  readonly cidr: string;
  /** In order, none within or beside another. */
  readonly ports: readonly PortSpan[];
  /** The clouds that have it, in the order of the enum. */
  readonly clouds: readonly Cloud[];
  /**
   * Why it must NOT be denied: the workload identity of the cluster goes through it. Where missing, it is one to deny.
   * An address may come twice, once with the ports to keep and once with those to deny.
   */
  readonly keptOpen?: string;
  /** Workload identities that would need it. Denying it while one of them is in use takes its pods' credentials away. */
  readonly neededBy: readonly WorkloadIdentity[];
}

/**
 * The metadata endpoints that pods of a cluster could reach, those to deny and those to keep open.
 *
 * @param cloud where the nodes run; all clouds together where nobody said it
 * @param identity how pods get credentials; what it needs is kept open. Nothing is kept open where nobody said it.
 */
export function metadataEndpoints(cloud: Cloud | undefined, identity: WorkloadIdentity | undefined): MetadataEndpoint[] {
  const rows = METADATA_TABLE.filter((row) => cloud === undefined || row.cloud === cloud);
  const addresses = [...new Set(rows.map((row) => row.cidr))].map((cidr) => Cidr.parse(cidr)).sort(compareCidrs);
  return addresses.flatMap((address) => endpointsAt(rows.filter((row) => row.cidr === address.toString()), identity));
}

/** The names of metadata services, for what decides on names: a proxy. */
export function metadataNames(cloud: Cloud | undefined): MetadataName[] {
  return METADATA_NAMES.filter((row) => cloud === undefined || row.cloud === cloud);
}

/** What one address gives: the ports that the identity needs, and the rest. */
function endpointsAt(rows: readonly MetadataRow[], identity: WorkloadIdentity | undefined): MetadataEndpoint[] {
  const needed = rows.filter((row) => identity !== undefined && (row.neededBy ?? []).includes(identity));
  const kept = mergeSpans(needed.flatMap((row) => row.ports));
  const denied = subtractSpans(mergeSpans(rows.flatMap((row) => row.ports)), kept);
  const endpoints: MetadataEndpoint[] = [];
  if (denied.length > 0) endpoints.push(endpoint(rows, denied));
  if (kept.length > 0) endpoints.push({ ...endpoint(needed, kept), keptOpen: `pods get their credentials here (${String(identity)})` });
  return endpoints;
}

function endpoint(rows: readonly MetadataRow[], ports: readonly PortSpan[]): MetadataEndpoint {
  const order = Object.values(Cloud);
  return {
    cidr: rows[0]?.cidr ?? '',
    ports,
    clouds: order.filter((cloud) => rows.some((row) => row.cloud === cloud)),
    neededBy: [...new Set(rows.flatMap((row) => row.neededBy ?? []))],
  };
}

/** The same ports in order, spans that touch made one. */
function mergeSpans(spans: readonly PortSpan[]): PortSpan[] {
  const merged: PortSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.protocol.localeCompare(b.protocol) || a.first - b.first)) {
    const before = merged.at(-1);
    if (before !== undefined && before.protocol === span.protocol && span.first <= before.last + 1) {
      merged[merged.length - 1] = { ...before, last: Math.max(before.last, span.last) };
    } else {
      merged.push(span);
    }
  }
  return merged;
}

function subtractSpans(spans: readonly PortSpan[], holes: readonly PortSpan[]): PortSpan[] {
  return holes.reduce<readonly PortSpan[]>(
    (left, hole) => left.flatMap((span) => {
      if (span.protocol !== hole.protocol || hole.last < span.first || span.last < hole.first) return [span];
      const parts: PortSpan[] = [];
      if (span.first < hole.first) parts.push({ ...span, last: hole.first - 1 });
      if (hole.last < span.last) parts.push({ ...span, first: hole.last + 1 });
      return parts;
    }),
    spans,
  ).slice();
}
