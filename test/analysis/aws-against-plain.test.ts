import * as fc from 'fast-check';
import { Analysis, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { asAwsObjects, PlainAws } from '../plain/aws';
import { listedPorts } from './differential';
import { clusterObjects } from './random-cluster';

const PORTS = ['53/UDP', '80/TCP', '81/TCP', '443/TCP', '8080/SCTP', '8080/TCP', 'ICMP'];
const ADDRESSES = ['10.1.2.200', '10.9.0.1', '192.0.2.1', '192.0.2.2', '192.0.2.200', '8.8.8.8', '2001:db8::1'];
const NODE_ADDRESSES = ['192.0.2.1', '192.0.2.2'];

/** Every address is known, so the engine has nothing to hang an answer on. */
function disagreements(random: readonly Readonly<Record<string, unknown>>[], strict: boolean): string[] {
  const objects = asAwsObjects(random);
  const inventory = readInventory(objects.map((object) => ({ object })), { readers: POLICY_READERS });
  const analysis = new Analysis(inventory, profileOf('aws', { version: '1.21', settings: strict ? { enforcingMode: 'strict' } : {} }));
  const plain = new PlainAws(objects, { strict });
  const pods = inventory.workloads.map(({ namespace, name }) => `${namespace}/${name}`);
  const listed = listedPorts(analysis.connections());
  const found: string[] = [];
  for (const from of [...pods, ...ADDRESSES]) {
    for (const to of [...pods, ...ADDRESSES]) {
      if (!pods.includes(from) && !pods.includes(to)) continue;
      for (const port of PORTS) {
        const actual = analysis.allows(from, to, port).verdict;
        if (strict && actual === 'depends' && [from, to].some((end) => NODE_ADDRESSES.includes(end) || !ADDRESSES.includes(end))) continue;
        const expected = plain.allows(from, to, port) ? 'allowed' : 'denied';
        if (actual !== expected) found.push(`${from} -> ${to} ${port}: engine ${actual}, plain ${expected}`);
        const isListed = port !== 'ICMP' && from !== to && ![from, to].some((end) => NODE_ADDRESSES.includes(end));
        if (isListed && listed(from, to, port) !== expected) found.push(`${from} -> ${to} ${port}: listed ${listed(from, to, port)}, plain ${expected}`);
      }
    }
  }
  return found;
}

const runs = { numRuns: Number(process.env.FUZZ_RUNS ?? 60) };

describe('the engine and a plain table of addresses agree about the VPC CNI', () => {
  test.each([['standard', false], ['strict', true]] as const)('in %s mode', (_, strict) => {
    fc.assert(fc.property(clusterObjects({ clusterPolicies: true, addresses: true, hostNetwork: true }), (objects) => {
      expect(disagreements(objects, strict)).toEqual([]);
    }), runs);
  });
});
