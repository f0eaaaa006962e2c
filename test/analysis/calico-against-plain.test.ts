import fc from 'fast-check';
import { Analysis, type Connection, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { type CalicoObject, PlainCalico } from '../plain/calico';

const API = 'projectcalico.org/v3';
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, spec: {}, status: { addresses: [{ type: 'InternalIP', address: '192.0.2.99' }] } };
const spaces: readonly CalicoObject[] = [['shop', 'a'], ['pay', 'b']].map(([name, team]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: name!, labels: { team: team! } }, spec: {} }));
const pods: readonly CalicoObject[] = [
  ['shop', 'web', { app: 'web' }, 80], ['shop', 'cron', { app: 'cron', legacy: '' }, 8080], ['pay', 'api', { app: 'api' }, 80], ['pay', 'db', { app: 'db-1' }, 5432],
].map(([namespace, name, labels, containerPort], index) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { namespace: namespace as string, name: name as string, labels: labels as Record<string, string> },
  spec: { nodeName: 'a', containers: [{ name: 'c', ports: [{ name: 'http', containerPort: containerPort as number }] }] }, status: { podIP: `10.0.${index % 2}.${index + 1}` },
}));
const OUTSIDE = ['203.0.113.7', '198.51.100.7'];

const condition = fc.constantFrom(
  "app == 'web'", "app != 'web'", 'has(app)', '!has(legacy)', "app in {'web', 'api'}", "app not in {'db-1'}", "app starts with 'db'", "app contains 'e'", "app ends with '1'",
  "pcns.team == 'a'", "projectcalico.org/namespace == 'pay'", "projectcalico.org/orchestrator == 'k8s'", "net == 'corp'", 'all()',
);
const selector = fc.oneof(
  condition,
  fc.tuple(condition, fc.constantFrom('&&', '||'), condition).map(([a, sign, b]) => `${a} ${sign} ${b}`),
  fc.tuple(condition, condition).map(([a, b]) => `!(${a} || ${b})`),
);
const namespaces = fc.constantFrom('all()', 'global()', "team == 'a'", "team != 'a'", "projectcalico.org/name == 'pay'", '!has(team)', 'all() || global()');
const net = fc.constantFrom('10.0.0.0/16', '10.0.0.0/24', '10.0.1.4/32', '203.0.113.0/24', '198.51.100.7/32', '0.0.0.0/0');
const nets = fc.uniqueArray(net, { minLength: 1, maxLength: 2 });
const ports = fc.uniqueArray(fc.constantFrom<number | string>(80, 8080, 'http'), { minLength: 1, maxLength: 2 });
const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 1 });

