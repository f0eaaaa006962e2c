import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as cdk8s from 'cdk8s';
import { App } from 'cdk8s';
import * as library from 'cdk8s-netpol';
import { Cni, Connectivity, Port, RolloutStage, Verdict } from 'cdk8s-netpol';
import ts from 'typescript';

/** The line of an example that says what the cluster is, with a line for each other CNI. */
const LINE = /cni: Cni\.calico\(\{ version: '3\.31' \}\)(, cloud: Cloud\.\w+, workloadIdentity: WorkloadIdentity\.\w+)?,/;
const IN_PLACE: Readonly<Record<string, string>> = {
  generic: 'cni: Cni.generic(),',
  'generic with ClusterNetworkPolicy': "cni: Cni.generic({ settings: { cnp: 'on' } }),",
  cilium: "cni: Cni.cilium({ version: '1.18' }), cloud: Cloud.AWS, workloadIdentity: WorkloadIdentity.EKS_IRSA,",
  calico: "cni: Cni.calico({ version: '3.31' }), cloud: Cloud.AZURE, workloadIdentity: WorkloadIdentity.AKS,",
  canal: 'cni: Cni.canal(),',
  antrea: "cni: Cni.antrea({ version: '2.7' }),",
  aws: "cni: Cni.aws({ version: '1.21' }), workloadIdentity: WorkloadIdentity.EKS_POD_IDENTITY,",
  'gke-dpv2': "cni: Cni.gkeDataplaneV2({ version: '1.36.0-gke.4447000' }), workloadIdentity: WorkloadIdentity.GKE,",
  'gke-calico': 'cni: Cni.gkeCalico(), workloadIdentity: WorkloadIdentity.GKE,',
  'ovn-kubernetes': 'cni: Cni.ovnKubernetes(),',
  'kube-router': 'cni: Cni.kubeRouter(),',
};

type Build = (app: App, stage?: RolloutStage) => void;

/** The example as it is, with one line changed: compiled and run. */
function exampleOn(example: string, line: string): Build {
  const file = join(__dirname, '..', '..', 'examples', example, 'main.ts');
  const source = readFileSync(file, 'utf8');
  expect(source.match(new RegExp(LINE, 'g')) ?? []).toHaveLength(1);
  // an example that says nothing of its cloud goes on saying nothing
  const text = source.replace(LINE, (_, cloud: string | undefined) => (cloud === undefined ? `${/cni: Cni\.\w+\(.*?\)(?=,)/.exec(line)![0]},` : line));
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(text, { compilerOptions });
  const built: { exports: Record<string, Build> } = { exports: {} };
  const load = (name: string): unknown => ({ cdk8s, 'cdk8s-netpol': library })[name] ?? jest.requireActual(name);
  // the main of the file is not this module
  const run = new Function('module', 'exports', 'require', '__dirname', outputText) as (...args: unknown[]) => void;
  run(built, built.exports, Object.assign(load, { main: undefined }), dirname(file));
  return built.exports[example.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())]!;
}

const POD = (namespace: string, name: string, labels: Record<string, string>, ip: string, ports: unknown[] = []): unknown => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: { containers: [{ name: 'c', ports }] }, status: { podIP: ip },
});
const NAMED = (name: string): Record<string, string> => ({ 'app.kubernetes.io/name': name });
const OUTSIDE = '8.8.8.8';
const METADATA = '169.254.169.254';

interface Asked {
  readonly inventory: unknown[];
  readonly allowed: ReadonlyArray<readonly [from: string, to: string, port: Port]>;
  readonly denied: ReadonlyArray<readonly [from: string, to: string, port: Port]>;
  /** Egress by the name of a port that pods give different numbers. */
  readonly byName?: ReadonlyArray<readonly [from: string, to: string, port: Port]>;
}

/** Where such a name may be looked up in the whole cluster, and skipped. */
const NAMES_ARE_UNSURE = ['cilium', 'antrea', 'gke-dpv2'];

const BOUTIQUE: Asked = {
  inventory: [
    ...['frontend', 'checkoutservice', 'paymentservice', 'stranger'].map((app, index) => POD('boutique', app, { app }, `10.244.1.${index + 1}`)),
    POD('monitoring', 'prometheus', NAMED('prometheus'), '10.244.9.1'), POD('kube-system', 'dns', { 'k8s-app': 'kube-dns' }, '10.244.9.2'),
    POD('ingress-nginx', 'controller', { ...NAMED('ingress-nginx'), 'app.kubernetes.io/component': 'controller' }, '10.244.9.3'),
  ],
  allowed: [
    ['boutique/frontend', 'boutique/checkoutservice', Port.tcp(5050)], ['boutique/checkoutservice', 'boutique/paymentservice', Port.tcp(50051)],
    ['ingress-nginx/controller', 'boutique/frontend', Port.tcp(8080)], ['monitoring/prometheus', 'boutique/paymentservice', Port.tcp(9464)],
    ['boutique/paymentservice', 'egress/egress-proxy', Port.tcp(3128)], ['egress/egress-proxy', OUTSIDE, Port.tcp(443)],
    ['boutique/stranger', 'kube-system/dns', Port.udp(53)],
  ],
  denied: [
    ['boutique/frontend', 'boutique/paymentservice', Port.tcp(50051)], ['boutique/stranger', 'boutique/frontend', Port.tcp(8080)],
    ['boutique/paymentservice', OUTSIDE, Port.tcp(443)], ['boutique/frontend', 'egress/egress-proxy', Port.tcp(3128)], [OUTSIDE, 'boutique/frontend', Port.tcp(8080)],
    ['egress/egress-proxy', METADATA, Port.tcp(80)], ['boutique/stranger', METADATA, Port.tcp(80)], ['monitoring/prometheus', 'boutique/frontend', Port.tcp(8080)],
  ],
};

