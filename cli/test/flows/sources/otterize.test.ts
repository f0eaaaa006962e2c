import { Observation } from '../../../src/flows/observation';
import { Reading } from '../../../src/flows/sources/flow-source';
import { OTTERIZE } from '../../../src/flows/sources/otterize';
import { expectSound, mangled } from './mangled';
import { readAll, recordsOf, testSample } from './samples';

testSample(OTTERIZE, 'otterize/intents.json');

/** What one client was seen to call. */
function intentsOf(targets: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    kind: 'ClientIntents',
    apiVersion: 'k8s.otterize.com/v2beta1',
    metadata: { name: 'cart', namespace: 'checkout', creationTimestamp: null },
    spec: { workload: { name: 'cart', kind: 'Deployment' }, targets },
    status: { upToDate: false, observedGeneration: 0 },
    ...more,
  };
}

function readingsOf(...documents: readonly unknown[]): Reading[] {
  return readAll(OTTERIZE, recordsOf(OTTERIZE, JSON.stringify(documents)));
}

function observed(target: unknown): readonly Observation[] {
  const [{ observations, skipped, detail }] = readingsOf(intentsOf([target])) as [Reading];
  if (observations.length === 0) throw new Error(`${skipped}: ${detail}`);
  return observations;
}

describe('a target', () => {
  it('is a hint of who calls whom, and says nothing else', () => {
    expect(readingsOf(intentsOf([{ kubernetes: { name: 'invoice.billing', kind: 'Deployment' } }]))).toEqual([{
      observations: [{
        time: null,
        src: { kind: 'pod', namespace: 'checkout', workload: { kind: 'Deployment', name: 'cart' }, labels: {} },
        dst: { kind: 'pod', namespace: 'billing', workload: { kind: 'Deployment', name: 'invoice' }, labels: {} },
        port: null, protocol: 'unknown', direction: 'egress', verdict: 'unknown', decidedBy: null, count: 1,
      }],
    }]);
  });

  it.each([
    [{ kubernetes: { name: 'invoice', kind: 'StatefulSet' } }, { kind: 'pod', namespace: 'checkout', workload: { kind: 'StatefulSet', name: 'invoice' } }],
    [{ kubernetes: { name: 'invoice.billing', kind: 'Service' } }, { kind: 'service', namespace: 'billing', name: 'invoice' }],
    [{ kubernetes: { name: 'toolbox', kind: 'Pod' } }, { kind: 'pod', namespace: 'checkout', workload: null, pod: 'toolbox' }],
    [{ kubernetes: { name: 'nightly-29412000.billing', kind: 'Job' } }, { kind: 'pod', namespace: 'billing', workload: { kind: 'CronJob', name: 'nightly' } }],
    [{ service: { name: 'kubernetes.default' } }, { kind: 'service', namespace: 'default', name: 'kubernetes' }],
    [{ kafka: { name: 'events.streams', topics: [] } }, { kind: 'pod', namespace: 'streams', workload: { kind: null, name: 'events' } }],
    [{ internet: { domains: ['api.example.com.'] } }, { kind: 'external', ip: null, names: ['api.example.com'] }],
    [{ internet: { domains: ['*.example.com'] } }, { kind: 'external', ip: null }],
    [{ internet: { ips: ['203.0.113.8/32'] } }, { kind: 'external', ip: '203.0.113.8' }],
    [{ internet: {} }, { kind: 'external', ip: null }],
  ])('%j is %j', (target, peer) => expect(observed(target)[0]!.dst).toMatchObject(peer));

  it('has a peer for each name and each address, and for each port that somebody wrote', () => {
    const peers = observed({ internet: { domains: ['a.example.com', 'b.example.com'], ips: ['2001:db8::5'], ports: [443, 8443] } });
    expect(peers.map(({ dst, port }) => [dst, port])).toEqual([
      [{ kind: 'external', ip: null, names: ['a.example.com'] }, 443], [{ kind: 'external', ip: null, names: ['a.example.com'] }, 8443],
      [{ kind: 'external', ip: null, names: ['b.example.com'] }, 443], [{ kind: 'external', ip: null, names: ['b.example.com'] }, 8443],
      [{ kind: 'external', ip: '2001:db8::5' }, 443], [{ kind: 'external', ip: '2001:db8::5' }, 8443],
    ]);
  });

  it.each([
    [{ aws: { arn: 'arn:aws:s3:::x' } }, 'not-a-flow'], [{ gcp: { resource: 'x' } }, 'not-a-flow'], [{ azure: { scope: 'x' } }, 'not-a-flow'], [{ sql: { name: 'ledger-db' } }, 'not-a-flow'],
    [{}, 'missing-fields'], [{ kubernetes: { kind: 'Deployment' } }, 'missing-fields'], [{ service: { name: 'invoice.' } }, 'missing-fields'],
    [{ internet: { ips: ['10.0.0.0/8'] } }, 'malformed'], [{ internet: { ips: ['nowhere'] } }, 'malformed'], [{ internet: { domains: [7] } }, 'malformed'], [{ internet: { ports: [0] } }, 'malformed'],
    [7, 'malformed'], [null, 'malformed'],
  ])('%j is %s', (target, reason) => expect(readingsOf(intentsOf([target]))).toMatchObject([{ observations: [], skipped: reason }]));
});

