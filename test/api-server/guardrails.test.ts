import { Cni, GuardrailAction, RolloutStage } from 'cdk8s-netpol';
import { everyConstruct } from '../schema/every-construct';
import { Answer, Client, expectDone, KubernetesObject } from './client';
import { admin, allowEverything, clear, ensureNamespace } from './cluster';
import {
  argoCd, developer, guardrailObjects, inForce, MANAGED, nobody, noLongerInForce, onCall, OWNED, ownerOfPay, ownerOfShop, pipeline, policy, PROPS,
  refusal, words,
} from './guardrail-suite';

const GUARDRAILS = guardrailObjects(Cni.generic());

beforeAll(async () => {
  await allowEverything();
  for (const name of ['pay', 'shop', 'legacy', 'egress', 'data']) await ensureNamespace(name);
  await inForce(GUARDRAILS);
});
afterAll(() => noLongerInForce(GUARDRAILS));
afterEach(async () => {
  // the administrator is nobody's deployer: what a test leaves goes with the guardrails out of the way
  const left = (await Promise.all(['pay', 'shop', 'legacy', 'egress', 'data', 'kube-system'].map((namespace) => admin.list(policy({}, { namespace }))))).flat();
  if (left.length === 0) return;
  await noLongerInForce(GUARDRAILS);
  await clear(left);
  await inForce(GUARDRAILS);
});

const dry = (by: Client, object: KubernetesObject): Promise<Answer> => by.create(object, '&dryRun=All');
const ingress = (...rules: unknown[]): unknown => ({ podSelector: {}, policyTypes: ['Ingress'], ingress: rules });
const egress = (...rules: unknown[]): unknown => ({ podSelector: {}, policyTypes: ['Egress'], egress: rules });
const PORTS = [{ port: 80 }];
const WEB = [{ podSelector: { matchLabels: { app: 'web' } } }];
const ENFORCED = { 'cdk8s-netpol/stage': 'ENFORCE', 'cdk8s-netpol/contact': '#payments' };
const SHUT = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
const defaultDeny = policy(SHUT, { name: 'default-deny', labels: MANAGED, annotations: ENFORCED });

describe('ports-required', () => {
  test.each<[string, unknown]>([
    ['a rule without ports', ingress({ from: WEB })],
    ['an empty list of ports', ingress({ from: WEB, ports: [] })],
    ['a protocol without a port', ingress({ from: WEB, ports: [{ protocol: 'TCP' }] })],
    ['one port that is no port among others', ingress({ from: WEB, ports: [{ port: 80 }, {}] })],
    ['a range of all ports', egress({ to: WEB, ports: [{ port: 1, endPort: 65535 }] })],
    ['the second of two rules', egress({ to: WEB, ports: PORTS }, { to: WEB })],
    ['the other side', { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{ from: WEB, ports: PORTS }], egress: [{ to: WEB }] }],
    ['a side that the server adds to policyTypes', { podSelector: {}, ingress: [{ from: WEB }] }],
  ])('refuses %s', async (_, spec) => {
    expect(refusal(await dry(developer, policy(spec)))).toBe('ports-required');
  });

  test.each<[string, unknown]>([
    ['numbers, names and ranges', ingress({ from: WEB, ports: [{ port: 80 }, { port: 'http' }, { port: 8000, endPort: 9000, protocol: 'UDP' }] })],
    ['a policy without rules', SHUT],
    ['a rule of a side that policyTypes leaves out', { podSelector: {}, policyTypes: ['Ingress'], ingress: [], egress: [{ to: WEB }] }],
  ])('admits %s', async (_, spec) => {
    expect(refusal(await dry(developer, policy(spec)))).toBe('201');
  });

  test('the message names the object and says what to write', async () => {
    expect(words(await dry(developer, policy(ingress({ from: WEB }))))).toBe(
      'NetworkPolicy pay/web: has a rule that opens every port. Write ports: [{ port: 8080, protocol: TCP }] in each rule',
    );
  });
});

