import fc from 'fast-check';
import { Analysis, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { type AntreaObject, PlainAntrea } from '../plain/antrea';
import { listedPorts } from './differential';

const API = 'crd.antrea.io/v1beta1';
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, spec: {}, status: { addresses: [{ type: 'InternalIP', address: '192.0.2.99' }] } };
const spaces = [['shop', { org: 'a', region: 'x' }], ['pay', { org: 'a' }], ['ops', { org: 'b', region: 'x' }]]
  .map(([name, labels]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels }, spec: {} }));
const pods = [
  ['shop', 'web', { app: 'web' }, 'sa'], ['shop', 'cron', { app: 'cron', legacy: '' }, undefined], ['pay', 'api', { app: 'api' }, 'sa'], ['ops', 'agent', { app: 'web' }, undefined],
].map(([namespace, name, labels, serviceAccountName], index) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name, labels }, spec: { nodeName: 'a', serviceAccountName, containers: [{ name: 'c' }] }, status: { podIP: `10.0.${index % 2}.${index + 1}` },
}));
const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'shop' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } };
const tier = { apiVersion: API, kind: 'Tier', metadata: { name: 'mine' }, spec: { priority: 120 } };
/** Where the list of differential tests looks. */
const OUTSIDE = ['8.8.8.8', '192.0.2.200'];

const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 1 });
/** Undefined fields are no fields. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const podSelector = fc.constantFrom(
  {}, { matchLabels: { app: 'web' } }, { matchLabels: { app: 'api' } }, { matchExpressions: [{ key: 'legacy', operator: 'DoesNotExist' }] },
  { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'cron'] }] },
);
const namespaceSelector = fc.constantFrom({}, { matchLabels: { org: 'a' } }, { matchLabels: { 'kubernetes.io/metadata.name': 'pay' } }, { matchExpressions: [{ key: 'region', operator: 'Exists' }] });
const block = fc.constantFrom({ cidr: '10.0.0.0/16' }, { cidr: '0.0.0.0/0', except: ['10.0.1.0/24', '8.8.8.0/24'] }, { cidr: '8.8.8.8/32' }, { cidr: '10.0.0.1/32' });
const group = fc.constantFrom('pods', 'blocks', 'service', 'both', 'missing');

const selected = fc.oneof(fc.record({ podSelector }), fc.record({ namespaceSelector }), fc.record({ podSelector, namespaceSelector }));
const common = fc.oneof(selected, selected, fc.record({ ipBlock: block }), fc.record({ group }));
const ofCluster = fc.oneof(
  common, fc.record({ namespaces: fc.constantFrom({ match: 'Self' }, { sameLabels: ['org'] }, { sameLabels: ['org', 'region'] }), podSelector: sometimes(podSelector) }),
  fc.record({ serviceAccount: fc.constantFrom({ name: 'sa', namespace: 'shop' }, { name: 'default', namespace: 'ops' }) }),
);
const appliedTo = (isNamespaced: boolean): fc.Arbitrary<unknown> => (isNamespaced
  ? fc.oneof(fc.record({ podSelector }), fc.record({ group }))
  : fc.oneof(selected, selected, fc.record({ group }), fc.constant({ serviceAccount: { name: 'sa', namespace: 'pay' } })));
const ports = fc.uniqueArray(fc.constantFrom({ protocol: 'TCP', port: 80 }, { protocol: 'UDP' }, { protocol: 'TCP', port: 8000, endPort: 9000 }, { port: 8080 }), { maxLength: 2 });

const ruleOf = (direction: string, isNamespaced: boolean, tierName: string, hasOwn: boolean): fc.Arbitrary<unknown> => fc.record({
  action: fc.constantFrom('Allow', 'Allow', 'Drop', 'Reject', ...(tierName === 'baseline' ? [] : ['Pass'])),
  peers: sometimes(fc.array(isNamespaced ? common : ofCluster, { maxLength: 2 })), ports: sometimes(ports),
  appliedTo: hasOwn ? fc.array(appliedTo(isNamespaced), { minLength: 1, maxLength: 2 }) : fc.constant(undefined),
}).map(({ peers, ...rest }) => ({ ...rest, [direction === 'ingress' ? 'from' : 'to']: peers }));

const policy = fc.record({
  namespace: fc.constantFrom(undefined, undefined, 'shop', 'pay'), name: fc.constantFrom('p', 'q', 'r'), tier: fc.constantFrom(undefined, 'securityops', 'mine', 'baseline'),
  priority: fc.constantFrom(1, 5), hasOwn: fc.boolean(),
}).chain(({ namespace, name, tier: of, priority, hasOwn }) => fc.record({
  ingress: fc.array(ruleOf('ingress', namespace !== undefined, of ?? '', hasOwn), { minLength: 1, maxLength: 2 }),
  egress: sometimes(fc.array(ruleOf('egress', namespace !== undefined, of ?? '', hasOwn), { maxLength: 2 })),
  appliedTo: hasOwn ? fc.constant(undefined) : fc.array(appliedTo(namespace !== undefined), { minLength: 1, maxLength: 2 }),
}).map((spec) => ({
  apiVersion: API, kind: namespace === undefined ? 'ClusterNetworkPolicy' : 'NetworkPolicy', metadata: { name, namespace }, spec: { tier: of, priority, ...spec },
})));

const native = fc.record({
  namespace: fc.constantFrom('shop', 'pay'), podSelector, policyTypes: fc.subarray(['Ingress', 'Egress'], { minLength: 1 }),
  peers: fc.array(fc.oneof(fc.record({ podSelector }), fc.record({ namespaceSelector }), fc.record({ ipBlock: block })), { maxLength: 1 }),
  ports: sometimes(ports),
}).map(({ namespace, peers, ports: own, ...spec }) => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'np', namespace },
  spec: { ...spec, ...(spec.policyTypes.includes('Ingress') ? { ingress: [{ from: peers, ports: own }] } : {}), ...(spec.policyTypes.includes('Egress') ? { egress: [{ to: peers, ports: own }] } : {}) },
}));

/** The groups that rules name, in the cluster and in two namespaces. */
const groups = fc.record({ podSelector, block }).map(({ podSelector: own, block: of }) => [undefined, 'shop', 'pay'].flatMap((namespace) => [
  ['pods', { podSelector: own }], ['blocks', { ipBlocks: [of] }], ['both', { childGroups: ['pods', 'blocks', 'gone'] }],
  ['service', namespace === 'pay' ? { podSelector: {} } : { serviceReference: { name: 's', namespace: 'shop' } }],
].map(([name, spec]) => ({ apiVersion: API, kind: namespace === undefined ? 'ClusterGroup' : 'Group', metadata: { name, namespace }, spec }))));

