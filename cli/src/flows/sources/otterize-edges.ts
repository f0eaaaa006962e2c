import { ObservedPeer } from '../observation';
import { Fields, fieldsOf, jsonOf, listOf, textOf } from './fields';
import { FlowSource, Reading, skipped } from './flow-source';
import { otterizeObservation, otterizePeer } from './otterize-service';

/** Where the mapper puts callers from outside of the cluster. */
const EXTERNAL_NAMESPACE = 'external-traffic';
const CLOUD_TYPES: readonly unknown[] = ['AWS', 'S3', 'GCP', 'AZURE'];

/**
 * The edges of the network mapper's map, one `Intent` of its GraphQL interface a line.
 * @see https://github.com/otterize/network-mapper/blob/main/src/mappergraphql/schema.graphql
 */
export const OTTERIZE_EDGES: FlowSource = {
  id: 'otterize',
  title: 'Otterize network mapper (intents of its GraphQL interface)',
  framing: 'lines',
  setUpOnly: false,
  independent: true,
  recognises: (head) => head.some((line) => isEdge(jsonOf(line))),
  reader: () => ({ read: readLine }),
};

function isEdge(record: Fields | undefined): boolean {
  const client = fieldsOf(record?.client);
  return record !== undefined && 'server' in record && textOf(client?.name) !== undefined && textOf(client?.namespace) !== undefined;
}

function readLine(line: unknown): Reading {
  const edge = jsonOf(line);
  if (edge === undefined) return skipped('malformed', { detail: 'is no JSON object' });
  if (!('client' in edge) && !('server' in edge)) return skipped('not-a-flow');
  if (CLOUD_TYPES.includes(edge.type)) return skipped('not-a-flow');
  const src = peerOf(edge.client, 'client');
  if ('observations' in src) return src;
  const dst = peerOf(edge.server, 'server');
  if ('observations' in dst) return dst;
  const service = serviceOf(fieldsOf(edge.server), dst);
  return { observations: [{ ...otterizeObservation(src, dst), ...(service === undefined ? {} : { service }) }] };
}

function peerOf(value: unknown, side: string): ObservedPeer | Reading {
  const identity = fieldsOf(value);
  if (identity === undefined && value !== undefined && value !== null) return skipped('malformed', { detail: `has a ${side} that is no JSON object` });
  const namespace = textOf(identity?.namespace);
  const name = textOf(identity?.name);
  if (identity === undefined || namespace === undefined || name === undefined) return skipped('missing-fields', { detail: `has no name and namespace of its ${side}` });
  const kind = textOf(fieldsOf(identity.podOwnerKind)?.kind) ?? null;
  if (namespace === EXTERNAL_NAMESPACE && kind === null) return { kind: 'entity', entity: 'public' };
  const service = textOf(identity.kubernetesService);
  return kind === null && service !== undefined ? otterizePeer({ namespace, name: service, kind: 'Service' }) : otterizePeer({ namespace, name, kind, labels: labelsOf(identity.labels) });
}

function labelsOf(labels: unknown): ReadonlyArray<readonly [string, string]> {
  return listOf(labels).flatMap((label) => {
    const { key, value } = fieldsOf(label) ?? {};
    return typeof key === 'string' && key !== '' && typeof value === 'string' ? [[key, value] as const] : [];
  });
}

function serviceOf(server: Fields | undefined, peer: ObservedPeer): { readonly namespace: string; readonly name: string } | undefined {
  const name = textOf(server?.kubernetesService);
  return name === undefined || peer.kind !== 'pod' ? undefined : { namespace: peer.namespace, name };
}
