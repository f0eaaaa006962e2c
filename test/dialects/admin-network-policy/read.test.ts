import { parse } from 'yaml';
import { readAdminNetworkPolicy, readBaselineAdminNetworkPolicy } from '../../../lib/dialects/admin-network-policy';
import { peerKey, portKey } from '../../../lib/policy';

const SUBJECT = 'subject: { namespaces: {} }\n';

function admin(spec: string): ReturnType<typeof readAdminNetworkPolicy> {
  return readAdminNetworkPolicy({ metadata: { name: 'p' }, spec: parse(spec) as unknown });
}

function baseline(spec: string, name = 'default'): ReturnType<typeof readBaselineAdminNetworkPolicy> {
  return readBaselineAdminNetworkPolicy({ metadata: { name }, spec: parse(spec) as unknown });
}

test('reads AdminNetworkPolicy, a port without a protocol is TCP', () => {
  const { policy, issues } = admin(`priority: 7\n${SUBJECT}egress: [{ name: r, action: Allow, to: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: api } } } }, { networks: [10.0.0.0/8] }], ports: [{ portNumber: { port: 80 } }, { portRange: { protocol: UDP, start: 1, end: 9 } }, { namedPort: http }] }]`);
  expect(issues).toEqual([]);
  expect([policy.tier.name, policy.order]).toEqual(['admin-v1alpha1', 7]);
  expect(policy.rules.map(({ action, name, peers, ports }) => [action, name, peers?.map(peerKey), ports?.map(portKey)])).toEqual([
    ['allow', 'r', ['ip 10.0.0.0/8', 'pods {}/app=api'], ['80/TCP', '1-9/UDP', 'http']],
  ]);
});

test('reads BaselineAdminNetworkPolicy', () => {
  expect(baseline(`${SUBJECT}ingress: [{ action: Deny, from: [{ namespaces: {} }] }]`).policy).toMatchObject({ tier: { name: 'baseline-v1alpha1' }, order: 0, rules: [{ action: 'deny' }] });
});

test.each([
  [() => baseline(SUBJECT, 'other'), '[metadata.name] "other" is not the name of a BaselineAdminNetworkPolicy'],
  [() => baseline(`${SUBJECT}ingress: [{ action: Pass, from: [{ namespaces: {} }] }]`), '"Pass" is not one of the values that this field takes. Instead: Allow, Deny'],
  [() => admin(`priority: -1\n${SUBJECT}`), '[spec.priority] -1 is not a priority'],
  [() => admin(`priority: 1\n${SUBJECT}ingress: [{ action: Allow, from: [{ networks: [10.0.0.0/8] }] }]`), undefined],
  [() => admin(`priority: 1\n${SUBJECT}ingress: [{ action: Allow, from: [{ namespaces: {} }], ports: [{ portNumber: { port: 1 }, namedPort: a }] }]`), 'has portNumber and namedPort'],
  [() => admin(`priority: 1\n${SUBJECT}ingress: [{ action: Allow, from: [{ namespaces: {} }], ports: [{ portRange: { start: 9, end: 1 } }] }]`), 'is a range that ends before it begins'],
])('refuses what the API server refuses (%#)', (action, message) => {
  if (message === undefined) expect(action().issues).toEqual([expect.objectContaining({ code: 'unknown-field', path: 'spec.ingress[0].from[0].networks' })]);
  else expect(action).toThrow(message);
});