describe('intents', () => {
  it('are told in the order of the document, target by target', () => {
    const readings = readingsOf(intentsOf([]), intentsOf([{ aws: {} }, { service: { name: 'a' } }]), intentsOf([{ service: { name: 'b' } }]));
    expect(readings.map(({ skipped, observations }) => skipped ?? observations[0]!.dst)).toMatchObject(['not-a-flow', { name: 'a' }, { name: 'b' }]);
  });

  it('that somebody declared were seen by nobody', () => {
    const declared = intentsOf([{ service: { name: 'a' } }], { metadata: { name: 'cart', namespace: 'checkout', uid: '7b0d', resourceVersion: '12' } });
    expect(readingsOf(declared)).toMatchObject([{ observations: [], skipped: 'not-a-flow', detail: 'is an intent that is declared in a cluster, and not one that was seen' }]);
    expect(OTTERIZE.documentRecords!({ apiVersion: 'v1', kind: 'List', items: [declared] })).toBeUndefined();
  });

  it('of the first version have a service and calls', () => {
    const calls = [{ name: 'invoice.billing' }, { name: 'svc:kubernetes.default' }, { name: 'events', type: 'kafka' }, { type: 'internet', internet: { domains: ['a.example.com'] } }, { name: 'arn', type: 'aws' }, { name: 'db', type: 'database' }, 7];
    const readings = readingsOf(intentsOf([], { apiVersion: 'k8s.otterize.com/v1alpha3', spec: { service: { name: 'cart' }, calls } }));
    expect(readings.map(({ skipped, observations }) => skipped ?? observations[0]!.dst)).toMatchObject([
      { kind: 'pod', namespace: 'billing', workload: { kind: null, name: 'invoice' } }, { kind: 'service', namespace: 'default', name: 'kubernetes' }, { kind: 'pod', namespace: 'checkout', workload: { name: 'events' } },
      { kind: 'external', names: ['a.example.com'] }, 'not-a-flow', 'not-a-flow', 'malformed',
    ]);
    expect(readings[0]!.observations[0]!.src).toMatchObject({ workload: { kind: null, name: 'cart' } });
  });

  it.each([['no client', { spec: { targets: [{ service: { name: 'a' } }] } }], ['no namespace', { metadata: { name: 'cart' } }]])('with %s are missing something', (_, more) => {
    expect(readingsOf(intentsOf([{ service: { name: 'a' } }], more))).toMatchObject([{ skipped: 'missing-fields' }]);
  });

  it('lie in a document with nothing else', () => {
    expect(readingsOf(intentsOf([{ service: { name: 'a' } }]), { kind: 'ConfigMap' }, 7).map(({ skipped }) => skipped)).toEqual([undefined, 'not-a-flow', 'malformed']);
    for (const document of [{}, null, 'x', intentsOf([]), [{ kind: 'ConfigMap' }]]) expect(OTTERIZE.documentRecords!(document)).toBeUndefined();
    expect([...OTTERIZE.documentRecords!([])!]).toEqual([]);
  });

  it('are recognised by the beginning of the document, and a list of kubectl is not', () => {
    const text = JSON.stringify([intentsOf([{ service: { name: 'a' } }])], null, 2);
    expect(OTTERIZE.recognises([text])).toBe(true);
    expect(OTTERIZE.recognises([text.slice(0, 200)])).toBe(true);
    expect(OTTERIZE.recognises([JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [intentsOf([])] })])).toBe(false);
    expect(OTTERIZE.recognises(['[{"kind":"ClientIntents"}]'])).toBe(false);
    expect(OTTERIZE.recognises([])).toBe(false);
  });

  it('read soundly, whatever is in their fields', () => {
    const document = [intentsOf([{ kubernetes: { name: 'a', kind: 'Deployment' } }, { service: { name: 'b' } }, { internet: { domains: ['c.example.com'], ips: ['203.0.113.8'], ports: [1] } }])];
    const records = Array.from(mangled(document)).flatMap((each) => [...OTTERIZE.documentRecords!(each) ?? []]);
    expect(new Set(records.map((record) => expectSound(OTTERIZE, record).skipped))).toEqual(new Set([undefined, 'malformed', 'missing-fields']));
  });
});
