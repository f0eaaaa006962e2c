import * as fc from 'fast-check';
import { Analysis, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { GENERIC, plainCluster, type PlainProfile } from '../plain';
import { listedPorts } from './differential';
import { clusterObjects } from './random-cluster';

type Json = Readonly<Record<string, unknown>>;

const runs = { numRuns: Number(process.env.FUZZ_RUNS ?? 60) };
const PORTS = ['53/UDP', '80/TCP', '443/TCP', '8080/SCTP', '8080/TCP', 'ICMP'];
const ADDRESSES = ['10.1.2.200', '10.9.0.1', '192.0.2.200', '8.8.8.8', 'fd00:1::aaaa', '2001:db8::1'];

const PLAIN: PlainProfile = {
  ...GENERIC, name: 'ovn-kubernetes', cnp: false, anp: true, ipBlockMatchesPods: true, cnpNetworksMatchPods: true, cnpNetworksMatchNodes: true,
  networkPolicyIsolatesIcmp: true, rulesWithoutPortsAllowIcmp: true, exceptDenies: true,
};

const ACTIONS: Readonly<Record<string, string>> = { Accept: 'Allow', Deny: 'Deny', Pass: 'Pass' };

interface WrittenPort {
  readonly destinationPort: { readonly number?: number; readonly range?: Json };
}

/** A port of ClusterNetworkPolicy as its predecessor has it. */
function olderPort(protocol: Json): Json {
  const [[name, { destinationPort: { number, range } }]] = Object.entries(protocol) as [[string, WrittenPort]];
  return number === undefined ? { portRange: { protocol: name.toUpperCase(), ...range } } : { portNumber: { protocol: name.toUpperCase(), port: number } };
}

function olderRule(rule: Json): Json {
  const { protocols, action, ...rest } = rule as { readonly protocols?: readonly Json[]; readonly action: string };
  return { ...rest, action: ACTIONS[action], ...(protocols === undefined ? {} : { ports: protocols.map(olderPort) }) };
}

interface WrittenSpec {
  readonly tier: string;
  readonly priority: number;
  readonly subject: Json;
  readonly ingress: readonly Json[];
  readonly egress: readonly Json[];
}

/** Every ClusterNetworkPolicy as an AdminNetworkPolicy, and the first one of the baseline as the baseline. */
function older(objects: readonly Json[]): Json[] {
  let baselines = 0;
  return objects.flatMap((object): Json[] => {
    if (object.kind !== 'ClusterNetworkPolicy') return [object];
    const { tier, priority, subject, ingress, egress } = object.spec as WrittenSpec;
    const rules = { ingress: ingress.map(olderRule), egress: egress.map(olderRule) };
    const apiVersion = 'policy.networking.k8s.io/v1alpha1';
    if (tier === 'Admin') return [{ ...object, apiVersion, kind: 'AdminNetworkPolicy', spec: { priority, subject, ...rules } }];
    const decides = ({ action }: Json): boolean => action !== 'Pass';
    const spec = { subject, ingress: rules.ingress.filter(decides), egress: rules.egress.filter(decides) };
    return baselines++ === 0 ? [{ ...object, apiVersion, kind: 'BaselineAdminNetworkPolicy', metadata: { name: 'default' }, spec }] : [];
  });
}

/** NetworkPolicy without names of ports, which OVN-Kubernetes may not look up. */
function withoutPortNames(objects: readonly Json[]): Json[] {
  return objects.map((object) => (object.kind === 'NetworkPolicy'
    ? JSON.parse(JSON.stringify(object), (key, value: unknown) => (key === 'port' && typeof value === 'string' ? 80 : value)) as Json
    : object));
}

interface WrittenWorkload {
  readonly metadata: Json;
  readonly spec: { readonly template: { readonly metadata: Json; readonly spec: Json } };
  readonly status?: { readonly podIP?: string };
}

/** Every workload as one pod whose address is known: the plain evaluator asks for it once, whichever policy names addresses. */
function addressed(objects: readonly Json[]): Json[] {
  return objects.map((object, index) => {
    const { metadata, spec, status } = object as unknown as WrittenWorkload;
    const podIP = `10.${index % 2}.2.${index + 100}`;
    const known = { podIP, podIPs: [{ ip: podIP }] };
    if (object.kind === 'Pod') return status?.podIP === undefined ? { ...object, status: known } : object;
    if (object.kind !== 'Deployment') return object;
    return { apiVersion: 'v1', kind: 'Pod', metadata: { ...spec.template.metadata, ...metadata }, spec: spec.template.spec, status: known };
  });
}

/** Whether some verdict could hang on addresses that the input does not tell. */
function namesAddresses(objects: readonly Json[]): boolean {
  return /"(cidr|networks)"/.test(JSON.stringify(objects));
}

function disagreements(objects: readonly Json[], exact: boolean): string[] {
  const analysis = new Analysis(readInventory(objects.map((object) => ({ object })), { readers: POLICY_READERS }), profileOf('ovn-kubernetes'));
  const plain = plainCluster(objects, PLAIN);
  const pods = plain.workloads();
  const listed = listedPorts(analysis.connections());
  const found: string[] = [];
  for (const from of [...pods, ...ADDRESSES]) {
    for (const to of [...pods, ...ADDRESSES]) {
      if (!pods.includes(from) && !pods.includes(to)) continue;
      for (const port of PORTS) {
        const expected = plain.answer(from, to, port).verdict;
        const actual = analysis.allows(from, to, port).verdict;
        if (expected !== actual && (exact || actual !== 'depends')) found.push(`${from} -> ${to} ${port}: engine ${actual}, plain ${expected}`);
        const row = port === 'ICMP' || from === to ? actual : listed(from, to, port);
        if (row !== actual) found.push(`${from} -> ${to} ${port}: listed ${row}, asked ${actual}`);
      }
    }
  }
  return found;
}

describe('the engine and the plain evaluator agree about OVN-Kubernetes', () => {
  test('AdminNetworkPolicy, NetworkPolicy and the baseline, where no policy names addresses', () => {
    const clusters = clusterObjects({ clusterPolicies: true, addresses: false, hostNetwork: false }).map((objects) => withoutPortNames(older(objects)));
    fc.assert(fc.property(clusters.map((objects) => objects.filter((object) => !namesAddresses([object]))), (objects) => {
      expect(disagreements(objects, true)).toEqual([]);
    }), runs);
  });

  test('addresses, and exceptions that deny by themselves', () => {
    fc.assert(fc.property(clusterObjects({ clusterPolicies: true, addresses: true, hostNetwork: false }), (objects) => {
      expect(disagreements(addressed(withoutPortNames(older(objects))), true)).toEqual([]);
    }), runs);
  });

  test('names of ports: what is certain holds where they are looked up', () => {
    fc.assert(fc.property(clusterObjects({ clusterPolicies: false, addresses: true, hostNetwork: false }), (objects) => {
      expect(disagreements(objects, false)).toEqual([]);
    }), runs);
  });

  test('the certain answers are most of them: the comparison is not of what depends', () => {
    const clusters = fc.sample(clusterObjects({ clusterPolicies: true, addresses: true, hostNetwork: false }), { numRuns: 20, seed: 7 });
    const objects = clusters.map((each) => withoutPortNames(older(each)));
    const verdicts = objects.flatMap((each) => {
      const analysis = new Analysis(readInventory(each.map((object) => ({ object })), { readers: POLICY_READERS }), profileOf('ovn-kubernetes'));
      const pods = analysis.inventory.workloads.map(({ namespace, name }) => `${namespace}/${name}`);
      return pods.flatMap((from) => pods.filter((to) => to !== from).map((to) => analysis.allows(from, to, '80/TCP').verdict));
    });
    expect(verdicts.filter((each) => each !== 'depends').length).toBeGreaterThan(verdicts.length / 2);
  });
});
