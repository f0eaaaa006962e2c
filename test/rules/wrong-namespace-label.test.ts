import { lines, missing, namespace, policy } from './check';

const rule = 'wrong-namespace-label';
const to = (labels: string) => policy('shop/a', `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: { matchLabels: ${labels} } }], ports: [{ port: 53 }] }] }`);

describe('reports', () => {
  test('a namespace of the input that does not have the label, as an error', () => {
    expect(lines(rule, namespace('pay', ', labels: { team: a }') + to('{ name: pay }'))).toEqual([
      'error NetworkPolicy shop/a spec.egress[0]: the namespace pay is looked for by the label name, which it does not have: its name is in kubernetes.io/metadata.name',
    ]);
  });

  test('a namespace that every cluster has, as a warning where its labels are not in the input', () => {
    expect(lines(rule, to('{ name: kube-system }'))).toEqual([expect.stringMatching(/^warning .*kube-system is looked for by the label name, which it has only where somebody has set it/) as unknown]);
  });

  test('at ingress as well, and in an expression', () => {
    expect(lines(rule, namespace('pay') + policy('shop/a', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ namespaceSelector: { matchExpressions: [{ key: namespace, operator: In, values: [pay] }] } }], ports: [{ port: 80 }] }] }'))).toHaveLength(1);
  });
});

describe('does not report', () => {
  test('the label of the API server, and labels of one\'s own', () => {
    expect(lines(rule, namespace('pay') + to('{ kubernetes.io/metadata.name: pay }') + to('{ team: pay }').replace('name: a', 'name: b'))).toEqual([]);
  });

  test('a label that somebody has set, on whatever namespace', () => {
    expect(lines(rule, namespace('pay', ', labels: { name: pay }') + to('{ name: pay }'))).toEqual([]);
    expect(lines(rule, namespace('kube-system', ', labels: { name: kube-system }') + to('{ name: kube-system }'))).toEqual([]);
    expect(lines(rule, namespace('pay') + namespace('payments', ', labels: { name: pay }') + to('{ name: pay }'))).toEqual([]);
  });
});

test('is not evaluated for a namespace that is not in the input', () => {
  expect(lines(rule, to('{ name: pay }'))).toEqual([]);
  expect(missing(rule, to('{ name: pay }'))).toEqual(['shop: the Namespace pay, which is looked for by the label name, is not in the input']);
});
