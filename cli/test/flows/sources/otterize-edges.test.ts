import { Observation } from '../../../src/flows/observation';
import { Reading } from '../../../src/flows/sources/flow-source';
import { OTTERIZE_EDGES } from '../../../src/flows/sources/otterize-edges';
import { beginnings, expectSound, mangled } from './mangled';
import { readAll, testSample } from './samples';

testSample(OTTERIZE_EDGES, 'otterize/edges.ndjson');

const CLIENT = { name: 'cart', namespace: 'checkout', podOwnerKind: { group: 'apps', version: 'v1', kind: 'Deployment' }, labels: [{ key: 'app', value: 'cart' }] };
const SERVER = { name: 'invoice', namespace: 'billing', podOwnerKind: { group: 'apps', version: 'v1', kind: 'StatefulSet' }, labels: null, kubernetesService: 'invoice-headless' };

function read(record: unknown): Reading {
  return readAll(OTTERIZE_EDGES, [JSON.stringify(record)])[0]!;
}

function observed(client: Readonly<Record<string, unknown>> = {}, server: Readonly<Record<string, unknown>> = {}): Observation {
  const { observations, skipped, detail } = read({ client: { ...CLIENT, ...client }, server: { ...SERVER, ...server }, type: null });
  if (observations.length !== 1) throw new Error(`${skipped}: ${detail}`);
  return observations[0]!;
}

describe('an edge', () => {
  it('is between workloads, with the Service that was asked for', () => {
    expect(observed()).toEqual({
      time: null,
      src: { kind: 'pod', namespace: 'checkout', workload: { kind: 'Deployment', name: 'cart' }, labels: { app: 'cart' } },
      dst: { kind: 'pod', namespace: 'billing', workload: { kind: 'StatefulSet', name: 'invoice' }, labels: {} },
      port: null, protocol: 'unknown', direction: 'egress', verdict: 'unknown', decidedBy: null, count: 1,
      service: { namespace: 'billing', name: 'invoice-headless' },
    });
  });

  it('ends at a Service where nobody knows the pods behind it', () => {
    const { dst, service } = observed({}, { name: 'kubernetes', namespace: 'default', podOwnerKind: null, kubernetesService: 'kubernetes' });
    expect(dst).toEqual({ kind: 'service', namespace: 'default', name: 'kubernetes' });
    expect(service).toBeUndefined();
  });

  it.each([
    [{ podOwnerKind: null, kubernetesService: null }, { workload: { kind: null, name: 'invoice' } }],
    [{ podOwnerKind: { kind: 'Pod' }, name: 'toolbox' }, { workload: null, pod: 'toolbox' }],
    [{ podOwnerKind: { kind: 'ReplicaSet' }, name: 'invoice-84fd6b95bc' }, { workload: { kind: 'Deployment', name: 'invoice' } }],
    [{ labels: [{ key: 'controller-revision-hash', value: 'x' }, { key: 'tier', value: '' }, { key: 'broken' }, 7] }, { labels: { tier: '' } }],
  ])('with %j ends at %j', (server, peer) => expect(observed({}, server).dst).toMatchObject(peer));

  it('may begin outside of the cluster, and a workload in a namespace of that name is none of it', () => {
    expect(observed({ name: 'external', namespace: 'external-traffic', podOwnerKind: null }).src).toEqual({ kind: 'entity', entity: 'public' });
    expect(observed({ namespace: 'external-traffic' }).src).toMatchObject({ kind: 'pod', namespace: 'external-traffic' });
  });

  it.each([
    ['a cloud', { client: CLIENT, server: { name: 'queue', namespace: '' }, type: 'AWS' }, 'not-a-flow'],
    ['no server', { client: CLIENT, server: null, type: null }, 'missing-fields'],
    ['no client', { server: SERVER }, 'missing-fields'],
    ['a server in no namespace', { client: CLIENT, server: { ...SERVER, namespace: '' } }, 'missing-fields'],
    ['a client that is text', { client: 'cart', server: SERVER }, 'malformed'],
    ['another query', { data: { health: true } }, 'not-a-flow'],
  ])('%s: %j is %s', (_, record, reason) => expect(read(record)).toMatchObject({ observations: [], skipped: reason }));

  it('is recognised behind a line of a log', () => {
    expect(OTTERIZE_EDGES.recognises(['querying', JSON.stringify({ client: CLIENT, server: SERVER, type: 'HTTP' })])).toBe(true);
    expect(OTTERIZE_EDGES.recognises(['{"client":{"name":"x"},"server":{}}', '{"client":"x"}', '[]'])).toBe(false);
  });

  it('reads soundly, wherever it is cut and whatever is in its fields', () => {
    const record = { client: CLIENT, server: SERVER, type: 'KAFKA' };
    for (const line of beginnings(JSON.stringify(record))) expect(expectSound(OTTERIZE_EDGES, line).skipped).toBe('malformed');
    const outcomes = new Set(Array.from(mangled(record), (each) => expectSound(OTTERIZE_EDGES, JSON.stringify(each)).skipped));
    expect(outcomes).toEqual(new Set([undefined, 'malformed', 'missing-fields']));
  });
});
