import { AdmissionGuardrails, AllowToDns, GuardrailAction, Pods, Requester } from '../../../lib';
import { messageOf } from '../../cluster/message-of';
import { anything, foreignPolicy, sampleApp } from './sample-app';

const props = { deployers: [Requester.group('oidc:ci')], ownerGroup: 'oidc:{team}', rollbackGroup: 'oidc:on-call' };
const DEPLOYERS = 'names nobody who may apply policies: the API server would refuse those of this app. Instead: at least one Requester: '
  + '[Requester.serviceAccount("argocd", "argocd-application-controller")]';
const NAME = 'the name that the authenticator gives, with its prefix and no blanks around it: "oidc:platform"';

test.each<[string, unknown, string]>([
  ['no props', undefined, '[chart/x] undefined is not an object with properties. Instead: { ... } with deployers, ownerGroup, rollbackGroup, actions, ownerLabels, exemptions'],
  ['a misspelt prop', { ...props, exemption: [] }, '[chart/x] "exemption" is no property here, and would be ignored'],
  ['no deployers', { ...props, deployers: undefined }, `[chart/x: deployers] undefined ${DEPLOYERS}`],
  ['an empty list of deployers', { ...props, deployers: [] }, `[chart/x: deployers] [] ${DEPLOYERS}`],
  ['deployers as text', { ...props, deployers: ['argocd'] }, `[chart/x: deployers] ["argocd"] ${DEPLOYERS}`],
  ['no group of owners', { ...props, ownerGroup: undefined }, '[chart/x: ownerGroup] undefined does not say where the name of the team stands in the name of its group. Instead: a text with {team} in it once, such as "oidc:{team}"'],
  ['one group for all owners', { ...props, ownerGroup: 'oidc:developers' }, '[chart/x: ownerGroup] "oidc:developers" does not say where the name of the team stands'],
  ['a team twice', { ...props, ownerGroup: '{team}/{team}' }, '[chart/x: ownerGroup] "{team}/{team}" does not say where'],
  ['groups of Kubernetes itself', { ...props, ownerGroup: 'system:{team}' }, '[chart/x: ownerGroup] "system:{team}" makes groups of Kubernetes itself of the names of teams. Instead: the prefix'],
  ['no group for the rollback', { ...props, rollbackGroup: '' }, `[chart/x: rollbackGroup] "" is no name of a group. Instead: ${NAME}`],
  ['everybody for the rollback', { ...props, rollbackGroup: 'system:authenticated' }, '[chart/x: rollbackGroup] "system:authenticated" is everybody who has signed in: a guardrail that lets them pass holds nobody. Instead: the group of the people'],
  ['a misspelt guardrail', { ...props, actions: { portRequired: 'Deny' } }, '[chart/x: actions] "portRequired" is no property here, and would be ignored. Instead: one of portsRequired, noAnyPeer, keepDefaultDeny, ownerRequired, noHandEdits'],
  ['an unknown action', { ...props, actions: { noAnyPeer: 'deny' } }, '[chart/x: actions: noAnyPeer] "deny" is no action. Instead: GuardrailAction.DENY, GuardrailAction.WARN or GuardrailAction.AUDIT'],
  ['one label without a list', { ...props, ownerLabels: 'team' }, '[chart/x: ownerLabels] "team" is no list of labels. Instead: a list of label keys, such as ["team"]'],
  ['a label that is none', { ...props, ownerLabels: ['team', 'a b'] }, '[chart/x: ownerLabels[1]] "a b" is not a label key'],
  ['exemptions as text', { ...props, exemptions: 'legacy' }, '[chart/x: exemptions] "legacy" is not a list. Instead: a list, with one entry for each'],
  ['an exemption without a reason', { ...props, exemptions: [{ namespace: 'legacy', reason: 'later' }] }, '[chart/x: exemptions[0].reason] "later" does not say why policies of the namespace are left alone. Instead: a reason of at least eight characters'],
  ['an exemption of everything', { ...props, exemptions: [{ namespace: '*', reason: 'not now, thank you' }] }, '[chart/x: exemptions[0].namespace] "*" is not a valid namespace name'],
  ['an exemption twice', { ...props, exemptions: [{ namespace: 'a', reason: 'until March' }, { namespace: 'a', reason: 'until April' }] }, '[chart/x: exemptions[1]] "a" is exempt twice. Instead: one exemption with both reasons'],
])('AdmissionGuardrails: %s', (_, given, message) => {
  expect(messageOf(() => new AdmissionGuardrails(sampleApp().chart, 'x', anything(given)))).toContain(message);
});