describe('no-any-peer', () => {
  const withPorts = (side: string, field: string, peers: unknown): unknown => ({ podSelector: {}, policyTypes: ['Ingress', 'Egress'], [side]: [{ ports: PORTS, [field]: peers }] });

  describe.each([['ingress', 'from'], ['egress', 'to']])('%s', (side, field) => {
    test.each<[string, unknown]>([
      ['no peers', undefined],
      ['an empty list of peers', []],
      ['all namespaces', [{ namespaceSelector: {} }]],
      ['all pods of all namespaces', [{ namespaceSelector: {}, podSelector: {} }]],
      ['all pods of all namespaces, with empty fields', [{ namespaceSelector: { matchLabels: {}, matchExpressions: [] } }]],
      ['all addresses', [{ ipBlock: { cidr: '0.0.0.0/0' } }]],
      ['all IPv6 addresses', [{ ipBlock: { cidr: '::/0' } }]],
      ['half of the addresses', [{ ipBlock: { cidr: '128.0.0.0/1' } }]],
      ['everybody after somebody', [...WEB, { namespaceSelector: {} }]],
    ])('refuses %s', async (_, peers) => {
      expect(refusal(await dry(developer, policy(withPorts(side, field, peers))))).toBe('no-any-peer');
    });

    test.each<[string, unknown]>([
      ['pods of the namespace', [{ podSelector: {} }]],
      ['some pods of all namespaces', [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } }]],
      ['all pods of one namespace', [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } }]],
      ['a block', [{ ipBlock: { cidr: '10.0.0.0/10' } }, { ipBlock: { cidr: '2000::/3' } }]],
      ['the Internet: all addresses but the private ones', [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }]],
    ])('admits %s', async (_, peers) => {
      expect(refusal(await dry(developer, policy(withPorts(side, field, peers))))).toBe('201');
    });
  });

  test('the message names the object and says what to write', async () => {
    expect(words(await dry(developer, policy(ingress({ ports: PORTS }))))).toMatch(/^NetworkPolicy pay\/web: has a rule for everybody: .* Write from or to with the pods/);
  });
});

describe('owner-required', () => {
  const rules = ingress({ from: WEB, ports: PORTS });

  test.each<Record<string, string> | undefined>([undefined, {}, { team: 'payments' }, { 'cdk8s-netpol/owner': '' }])('refuses labels %j', async (labels) => {
    const answer = await dry(developer, policy(rules, { labels }));
    expect(refusal(answer)).toBe('owner-required');
    expect(words(answer)).toBe('NetworkPolicy pay/web: names nobody who answers for it. Write the label cdk8s-netpol/owner with the name of the team');
  });

  test('refuses deployers too, and that the label is taken away', async () => {
    expect(refusal(await dry(argoCd, policy(rules, { labels: {} })))).toBe('owner-required');
    expectDone(await developer.create(policy(rules)));
    expect(refusal(await developer.patch(policy(rules), { metadata: { labels: { 'cdk8s-netpol/owner': null } } }))).toBe('owner-required');
  });

  test('a policy from before the guardrails may be annotated and deleted, but is not changed without an owner', async () => {
    await noLongerInForce(GUARDRAILS);
    const old = policy(ingress({}), { labels: {} });
    expectDone(await admin.create(old));
    await inForce(GUARDRAILS);
    expect((await developer.patch(old, { metadata: { annotations: { note: 'old' }, finalizers: ['example.com/wait'] } })).status).toBe(200);
    expect(refusal(await developer.patch(old, { spec: rules }))).toBe('owner-required');
    expect((await developer.patch(old, { metadata: { labels: OWNED }, spec: rules })).status).toBe(200);
    expect((await developer.delete(old)).status).toBe(200);
    expect((await developer.patch(old, { metadata: { finalizers: null } })).status).toBe(200);
    expect((await admin.get(old)).status).toBe(404);
  });
});

