import { App, Chart, Include } from 'cdk8s';
import { ClusterProfile, Cni, DefaultDenyNamespace, RolloutStage } from 'cdk8s-netpol';
import fc from 'fast-check';
import { GENERIC, PlainCluster, plainCluster, type PlainProfile } from '../../plain';
import { applied, identity, prefixes, rollbackObject } from './applied';
import { APPS, appPlan, AppPlan, Manifests, NAMESPACES, PORT_NUMBERS, StagedApp, synthesize } from './random-app';

interface Data {
  readonly cni: Cni;
  readonly profile: PlainProfile;
}

const CNIS: ReadonlyArray<[string, Data]> = [
  ['calico', { cni: Cni.calico({ version: '3.31' }), profile: { ...GENERIC, name: 'calico', ipBlockMatchesPods: true, ipBlockMatchesNodes: true } }],
  ['cilium', {
    cni: Cni.cilium({ version: '1.18' }),
    profile: {
      ...GENERIC, name: 'cilium', cnp: false, anp: false, hostNetworkPodsAreOrdinary: false, ipBlockMatchesPods: false, ipBlockMatchesNodes: false,
      networkPolicyIsolatesIcmp: true, rulesWithoutPortsAllowIcmp: true,
      cilium: { enablePolicy: 'default', defaultDenyIsForced: false, ownNodePasses: true },
    },
  }],
];
const PODS = [...NAMESPACES, 'elsewhere'].flatMap((namespace, row) => APPS.map((name, column) => ({
  namespace, name, labels: { app: name }, ip: `10.244.${row}.${column + 1}`,
})));
const METADATA = '169.254.169.254';

type Probe = readonly [from: string, to: string, port: string];

/** Every connection that touches the namespace whose stage changes, and the metadata endpoint. */
const PROBES: readonly Probe[] = [
  ...PODS.flatMap((from) => PODS.filter((to) => from !== to && (from.namespace === 'shop' || to.namespace === 'shop')).flatMap((to) => (
    PORT_NUMBERS.map((port): Probe => [`${from.namespace}/${from.name}`, `${to.namespace}/${to.name}`, `${port}/TCP`])
  ))),
  ...APPS.flatMap((app): Probe[] => [
    ['198.51.100.7', `shop/${app}`, '80/TCP'], [`shop/${app}`, '198.51.100.7', '80/TCP'], [`shop/${app}`, '203.0.113.9', '9999/UDP'],
    [`shop/${app}`, METADATA, '80/TCP'], [`shop/${app}`, METADATA, '53/UDP'],
  ]),
];
const isMetadata = ([, to, port]: Probe): boolean => to === METADATA && port === '80/TCP';

const failures = (probes: readonly Probe[], wrong: (index: number, probe: Probe) => boolean): string[] => (
  probes.flatMap((probe, index) => (wrong(index, probe) ? [probe.join(' ')] : []))
);

