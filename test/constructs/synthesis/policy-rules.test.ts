import { ApiObject, App, Chart } from 'cdk8s';
import { AllowFromPods, AllowWithin, Cni, ClusterProfile, DefaultDenyNamespace, Mesh, PolicyChecks, Port, Protocol, RolloutStage, RuleSeverity } from '../../../lib';
import { profileOf, readInventory } from '../../../lib/analysis';
import { POLICY_READERS } from '../../../lib/dialects/readers';
import { BUILT_IN_RULES, checkRules } from '../../../lib/rules';
import { messageOf } from '../../cluster/message-of';

const ALL = [Port.all({ reason: 'the client picks its port' })];
const { ERROR, WARNING, OFF } = RuleSeverity;

function namespace(app: App, name: string, stage = RolloutStage.ENFORCE): DefaultDenyNamespace {
  return new DefaultDenyNamespace(new Chart(app, name), 'namespace', { name, owner: { team: name, contact: `#${name}` }, stage });
}

function wide(pay: DefaultDenyNamespace, id = 'wide', from = 'web'): AllowFromPods {
  return new AllowFromPods(pay, id, { from: pay.pods({ app: from }), to: pay.pods({ app: 'api' }), ports: ALL, reciprocal: false });
}

/** What standard error gets while an app synthesizes; standard output gets nothing. */
function told(app: App): string[] {
  const written: string[] = [];
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const stdout = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    app.synthYaml();
    expect(stdout).not.toHaveBeenCalled();
    return written;
  } finally {
    stderr.mockRestore();
    stdout.mockRestore();
  }
}

/** What `netpol check` says about the manifests of an app. */
function checked(app: App, ...only: string[]): string[] {
  const objects = app.charts.flatMap((chart) => chart.toJson() as object[]).map((object) => ({ object, origin: {} }));
  const { findings } = checkRules({ objects, inventory: readInventory(objects, { readers: POLICY_READERS }), profile: profileOf('generic'), rules: BUILT_IN_RULES, only });
  return findings.map(({ rule, object }) => `${rule} ${object.namespace ?? ''}/${object.name}`);
}

interface Emitted {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

function annotation(app: App, kind: string, name: string): string | undefined {
  const objects = app.charts.flatMap((chart) => chart.toJson() as Emitted[]);
  return objects.find((each) => each.kind === kind && each.metadata.name === name)?.metadata.annotations?.['cdk8s-netpol/ignore'];
}

describe('a finding', () => {
  test('is told once on standard error, at the construct that says it, with what to write instead', () => {
    const app = new App();
    wide(namespace(app, 'pay'));
    const lines = told(app);
    expect(lines).toEqual([expect.stringMatching(/^\[pay\/namespace\/wide\] warning: NetworkPolicy pay\/allow-api spec\.ingress\[0\]: the rule opens every port .*\[no-all-ports\]\. Instead: name the ports\. .*PolicyChecks\.of\(wide\)\.ignore\('no-all-ports', \{ reason \}\)\n$/) as unknown]);
    expect(told(app)).toEqual([]);
  });

  test('names all who speak in the policy', () => {
    const app = new App();
    const pay = namespace(app, 'pay');
    wide(pay);
    wide(pay, 'other', 'batch');
    expect(told(app)).toEqual([0, 1].map((index) => expect.stringMatching(new RegExp(`^\\[pay/namespace/rules/allow-api\\] .*ingress\\[${index}\\] \\(of pay/namespace/wide, pay/namespace/other\\)`)) as unknown));
  });

  test('that is an error stops the synth with the path of the construct', () => {
    const app = new App();
    wide(namespace(app, 'pay'));
    PolicyChecks.of(app).configure({ rules: { 'no-all-ports': ERROR } });
    expect(() => app.synthYaml()).toThrow(/pay\/namespace\/wide.*NetworkPolicy pay\/allow-api spec\.ingress\[0\]: the rule opens every port/s);
  });

  test('of a policy by hand is one, also where the app has no construct of ours', () => {
    const app = new App();
    const chart = new Chart(app, 'pay');
    const spec = { podSelector: {}, policyTypes: ['Egress'], egress: [{}] };
    new ApiObject(chart, 'hand', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'hand', namespace: 'pay' }, spec });
    PolicyChecks.of(app);
    expect(told(app)).toEqual([expect.stringMatching(/^\[pay\/hand\] warning: NetworkPolicy pay\/hand spec\.egress\[0\]: .*\[no-all-ports\]/) as unknown]);
    new ApiObject(chart, 'surprise', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'b', namespace: 'pay' }, spec: { podSelector: {}, egress: [] } });
    expect(() => app.synthYaml()).toThrow(/pay\/surprise.*\[policy-types-missing\]/s);
  });
});