describe('no-hand-edits', () => {
  const managed = policy(ingress({ from: WEB, ports: PORTS }), { name: 'allow-web', labels: MANAGED, annotations: ENFORCED });

  test('deployers create, change and delete, by name and by group', async () => {
    for (const deployer of [argoCd, pipeline]) {
      expect((await deployer.apply(managed)).status).toBe(201);
      expect((await deployer.replace({ ...managed, spec: ingress({ from: WEB, ports: [{ port: 81 }] }) })).status).toBe(200);
      expect((await deployer.delete(managed)).status).toBe(200);
    }
  });

  test.each<[string, () => Client]>([
    ['a developer', () => developer], ['the owner', () => ownerOfPay], ['the on-call group', () => onCall], ['an administrator', () => admin], ['somebody who has not signed in', () => nobody],
  ])('%s does none of it', async (_, who) => {
    expect(refusal(await who().create(managed))).toBe('no-hand-edits');
    expectDone(await argoCd.create(managed));
    expect(refusal(await who().replace({ ...managed, spec: ingress({ from: WEB, ports: [{ port: 81 }] }) }))).toBe('no-hand-edits');
    expect(refusal(await who().patch(managed, { metadata: { labels: { 'app.kubernetes.io/managed-by': null } } }))).toBe('no-hand-edits');
    expect(refusal(await who().patch(managed, { metadata: { labels: { 'cdk8s-netpol/owner': 'web' } } }))).toBe('no-hand-edits');
    expect(refusal(await who().patch(managed, { metadata: { annotations: { 'cdk8s-netpol/stage': 'AUDIT' } } }))).toBe('no-hand-edits');
    expect(refusal(await who().patch(managed, { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' }] } }))).toBe('no-hand-edits');
    expect(refusal(await who().delete(managed))).toBe('no-hand-edits');
    expect(refusal(await who().deleteAll(managed))).toBe('no-hand-edits');
  });

  test('a policy by hand does not become one of ours', async () => {
    const own = policy(ingress({ from: WEB, ports: PORTS }));
    expectDone(await developer.create(own));
    expect(refusal(await developer.patch(own, { metadata: { labels: MANAGED } }))).toBe('no-hand-edits');
    expect((await developer.patch(own, { spec: ingress({ from: WEB, ports: [{ port: 81 }] }) })).status).toBe(200);
    expect((await developer.delete(own)).status).toBe(200);
  });

  test('a controller that writes what is there already is not stopped', async () => {
    expectDone(await argoCd.create(managed));
    const { body } = expectDone(await admin.get(managed));
    expect((await admin.replace(body as KubernetesObject)).status).toBe(200);
    expect((await admin.patch(managed, { metadata: { finalizers: ['example.com/wait'] } })).status).toBe(200);
    expect((await admin.patch(managed, { metadata: { finalizers: null } })).status).toBe(200);
  });

  test('the message says where to change it', async () => {
    expect(words(await developer.create(managed))).toMatch(/^NetworkPolicy pay\/allow-web: is managed by cdk8s-netpol, .* Change the construct and let a deployer apply it/);
  });
});

describe('keep-default-deny', () => {
  const opened = { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{ from: WEB, ports: PORTS }] };
  beforeEach(async () => void expectDone(await argoCd.apply(defaultDeny)));

  test('nobody but the owner deletes it, neither a deployer that prunes nor the group on call', async () => {
    for (const who of [argoCd, pipeline, developer, onCall, ownerOfShop, admin, nobody]) {
      expect(['keep-default-deny', 'no-hand-edits']).toContain(refusal(await who.delete(defaultDeny)));
      expect(['keep-default-deny', 'no-hand-edits']).toContain(refusal(await who.deleteAll(defaultDeny)));
    }
    for (const who of [argoCd, pipeline]) expect(refusal(await who.delete(defaultDeny))).toBe('keep-default-deny');
    expect((await admin.get(defaultDeny)).status).toBe(200);
    expect((await ownerOfPay.delete(defaultDeny)).status).toBe(200);
    expect((await admin.get(defaultDeny)).status).toBe(404);
  });

  test.each<[string, unknown]>([
    ['lets somebody in', opened],
    ['lets somebody out', { podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [{ to: WEB, ports: PORTS }] }],
    ['leaves a direction', { podSelector: {}, policyTypes: ['Ingress'] }],
    ['selects some pods', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress', 'Egress'] }],
    ['selects no pods', { podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }, { key: 'a', operator: 'DoesNotExist' }] }, policyTypes: ['Ingress', 'Egress'] }],
  ])('a deployer does not change it so that it %s; its owner may', async (_, spec) => {
    expect(refusal(await argoCd.replace({ ...defaultDeny, spec }))).toBe('keep-default-deny');
    expect(refusal(await onCall.replace({ ...defaultDeny, spec }))).toMatch(/keep-default-deny|no-hand-edits/);
    expect((await ownerOfPay.replace({ ...defaultDeny, spec })).status).toBe(200);
  });

  test('the way back from ENFORCE is AUDIT, in git: then it may go', async () => {
    const audit = { ...defaultDeny, metadata: { ...defaultDeny.metadata, annotations: { ...ENFORCED, 'cdk8s-netpol/stage': 'AUDIT' } } };
    expect((await argoCd.apply(audit)).status).toBe(200);
    expect(refusal(await developer.delete(audit))).toBe('no-hand-edits');
    expect((await argoCd.delete(audit)).status).toBe(200);
  });

  test('its stage and owner are not changed by hand, so that it could be deleted next', async () => {
    for (const change of [{ annotations: { 'cdk8s-netpol/stage': 'AUDIT' } }, { labels: { 'cdk8s-netpol/owner': 'web' } }, { labels: { 'app.kubernetes.io/managed-by': null } }]) {
      expect(['keep-default-deny', 'no-hand-edits']).toContain(refusal(await developer.patch(defaultDeny, { metadata: change })));
    }
  });

  test('without an owner nobody is its owner, whatever their groups', async () => {
    const orphan = { ...defaultDeny, metadata: { ...defaultDeny.metadata, namespace: 'shop', labels: { ...MANAGED, 'cdk8s-netpol/owner': '' } } };
    await noLongerInForce(GUARDRAILS);
    expectDone(await admin.create(orphan));
    await inForce(GUARDRAILS);
    for (const group of ['oidc:', 'oidc:{team}', '{team}']) expect(refusal(await admin.as('oidc:x', group).delete(orphan))).toMatch(/keep-default-deny|no-hand-edits/);
  });

  test('the messages say what to do instead', async () => {
    expect(words(await argoCd.delete(defaultDeny))).toMatch(/^NetworkPolicy pay\/default-deny: the default-deny of a namespace in ENFORCE is not deleted: .* Set the stage to AUDIT in git first/);
    expect(words(await argoCd.replace({ ...defaultDeny, spec: opened }))).toMatch(/^NetworkPolicy pay\/default-deny: .* Write what may pass in a policy of its own/);
  });
});

describe('keep-default-deny, where hand edits are only reported', () => {
  const lenient = guardrailObjects(Cni.generic(), { ...PROPS, actions: { noHandEdits: GuardrailAction.WARN } });
  beforeAll(() => inForce(lenient));
  afterAll(() => inForce(GUARDRAILS));

  test('holds by itself: the stage is not lowered by hand, and the object not deleted', async () => {
    expectDone(await argoCd.apply(defaultDeny));
    expect(refusal(await developer.patch(defaultDeny, { metadata: { annotations: { 'cdk8s-netpol/stage': 'AUDIT' } } }))).toBe('keep-default-deny');
    expect(refusal(await developer.patch(defaultDeny, { metadata: { labels: { 'cdk8s-netpol/owner': 'web' } } }))).toBe('keep-default-deny');
    expect(refusal(await developer.delete(defaultDeny))).toBe('keep-default-deny');
    const { status, warnings } = await developer.patch(defaultDeny, { metadata: { annotations: { note: 'x' } } });
    expect([status, warnings]).toEqual([200, [expect.stringContaining('is managed by cdk8s-netpol')]]);
  });
});

describe('the way back', () => {
  const open = { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] };
  const rollback = policy(open, { name: 'netpol-rollback', labels: MANAGED, annotations: { 'cdk8s-netpol/expires-after': '24h' } });

  test('the group on call makes, renews and removes the object that opens a namespace', async () => {
    expect((await onCall.create(rollback)).status).toBe(201);
    expect((await onCall.patch(rollback, { metadata: { annotations: { 'cdk8s-netpol/expires-after': '48h' } } })).status).toBe(200);
    expect((await onCall.delete(rollback)).status).toBe(200);
  });

  test('it is not refused for what else it lacks', async () => {
    expect((await onCall.create(policy(open, { name: 'netpol-rollback', labels: {}, annotations: { 'cdk8s-netpol/expires-after': '24h' } }))).status).toBe(201);
  });

  test('nobody else does, and the group on call does under no other name, nor without an end', async () => {
    for (const who of [developer, ownerOfPay, ownerOfShop, nobody]) expect(refusal(await dry(who, rollback))).toMatch(/no-hand-edits|ports-required|no-any-peer/);
    expect(refusal(await dry(onCall, { ...rollback, metadata: { ...rollback.metadata, name: 'mine' } }))).toMatch(/no-hand-edits|ports-required|no-any-peer/);
    expect(refusal(await dry(onCall, { ...rollback, metadata: { ...rollback.metadata, annotations: {} } }))).toMatch(/no-hand-edits|ports-required|no-any-peer/);
    expectDone(await onCall.create(rollback));
    expect(refusal(await onCall.patch(rollback, { metadata: { annotations: { 'cdk8s-netpol/expires-after': null } } }))).toMatch(/no-hand-edits/);
    expect(refusal(await developer.delete(rollback))).toBe('no-hand-edits');
  });
});

