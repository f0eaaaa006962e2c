import { ApiObject, App, Chart } from 'cdk8s';
import {
  AllowToIpBlock, Cloud, ClusterProfile, Cni, Connectivity, DefaultDenyNamespace, MetadataBlock, MetadataBlockProps, MetadataExemptions, Port, RolloutStage,
  WorkloadIdentity,
} from '../../lib';
import { messageOf } from '../cluster/message-of';

const METADATA = '169.254.169.254';
const OWNER = { team: 'platform', contact: '#platform' };

interface Emitted {
  readonly kind: string;
  readonly metadata: {
    readonly name: string; readonly namespace?: string; readonly labels: Record<string, string>; readonly annotations: Record<string, string>;
  };
  readonly spec: Record<string, unknown>;
}

interface Cluster {
  readonly app: App;
  readonly chart: Chart;
}

function clusterOn(cni: Cni, props?: MetadataBlockProps, cloud?: Cloud): Cluster {
  const app = new App();
  ClusterProfile.attach(app, { name: 'prod', cni, cloud, podCidrs: ['10.244.0.0/16'], workloadIdentity: cloud === undefined ? undefined : WorkloadIdentity.NONE });
  const chart = new Chart(app, 'cluster', { namespace: 'not-theirs' });
  new MetadataBlock(chart, 'metadata', props);
  return { app, chart };
}

const emitted = ({ app }: Cluster): Emitted[] => app.charts.flatMap((chart) => chart.toJson() as Emitted[]);
const POD = (namespace: string, app: string): unknown => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name: app, namespace, labels: { app } }, spec: { containers: [{ name: 'c' }] },
});
const NAMESPACE = (name: string): unknown => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const PODS = [POD('shop', 'web'), POD('kube-system', 'agent'), POD('kube-system', 'other'), NAMESPACE('shop'), NAMESPACE('kube-system')];
const connectivityOf = (cluster: Cluster): Connectivity => Connectivity.fromApp(cluster.app, { inventory: PODS });

/** Every CNI that has policies which deny, in a version and with the settings that it takes. */
const HARD: ReadonlyArray<[string, Cni, string[]]> = [
  ['Cilium', Cni.cilium({ version: '1.18' }), ['CiliumClusterwideNetworkPolicy metadata-block']],
  ['Cilium with ClusterNetworkPolicy', Cni.cilium({ version: '1.20', settings: { 'enable-k8s-cluster-network-policy': 'true' } }), ['ClusterNetworkPolicy metadata-block']],
  ['Calico', Cni.calico({ version: '3.31' }), ['Tier netpol-guard', 'GlobalNetworkPolicy netpol-guard.metadata-block']],
  ['Antrea', Cni.antrea({ version: '2.7' }), ['ClusterNetworkPolicy metadata-block']],
  ['the VPC CNI', Cni.aws({ version: '1.21' }), ['ClusterNetworkPolicy metadata-block']],
  ['GKE Dataplane V2', Cni.gkeDataplaneV2({ version: '1.36.0-gke.4447000' }), ['ClusterNetworkPolicy metadata-block']],
  ['any CNI that serves ClusterNetworkPolicy', Cni.generic({ settings: { cnp: 'on' } }), ['ClusterNetworkPolicy metadata-block']],
];

