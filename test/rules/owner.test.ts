import { parseAllDocuments } from 'yaml';
import { FILL_IN, ObjectIndex, OWNER_KEYS, ownerOf, ownerOfNamespace } from '../../lib/rules';
import { found, lines, namespace, policy } from './check';

const SPEC = '{ podSelector: {}, policyTypes: [Ingress, Egress] }';
const record = (space: string, owner: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: netpol-stage, namespace: ${space} }
data: { owner: ${owner}, stage: AUDIT }
---
`;
const index = (manifests: string) =>
  new ObjectIndex(parseAllDocuments(manifests).map((each) => ({ object: each.toJS() as unknown })).filter(({ object }) => object !== null));

const everything = [
  namespace('shop', ', labels: { team: from-namespace }'), record('shop', 'from-record'),
  policy('shop/a', SPEC, ', labels: { team: from-policy }'), policy('shop/b', SPEC),
];
const ofPolicy = (name: string, manifests: readonly string[]) => ownerOf({ kind: 'NetworkPolicy', namespace: 'shop', name }, index(manifests.join('')), OWNER_KEYS);
const ofNamespace = (manifests: readonly string[]) => ownerOfNamespace('shop', index(manifests.join('')), OWNER_KEYS);

describe('one order of precedence', () => {
  test('an object names its own owner', () => {
    expect(ofPolicy('a', everything)).toBe('from-policy');
  });

  test('else the record of its namespace does, else the Namespace', () => {
    expect(ofPolicy('b', everything)).toBe('from-record');
    expect(ofPolicy('b', [everything[0]!, everything[3]!])).toBe('from-namespace');
  });

  test('a policy does not speak for its neighbour', () => {
    expect(ofPolicy('b', everything.slice(2))).toBeUndefined();
  });

  test('a namespace: the record, the Namespace, then its policies where they agree', () => {
    expect(ofNamespace(everything)).toBe('from-record');
    expect(ofNamespace([everything[0]!, everything[2]!])).toBe('from-namespace');
    expect(ofNamespace(everything.slice(2))).toBe('from-policy');
    expect(ofNamespace([...everything.slice(2), policy('shop/c', SPEC, ', labels: { team: another }')])).toBeUndefined();
    expect(ofNamespace([policy('shop/c', SPEC, ', annotations: { team: other }'), policy('pay/c', SPEC, ', labels: { team: payments }')])).toBe('other');
  });

  test('our key before those of others, a label before an annotation', () => {
    expect(ofNamespace([namespace('shop', ', labels: { team: a }, annotations: { cdk8s-netpol/owner: b, team: c }')])).toBe('b');
    expect(ofNamespace([namespace('shop', ', labels: { team: a }, annotations: { team: c }')])).toBe('a');
  });

  test('the Namespace and its policies are owned by the same team in findings', () => {
    const manifests = everything[0]! + everything[1]!;
    expect(found('namespace-without-policy', manifests).map(({ object, owner }) => [object.kind, owner])).toEqual([['Namespace', 'from-record']]);
  });
});

describe('FILL-IN, which netpol migrate writes where nobody is named, is nobody', () => {
  test('to every reading', () => {
    const manifests = [namespace('shop', `, labels: { cdk8s-netpol/owner: ${FILL_IN} }`), record('shop', FILL_IN), policy('shop/a', SPEC, `, labels: { cdk8s-netpol/owner: ${FILL_IN} }`)];
    expect(ofPolicy('a', manifests)).toBeUndefined();
    expect(ofNamespace(manifests)).toBeUndefined();
    expect(lines('require-owner', manifests.join(''))).toEqual([expect.stringMatching(/^warning Namespace shop: neither the Namespace shop nor the policy a names an owner/) as unknown]);
  });

  test('and a key further on may name somebody', () => {
    expect(ofNamespace([namespace('shop', `, labels: { cdk8s-netpol/owner: ${FILL_IN}, team: web }`)])).toBe('web');
  });
});
