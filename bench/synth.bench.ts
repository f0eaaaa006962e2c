import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import { AllowFromPods, DefaultDenyNamespace, Pods, Port, RolloutStage } from 'cdk8s-netpol';

const NAMESPACES = 50;
const POLICIES = 2000;
const RULES_EACH = POLICIES / NAMESPACES - 3;
const ROUNDS = 15;
/** How much longer synth may take through the constructs than with bare ApiObjects of the same content. */
const LIMIT = 1.5;

/** 50 namespaces, each with default-deny, netpol-audit, allow-dns and 37 policies of rules: 2,000 in all. */
function throughConstructs(outdir: string): App {
  const app = new App({ outdir });
  for (let n = 0; n < NAMESPACES; n++) {
    const name = `team-${n}`;
    const namespace = new DefaultDenyNamespace(new Chart(app, name), name, { name, owner: { team: name, contact: `#${name}` }, stage: RolloutStage.ENFORCE });
    for (let r = 0; r < RULES_EACH; r++) {
      new AllowFromPods(namespace, `rule-${r}`, {
        from: Pods.withLabels({ app: `client-${r}` }), to: Pods.withLabels({ app: `server-${r}` }), ports: [Port.tcp(8080)], reciprocal: false,
      });
    }
  }
  return app;
}

/** The same manifests from ApiObjects that know nothing. */
function bare(outdir: string, manifests: ReadonlyMap<string, readonly Record<string, unknown>[]>): App {
  const app = new App({ outdir });
  for (const [name, objects] of manifests) {
    const chart = new Chart(app, name);
    objects.forEach((object, index) => new ApiObject(chart, `object-${index}`, object as never));
  }
  return app;
}

function milliseconds(action: () => void): number {
  const start = process.hrtime.bigint();
  action();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const outdir = mkdtempSync(join(tmpdir(), 'netpol-bench-'));
try {
  const sample = throughConstructs(join(outdir, 'sample'));
  const manifests = new Map(sample.charts.map((chart) => [chart.node.id, chart.toJson() as Record<string, unknown>[]]));
  const policies = [...manifests.values()].flat().filter(({ kind }) => kind === 'NetworkPolicy').length;
  if (policies !== POLICIES) throw new Error(`expected ${POLICIES} policies, made ${policies}`);

  const figures = { constructs: [] as number[], bare: [] as number[] };
  const round = (): void => {
    figures.bare.push(milliseconds(() => bare(join(outdir, 'bare'), manifests).synth()));
    figures.constructs.push(milliseconds(() => throughConstructs(join(outdir, 'constructs')).synth()));
  };
  round();
  figures.constructs.length = figures.bare.length = 0;
  for (let index = 0; index < ROUNDS; index++) round();

  const ratio = median(figures.constructs.map((value, index) => value / figures.bare[index]!));
  console.log(`synth of ${POLICIES} policies, ${NAMESPACES} charts: ${median(figures.constructs).toFixed(0)} ms through the constructs, `
    + `${median(figures.bare).toFixed(0)} ms bare, ratio ${ratio.toFixed(2)} (limit ${LIMIT})`);
  if (!(ratio <= LIMIT)) process.exitCode = 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