describe.each(HARD)('on %s', (_, cni, objects) => {
  test('one policy of the cluster denies the endpoints to pods that no other policy is about, and nothing else', () => {
    const cluster = clusterOn(cni);
    expect(emitted(cluster).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(objects);
    for (const { metadata } of emitted(cluster)) expect(metadata.namespace).toBeUndefined();
    const connectivity = connectivityOf(cluster);
    connectivity.assertDenied('shop/web', METADATA, Port.tcp(80));
    connectivity.assertAllowed('shop/web', METADATA, Port.udp(53));
    connectivity.assertAllowed('shop/web', '203.0.113.7', Port.tcp(80));
    connectivity.assertAllowed('shop/web', 'kube-system/other', Port.tcp(80));
    connectivity.assertAllowed('198.51.100.7', 'shop/web', Port.tcp(80));
  });

  test('a NetworkPolicy that opens everything does not open them: it is no error any more', () => {
    const cluster = clusterOn(cni);
    new ApiObject(cluster.chart, 'wide', {
      apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'wide', namespace: 'shop' }, ...{ spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] } },
    });
    cluster.app.synthYaml();
    connectivityOf(cluster).assertDenied('shop/web', METADATA, Port.tcp(80));
  });

  test('exempt namespaces and exempt pods reach them, and only they do', () => {
    const pods = connectivityOf(clusterOn(cni, { exemptions: [{ namespace: 'kube-system', pods: { app: 'agent' }, reason: 'reads its instance id' }] }));
    pods.assertAllowed('kube-system/agent', METADATA, Port.tcp(80));
    pods.assertDenied('kube-system/other', METADATA, Port.tcp(80));
    pods.assertDenied('shop/web', METADATA, Port.tcp(80));
    const whole = connectivityOf(clusterOn(cni, { exemptions: [{ namespace: 'kube-system', reason: 'agents of the cloud' }] }));
    for (const pod of ['kube-system/agent', 'kube-system/other']) whole.assertAllowed(pod, METADATA, Port.tcp(80));
    whole.assertDenied('shop/web', METADATA, Port.tcp(80));
  });

  test('in OBSERVE the same objects select nobody, so that going back deletes nothing', () => {
    const [observed, enforced] = [RolloutStage.OBSERVE, RolloutStage.ENFORCE].map((stage) => clusterOn(cni, { stage, owner: OWNER }));
    const identities = (cluster: Cluster): string[] => emitted(cluster).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(identities(observed!)).toEqual(identities(enforced!));
    connectivityOf(observed!).assertAllowed('shop/web', METADATA, Port.tcp(80));
    for (const { metadata } of emitted(observed!)) {
      expect(metadata.labels['cdk8s-netpol/owner']).toBe('platform');
      expect(metadata.annotations['cdk8s-netpol/stage']).toBe('OBSERVE');
    }
  });
});

