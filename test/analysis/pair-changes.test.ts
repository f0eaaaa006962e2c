import { Condition, Connection, diffConnections, pairChanges } from '../../lib/analysis';

const web = { kind: 'workload', namespace: 'shop', name: 'web', workload: 'Deployment' } as const;
const api = { kind: 'workload', namespace: 'pay', name: 'api', workload: 'Deployment' } as const;
const CNI: Condition = { kind: 'cni', at: 'NetworkPolicy pay/in', why: 'the CNI decides' };
const row = (port: string, conditions: readonly Condition[] = []): Connection => ({ source: web, destination: api, ports: { TCP: port }, conditions });
const changes = (before: readonly Connection[], after: readonly Connection[]) => pairChanges(diffConnections(before, after));

test.each<[string, readonly Connection[], readonly Connection[], { readonly opened: boolean; readonly closed: boolean }]>([
  ['a connection that came', [], [row('80')], { opened: true, closed: false }],
  ['a connection that went', [row('80')], [], { opened: false, closed: true }],
  ['more ports', [row('80')], [row('80-90')], { opened: true, closed: false }],
  ['other ports', [row('80')], [row('81')], { opened: true, closed: true }],
  ['what was certain depends now', [row('80')], [row('80', [CNI])], { opened: false, closed: true }],
  ['what depended is certain now', [row('80', [CNI])], [row('80')], { opened: true, closed: false }],
  ['beside what did not change', [row('80'), row('90', [CNI])], [row('80')], { opened: false, closed: true }],
])('%s', (_, before, after, expected) => {
  expect(changes(before, after)).toMatchObject([{ source: web, destination: api, ...expected }]);
});

test('a pair is told once, with what was certain and what depended on each side, and why', () => {
  expect(changes([row('80'), row('90', [CNI])], [row('80,90')])).toEqual([{
    source: web, destination: api, before: { allowed: { TCP: '80' }, depends: { TCP: '90' } }, after: { allowed: { TCP: '80,90' } },
    opened: true, closed: false, conditions: [CNI],
  }]);
});

test('what did not change is not there', () => {
  expect(changes([row('80')], [row('80')])).toEqual([]);
});
