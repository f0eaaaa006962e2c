import * as fc from 'fast-check';
import { type Analysis, type IdleRule } from '../../lib/analysis';
import { GENERIC, plainCluster } from '../plain';
import { analysisOf, type Settings } from './differential';
import { clusterObjects } from './random-cluster';

interface PolicyJson {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Record<'ingress' | 'egress', unknown[]> & { readonly policyTypes?: readonly string[] };
}

const NAMESPACES = ['a', 'b', 'c'];
const PORTS = ['53/UDP', '80/TCP', '443/TCP', '8080/TCP'];
const ADDRESSES = ['10.1.2.200', '192.0.2.200', '2001:db8::1'];
const RUNS = Number(process.env.FUZZ_RUNS ?? 60);
const settings: fc.Arbitrary<Settings> = fc.record({ ipBlockMatchesPods: fc.boolean(), cnpNetworksMatchPods: fc.boolean() });

/** Pods with every combination of labels: those that may come to exist. */
const probes = NAMESPACES.flatMap((namespace) => ['x', 'y', 'z', undefined].flatMap((app) => ['x', 'z', undefined].map((tier, index) => ({
  apiVersion: 'v1', kind: 'Pod',
  metadata: { name: `probe-${app ?? 'none'}-${tier ?? 'none'}`, namespace, labels: { ...(app === undefined ? {} : { app }), ...(tier === undefined ? {} : { tier }) } },
  spec: { containers: [{ name: 'main', image: 'none', ports: [{ name: 'http', containerPort: index === 0 ? 80 : 8080, protocol: 'TCP' }] }] },
}))));

/** The same objects without the rules; what a policy isolates is written, since a default of the API goes by the rules that it has. */
function without(objects: readonly unknown[], idle: readonly IdleRule[]): unknown[] {
  return (structuredClone(objects) as PolicyJson[]).map((object) => {
    const { name, namespace } = object.metadata;
    const own = idle.flatMap(({ parts }) => parts)
      .filter(({ policy: { kind, policy } }) => kind === object.kind && policy.name === name && policy.namespace === namespace);
    if (own.length === 0) return object;
    const types = object.kind === 'NetworkPolicy' && object.spec.policyTypes === undefined ? { policyTypes: own[0]!.policy.policy.isolates.map((each) => (each === 'ingress' ? 'Ingress' : 'Egress')) } : {};
    const kept = (direction: 'ingress' | 'egress') => object.spec[direction]?.filter((_, index) => !own.some((each) => each.rule.direction === direction && each.index === index));
    return { ...object, spec: { ...object.spec, ...types, ingress: kept('ingress'), egress: kept('egress') } };
  });
}

/** Everything that a plain reading of the API says about the pods of the input, those that may come, and addresses. */
function answers(objects: readonly unknown[], own: Settings): string {
  const plain = plainCluster([...objects, ...probes], { ...GENERIC, ...own });
  const pods = plain.workloads();
  const ends = [...pods, ...ADDRESSES];
  const [few, rest] = [pods.slice(0, 8), ends.filter((_, index) => index % 4 === 0)];
  return few.flatMap((from) => rest.flatMap((to) => PORTS.map((port) => `${plain.answer(from, to, port).verdict} ${plain.answer(to, from, port).verdict}`))).join('\n');
}

test.each([
  ['redundant', RUNS, (analysis: Analysis) => analysis.rules.redundant(() => true, () => true)],
  // one cluster in twenty has any
  ['shadowed', RUNS * 6, (analysis: Analysis) => analysis.rules.shadowed(() => true)],
])('without its %s rules a cluster allows the same, to pods that may come to exist too', (_, numRuns, idleOf) => {
  let removed = 0;
  fc.assert(fc.property(clusterObjects({ clusterPolicies: true, addresses: true, hostNetwork: false }), settings, (objects, own) => {
    const idle = idleOf(analysisOf(objects, own));
    removed += idle.length;
    if (idle.length > 0) expect(answers(without(objects, idle), own)).toBe(answers(objects, own));
  }), { numRuns });
  expect(removed).toBeGreaterThan(3);
});