describe('what comes before the denial', () => {
  const withPolicy = (cni: Cni, apiVersion: string, kind: string, metadata: object, spec: object): (() => string) => () => {
    const cluster = clusterOn(cni);
    new ApiObject(cluster.chart, 'foreign', { apiVersion, kind, metadata: { ...metadata, namespace: undefined }, ...{ spec } });
    return cluster.app.synthYaml();
  };
  const CNP = ['policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', { name: 'foreign' }] as const;
  const admin = (priority: number, action: string, more: object = { namespaces: {} }): object => ({
    tier: 'Admin', priority, subject: more, egress: [{ action, to: [{ networks: ['0.0.0.0/0'] }] }],
  });

  test('an Admin policy of the same priority is a finding, whether it accepts or passes; a later one is none', () => {
    const served = Cni.generic({ settings: { cnp: 'on' } });
    for (const action of ['Accept', 'Pass']) {
      expect(withPolicy(served, ...CNP, admin(0, action))).toThrow(/the ClusterNetworkPolicy "foreign" opens .* 169\.254\.169\.254\/32 on .*denies, and comes before the denial: a pod that both are about reaches 80\/TCP/);
    }
    expect(withPolicy(served, ...CNP, admin(1, 'Accept'))).not.toThrow();
  });

  test('a tier of Calico before netpol-guard is a finding, also for a few pods; one behind it is none', () => {
    const calico = Cni.calico({ version: '3.31' });
    const inTier = (order: number): (() => string) => () => {
      const cluster = clusterOn(calico);
      new ApiObject(cluster.chart, 'tier', { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'mine', namespace: undefined }, ...{ spec: { order, defaultAction: 'Pass' } } });
      new ApiObject(cluster.chart, 'foreign', {
        apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'mine.wide', namespace: undefined },
        ...{ spec: { tier: 'mine', order: 1, selector: 'app == "db"', types: ['Egress'], egress: [{ action: 'Allow' }] } },
      });
      return cluster.app.synthYaml();
    };
    expect(inTier(10)).toThrow(/the GlobalNetworkPolicy "mine\.wide" opens .* comes before the denial: a pod that both are about reaches 80\/TCP/);
    expect(inTier(60)).not.toThrow();
  });

  test('on Cilium an Admin Accept outranks egressDeny: where there are Admin policies the denial is one of them', () => {
    const cilium = Cni.cilium({ version: '1.20', settings: { 'enable-k8s-cluster-network-policy': 'true' } });
    expect(withPolicy(cilium, ...CNP, admin(5, 'Accept'))).not.toThrow();
  });

  describe('however its pods are said', () => {
    const NAMES = { 'kubernetes.io/metadata.name': 'pay', 'team': 'a' };

    test.each<[string, object]>([
      ['a group', { appliedTo: [{ group: 'of-others' }] }],
      ['a service account', { appliedTo: [{ serviceAccount: { name: 'agent', namespace: 'tools' } }] }],
      ['several selectors', { appliedTo: [{ podSelector: { matchLabels: { app: 'a' } } }, { podSelector: { matchLabels: { app: 'b' } } }] }],
    ])('Antrea: %s', (_, { appliedTo }: { appliedTo?: unknown }) => {
      const allow = { action: 'Allow', to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] };
      const antrea = Cni.antrea({ version: '2.7' });
      const inTier = (tier: string, inRule: boolean): (() => string) => withPolicy(antrea, 'crd.antrea.io/v1beta1', 'ClusterNetworkPolicy', { name: 'foreign' }, {
        tier, priority: 1, ...(inRule ? {} : { appliedTo }), egress: [{ ...allow, ...(inRule ? { appliedTo } : {}) }],
      });
      for (const inRule of [false, true]) {
        expect(inTier('emergency', inRule)).toThrow(/"foreign" opens .* comes before the denial/);
        expect(inTier('platform', inRule)).not.toThrow();
      }
    });

    test('a namespace by its name and another label, beside policies of that namespace', () => {
      const cluster = clusterOn(Cni.generic({ settings: { cnp: 'on' } }));
      new DefaultDenyNamespace(new Chart(cluster.app, 'pay'), 'pay', { name: 'pay', owner: OWNER, stage: RolloutStage.ENFORCE });
      const spec = admin(0, 'Accept', { namespaces: { matchLabels: NAMES } });
      new ApiObject(cluster.chart, 'foreign', { apiVersion: CNP[0], kind: CNP[1], metadata: { name: 'foreign', namespace: undefined }, ...{ spec } });
      expect(() => cluster.app.synthYaml()).toThrow(/the ClusterNetworkPolicy "foreign" opens .* comes before the denial/);
    });

    test('a selector that selects nobody, or that nobody can solve, is none where it comes later', () => {
      const key = 'app';
      const nobody = { pods: { namespaceSelector: {}, podSelector: { matchExpressions: [{ key, operator: 'Exists' }, { key, operator: 'DoesNotExist' }] } } };
      expect(withPolicy(Cni.generic({ settings: { cnp: 'on' } }), ...CNP, admin(5, 'Accept', nobody))).not.toThrow();
    });
  });

  describe('on Calico, in a tier before it', () => {
    const DENY = [{ action: 'Deny', destination: { nets: ['0.0.0.0/0', '::/0'] } }];
    interface Foreign { readonly name: string; readonly order: number; readonly selector: string; readonly egress: object[] }
    const synthWith = (...policies: readonly Foreign[]): (() => string) => () => {
      const cluster = clusterOn(Cni.calico({ version: '3.31' }));
      const apiVersion = 'projectcalico.org/v3';
      new ApiObject(cluster.chart, 'tier', { apiVersion, kind: 'Tier', metadata: { name: 'mine', namespace: undefined }, ...{ spec: { order: 10, defaultAction: 'Pass' } } });
      for (const { name, ...spec } of policies) {
        new ApiObject(cluster.chart, name, {
          apiVersion, kind: 'GlobalNetworkPolicy', metadata: { name: `mine.${name}`, namespace: undefined },
          ...{ spec: { tier: 'mine', namespaceSelector: 'all()', types: ['Egress'], ...spec } },
        });
      }
      return cluster.app.synthYaml();
    };
    const wide = { name: 'wide', order: 10, egress: [{ action: 'Allow' }] };

    test('what denies some of its pods hides nothing', () => {
      expect(synthWith({ ...wide, selector: 'all()' }, { name: 'most', order: 5, selector: "app != 'agent'", egress: DENY })).toThrow(/"mine\.wide" opens .* comes before the denial/);
      expect(synthWith({ ...wide, selector: "app in {'a', 'b'}" }, { name: 'a', order: 5, selector: "app == 'a'", egress: DENY })).toThrow(/"mine\.wide" opens .* comes before/);
    });

    test('what denies all of its pods first leaves nothing open; later it does', () => {
      expect(synthWith({ ...wide, selector: "app == 'a'" }, { name: 'all', order: 5, selector: 'all()', egress: DENY })).not.toThrow();
      expect(synthWith({ ...wide, selector: "app == 'a'" }, { name: 'all', order: 50, selector: 'all()', egress: DENY })).toThrow(/"mine\.wide" opens/);
    });
  });

  test.each([RolloutStage.ENFORCE, RolloutStage.OBSERVE])('policies of the cluster may open what they are about where that is exempt, in %s', (stage) => {
    const opening = (namespaces: string[], priority: number, exempt = true): (() => string) => () => {
      const cluster = clusterOn(Cni.generic({ settings: { cnp: 'on' } }), { stage, exemptions: exempt ? [{ namespace: 'kube-system', reason: 'agents of the cloud' }] : [] });
      const subject = { namespaces: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: namespaces }] } };
      new ApiObject(cluster.chart, 'foreign', { apiVersion: CNP[0], kind: CNP[1], metadata: { name: 'foreign', namespace: undefined }, ...{ spec: admin(priority, 'Accept', subject) } });
      return cluster.app.synthYaml();
    };
    expect(opening(['kube-system'], 0)).not.toThrow();
    expect(opening(['kube-system'], 0, false)).toThrow(/"foreign" opens/);
    expect(opening(['kube-system', 'zoo'], 0)).toThrow(/"foreign" opens/);
  });

  test('Namespaces in a List are no second ones', () => {
    const cluster = clusterOn(Cni.generic({ settings: { cnp: 'on' } }));
    new ApiObject(cluster.chart, 'list', { apiVersion: 'v1', kind: 'List', ...{ items: [NAMESPACE('shop'), {
      apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'wide', namespace: 'shop' }, spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
    }] } });
    cluster.app.synthYaml();
  });

  test('pods that are exempt may be opened by it', () => {
    const app = new App();
    ClusterProfile.attach(app, { name: 'prod', cni: Cni.generic({ settings: { cnp: 'on' } }) });
    const chart = new Chart(app, 'cluster');
    new MetadataBlock(chart, 'metadata', { exemptions: [{ namespace: 'tools', reason: 'reads its instance id' }] });
    const tools = new DefaultDenyNamespace(new Chart(app, 'tools'), 'tools', { name: 'tools', owner: OWNER, stage: RolloutStage.ENFORCE });
    new AllowToIpBlock(tools, 'metadata', { cidrs: [`${METADATA}/32`], ports: [Port.tcp(80)] });
    Connectivity.fromApp(app, { inventory: [POD('tools', 'agent')] }).assertAllowed('tools/agent', METADATA, Port.tcp(80));
  });
});