describe('severities', () => {
  test('hold below their construct, the nearest first', () => {
    const app = new App();
    const [pay, shop] = [namespace(app, 'pay'), namespace(app, 'shop')];
    wide(pay);
    wide(shop);
    PolicyChecks.of(app).configure({ rules: { 'no-all-ports': ERROR } });
    PolicyChecks.of(shop).configure({ rules: { 'no-all-ports': OFF } });
    const message = messageOf(() => app.synthYaml());
    expect(message).toContain('pay/allow-api');
    expect(message).not.toContain('shop/allow-api');
  });

  test('turn on what is off by default', () => {
    const app = new App();
    const pay = namespace(app, 'pay');
    new AllowFromPods(pay, 'narrow', { from: pay.pods({ app: 'web' }), to: pay.pods({ app: 'api' }), ports: [Port.tcp(80)], reciprocal: false });
    new AllowWithin(pay, 'all', { ports: [Port.tcpRange(1, 1000)] });
    expect(told(app)).toEqual([]);
    PolicyChecks.of(app).configure({ rules: { 'redundant-rule': WARNING } });
    expect(told(app)).toEqual([expect.stringMatching(/^\[pay\/namespace\/narrow\] .*the rule can be removed.*\[redundant-rule\]/) as unknown]);
  });

  test.each([
    [{ 'no-all-port': ERROR }, /"no-all-port" is not a rule. Instead: "no-all-ports"/],
    [{ 'selects-nothing': ERROR }, /"selects-nothing" needs the whole cluster to judge/],
    [{ 'no-all-ports': 'fatal' as RuleSeverity }, /"fatal" is no severity/],
  ])('%o is refused', (rules, message) => {
    expect(messageOf(() => PolicyChecks.of(new App()).configure({ rules }))).toMatch(message);
  });
});

