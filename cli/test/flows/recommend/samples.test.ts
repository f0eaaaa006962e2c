import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasShared, sharedPath } from '../../../../test/shared-data';
import { DuckDbStore } from '../../../src/flows/store/duckdb/duckdb-store';
import { netpol } from '../../run-netpol';
import { temporaryFolder } from '../../temporary-folder';

const SAMPLES: ReadonlyArray<readonly [file: string, cni: string]> = [
  ['hubble/observe.ndjson', 'cilium@1.18'], ['hubble/observe.ndjson', 'generic'], ['hubble-exporter/events.ndjson', 'cilium'], ['retina/retina.ndjson', 'cilium'],
  ['calico-goldmane/emitter.ndjson', 'calico@3.31'], ['calico-whisker/flows.json', 'calico'], ['antrea-clickhouse/flows.ndjson', 'antrea'], ['antrea-csv/flows.csv', 'antrea'],
  ['antrea-np-log/np.log', 'antrea'], ['inspektor-gadget/trace_tcp.ndjson', 'generic'], ['aws-npa/network-policy-agent.log', 'aws'], ['aws-npa/cloudwatch.txt', 'aws'],
  ['gke/cloud-logging.ndjson', 'gke-dpv2'], ['ovn-kubernetes/acl-audit-log.log', 'ovn-kubernetes'], ['otterize/intents.json', 'generic'], ['otterize/edges.ndjson', 'generic'],
];

if (!hasShared('flows')) process.stderr.write('skipped: recommendations from the samples (need ../shared/flows)\n');

test.each(hasShared('flows') ? [...SAMPLES] : [])('every namespace of %s gets rules that pass their proof on %s', async (file, cni) => {
  const store = join(temporaryFolder(), 'flows.duckdb');
  const inventory = `${sharedPath('flows', file)}.inventory.json`;
  const imported = await netpol([
    'flows', 'import', sharedPath('flows', file), '--store', store, '--now', '2026-09-30', '--max-malformed', '50%', '--retention', '90d',
    ...(existsSync(inventory) ? ['--inventory', inventory] : []),
  ]);
  expect([imported.code, imported.stderr.includes('error')]).toEqual([0, false]);
  const read = await DuckDbStore.read(store);
  const window = { from: Date.UTC(2018, 0), until: Date.UTC(2026, 8, 30, 1) };
  const ends = (await read.connections('default', window)).flatMap(({ src, dst }) => [src, dst]);
  await read.close();
  const namespaces = [...new Set(ends.flatMap((peer) => (peer.kind === 'pod' ? [peer.namespace] : [])))].sort();
  expect(namespaces).not.toEqual([]);
  const { code, stdout, stderr } = await netpol([
    'flows', 'recommend', ...namespaces, '--store', store, '--now', '2026-09-30T01:00:00Z', '--window', '3200d', '--cni', cni, '-o', 'json',
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { proof, rules } = JSON.parse(stdout) as { proof: { covered: number }; rules: unknown[] };
  expect(rules.length).toBeGreaterThanOrEqual(namespaces.length);
  expect(proof.covered).toBeLessThanOrEqual(ends.length);
}, 60_000);
