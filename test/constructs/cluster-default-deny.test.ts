import { App, Chart } from 'cdk8s';
import {
  AllowFromPods, ClusterDefaultDeny, ClusterDefaultDenyProps, ClusterProfile, Cni, Connectivity, DefaultDenyNamespace, Namespaces, Pods, Port, RolloutStage,
} from '../../lib';
import { messageOf } from '../cluster/message-of';

const OWNER = { team: 'platform', contact: '#platform' };
const SYSTEM = ClusterDefaultDeny.systemNamespaces(Cni.generic());

interface Cluster {
  readonly app: App;
  readonly chart: Chart;
}

function clusterOn(cni: Cni, props: Partial<ClusterDefaultDenyProps> = {}): Cluster {
  const app = new App();
  ClusterProfile.attach(app, { name: 'prod', cni, podCidrs: ['10.244.0.0/16'] });
  const chart = new Chart(app, 'cluster');
  new ClusterDefaultDeny(chart, 'baseline', { owner: OWNER, stage: RolloutStage.ENFORCE, exemptions: SYSTEM, ...props });
  return { app, chart };
}

interface Emitted {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations: Record<string, string> };
}

const emitted = ({ app }: Cluster): Emitted[] => app.charts.flatMap((chart) => chart.toJson() as Emitted[]);
const POD = (namespace: string, app: string, ip: string, labels: Record<string, string> = { app }): unknown => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name: app, namespace, labels }, spec: { containers: [{ name: 'c' }] }, status: { podIP: ip },
});
const INVENTORY = [
  ...['new', 'claimed', 'kube-system'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  POD('new', 'web', '10.244.1.1'), POD('new', 'db', '10.244.1.2'), POD('claimed', 'api', '10.244.1.3'), POD('kube-system', 'dns', '10.244.1.4', { 'k8s-app': 'kube-dns' }),
];
const connectivityOf = ({ app }: Cluster): Connectivity => Connectivity.fromApp(app, { inventory: INVENTORY });

const CNIS: ReadonlyArray<[string, Cni, string[]]> = [
  ['Cilium', Cni.cilium({ version: '1.18' }), ['CiliumClusterwideNetworkPolicy cluster-default-deny']],
  ['Calico', Cni.calico({ version: '3.31' }), ['GlobalNetworkPolicy default.cluster-default-deny']],
  ['Antrea', Cni.antrea({ version: '2.7' }), ['ClusterNetworkPolicy cluster-default-deny']],
  ['the VPC CNI', Cni.aws({ version: '1.21' }), ['ClusterNetworkPolicy cluster-default-deny-dns', 'ClusterNetworkPolicy cluster-default-deny']],
  ['a CNI that serves ClusterNetworkPolicy', Cni.generic({ settings: { cnp: 'on', cnpNetworksMatchPods: 'true' } }), ['ClusterNetworkPolicy cluster-default-deny']],
];

describe.each(CNIS)('on %s', (_, cni, objects) => {
  test('a namespace that nobody claims is closed, but for DNS; system namespaces are not', () => {
    const cluster = clusterOn(cni);
    expect(emitted(cluster).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(objects);
    expect(emitted(cluster)[0]!.metadata.annotations['cdk8s-netpol/exemptions']).toContain('kube-system: DNS, proxies and controllers');
    const connectivity = connectivityOf(cluster);
    connectivity.assertDenied('new/web', 'new/db', Port.tcp(5432));
    connectivity.assertDenied('new/web', '203.0.113.9', Port.tcp(443));
    connectivity.assertAllowed('new/web', 'kube-system/dns', Port.udp(53));
    connectivity.assertDenied('new/web', 'kube-system/dns', Port.tcp(9153));
    connectivity.assertAllowed('kube-system/dns', '203.0.113.9', Port.tcp(53));
  });

  test('it opens by policies of its own', () => {
    const cluster = clusterOn(cni);
    new AllowFromPods(new Chart(cluster.app, 'new', { namespace: 'new' }), 'db', {
      from: Pods.withLabels({ app: 'web' }), to: Pods.withLabels({ app: 'db' }), ports: [Port.tcp(5432)],
    });
    const connectivity = connectivityOf(cluster);
    // the baseline still closes the client's end, where nothing was said
    connectivity.assertDenied('new/web', 'new/db', Port.tcp(5432));
    expect(connectivity.explain('new/web', 'new/db', Port.tcp(5432))).toMatch(/ingress of new\/db: allowed/);
  });

  test('a namespace that the app claims is its own, in whichever stage', () => {
    for (const stage of [RolloutStage.OBSERVE, RolloutStage.AUDIT]) {
      const cluster = clusterOn(cni);
      new DefaultDenyNamespace(new Chart(cluster.app, 'claimed'), 'claimed', { name: 'claimed', owner: OWNER, stage });
      connectivityOf(cluster).assertAllowed('claimed/api', '203.0.113.9', Port.tcp(443));
    }
    const enforced = clusterOn(cni);
    const claimed = new DefaultDenyNamespace(new Chart(enforced.app, 'claimed'), 'claimed', { name: 'claimed', owner: OWNER, stage: RolloutStage.ENFORCE });
    new AllowFromPods(claimed, 'dns', { from: Pods.inNamespaces(Namespaces.named('kube-system')), to: claimed.pods(), ports: [Port.tcp(8080)] });
    connectivityOf(enforced).assertAllowed('kube-system/dns', 'claimed/api', Port.tcp(8080));
    connectivityOf(enforced).assertDenied('claimed/api', '203.0.113.9', Port.tcp(443));
  });

  test('in OBSERVE the same objects select nobody', () => {
    const cluster = clusterOn(cni, { stage: RolloutStage.OBSERVE });
    expect(emitted(cluster).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(objects);
    connectivityOf(cluster).assertAllowed('new/web', 'new/db', Port.tcp(5432));
    connectivityOf(cluster).assertAllowed('new/web', '203.0.113.9', Port.tcp(443));
  });
});

test('on Calico AUDIT shows it, and denies nothing', () => {
  const cluster = clusterOn(Cni.calico({ version: '3.31' }), { stage: RolloutStage.AUDIT });
  expect(emitted(cluster).map(({ kind }) => kind)).toEqual(['GlobalNetworkPolicy', 'StagedGlobalNetworkPolicy']);
  connectivityOf(cluster).assertAllowed('new/web', 'new/db', Port.tcp(5432));
});

describe('refused are', () => {
  test.each<[string, () => unknown, string]>([
    ['a CNI without policies of the cluster', () => clusterOn(Cni.kubeRouter()), '[cluster/baseline] "kube-router" has no default-deny of the cluster: kube-router has no policy of the cluster that is written here. '
      + 'Instead: a DefaultDenyNamespace for each namespace, or what it needs in the ClusterProfile'],
    ['a CNI of which nobody says whether it has them', () => clusterOn(Cni.generic()), 'it needs ClusterNetworkPolicy v1alpha2, and the ClusterProfile does not say whether generic has it'],
    ['AUDIT where nothing shows it', () => clusterOn(Cni.cilium({ version: '1.18' }), { stage: RolloutStage.AUDIT }), '"AUDIT" cannot be shown before it holds'],
    ['a stage that is none', () => clusterOn(Cni.cilium(), { stage: 'on' as never }), '[cluster/baseline: stage] "on" is not a stage'],
    ['an exemption without a reason', () => clusterOn(Cni.cilium(), { exemptions: [{ namespace: 'x', reason: 'ok' }] }), '[cluster/baseline: exemptions[0].reason] "ok" does not say why'],
    ['an exemption twice', () => clusterOn(Cni.cilium(), { exemptions: [...SYSTEM, ...SYSTEM] }), '"kube-system" is exempt twice'],
    ['no exemptions', () => clusterOn(Cni.cilium(), { exemptions: undefined as never }), 'are no exemptions. Instead: ClusterDefaultDeny.systemNamespaces(cni)'],
    ['a second one', () => new ClusterDefaultDeny(clusterOn(Cni.cilium()).chart, 'second', { owner: OWNER, stage: RolloutStage.OBSERVE, exemptions: SYSTEM }),
      '"second" is a second ClusterDefaultDeny: cluster/baseline governs this cluster already'],
    ['a word for a CNI', () => ClusterDefaultDeny.systemNamespaces('cilium' as never), '[cni] "cilium" is no CNI'],
  ])('%s', (_, mistake, message) => {
    expect(messageOf(mistake)).toContain(message);
  });

  test('a cluster whose DNS would be closed', () => {
    expect(() => clusterOn(Cni.cilium(), { exemptions: [] }).app.synthYaml()).toThrow(/\[cluster\/baseline\] it would close "kube-system", and DNS with it\. Instead: exemptions: ClusterDefaultDeny\.systemNamespaces\(cni\)/);
  });
});
