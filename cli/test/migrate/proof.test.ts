import { profileOf } from 'cdk8s-netpol/analysis';
import { type Proof, prove } from '../../src/migrate/proof';
import { objectsOf } from './migrated';

const policy = (name: string, spec: string): string => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: { ${spec} }
`;
const DENY = policy('deny', 'podSelector: {}, policyTypes: [Ingress, Egress]');
const web = (rule: string): string => policy('web', `podSelector: { matchLabels: { app: web } }, ingress: [{ ${rule} }]`);
const FROM_CI = 'from: [{ namespaceSelector: { matchLabels: { team: ci } }, podSelector: { matchLabels: { app: runner } } }]';

/** Every pair of workloads, and a namespace at a time: both must come to the same. */
async function proofOf(before: string, after: string): Promise<Proof> {
  const [old, now] = [await objectsOf(before), await objectsOf(after)];
  const whole = prove(old, now, profileOf('generic'));
  expect(prove(old, now, profileOf('generic'), 0).equal).toBe(whole.equal);
  return whole;
}

// None of these has a workload: what is compared are the pods that may come to exist.
describe('without any workload, the proof sees', () => {
  const before = DENY + web(`${FROM_CI}, ports: [{ port: 8080 }]`);

  test('that nothing changed, under other names and in other pieces', async () => {
    const after = policy('deny-in', 'podSelector: {}, policyTypes: [Ingress]') + policy('deny-out', 'podSelector: {}, policyTypes: [Egress]')
      + policy('other-name', `podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress], ingress: [{ ${FROM_CI}, ports: [{ port: 8080, protocol: TCP }] }]`);
    const proof = await proofOf(before, after);
    expect(proof).toMatchObject({ equal: true, workloads: 0 });
    expect(proof.possible).toBeGreaterThan(3);
    expect(proof.connections).toBeGreaterThan(3);
  });

  test.each([
    ['another port', DENY + web(`${FROM_CI}, ports: [{ port: 8081 }]`)],
    ['every port', DENY + web(FROM_CI)],
    ['every client', DENY + web('ports: [{ port: 8080 }]')],
    ['other labels of clients', DENY + web(`${FROM_CI.replace('runner', 'builder')}, ports: [{ port: 8080 }]`)],
    ['other namespaces', DENY + web(`${FROM_CI.replace('team: ci', 'team: cd')}, ports: [{ port: 8080 }]`)],
    ['a block more', DENY + web(`${FROM_CI.replace('[{', '[{ ipBlock: { cidr: 192.0.2.0/24 } }, {')}, ports: [{ port: 8080 }]`)],
    ['no rule', DENY],
    ['a default-deny less', web(`${FROM_CI}, ports: [{ port: 8080 }]`)],
    ['a direction less', policy('deny', 'podSelector: {}, policyTypes: [Ingress]') + web(`${FROM_CI}, ports: [{ port: 8080 }]`)],
    ['rules for one pod more', before + policy('db', `podSelector: { matchLabels: { app: db } }, ingress: [{ ${FROM_CI} }]`)],
  ])('%s', async (_, after) => {
    expect((await proofOf(before, after)).equal).toBe(false);
  });
});

test('replicas of one workload are compared too', async () => {
  const within = policy('db', 'podSelector: { matchLabels: { app: db } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: db } } }] }], egress: [{ to: [{ podSelector: { matchLabels: { app: db } } }] }]');
  expect((await proofOf(DENY + within, DENY)).equal).toBe(false);
});

test('pods that two policies select at once are compared too', async () => {
  // app=web is closed but for 8080; pods of both kinds are open for 9090 too, or not
  const both = (port: number): string => policy('both', `podSelector: { matchLabels: { app: web, tier: edge } }, ingress: [{ ports: [{ port: ${port} }] }]`);
  const before = web('ports: [{ port: 8080 }]') + both(9090);
  expect((await proofOf(before, before)).equal).toBe(true);
  expect((await proofOf(before, web('ports: [{ port: 8080 }]') + both(9091))).equal).toBe(false);
});