describe.each(CNIS)('the laws of the rollout stages on %s', (name, { cni, profile }) => {
  const clusterOf = (manifests: Manifests): PlainCluster => plainCluster(manifests).withProfile(profile).withPods(PODS);
  const verdicts = (manifests: Manifests, probes = PROBES): boolean[] => {
    const cluster = clusterOf(manifests);
    return probes.map(([from, to, port]) => cluster.allows(from, to, port));
  };
  const staged = (plan: AppPlan, stage: RolloutStage): StagedApp => synthesize(plan, stage, cni);
  const stagesOf = (plan: AppPlan): Record<'observe' | 'audit' | 'enforce', StagedApp> => ({
    observe: staged(plan, RolloutStage.OBSERVE), audit: staged(plan, RolloutStage.AUDIT), enforce: staged(plan, RolloutStage.ENFORCE),
  });

  test('law 1: AUDIT denies nothing that OBSERVE allows but metadata, and opens nothing that it denies', () => {
    fc.assert(fc.property(appPlan, (plan) => {
      const { observe, audit } = stagesOf(plan);
      const [before, after] = [verdicts(observe.manifests), verdicts(audit.manifests)];
      expect(failures(PROBES, (index, probe) => before[index] !== after[index] && !isMetadata(probe))).toEqual([]);
    }), { numRuns: 25 });
  });

  test('law 1: a policy of others that AUDIT would open is an error until somebody accepts it', () => {
    const build = (accept: boolean): App => {
      const app = new App();
      ClusterProfile.attach(app, { name: 'test', cni });
      const chart = new Chart(app, 'shop');
      const shop = new DefaultDenyNamespace(chart, 'shop', { name: 'shop', owner: { team: 'shop', contact: '#shop' }, stage: RolloutStage.AUDIT });
      new Include(chart, 'legacy', { url: require.resolve('../../../examples/three-teams/legacy-reports.yaml') });
      if (accept) shop.acceptOpening('covered by the new rules');
      return app;
    };
    expect(() => build(false).synthYaml()).toThrow(/shop\/legacy.*"shop\/reports-to-web" closes ingress of pods that netpol-audit would open/s);
    expect(build(true).synthYaml()).toContain('cdk8s-netpol/reason: covered by the new rules');
  });

  test('law 2: every prefix of the apply order keeps law 1, forwards and back', () => {
    fc.assert(fc.property(appPlan, (plan) => {
      const { observe, audit, enforce } = stagesOf(plan);
      const open = verdicts(observe.manifests);
      for (const state of prefixes(observe.manifests, audit.manifests)) {
        const now = verdicts(state);
        expect(failures(PROBES, (index, probe) => open[index]! && !now[index] && !isMetadata(probe))).toEqual([]);
      }
      const kept = verdicts(enforce.manifests);
      for (const state of [...prefixes(audit.manifests, enforce.manifests), ...prefixes(enforce.manifests, audit.manifests)]) {
        const now = verdicts(state);
        expect(failures(PROBES, (index) => kept[index]! && !now[index])).toEqual([]);
      }
    }), { numRuns: 6 });
  });

  test('law 2: a rule that comes with ENFORCE is there before the opener shuts', () => {
    const rule = { kind: 'from-pods', here: 'shop', there: 'shop', hereApp: 'api', thereApp: 'web', port: 8080 } as const;
    const audit = staged({ rules: [], metadataBlock: false, cloud: undefined }, RolloutStage.AUDIT);
    const enforce = staged({ rules: [rule], metadataBlock: false, cloud: undefined }, RolloutStage.ENFORCE);
    for (const state of prefixes(audit.manifests, enforce.manifests)) expect(clusterOf(state).allows('shop/web', 'shop/api', '8080/TCP')).toBe(true);
  });

  test('law 3: ENFORCE applied over AUDIT, nothing pruned, equals ENFORCE alone', () => {
    fc.assert(fc.property(appPlan, (plan) => {
      const { audit, enforce } = stagesOf(plan);
      expect(verdicts(applied(audit.manifests, enforce.manifests))).toEqual(verdicts(enforce.manifests));
      // what is shown in AUDIT alone is enforced nowhere, and may stay
      const kept = audit.manifests.filter(({ kind }) => !String(kind).startsWith('Staged'));
      expect(new Set(enforce.manifests.map(identity))).toEqual(new Set(kept.map(identity)));
    }), { numRuns: 25 });
  });

  test('law 4: the rollback of ENFORCE is AUDIT, adds one object and edits none', () => {
    fc.assert(fc.property(appPlan, (plan) => {
      const { audit, enforce } = stagesOf(plan);
      const added = rollbackObject(enforce.rollbackCommand);
      expect(identity(added)).toBe(`${name === 'cilium' ? 'CiliumNetworkPolicy' : 'NetworkPolicy'} shop/netpol-rollback`);
      expect(enforce.manifests.map(identity)).not.toContain(identity(added));
      expect(verdicts([...enforce.manifests, added])).toEqual(verdicts(audit.manifests));
    }), { numRuns: 25 });
  });

  test('law 4: the namespace says the line in an annotation, with owner, reason and expiry', () => {
    const { manifests, rollbackCommand } = staged({ rules: [], metadataBlock: false, cloud: undefined }, RolloutStage.ENFORCE);
    const deny = manifests.find((object) => identity(object) === 'NetworkPolicy shop/default-deny')!;
    const { annotations } = deny.metadata as { annotations: Record<string, string> };
    expect(annotations['cdk8s-netpol/rollback']).toBe(rollbackCommand);
    expect(rollbackObject(rollbackCommand).metadata).toEqual({
      name: 'netpol-rollback',
      namespace: 'shop',
      labels: { 'app.kubernetes.io/managed-by': 'cdk8s-netpol', 'cdk8s-netpol/owner': 'shop' },
      annotations: { 'cdk8s-netpol/contact': '#shop', 'cdk8s-netpol/reason': 'rollback of ENFORCE by hand', 'cdk8s-netpol/expires-after': '24h' },
    });
  });

  test('law 5: metadata stays denied in AUDIT, ENFORCE and rollback, and its address still answers DNS where it did', () => {
    fc.assert(fc.property(appPlan, (plan) => {
      const { audit, enforce } = stagesOf({ ...plan, metadataBlock: true });
      const probes = PROBES.filter(isMetadata);
      const rolledBack = [...enforce.manifests, rollbackObject(enforce.rollbackCommand)];
      for (const state of [audit.manifests, enforce.manifests, applied(audit.manifests, enforce.manifests), rolledBack]) {
        expect(verdicts(state, probes)).toEqual(probes.map(() => false));
      }
      expect(clusterOf(audit.manifests).allows('shop/web', METADATA, '53/UDP')).toBe(true);
    }), { numRuns: 25 });
  });

  test('law 5: an opener leaves metadata closed where nobody promised it, too', () => {
    const { manifests } = staged({ rules: [], metadataBlock: false, cloud: undefined }, RolloutStage.AUDIT);
    for (const address of [METADATA, '100.100.100.200', 'fd00:ec2::254', '168.63.129.16']) {
      expect(clusterOf(manifests).allows('shop/web', address, '80/TCP')).toBe(false);
    }
    expect(clusterOf(manifests).allows('shop/web', '169.254.170.23', '80/TCP')).toBe(true);
  });
});