test('AdmissionGuardrails: a second one in a cluster', () => {
  const { chart } = sampleApp();
  new AdmissionGuardrails(chart, 'guardrails', props);
  expect(messageOf(() => new AdmissionGuardrails(chart, 'again', props))).toBe(
    '[chart/again] "again" is a second AdmissionGuardrails: chart/guardrails governs this cluster already. Instead: one of them, with the deployers and exemptions of both',
  );
});

test('AdmissionGuardrails: in the app, where no chart writes it', () => {
  expect(messageOf(() => new AdmissionGuardrails(sampleApp().app, 'x', props))).toContain('"x" has no Chart above it to be written to');
});

test.each<[string, () => unknown, string]>([
  ['a user without a name', () => Requester.user(''), `"" is no name of a user. Instead: ${NAME}`],
  ['a user with blanks around', () => Requester.user(' jane'), '" jane" is no name of a user'],
  ['a user of two lines', () => Requester.user('a\nb'), '"a\\nb" is no name of a user'],
  ['a user that is a number', () => Requester.user(anything(7)), '7 is no name of a user'],
  ['everybody', () => Requester.group('system:authenticated'), 'is everybody who has signed in'],
  ['everybody else', () => Requester.group('system:unauthenticated'), 'is everybody who has not signed in'],
  ['every pod', () => Requester.group('system:serviceaccounts'), 'is every pod of the cluster'],
  ['a service account in no namespace', () => Requester.serviceAccount('', 'argocd'), '"" is not a valid namespace name'],
  ['a service account without a name', () => Requester.serviceAccount('argocd', 'a:b'), '"a:b" is not a valid service account name'],
])('Requester: %s', (_, mistake, message) => {
  expect(messageOf(mistake)).toContain(message);
});

describe('AdmissionGuardrails: synth refuses what the guardrails of the same app would', () => {
  const shut = { podSelector: {}, policyTypes: ['Ingress'] };
  const guarded = (more: object = {}): ReturnType<typeof sampleApp> => {
    const sample = sampleApp();
    new AdmissionGuardrails(sample.chart, 'guardrails', { ...props, ...more });
    return sample;
  };
  const message = (id: string, policy: string): string => `[chart/${id}] the NetworkPolicy "${policy}" names no owner in its labels, and chart/guardrails (AdmissionGuardrails) has the API server refuse it. `
    + 'Instead: a DefaultDenyNamespace for its namespace, the label cdk8s-netpol/owner, or an exemption of the namespace with a reason';

  test('a policy by hand without an owner', () => {
    const { app, chart } = guarded();
    foreignPolicy(chart, 'x', shut);
    expect(messageOf(() => app.synthYaml())).toContain(message('x', 'pay/x'));
  });

  test('a policy of a construct in a namespace that nobody owns', () => {
    const { app, chart } = guarded();
    new AllowToDns(chart, 'dns', { namespace: 'blog', from: Pods.all() });
    expect(messageOf(() => app.synthYaml())).toContain('"blog/allow-dns" names no owner in its labels');
  });

  test('all that is owned passes, and so does what is exempt, of the system, or only warned about', () => {
    const owned = guarded({ ownerLabels: ['team'] });
    foreignPolicy(owned.chart, 'x', shut).metadata.addLabel('team', 'payments');
    foreignPolicy(owned.chart, 'y', shut, 'kube-system');
    expect(owned.app.synthYaml()).toContain('name: x');
    for (const more of [{ exemptions: [{ namespace: 'pay', reason: 'it goes in a month' }] }, { actions: { ownerRequired: GuardrailAction.WARN } }]) {
      const { app, chart } = guarded(more);
      foreignPolicy(chart, 'x', shut);
      expect(app.synthYaml()).toContain('name: x');
    }
  });
});
