import * as cdk8s from 'cdk8s';
import { ApiObject, App, Chart } from 'cdk8s';
import ts from 'typescript';
import * as library from '../../lib';

const {
  AllowFromIngressController, AllowFromMonitoring, AllowFromPods, AllowWithin, ClusterProfile, Cni, DefaultDenyNamespace, Pods, Port, RolloutStage,
} = library;

type Namespace = library.DefaultDenyNamespace;

/** What the examples take for granted, made only where an example names it. */
const PRELUDE: Readonly<Record<string, (app: App) => unknown>> = {
  chart: (app) => new Chart(app, 'chart'),
  egressChart: (app) => new Chart(app, 'egress-chart'),
  clusterChart: (app) => new Chart(app, 'cluster-chart'),
  payments: (app) => namespace(app, 'pay'),
  namespace: (app) => namespace(app, 'pay'),
  shop: (app) => namespace(app, 'shop'),
  data: (app) => namespace(app, 'data'),
  operators: (app) => namespace(app, 'operators'),
  certs: (app) => namespace(app, 'certs'),
  dbService: (app) => postgres(app),
  databaseService: (app) => postgres(app),
  webDeployment: (app) => webMayCallApi(app),
  apiDeployment: () => deployment('pay', 'api'),
};

/** Runs an example of a doc comment, and gives what the app emits. `// ... in the ClusterProfile` in front says how the cluster is. */
export function runExample(code: string): unknown[] {
  const app = new App();
  const claims = /^\/\/ (.*) in the ClusterProfile$/m.exec(code)?.[1];
  if (claims !== undefined) {
    ClusterProfile.attach(app, { name: 'docs', cni: Cni.generic(), ...(evaluate(`({ ${claims} })`, { ...library }) as object) });
  }
  const used = identifiersOf(code);
  const prelude = Object.entries(PRELUDE).filter(([name]) => used.has(name)).map(([name, make]) => [name, make(app)]);
  const result = evaluate(code, { ...cdk8s, ...library, app, ...Object.fromEntries(prelude) as object });
  const root = result instanceof ClusterProfile ? result._scope as App : app;
  complete(root, result);
  return root.charts.flatMap((chart) => chart.toJson() as unknown[]);
}

/** An example of a value shows what it makes of a policy: the policy is made here. */
function complete(app: App, result: unknown): void {
  if (Pods._is(result)) new AllowWithin(namespace(app, 'pay'), 'value', { pods: result, ports: [Port.tcp(8080)] });
  const profile = ClusterProfile.of(app);
  if (!profile.isDeclared || app.charts.length > 0) return;
  const pay = namespace(app, 'pay');
  if (profile.monitoring !== undefined) new AllowFromMonitoring(pay, 'metrics', { ports: [Port.tcp(9090)] });
  if (profile.ingressController !== undefined) new AllowFromIngressController(pay, 'www', { ports: [Port.tcp(8080)] });
}

/** The variables that a text names. */
function identifiersOf(code: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !(ts.isPropertyAssignment(node.parent) && node.parent.name === node)) names.add(node.text);
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true));
  return names;
}

/** The value of the last expression of a text, with these names in scope. */
function evaluate(code: string, scope: Readonly<Record<string, unknown>>): unknown {
  const { statements } = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true);
  const last = statements.at(-1);
  const body = last !== undefined && ts.isExpressionStatement(last) ? `${code.slice(0, last.getStart())}return ${code.slice(last.getStart())}` : code;
  const { outputText } = ts.transpileModule(`function example() {\n${body}\n}`, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const run: unknown = new Function(...Object.keys(scope), `${outputText}\nreturn example();`)(...Object.values(scope));
  return run;
}

function namespace(app: App, name: string): Namespace {
  return new DefaultDenyNamespace(new Chart(app, name), name, { name, owner: { team: name, contact: `#${name}` }, stage: RolloutStage.ENFORCE });
}

function deployment(where: string, app: string): unknown {
  const template = { metadata: { labels: { app } }, spec: { containers: [{ name: app }] } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: app, namespace: where }, spec: { selector: { matchLabels: { app } }, template } };
}

/** The web shop may call the payment API; the deployment of the web shop. */
function webMayCallApi(app: App): unknown {
  const [pay, shop] = [namespace(app, 'pay'), namespace(app, 'shop')];
  new AllowFromPods(pay, 'web', { from: shop.pods({ app: 'web' }), to: pay.pods({ app: 'api' }), ports: [Port.tcp(8080)] });
  return deployment('shop', 'web');
}

function postgres(app: App): ApiObject {
  return new ApiObject(new Chart(app, 'data-service'), 'db', {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'db', namespace: 'data' },
    spec: { selector: { app: 'postgres' }, ports: [{ name: 'sql', port: 5432, targetPort: 'pg' }] },
  });
}