const cluster = fc.record({
  policies: fc.uniqueArray(policy, { maxLength: 5, selector: ({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}` }),
  natives: fc.uniqueArray(native, { maxLength: 1, selector: ({ metadata }) => metadata.namespace }), groups,
}).map(({ policies, natives, groups: own }) => plain([...spaces, ...pods, service, tier, ...own, ...policies, ...natives]) as unknown as AntreaObject[]);

const PORTS = [['TCP', 80], ['TCP', 8080], ['TCP', 9], ['UDP', 80]] as const;

test('random clusters of Antrea: every pair, asked and listed, as the plain evaluator says', () => {
  fc.assert(fc.property(cluster, (objects) => {
    const direct = new PlainAntrea(objects);
    const analysis = new Analysis(readInventory([...objects, node].map((object) => ({ object })), { readers: POLICY_READERS }), profileOf('antrea', { version: '2.7' }));
    const listed = listedPorts(analysis.connections());
    const ends = [...pods.map(({ metadata, status }) => ({ name: `${metadata.namespace as string}/${metadata.name as string}`, address: status.podIP })), ...OUTSIDE.map((address) => ({ name: address, address }))];
    for (const from of ends) {
      for (const to of ends) {
        if (from === to || (OUTSIDE.includes(from.name) && OUTSIDE.includes(to.name))) continue;
        for (const [protocol, port] of PORTS) {
          const found = direct.verdict({ source: from.address, destination: to.address, protocol, port });
          const expected = found === 'undefined' ? 'depends' : found;
          const question = `${from.name} -> ${to.name} ${port}/${protocol}`;
          expect([question, analysis.allows(from.name, to.name, `${port}/${protocol}`).verdict]).toEqual([question, expected]);
          expect([question, listed(from.name, to.name, `${port}/${protocol}`)]).toEqual([question, expected]);
        }
      }
    }
  }), { numRuns: 150 });
});