test('on Calico the denial is about pods alone: without a namespaceSelector nodes with host endpoints would lose their metadata too', () => {
  for (const [stage, selector] of [[RolloutStage.ENFORCE, 'all()'], [RolloutStage.OBSERVE, '!all()']] as const) {
    const denial = emitted(clusterOn(Cni.calico({ version: '3.31' }), { stage })).find(({ kind }) => kind === 'GlobalNetworkPolicy');
    expect(denial?.spec).toMatchObject({ selector, namespaceSelector: 'all()' });
  }
});

describe('a denial that would cut off the whole cluster', () => {
  test.each([
    ['Cilium before 1.16', Cni.cilium({ version: '1.15' })],
    ['Cilium that ignores enableDefaultDeny', Cni.cilium({ version: '1.18', settings: { 'enable-non-default-deny-policies': 'false' } })],
  ])('on %s it is refused, unless the check alone is wanted', (_, cni) => {
    expect(messageOf(() => clusterOn(cni))).toMatch(/^\[cluster\/metadata: stage\] .* a policy that denies would isolate every pod of the cluster .* Instead: stage: RolloutStage\.OBSERVE for the check/);
    expect(emitted(clusterOn(cni, { stage: RolloutStage.OBSERVE }))).toEqual([]);
  });
});

describe('a cluster that has no denial', () => {
  test('asked for one it says what is missing', () => {
    const messages = [Cni.generic(), Cni.calico({ version: '3.28' }), Cni.calico(), Cni.kubeRouter()]
      .map((cni) => messageOf(() => clusterOn(cni, { stage: RolloutStage.ENFORCE })));
    expect(messages.map((message) => /can have: (.*)\. Instead/.exec(message)?.[1])).toEqual([
      'it needs ClusterNetworkPolicy v1alpha2, and the ClusterProfile does not say whether generic has it',
      'it needs Calico 3.29 or later',
      'it needs Calico 3.29 or later, and the ClusterProfile does not say whether calico has it',
      'kube-router has no policy that denies',
    ]);
  });

  test('not asked for it is a check, and says so where a version would tell', () => {
    const written: string[] = [];
    const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    try {
      const cluster = clusterOn(Cni.calico());
      cluster.app.synthYaml();
      clusterOn(Cni.generic()).app.synthYaml();
      clusterOn(Cni.calico(), { stage: RolloutStage.OBSERVE }).app.synthYaml();
    } finally {
      write.mockRestore();
    }
    expect(written).toEqual(['[cluster/metadata] warning: is a check over the app, and denies nothing in the cluster: it needs Calico 3.29 or later, '
      + 'and the ClusterProfile does not say whether calico has it. With stage: RolloutStage.OBSERVE that is said\n']);
  });
});