describe('where it holds', () => {
  const open = ingress({});

  test('in an exempt namespace nothing does', async () => {
    expect((await developer.create(policy(open, { namespace: 'legacy', labels: MANAGED, name: 'default-deny', annotations: ENFORCED }))).status).toBe(201);
    expect((await developer.delete(policy(open, { namespace: 'legacy', name: 'default-deny' }))).status).toBe(200);
  });

  test('the namespaces of the cluster need neither ports, peers nor an owner, and keep what is managed', async () => {
    expect(refusal(await dry(developer, policy(open, { namespace: 'kube-system', labels: {} })))).toBe('201');
    expect(refusal(await dry(developer, policy(open, { namespace: 'kube-system', labels: MANAGED })))).toBe('no-hand-edits');
  });

  test('other kinds are not looked at', async () => {
    const map: KubernetesObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'default-deny', namespace: 'pay', labels: { 'app.kubernetes.io/managed-by': 'cdk8s-netpol' } } };
    expect(refusal(await dry(developer, map))).toBe('201');
  });

  test('a namespace that is deleted takes its default-deny along, in whosever name', async () => {
    await ensureNamespace('going');
    const here = policy(SHUT, { name: 'default-deny', namespace: 'going', labels: MANAGED, annotations: ENFORCED });
    const rule = policy(ingress({ from: WEB, ports: PORTS }), { name: 'allow-web', namespace: 'going', labels: MANAGED });
    for (const object of [here, rule]) expectDone(await argoCd.create(object));
    expectDone(await admin.delete({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'going' } }));
    const controller = admin.as('system:serviceaccount:kube-system:namespace-controller', 'system:serviceaccounts', 'system:authenticated');
    const answers = [await controller.deleteAll(here), await controller.delete(here)];
    expect(answers.map(({ status }) => status)).toEqual([200, 404]);
    expect(await admin.list(policy({}, { namespace: 'going' }))).toEqual([]);
  });
});

