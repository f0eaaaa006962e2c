import { App, Chart } from 'cdk8s';
import { DefaultDenyNamespace, DefaultDenyNamespaceProps, RolloutStage } from '../../../lib';
import { messageOf } from '../../cluster/message-of';
import { anything, OWNER, sampleApp } from './sample-app';

const NAME = 'at most 63 lower-case letters, digits and "-", with a letter or digit at both ends';
const VALUE = 'at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends';
const props: DefaultDenyNamespaceProps = { name: 'data', owner: OWNER, stage: RolloutStage.ENFORCE };
const NOBODY = 'names nobody as the owner. Instead: the one team that reviews these policies, such as "payments"';
const owned = (team: unknown, contact: unknown = '#x'): unknown => ({ ...props, owner: { team, contact } });

test.each<[string, unknown, string]>([
  ['no props', undefined, '[chart/x] undefined is not an object with properties. Instead: { ... } with name, owner, stage, create, labels, allowDns'],
  ['a misspelt prop', { ...props, allowDNS: false }, '[chart/x] "allowDNS" is no property here, and would be ignored. Instead: one of name, owner, stage, create, labels, allowDns'],
  ['no name', { ...props, name: undefined }, `[chart/x] undefined is not a valid namespace name. Instead: ${NAME}`],
  ['a name in capitals', { ...props, name: 'Data' }, `[chart/x] "Data" is not a valid namespace name. Instead: ${NAME}`],
  ['a name with a dot', { ...props, name: 'data.db' }, `[chart/x] "data.db" is not a valid namespace name. Instead: ${NAME}`],
  ['a name that is too long', { ...props, name: 'a'.repeat(64) }, `[chart/x] "${'a'.repeat(64)}" is not a valid namespace name. Instead: ${NAME}`],
  ['no stage', { ...props, stage: undefined }, '[chart/x] undefined is not a stage. Instead: stage: RolloutStage.OBSERVE, RolloutStage.AUDIT or RolloutStage.ENFORCE'],
  ['a stage in small letters', { ...props, stage: 'enforce' }, '[chart/x] "enforce" is not a stage. Instead: stage: RolloutStage.OBSERVE, RolloutStage.AUDIT or RolloutStage.ENFORCE'],
  ['true for a stage', { ...props, stage: true }, '[chart/x] true is not a stage. Instead: stage: RolloutStage.OBSERVE, RolloutStage.AUDIT or RolloutStage.ENFORCE'],
  ['no owner', { ...props, owner: undefined }, '[chart/x] undefined is no owner. Instead: owner: { team: "payments", contact: "#payments" }'],
  ['an owner as text', { ...props, owner: 'payments' }, '[chart/x] "payments" is no owner. Instead: owner: { team: "payments", contact: "#payments" }'],
  ['an owner with more than is known', { ...props, owner: { ...OWNER, slack: '#x' } }, '[chart/x: owner] "slack" is no property here, and would be ignored. Instead: one of team, contact'],
  ['an owner without a team', owned(undefined), `[chart/x] undefined ${NOBODY}`],
  ['an owner with an empty team', owned('  '), `[chart/x] "  " ${NOBODY}`],
  ['everyone', owned('Everyone'), `[chart/x] "Everyone" ${NOBODY}`],
  ['nobody', owned('nobody'), `[chart/x] "nobody" ${NOBODY}`],
  ['to be decided', owned('TBD'), `[chart/x] "TBD" ${NOBODY}`],
  ['a shrug', owned('N/A'), `[chart/x] "N/A" ${NOBODY}`],
  ['a team with a blank', owned('team payments'), `[chart/x: owner.team] "team payments" is not a value that the label "cdk8s-netpol/owner" can have. Instead: ${VALUE}`],
  ['a team by mail', owned('payments@example.com'), `[chart/x: owner.team] "payments@example.com" is not a value that the label "cdk8s-netpol/owner" can have. Instead: ${VALUE}`],
  ['a team that is a number', owned(7), `[chart/x: owner.team] 7 is not a value that the label "cdk8s-netpol/owner" can have. Instead: ${VALUE}`],
  ['no contact', { ...props, owner: { team: 'payments' } }, '[chart/x] undefined is no way to reach the owner. Instead: a channel or an address, such as "#payments"'],
  ['a blank contact', owned('payments', ' '), '[chart/x] " " is no way to reach the owner. Instead: a channel or an address, such as "#payments"'],
  ['a contact to be decided', owned('payments', 'TBA'), '[chart/x] "TBA" is no way to reach the owner. Instead: a channel or an address, such as "#payments"'],
  ['create in words', { ...props, create: 'no' }, '[chart/x: create] "no" is neither true nor false. Instead: true or false'],
  ['allowDns in words', { ...props, allowDns: 'no' }, '[chart/x: allowDns] "no" is neither true nor false. Instead: true or false'],
  ['labels as text', { ...props, labels: 'team=a' }, '[chart/x: labels] "team=a" are not labels. Instead: labels by name, such as { app: "web" }'],
  ['a label that is true', { ...props, labels: { public: true } }, `[chart/x: labels] true is not a value that the label "public" can have. Instead: ${VALUE}`],
  [
    'the label of another namespace', { ...props, labels: { 'kubernetes.io/metadata.name': 'shop' } },
    '[chart/x: labels.kubernetes.io/metadata.name] "shop" is not the name of this namespace, which the API server writes there. Instead: nothing',
  ],
  ['a second owner', { ...props, name: 'pay' }, '[chart/x] "pay" has an owner already: chart/pay. Instead: one DefaultDenyNamespace for a namespace; add rules to it from anywhere'],
])('%s', (_, given, message) => {
  const { chart } = sampleApp();
  expect(messageOf(() => new DefaultDenyNamespace(chart, 'x', anything(given)))).toBe(message);
});

