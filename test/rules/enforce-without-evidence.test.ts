import { parseAllDocuments } from 'yaml';
import { readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { policyDigest, FoundEvidence } from '../../lib/rules';
import { lines, policy } from './check';

const rule = 'enforce-without-evidence';
const TODAY = '2026-11-28';

const record = (stage: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: netpol-stage, namespace: pay }
data: { owner: payments, stage: ${stage} }
---
`;
const DENY = policy('pay/default-deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }');
const ALLOW = policy('pay/allow-api', '{ podSelector: { matchLabels: { app: api } }, policyTypes: [Ingress], ingress: [{ ports: [{ port: 8080 }] }] }');
const OPENER = policy('pay/netpol-audit', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}] }');

const digestOf = (manifests: string) => {
  const objects = parseAllDocuments(manifests).map((document) => ({ object: document.toJS() as unknown })).filter(({ object }) => object !== null);
  return policyDigest(readInventory(objects, { readers: POLICY_READERS }), 'pay');
};

const found = (manifests: string, evidence?: FoundEvidence, folder = 'evidence') => lines(rule, manifests, {
  only: [rule],
  settings: { today: TODAY, rules: { [rule]: { options: { folder } } } },
  evidence: (asked, namespace) => (asked === folder && namespace === 'pay' ? evidence : undefined),
});

const enforced = record('ENFORCE') + DENY + ALLOW;
const evidence = { policyDigest: digestOf(enforced), until: '2026-12-05' };

describe('reports a namespace in ENFORCE', () => {
  test('without evidence', () => {
    expect(found(enforced)).toEqual(['error ConfigMap pay/netpol-stage data.stage: pay is in ENFORCE, and there is no evidence for it in evidence/pay.json']);
  });

  test('whose evidence has expired', () => {
    expect(found(enforced, { ...evidence, until: '2026-11-27' })[0]).toMatch(/its evidence in evidence\/pay\.json has expired on 2026-11-27$/);
  });

  test('whose evidence is for other policies', () => {
    expect(found(enforced.replace('8080', '8081'), evidence)[0]).toMatch(/its evidence in evidence\/pay\.json is for other policies than these$/);
  });

  test('whose evidence cannot be read', () => {
    expect(found(enforced, { unreadable: 'evidence/pay.json is no JSON' })[0]).toMatch(/its evidence cannot be read: evidence\/pay\.json is no JSON$/);
  });
});

describe('does not report', () => {
  test('ENFORCE with evidence for these policies, on its last day', () => {
    expect(found(enforced, { ...evidence, until: TODAY })).toEqual([]);
  });

  test('evidence in the folder that netpol.yaml names', () => {
    expect(found(enforced, evidence, 'gates')).toEqual([]);
  });

  test.each(['AUDIT', 'OBSERVE'])('%s', (stage) => expect(found(record(stage) + DENY)).toEqual([]));
});

describe('the digest of policies', () => {
  test('is the same whatever their order, names and opener are', () => {
    expect(digestOf(ALLOW.replace('allow-api', 'allow-api-8080') + OPENER + DENY)).toBe(digestOf(DENY + ALLOW));
  });

  test('is another for another port, direction or policy', () => {
    const all = [DENY + ALLOW, DENY, ALLOW, DENY + ALLOW.replace('8080', '80'), DENY.replace('Ingress, Egress', 'Ingress') + ALLOW].map(digestOf);
    expect(new Set(all).size).toBe(all.length);
  });

  test('does not look at policies of other namespaces', () => {
    expect(digestOf(DENY + ALLOW + ALLOW.replaceAll('pay', 'shop'))).toBe(digestOf(DENY + ALLOW));
  });
});