describe('AUDIT', () => {
  test('on Calico the denial is staged, and nothing is denied yet', () => {
    const cluster = clusterOn(Cni.calico({ version: '3.31' }), { stage: RolloutStage.AUDIT });
    expect(emitted(cluster).map(({ kind }) => kind)).toEqual(['Tier', 'GlobalNetworkPolicy', 'StagedGlobalNetworkPolicy']);
    connectivityOf(cluster).assertAllowed('shop/web', METADATA, Port.tcp(80));
  });

  test('elsewhere nothing shows it before it holds', () => {
    expect(messageOf(() => clusterOn(Cni.cilium({ version: '1.18' }), { stage: RolloutStage.AUDIT })))
      .toBe('[cluster/metadata: stage] "AUDIT" cannot be shown before it holds: cilium@1.18 has no staged form of CiliumClusterwideNetworkPolicy. '
        + 'Instead: RolloutStage.OBSERVE until recorded flows show nobody at these addresses, then ENFORCE');
  });
});

describe('exemptions by labels', () => {
  test('in a namespace of the app they bring the rule that lets the pods, in every stage', () => {
    for (const stage of [RolloutStage.AUDIT, RolloutStage.ENFORCE]) {
      const app = new App();
      ClusterProfile.attach(app, { name: 'prod', cni: Cni.calico({ version: '3.31' }) });
      new MetadataBlock(new Chart(app, 'cluster'), 'metadata', { exemptions: [{ namespace: 'tools', pods: { app: 'agent' }, reason: 'reads its instance id' }] });
      new DefaultDenyNamespace(new Chart(app, 'tools'), 'tools', { name: 'tools', owner: OWNER, stage });
      const connectivity = Connectivity.fromApp(app, { inventory: [POD('tools', 'agent'), POD('tools', 'other')] });
      connectivity.assertAllowed('tools/agent', METADATA, Port.tcp(80));
      connectivity.assertDenied('tools/other', METADATA, Port.tcp(80));
    }
  });

  test('several of one namespace leave the others closed', () => {
    const connectivity = connectivityOf(clusterOn(Cni.calico({ version: '3.31' }), {
      exemptions: [{ namespace: 'kube-system', pods: { app: 'agent', tier: 'node' }, reason: 'reads its instance id' }, { namespace: 'kube-system', pods: { app: 'csi' }, reason: 'reads its zone' }],
    }));
    // the agent has no label "tier"
    connectivity.assertDenied('kube-system/agent', METADATA, Port.tcp(80));
    connectivity.assertDenied('kube-system/other', METADATA, Port.tcp(80));
  });

  test('the agents of AWS are known', () => {
    const exemptions = MetadataExemptions.systemAgents(Cloud.AWS);
    expect(exemptions.map(({ namespace }) => namespace)).toContain('kube-system');
    expect(() => clusterOn(Cni.aws({ version: '1.21' }), { exemptions }, Cloud.AWS).app.synthYaml()).not.toThrow();
    expect(MetadataExemptions.systemAgents(Cloud.HETZNER)).toEqual([]);
    expect(messageOf(() => MetadataExemptions.systemAgents('mars' as never))).toBe('[cloud] "mars" is no cloud. Instead: Cloud.AWS or another');
  });

  test('no labels would be every pod', () => {
    expect(messageOf(() => clusterOn(Cni.generic(), { exemptions: [{ namespace: 'x', pods: {}, reason: 'reads its zone' }] })))
      .toBe('[cluster/metadata: exemptions[0].pods] {} are no labels, which would be every pod. Instead: at least one label, or no pods for the whole namespace');
  });
});

test('a rule for the name of a metadata service is refused: no policy denies a name', () => {
  const app = new App();
  ClusterProfile.attach(app, { name: 'prod', cni: Cni.cilium({ version: '1.18' }), cloud: Cloud.GCP, workloadIdentity: WorkloadIdentity.NONE });
  const chart = new Chart(app, 'cluster');
  new MetadataBlock(chart, 'metadata');
  new ApiObject(chart, 'fqdn', {
    apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'fqdn', namespace: 'shop' },
    ...{ spec: { endpointSelector: {}, egress: [{ toFQDNs: [{ matchPattern: '*.google.internal' }] }] } },
  });
  expect(() => app.synthYaml()).toThrow(/the CiliumNetworkPolicy "shop\/fqdn" opens the name metadata\.google\.internal, under which instance metadata is served/);
});