/** Undefined fields are no fields. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const end = fc.record({
  selector: sometimes(selector), notSelector: sometimes(selector), namespaceSelector: sometimes(namespaces), nets: sometimes(nets), notNets: sometimes(nets),
});
const ruleOf = fc.record({
  action: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const, 'Pass' as const, 'Log' as const), source: sometimes(end), destination: end,
  ports: fc.oneof(fc.constant({}), fc.record({ protocol: fc.constantFrom('TCP', 'UDP'), ports: sometimes(ports), notPorts: sometimes(ports) }), fc.constant({ notProtocol: 'UDP' })),
}).map(({ action, source, destination, ports: { ports: own, notPorts, ...protocol } }: {
  action: 'Allow' | 'Deny' | 'Pass' | 'Log'; source: unknown; destination: object; ports: { ports?: unknown; notPorts?: unknown; protocol?: string; notProtocol?: string };
}) => ({ action, ...protocol, source, destination: { ...destination, ports: own, notPorts } }));

const policy = fc.record({
  namespace: fc.constantFrom(undefined, 'shop', 'pay'), name: fc.constantFrom('p', 'p-q', 'a'), tier: fc.constantFrom('default', 'soft', 'hard'), order: sometimes(fc.constantFrom(1, 2)),
  selector: sometimes(selector), types: fc.constantFrom(undefined, ['Ingress'], ['Egress'], ['Ingress', 'Egress']),
  ingress: sometimes(fc.array(ruleOf, { maxLength: 2 })), egress: sometimes(fc.array(ruleOf, { maxLength: 2 })),
}).map(({ namespace, name, ...spec }) => ({ apiVersion: API, kind: namespace === undefined ? 'GlobalNetworkPolicy' : 'NetworkPolicy', metadata: { name, namespace }, spec }));

const set = fc.record({ namespace: fc.constantFrom(undefined, 'shop', 'pay'), nets }).map(({ namespace, nets: own }) => ({
  apiVersion: API, kind: namespace === undefined ? 'GlobalNetworkSet' : 'NetworkSet', metadata: { name: 's', namespace, labels: { net: 'corp', app: 'db-1' } }, spec: { nets: own },
}));

const cluster = fc.record({
  policies: fc.uniqueArray(policy, { maxLength: 5, selector: ({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}` }),
  sets: fc.uniqueArray(set, { maxLength: 2, selector: ({ metadata }) => metadata.namespace }),
  soft: sometimes(fc.constantFrom(5, 7)),
}).map(({ policies, sets, soft }) => plain([
  ...spaces, ...pods, ...sets, ...policies,
  { apiVersion: API, kind: 'Tier', metadata: { name: 'soft' }, spec: { order: soft, defaultAction: 'Pass' } },
  { apiVersion: API, kind: 'Tier', metadata: { name: 'hard' }, spec: { order: 5 } },
]) as CalicoObject[]);

const PORTS = [['TCP', 80], ['TCP', 8080], ['TCP', 9], ['UDP', 80]] as const;

test('random clusters of Calico: every pair, asked and listed, as the plain evaluator says', () => {
  fc.assert(fc.property(cluster, (objects) => {
    const direct = new PlainCalico(objects);
    const analysis = new Analysis(readInventory([...objects, node].map((object) => ({ object })), { readers: POLICY_READERS }), profileOf('calico', { version: '3.32' }));
    const listed = analysis.connections();
    const ends = [...pods.map(({ metadata, status }) => ({ name: `${metadata.namespace}/${metadata.name}`, address: status!.podIP! })), ...OUTSIDE.map((address) => ({ name: address, address }))];
    for (const from of ends) {
      for (const to of ends) {
        if (from === to || (OUTSIDE.includes(from.name) && OUTSIDE.includes(to.name))) continue;
        for (const [protocol, port] of PORTS) {
          const expected = direct.allows({ source: from.address, destination: to.address, protocol, port }) ? 'allowed' : 'denied';
          const question = `${from.name} -> ${to.name} ${port}/${protocol}`;
          expect([question, analysis.allows(from.name, to.name, `${port}/${protocol}`).verdict]).toEqual([question, expected]);
          expect([question, isListed(listed, from.name, to.name, protocol, port)]).toEqual([question, expected === 'allowed']);
        }
      }
    }
  }), { numRuns: 150 });
});

function isListed(connections: readonly Connection[], from: string, to: string, protocol: string, port: number): boolean {
  const is = (endpoint: Connection['source'], name: string): boolean => {
    if (endpoint.kind === 'workload') return `${endpoint.namespace}/${endpoint.name}` === name;
    return endpoint.kind === 'external' && endpoint.cidrs.some((cidr) => holdsAddress(cidr, name));
  };
  return connections.some(({ source, destination, ports: own }) => is(source, from) && is(destination, to)
    && (own === 'all' || own[protocol] === 'all' || (own[protocol] ?? '').split(',').some((range) => isIn(range, port))));
}

function isIn(range: string, port: number): boolean {
  const [first = '', last = first] = range.split('-');
  return range !== '' && Number(first) <= port && port <= Number(last);
}

function holdsAddress(cidr: string, name: string): boolean {
  if (name.includes('/') || cidr.includes(':')) return false;
  const [address, prefix] = cidr.split('/') as [string, string];
  const bits = (text: string): string => text.split('.').map((part) => Number(part).toString(2).padStart(8, '0')).join('');
  return bits(address).slice(0, Number(prefix)) === bits(name).slice(0, Number(prefix));
}
