import * as fc from 'fast-check';
import { Analysis, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { GENERIC, plainCluster, type PlainProfile } from '../plain';
import { listedPorts } from './differential';
import { clusterObjects, selector } from './random-cluster';

type Json = Record<string, unknown>;

const runs = { numRuns: Number(process.env.FUZZ_RUNS ?? 60) };
const PORTS = ['53/UDP', '80/TCP', '443/TCP', '8080/SCTP', '8080/TCP', 'ICMP'];
const ADDRESSES = ['10.1.2.200', '192.0.2.200', '8.8.8.8', 'fd00:1::aaaa'];

const word = <T>(words: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...words);

/** Selectors over labels of pods, of their namespace, and what is said of both. */
const endpoints: fc.Arbitrary<Json> = fc.oneof(
  selector,
  fc.record({ matchLabels: fc.record({ 'k8s:app': word(['x', 'y']), 'io.kubernetes.pod.namespace': word(['a', 'b']) }, { requiredKeys: [] }) }),
  fc.record({ matchLabels: fc.record({ 'io.cilium.k8s.namespace.labels.team': word(['x', 'y']) }) }),
  fc.constant({ matchExpressions: [{ key: 'io.cilium.k8s.policy.cluster', operator: 'Exists' }] }),
  fc.constant({ matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'NotIn', values: ['a'] }] }),
);

const cidrs = word(['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '192.0.2.0/24', '::/0', '8.8.8.8']);

const peers = (end: 'from' | 'to'): fc.Arbitrary<Json> => fc.oneof(
  fc.record({ [`${end}Endpoints`]: fc.array(endpoints, { maxLength: 2 }) }),
  fc.record({ [`${end}CIDR`]: fc.array(cidrs.filter((cidr) => cidr.includes('/')), { minLength: 1, maxLength: 2 }) }),
  fc.constant({ [`${end}CIDRSet`]: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] }),
  fc.record({ [`${end}Entities`]: fc.uniqueArray(word(['all', 'world', 'cluster', 'host', 'remote-node', 'none']), { minLength: 1, maxLength: 2 }) }),
  fc.constant({}),
);

const ports: fc.Arbitrary<Json> = fc.oneof(
  fc.constant({}),
  fc.record({
    toPorts: fc.array(fc.record({
      ports: fc.array(fc.oneof(
        fc.record({ port: word(['80', '443', '0', '8080']), protocol: word(['TCP', 'UDP', 'SCTP', 'ANY']) }),
        fc.constant({ port: '53' }),
        fc.constant({ port: '80', endPort: 443, protocol: 'TCP' }),
      ), { minLength: 1, maxLength: 2 }),
    }), { maxLength: 2 }),
  }),
);

const rules = (end: 'from' | 'to'): fc.Arbitrary<Json[]> => fc.array(fc.tuple(peers(end), ports).map(([who, where]) => ({ ...who, ...where })), { maxLength: 2 });

const spec = fc.record({
  endpointSelector: selector,
  enableDefaultDeny: fc.record({ ingress: fc.boolean(), egress: fc.boolean() }, { requiredKeys: [] }),
  ingress: rules('from'), ingressDeny: rules('from'), egress: rules('to'), egressDeny: rules('to'),
}, { requiredKeys: ['endpointSelector', 'ingress'] });

const policies: fc.Arbitrary<Json[]> = fc.array(fc.record({ spec, namespace: word(['a', 'b', 'c', undefined]) }), { minLength: 1, maxLength: 4 }).map((list) => list
  .map(({ spec: one, namespace }, index) => (namespace === undefined
    ? { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: `p${index}` }, spec: one }
    : { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: `p${index}`, namespace }, spec: one })));

const PLAIN: PlainProfile = {
  ...GENERIC, name: 'cilium', cnp: false, anp: false, hostNetworkPodsAreOrdinary: false,
  ipBlockMatchesPods: false, ipBlockMatchesNodes: false, networkPolicyIsolatesIcmp: true, rulesWithoutPortsAllowIcmp: true,
  cilium: { enablePolicy: 'default', defaultDenyIsForced: false, ownNodePasses: true },
};

/** Where the engine and the plain evaluator disagree, in single answers and in the list. */
function disagreements(objects: readonly unknown[], settings: Readonly<Record<string, string>>, plainProfile: PlainProfile, exact: boolean): string[] {
  const inventory = readInventory(objects.map((object) => ({ object })), { readers: POLICY_READERS });
  const analysis = new Analysis(inventory, profileOf('cilium', { version: '1.18', settings }));
  const plain = plainCluster(objects, plainProfile);
  const pods = plain.workloads();
  const listed = listedPorts(analysis.connections());
  const found: string[] = [];
  for (const from of [...pods, ...ADDRESSES]) {
    for (const to of [...pods, ...ADDRESSES]) {
      if (!pods.includes(from) && !pods.includes(to)) continue;
      for (const port of PORTS) {
        const expected = plain.answer(from, to, port).verdict;
        const actual = analysis.allows(from, to, port).verdict;
        const fits = expected === actual || (!exact && actual === 'depends');
        if (!fits) found.push(`${from} -> ${to} ${port}: engine ${actual}, plain ${expected}`);
        const isSelf = from === to && analysis.inventory.workloads.some(({ namespace, name, replicated }) => from === `${namespace}/${name}` && !replicated);
        if (exact && port !== 'ICMP' && !isSelf && ADDRESSES.every((address) => address !== to || from !== address) && listed(from, to, port) !== actual) {
          found.push(`${from} -> ${to} ${port}: listed ${listed(from, to, port)}, asked ${actual}`);
        }
      }
    }
  }
  return found;
}

/** Names of ports at egress hang on the version: they are left to tests of their own. */
function withoutPortNames(objects: readonly Json[]): Json[] {
  const text = JSON.stringify(objects).replaceAll(/,?\{"protocol":"(TCP|UDP|SCTP)","port":"(http|dns|metrics)"\}/g, '').replaceAll('[,', '[');
  return JSON.parse(text) as Json[];
}

const cluster = (hostNetwork: boolean): fc.Arbitrary<Json[]> => fc.tuple(clusterObjects({ clusterPolicies: false, addresses: true, hostNetwork }), policies)
  .map(([objects, own]) => withoutPortNames([...objects, ...own]));

describe('the engine and the plain evaluator agree on Cilium', () => {
  test('NetworkPolicy with policies of its own', () => {
    fc.assert(fc.property(cluster(false), (objects) => expect(disagreements(objects, {}, PLAIN, true)).toEqual([])), runs);
  });

  test('with pods in the network of their node', () => {
    fc.assert(fc.property(cluster(true), (objects) => expect(disagreements(objects, {}, PLAIN, false)).toEqual([])), runs);
  });

  test('where every pod is isolated', () => {
    const plain: PlainProfile = { ...PLAIN, cilium: { ...PLAIN.cilium!, enablePolicy: 'always' } };
    fc.assert(fc.property(cluster(false), (objects) => expect(disagreements(objects, { 'enable-policy': 'always' }, plain, true)).toEqual([])), runs);
  });

  test('where enableDefaultDeny is ignored', () => {
    const plain: PlainProfile = { ...PLAIN, cilium: { ...PLAIN.cilium!, defaultDenyIsForced: true } };
    fc.assert(fc.property(cluster(false), (objects) => expect(disagreements(objects, { 'enable-non-default-deny-policies': 'false' }, plain, true)).toEqual([])), runs);
  });
});