const TEAMS: Asked = {
  inventory: [
    POD('shop', 'web', { app: 'web' }, '10.244.1.1', [{ name: 'metrics', containerPort: 9100 }]), POD('shop', 'back-office', { app: 'back-office' }, '10.244.1.2'),
    POD('pay', 'api', { app: 'api' }, '10.244.2.1'), POD('monitoring', 'prometheus', NAMED('prometheus'), '10.244.3.1'), POD('reports', 'nightly', { job: 'nightly' }, '10.244.4.1'),
  ],
  allowed: [
    ['shop/web', 'pay/api', Port.tcp(8080)], ['pay/api', 'data/postgres', Port.tcp(5432)], ['data/postgres', 'data/postgres', Port.tcp(5432)],
    ['10.1.2.3', 'shop/back-office', Port.tcp(8443)], ['reports/nightly', 'shop/web', Port.tcp(8080)],
  ],
  denied: [
    ['shop/web', 'data/postgres', Port.tcp(5432)], ['shop/back-office', 'pay/api', Port.tcp(8080)], ['pay/api', 'shop/web', Port.tcp(8080)],
    ['reports/nightly', 'shop/back-office', Port.tcp(8443)], ['pay/api', OUTSIDE, Port.tcp(443)], ['pay/api', METADATA, Port.tcp(80)],
  ],
  byName: [['monitoring/prometheus', 'data/postgres', Port.tcp(9187)], ['monitoring/prometheus', 'shop/web', Port.tcp(9100)]],
};

const BLOG: Asked = {
  inventory: [POD('traefik', 'traefik', NAMED('traefik'), '10.244.1.1'), POD('elsewhere', 'pod', { app: 'pod' }, '10.244.1.2')],
  allowed: [['traefik/traefik', 'blog/blog', Port.tcp(8080)], ['blog/blog', 'blog/blog-db', Port.tcp(3306)]],
  denied: [['elsewhere/pod', 'blog/blog', Port.tcp(8080)], ['traefik/traefik', 'blog/blog-db', Port.tcp(3306)], ['blog/blog', OUTSIDE, Port.tcp(443)]],
};

const GITOPS: Asked = {
  inventory: [POD('shop', 'web', { app: 'web' }, '10.244.1.1'), POD('pay', 'api', { app: 'api' }, '10.244.2.1')],
  allowed: [['shop/web', 'pay/api', Port.tcp(8080)]],
  denied: [['shop/web', OUTSIDE, Port.tcp(443)], ['pay/api', 'shop/web', Port.tcp(8080)], ['shop/web', METADATA, Port.tcp(80)]],
};

const EXAMPLES: Readonly<Record<string, Asked>> = { 'online-boutique': BOUTIQUE, 'three-teams': TEAMS, 'adopt-existing': BLOG, gitops: GITOPS };

/** Where blocks that hold pods, names of ports or what is on the node hang on something that nobody says. */
const EVALUATED: Readonly<Record<string, Cni>> = { canal: Cni.calico({ version: '3.31' }), 'kube-router': Cni.generic({ settings: { ipBlockMatchesPods: 'true' } }) };

describe.each(Object.entries(IN_PLACE))('with one changed line the examples are for %s', (name, line) => {
  test.each(Object.entries(EXAMPLES))('%s: what is allowed and what is not, in ENFORCE', (example, { inventory, allowed, denied, byName = [] }) => {
    const app = new App();
    exampleOn(example, line)(app, RolloutStage.ENFORCE);
    app.synthYaml();
    const connectivity = Connectivity.fromApp(app, { inventory, ...(EVALUATED[name] === undefined ? {} : { cni: EVALUATED[name] }) });
    for (const [from, to, port] of allowed) connectivity.assertAllowed(from, to, port);
    for (const [from, to, port] of denied) connectivity.assertDenied(from, to, port);
    const expected = NAMES_ARE_UNSURE.includes(name) ? Verdict.DEPENDS : Verdict.ALLOWED;
    for (const [from, to, port] of byName) expect([to, connectivity.verdict(from, to, port)]).toEqual([to, expected]);
  });
});

test('every CNI that enforces and is modelled has a line', () => {
  const { PROFILE_IDS } = jest.requireActual<{ PROFILE_IDS: readonly string[] }>('cdk8s-netpol/analysis');
  expect(PROFILE_IDS.filter((id) => id !== 'np-guard' && IN_PLACE[id] === undefined)).toEqual([]);
});