test('a namespace below no chart', () => {
  expect(messageOf(() => new DefaultDenyNamespace(new App(), 'x', props))).toBe('[x] "x" has no Chart above it to be written to. Instead: a Chart as its scope, or a DefaultDenyNamespace in one');
});

test('a namespace below no chart is not half built: its name is free', () => {
  const app = new App();
  expect(() => new DefaultDenyNamespace(app, 'x', props)).toThrow('has no Chart');
  expect(new DefaultDenyNamespace(new Chart(app, 'chart'), 'x', props).namespaceName).toBe('data');
});

test('blanks around the owner are cut off', () => {
  const { chart } = sampleApp();
  expect(new DefaultDenyNamespace(chart, 'x', anything(owned(' web ', ' #web '))).owner).toEqual({ team: 'web', contact: '#web' });
});

test.each([[''], ['ok'], ['       '], [undefined], [12345678]])('an opening is not accepted for %j', (reason) => {
  const { pay } = sampleApp({}, RolloutStage.AUDIT);
  expect(messageOf(() => pay.acceptOpening(anything(reason)))).toMatch(/^\[chart\/pay\] .* does not say why closed traffic may be opened\. Instead: a reason of at least eight characters$/);
});

test.each<[string, (pay: DefaultDenyNamespace) => unknown, string]>([
  ['pods by text', (pay) => pay.pods(anything('api')), '"api" are no labels, which would be every pod. Instead: at least one label, or Pods.all()'],
  ['pods by no labels', (pay) => pay.pods({}), '{} are no labels, which would be every pod. Instead: at least one label, or Pods.all()'],
  ['pods by no conditions', (pay) => pay.podsMatching([]), '[] are no conditions, which would be every pod. Instead: at least one LabelExpression, or Pods.all()'],
])('%s of a namespace', (_, mistake, message) => {
  expect(messageOf(() => mistake(sampleApp().pay))).toBe(message);
});
