import { lines, missing, namespace } from './check';

const rule = 'audit-stage-expired';
const settings = { today: '2026-11-27' };
const only = { only: [rule], settings };

const record = (stage: string, since?: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: netpol-stage
  namespace: pay
${since === undefined ? '' : `  managedFields: [{ manager: kubectl, time: "${since}T10:00:00Z", fieldsV1: { f:data: { f:stage: {} } } }]\n`}data: { owner: payments, stage: ${stage} }
---
`;

describe('reports', () => {
  test('a namespace in AUDIT for longer than 30 days', () => {
    expect(lines(rule, record('AUDIT', '2026-10-01'), only)).toEqual([
      'warning ConfigMap pay/netpol-stage data.stage: pay is in AUDIT since 2026-10-01, 57 days, and 30 are allowed: nothing is stopped in it',
    ]);
  });

  test('by the days that netpol.yaml allows', () => {
    const within = (days: number) => lines(rule, record('AUDIT', '2026-11-20'), { only: [rule], settings: { ...settings, rules: { [rule]: { options: { days } } } } });
    expect([within(6).length, within(7).length]).toEqual([1, 0]);
  });
});

describe('does not report', () => {
  test.each([['AUDIT', '2026-10-28'], ['OBSERVE', '2020-01-01'], ['ENFORCE', '2020-01-01']])('%s since %s', (stage, since) => {
    expect(lines(rule, record(stage, since), only)).toEqual([]);
    expect(missing(rule, record(stage, since), only)).toEqual([]);
  });

  test('a ConfigMap of another name, and a namespace that no construct owns', () => {
    expect(lines(rule, record('AUDIT', '2020-01-01').replace('name: netpol-stage', 'name: other') + namespace('shop'), only)).toEqual([]);
  });
});

test('is not evaluated where nobody tells since when', () => {
  expect(lines(rule, record('AUDIT'), only)).toEqual([]);
  expect(missing(rule, record('AUDIT'), only)).toEqual(['pay: neither the API server nor git tells since when the namespace is in AUDIT']);
});
