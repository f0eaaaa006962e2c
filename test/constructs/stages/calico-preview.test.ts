import { App, Chart } from 'cdk8s';
import { AllowFromPods, ClusterProfile, Cni, DefaultDenyNamespace, Pods, Port, Protocol, RolloutStage } from 'cdk8s-netpol';
import fc from 'fast-check';
import { threeTeams } from '../../../examples/three-teams/main';
import { Analysis, profileOf, readInventory } from '../../../lib/analysis';
import { POLICY_READERS } from '../../../lib/dialects';
import { APPS, appPlan, Manifests, NAMESPACES, PORT_NUMBERS, synthesize } from './random-app';

const CALICO = Cni.calico({ version: '3.31' });
const PODS = [...NAMESPACES, 'elsewhere'].flatMap((namespace, row) => APPS.map((app, column) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name: app, namespace, labels: { app } }, spec: { containers: [{ name: 'c' }] },
  status: { podIP: `10.244.${row}.${column + 1}` },
})));

function analysisOf(manifests: Manifests, staged: 'ignored' | 'enforced'): Analysis {
  const objects = [...manifests, ...PODS].map((object) => ({ object, origin: {} }));
  return new Analysis(readInventory(objects, { readers: POLICY_READERS }), profileOf('calico', { version: '3.31', staged }));
}

const ENDS = [...[...NAMESPACES, 'elsewhere'].flatMap((namespace) => APPS.map((app) => `${namespace}/${app}`)), '198.51.100.7', '169.254.169.254'];
const verdicts = (analysis: Analysis): string[] => ENDS.flatMap((from) => ENDS.filter((to) => to !== from && (from.includes('/') || to.includes('/'))).flatMap((to) => (
  [...PORT_NUMBERS, 53].map((port) => `${from} ${to} ${port} ${analysis.allows(from, to, `${port}/TCP`).verdict}`)
)));

describe('what Calico shows in AUDIT is what ENFORCE decides', () => {
  test('for random apps', () => {
    fc.assert(fc.property(appPlan, (plan) => {
      const [audit, enforce] = [RolloutStage.AUDIT, RolloutStage.ENFORCE].map((stage) => synthesize(plan, stage, CALICO).manifests);
      expect(verdicts(analysisOf(audit!, 'enforced'))).toEqual(verdicts(analysisOf(enforce!, 'ignored')));
    }), { numRuns: 12 });
  });

  test('and it drops nothing while it is only shown', () => {
    const { manifests } = synthesize({ rules: [], metadataBlock: false, cloud: undefined }, RolloutStage.AUDIT, CALICO);
    const analysis = analysisOf(manifests, 'ignored');
    expect(analysis.allows('shop/web', 'elsewhere/api', '80/TCP').verdict).toBe('allowed');
    expect(analysisOf(manifests, 'enforced').allows('shop/web', 'elsewhere/api', '80/TCP').verdict).toBe('denied');
  });

  test('every policy is there twice in AUDIT, and once in ENFORCE', () => {
    const kindsIn = (stage: RolloutStage): Record<string, string[]> => {
      const app = new App();
      threeTeams(app, stage);
      const objects = app.charts.flatMap((chart) => chart.toJson() as Array<{ kind: string; metadata: { name: string; namespace?: string } }>)
        .filter(({ metadata }) => metadata.namespace === 'data');
      const named = (kind: string): string[] => objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name).sort();
      return { enforced: named('NetworkPolicy'), shown: named('StagedNetworkPolicy') };
    };
    const audit = kindsIn(RolloutStage.AUDIT);
    expect(audit.shown).toEqual(audit.enforced!.filter((name) => name !== 'netpol-audit').map((name) => `default.${name}`));
    expect(kindsIn(RolloutStage.ENFORCE)).toEqual({ enforced: audit.enforced, shown: [] });
  });
});

test('a port by name beside all ports of its protocol is one of them', () => {
  const app = new App();
  ClusterProfile.attach(app, { name: 'prod', cni: CALICO });
  const pay = new DefaultDenyNamespace(new Chart(app, 'pay'), 'pay', { name: 'pay', owner: { team: 'payments', contact: '#payments' }, stage: RolloutStage.AUDIT });
  const ports = [Port.named('http'), Port.all({ reason: 'debuggers of any kind', protocol: Protocol.TCP }), Port.udp(53)];
  new AllowFromPods(pay, 'web', { from: Pods.withLabels({ app: 'web' }), to: Pods.withLabels({ app: 'api' }), ports });
  app.synthYaml();
  const shown = (app.charts[0]!.toJson() as Array<{ metadata: { name: string }; spec: { ingress: unknown } }>).find(({ metadata }) => metadata.name === 'default.allow-api');
  const source = { selector: "app == 'web'" };
  expect(shown?.spec.ingress).toEqual([{ action: 'Allow', protocol: 'TCP', source }, { action: 'Allow', protocol: 'UDP', source, destination: { ports: [53] } }]);
});

test('before 3.30 Calico has no staged kinds, and AUDIT has none', () => {
  const { manifests } = synthesize({ rules: [], metadataBlock: false, cloud: undefined }, RolloutStage.AUDIT, Cni.calico({ version: '3.29' }));
  expect(manifests.filter(({ kind }) => String(kind).startsWith('Staged'))).toEqual([]);
});
