import { ObservedPeer } from '../../../src/flows/observation';
import { endNames } from '../../../src/flows/query/end-names';
import { queryCsv, queryTable } from '../../../src/flows/query/query-forms';
import { ObservedConnection } from '../../../src/flows/store/flow-store';
import { csv, Sheet } from '../../../src/output';
import { connection, outside, pod } from './observed';

function namesOf(...peers: ObservedPeer[]): readonly string[] {
  return peers.map(endNames(peers));
}

const host = (ip: string): ObservedPeer => ({ kind: 'entity', entity: 'host', ip });

describe('ends that are not the same have different names', () => {
  test.each<[string, ObservedPeer[], string[]]>([
    ['alone', [pod('shop/web', { app: 'web' })], ['shop/web']],
    ['the same twice', [pod('shop/web', { app: 'web' }), pod('shop/web', { app: 'web' })], ['shop/web', 'shop/web']],
    ['other labels', [pod('shop/web', { app: 'web', v: '1' }), pod('shop/web', { app: 'web', v: '2' })], ['shop/web {v=1}', 'shop/web {v=2}']],
    ['a label more', [pod('shop/web', { app: 'web' }), pod('shop/web', { app: 'web', v: '2' })], ['shop/web', 'shop/web {v=2}']],
    ['another kind', [pod('shop/web'), { ...pod('shop/web'), workload: { kind: 'Job', name: 'web' } }], ['shop/web {Deployment}', 'shop/web {Job}']],
    ['another cluster', [pod('shop/web'), { ...pod('shop/web'), cluster: 'eu' }], ['shop/web', 'shop/web (cluster eu)']],
    ['addresses of one name', [outside('192.0.2.1', 'a.example'), outside('192.0.2.2', 'a.example')], ['a.example {192.0.2.1}', 'a.example {192.0.2.2}']],
    ['addresses of a host', [host('10.0.0.1'), host('10.0.0.2')], ['{host} {10.0.0.1}', '{host} {10.0.0.2}']],
  ])('%s', (_, peers, expected) => {
    expect(namesOf(...peers)).toEqual(expected);
  });
});

function cells(sheetOf: (rows: readonly ObservedConnection[]) => Sheet, change: Partial<ObservedConnection>): readonly string[] {
  return sheetOf([connection(change)]).rows[0]!;
}

test.each<[ObservedConnection['decidedBy'], string]>([
  [null, ''],
  [[{ kind: 'CiliumNetworkPolicy', namespace: 'pay', name: 'api' }, { kind: 'ClusterPolicy', name: 'base' }], 'CiliumNetworkPolicy pay/api, ClusterPolicy base'],
  [[{ kind: 'StagedNetworkPolicy', namespace: 'pay', name: 'api', tier: 'default', rule: '0', staged: true }], 'StagedNetworkPolicy pay/api tier default rule 0 (staged)'],
  [[{ kind: null, name: null, tier: 'admin' }], 'tier admin'],
])('decided by %j: %s', (decidedBy, expected) => {
  expect(cells(queryCsv, { decidedBy })[5]).toBe(expected);
});

test('the Service that was called is a column of its own, where one was', () => {
  expect(queryTable([connection()]).columns).toEqual(['from', 'to', 'port', 'verdict', 'direction', 'count', 'hours', 'first seen', 'last seen', 'sources']);
  const { columns, rows } = queryTable([connection({ service: { namespace: 'pay', name: 'payments', port: 80 } })]);
  expect(rows[0]![columns.indexOf('service')]).toBe('pay/payments:80');
});

describe('names that somebody else chose', () => {
  test.each(['pay/api', '{host}'])('%s outside is not taken for what it looks like', (name) => {
    expect(namesOf(outside('192.0.2.1', name), pod('shop/web'))).toEqual([`outside, called "${name}"`, 'shop/web']);
  });

  test.each(['=HYPERLINK("evil.example","x")', '+1', '-1', '@SUM(A1)'])('%s is no formula in a spreadsheet', (name) => {
    const [, line] = [...csv(queryCsv([connection({ dst: outside('192.0.2.1', name) })]))];
    expect(line).toContain(`,${name.includes('"') ? `"'${name.replaceAll('"', '""')}"` : `'${name}`},8080/TCP,`);
  });

  test('a line end is none in the rows', () => {
    expect(cells(queryCsv, { dst: outside(null, '\r\n=1+1') })[1]).toBe('\\u000d\\u000a=1+1');
  });

  test.each(['\u001b[2J', '\u009b31m', '\u202e'])('%j does not reach the terminal', (sign) => {
    expect(cells(queryTable, { src: pod(`shop/web${sign}`) })[0]).toMatch(/^shop\/web\\u[0-9a-f]{4}/);
  });
});