describe('an exception', () => {
  test('on the construct covers what it says, and netpol check accepts the same', () => {
    const app = new App();
    const pay = namespace(app, 'pay');
    PolicyChecks.of(wide(pay)).ignore('no-all-ports', { reason: 'the client; see: its guide', until: '2999-12-31' });
    expect(told(app)).toEqual([]);
    expect(annotation(app, 'NetworkPolicy', 'allow-api')).toBe('no-all-ports (until 2999-12-31): the client, see: its guide');
    expect(checked(app, 'no-all-ports')).toEqual([]);
    expect(told(app)).toEqual([]);
    expect(annotation(app, 'NetworkPolicy', 'allow-api')).toBe('no-all-ports (until 2999-12-31): the client, see: its guide');
  });

  test('does not cover what another construct says in the same policy', () => {
    const app = new App();
    const pay = namespace(app, 'pay');
    PolicyChecks.of(wide(pay)).ignore('no-all-ports', { reason: 'the client picks its port' });
    wide(pay, 'other', 'batch');
    const lines = told(app);
    expect(lines.filter((line) => line.includes('opens every port'))).toHaveLength(2);
    expect(lines.filter((line) => line.includes('the exception of no-all-ports covers no finding'))).toHaveLength(1);
  });

  test('is inherited: on the namespace, the chart or the app', () => {
    for (const scopeOf of [(pay: DefaultDenyNamespace) => pay, (pay: DefaultDenyNamespace) => Chart.of(pay), (pay: DefaultDenyNamespace) => pay.node.root]) {
      const app = new App();
      const [pay, shop] = [namespace(app, 'pay'), namespace(app, 'shop')];
      wide(pay);
      PolicyChecks.of(scopeOf(pay)).ignore('no-all-ports', { reason: 'the client picks its port' });
      new AllowFromPods(shop, 'fine', { from: shop.pods({ app: 'web' }), ports: [Port.tcp(80)] });
      expect(told(app)).toEqual([]);
      expect(checked(app, 'no-all-ports')).toEqual([]);
    }
  });

  test('stands beside one that the object has', () => {
    const app = new App();
    namespace(app, 'pay');
    const hand = new ApiObject(new Chart(app, 'hand'), 'hand', {
      apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'hand', namespace: 'x', annotations: { 'cdk8s-netpol/ignore': 'require-owner: nobody owns it' } },
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
    });
    PolicyChecks.of(hand).ignore('no-all-ports', { reason: 'everything, everywhere' });
    expect(told(app)).toEqual([]);
    expect(annotation(app, 'NetworkPolicy', 'hand')).toBe('require-owner: nobody owns it\nno-all-ports: everything, everywhere');
    expect(checked(app, 'no-all-ports')).toEqual([]);
  });

  test('that covers nothing is told, and so is one whose day has passed', () => {
    const app = new App();
    const pay = namespace(app, 'pay');
    PolicyChecks.of(pay).ignore('no-all-ports', { reason: 'there was one once' });
    expect(told(app)).toEqual(['[pay/namespace] warning: the exception of no-all-ports covers no finding: there was one once. Instead: remove it\n']);
    const past = new App();
    PolicyChecks.of(wide(namespace(past, 'pay'))).ignore('no-all-ports', { reason: 'until the client is mended', until: '2020-01-31' });
    expect(told(past)).toEqual([
      expect.stringContaining('opens every port') as unknown,
      expect.stringContaining('[pay/namespace/wide] warning: the exception of no-all-ports ended on 2020-01-31') as unknown,
    ]);
    expect(annotation(past, 'NetworkPolicy', 'allow-api')).toBeUndefined();
  });

  test('of a rule that netpol check asks stands on the record of the namespace, for everything in it', () => {
    const app = new App();
    const pay = namespace(app, 'pay');
    PolicyChecks.of(pay).ignore('require-default-deny', { reason: 'no policy of this kind needed' });
    expect(told(app)).toEqual([]);
    expect(annotation(app, 'ConfigMap', 'netpol-stage')).toBe('require-default-deny: no policy of this kind needed');
    expect(checked(app, 'require-default-deny')).toEqual(['unused-exception pay/netpol-stage']);
    PolicyChecks.of(app).ignore('dns-blocked', { reason: 'nobody needs names here' });
    expect(() => app.synthYaml()).toThrow('the exception of dns-blocked has nothing to stand on');
  });

  test.each([
    ['no-all-port', { reason: 'long enough' }, /Instead: "no-all-ports"/],
    ['no-all-ports', { reason: 'short' }, /does not say why the finding is accepted/],
    ['no-all-ports', { reason: 'long enough', until: 'tomorrow' }, /until.*"tomorrow" is not a day/],
  ])('%s %o is refused', (rule, options, message) => {
    expect(messageOf(() => PolicyChecks.of(new App()).ignore(rule, options))).toMatch(message);
  });
});

test('what constructs write by themselves is not found, whatever is on', () => {
  const every = { 'no-all-ports': ERROR, 'policy-types-missing': ERROR, 'duplicate-policy': ERROR, 'redundant-rule': ERROR, 'shadowed-rule': ERROR };
  for (const cni of [Cni.generic(), Cni.calico(), Cni.cilium(), Cni.weaveNet()]) {
    for (const mesh of [undefined, Mesh.istioAmbient()]) {
      for (const stage of [RolloutStage.OBSERVE, RolloutStage.AUDIT, RolloutStage.ENFORCE]) {
        const app = new App();
        ClusterProfile.attach(app, { name: 'prod', cni, ...(mesh === undefined ? {} : { mesh }) });
        PolicyChecks.of(app).configure({ rules: every });
        const [pay, shop] = [namespace(app, 'pay', stage), namespace(app, 'shop', stage)];
        new AllowFromPods(pay, 'web', { from: shop.pods({ app: 'web' }), to: pay.pods({ app: 'api' }), ports: [Port.tcp(8080), Port.named('http', Protocol.TCP)] });
        expect(told(app)).toEqual([]);
      }
    }
  }
});