describe('what the constructs emit', () => {
  test.each(Object.values(RolloutStage))('is admitted from a deployer in %s, and refused from anybody else', async (stage) => {
    const emitted = (everyConstruct(stage) as KubernetesObject[]).filter(({ kind }) => kind === 'NetworkPolicy');
    for (const object of emitted) {
      expect([object.metadata.name, refusal(await dry(argoCd, object))]).toEqual([object.metadata.name, '201']);
      expect([object.metadata.name, refusal(await dry(developer, object))]).not.toEqual([object.metadata.name, '201']);
    }
    expect(emitted.length > 0).toBe(stage !== RolloutStage.OBSERVE);
  });

  test('is held to the rules where a deployer applies it without our label', async () => {
    expect(refusal(await dry(argoCd, policy(ingress({ from: WEB }))))).toBe('ports-required');
    expect(refusal(await dry(argoCd, policy(ingress({ ports: PORTS }))))).toBe('no-any-peer');
  });
});

describe('actions', () => {
  const gentle = guardrailObjects(Cni.generic(), { ...PROPS, actions: { portsRequired: GuardrailAction.WARN, noAnyPeer: GuardrailAction.AUDIT } });
  beforeAll(() => inForce(gentle));
  afterAll(() => inForce(GUARDRAILS));

  test('Warn lets pass and warns, Audit lets pass in silence, Deny denies', async () => {
    const { status, warnings } = await dry(developer, policy(ingress({})));
    expect([status, warnings]).toEqual([201, [expect.stringContaining('has a rule that opens every port')]]);
    expect(refusal(await dry(developer, policy(ingress({}), { labels: {} })))).toBe('owner-required');
  });
});

describe('cost', () => {
  test('a policy as large as they come is evaluated within the limits of the server, and quickly', async () => {
    const blocks = Array.from({ length: 5000 }, (_, index) => ({ ipBlock: { cidr: `10.${index >> 8}.${index & 255}.0/24`, except: [`10.${index >> 8}.${index & 255}.7/32`] } }));
    const large = ingress({ from: blocks, ports: Array.from({ length: 500 }, (_, index) => ({ port: 1000 + index })) });
    const start = Date.now();
    expect(refusal(await dry(developer, policy(large)))).toBe('201');
    expect(Date.now() - start).toBeLessThan(5000);
    const wide = ingress({ from: [...blocks, { namespaceSelector: {} }], ports: PORTS });
    expect(refusal(await dry(developer, policy(wide)))).toBe('no-any-peer');
  });

  test('many rules of a policy, too', async () => {
    const rules = Array.from({ length: 2000 }, (_, index) => ({ from: WEB, ports: [{ port: 1 + index }] }));
    expect(refusal(await dry(developer, policy(ingress(...rules))))).toBe('201');
    expect(refusal(await dry(developer, policy(ingress(...rules, { from: WEB }))))).toBe('ports-required');
  });
});
