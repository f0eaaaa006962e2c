import { ApiObject, App, Chart } from 'cdk8s';
import {
  AllowFromIpBlock, AllowFromNamespaces, AllowFromPods, AllowToIpBlock, AllowToPods, AllowWithin, Cloud, ClusterProfile, Cni, DefaultDenyNamespace,
  MetadataBlock, Namespaces, Pods, Port, RolloutStage, WorkloadIdentity,
} from 'cdk8s-netpol';
import { rowOf } from 'cdk8s-netpol/cluster';
import fc from 'fast-check';

/** An app as data, so that the same one can be synthesized in each stage. */
export interface AppPlan {
  readonly rules: readonly RulePlan[];
  readonly metadataBlock: boolean;
  readonly cloud: Cloud | undefined;
}

export type RulePlan =
  | { readonly kind: 'from-pods' | 'to-pods'; readonly here: string; readonly there: string; readonly hereApp: string; readonly thereApp: string; readonly port: number }
  | { readonly kind: 'within'; readonly here: string; readonly hereApp: string; readonly port: number }
  | { readonly kind: 'from-namespaces'; readonly here: string; readonly there: string; readonly hereApp: string; readonly port: number }
  | { readonly kind: 'from-block' | 'to-block'; readonly here: string; readonly hereApp: string; readonly cidr: string; readonly port: number };

export const NAMESPACES = ['shop', 'pay'];
export const APPS = ['web', 'api'];
export const PORT_NUMBERS = [80, 8080];
const CIDRS = ['0.0.0.0/0', '198.51.100.0/24', '128.0.0.0/1', '169.254.0.0/16'];

const namespace = fc.constantFrom(...NAMESPACES);
const app = fc.constantFrom(...APPS, 'all');
const port = fc.constantFrom(...PORT_NUMBERS);

const rulePlan: fc.Arbitrary<RulePlan> = fc.oneof(
  fc.record({ kind: fc.constantFrom('from-pods' as const, 'to-pods' as const), here: namespace, there: namespace, hereApp: app, thereApp: app, port }),
  fc.record({ kind: fc.constant('within' as const), here: namespace, hereApp: app, port }),
  fc.record({ kind: fc.constant('from-namespaces' as const), here: namespace, there: namespace, hereApp: app, port }),
  fc.record({ kind: fc.constantFrom('from-block' as const, 'to-block' as const), here: namespace, hereApp: app, cidr: fc.constantFrom(...CIDRS), port }),
);

export const appPlan: fc.Arbitrary<AppPlan> = fc.record({
  rules: fc.array(rulePlan, { maxLength: 6 }),
  metadataBlock: fc.boolean(),
  cloud: fc.constantFrom(undefined, Cloud.AWS, Cloud.AZURE),
});

/** The manifests of each namespace, in the order of their file. */
export type Manifests = ReadonlyArray<Record<string, unknown>>;

export interface StagedApp {
  readonly manifests: Manifests;
  readonly rollbackCommand: string;
}

/** The app with `shop` in one stage; `pay` stays in ENFORCE. */
export function synthesize(plan: AppPlan, stage: RolloutStage, cni = Cni.calico({ version: '3.31' }), foreign: Manifests = []): StagedApp {
  const root = new App();
  // a CNI of one cloud says the cloud itself
  const cloud = rowOf(cni).clouds === undefined ? plan.cloud : undefined;
  const workloadIdentity = cloud === Cloud.AWS ? WorkloadIdentity.EKS_IRSA : cloud === undefined ? undefined : WorkloadIdentity.NONE;
  ClusterProfile.attach(root, { name: 'test', cni, cloud, workloadIdentity, podCidrs: ['10.244.0.0/16'], nodeCidrs: ['192.0.2.0/24'] });
  const namespaces = new Map(NAMESPACES.map((name) => [name, new DefaultDenyNamespace(new Chart(root, name), name, {
    name, owner: { team: name, contact: `#${name}` }, stage: name === 'shop' ? stage : RolloutStage.ENFORCE,
  })]));
  plan.rules.forEach((rule, index) => build(namespaces, rule, `rule-${index}`));
  if (plan.metadataBlock) new MetadataBlock(new Chart(root, 'cluster'), 'metadata');
  addForeign(root, namespaces.get('shop')!, foreign);
  return {
    manifests: root.charts.flatMap((chart) => chart.toJson() as Record<string, unknown>[]),
    rollbackCommand: namespaces.get('shop')!.rollbackCommand,
  };
}

/** Policies of others, which are there in every stage; those that AUDIT would open are accepted. */
function addForeign(root: App, shop: DefaultDenyNamespace, foreign: Manifests): void {
  if (foreign.length === 0) return;
  const chart = new Chart(root, 'foreign');
  foreign.forEach((object, index) => new ApiObject(chart, `object-${index}`, object as never));
  if (shop.stage === RolloutStage.AUDIT) shop.acceptOpening('what they close is covered by the new rules');
}

function build(namespaces: ReadonlyMap<string, DefaultDenyNamespace>, rule: RulePlan, id: string): void {
  const scope = namespaces.get(rule.here)!;
  const ports = [Port.tcp(rule.port)];
  const podsOf = (name: string, label: string): Pods => namespaces.get(name)!.pods(label === 'all' ? undefined : { app: label });
  const here = podsOf(rule.here, rule.hereApp);
  switch (rule.kind) {
    case 'from-pods':
      return void new AllowFromPods(scope, id, { from: podsOf(rule.there, rule.thereApp), to: here, ports });
    case 'to-pods':
      return void new AllowToPods(scope, id, { to: podsOf(rule.there, rule.thereApp), from: here, ports });
    case 'within':
      return void new AllowWithin(scope, id, { pods: here, ports });
    case 'from-namespaces':
      return void new AllowFromNamespaces(scope, id, { from: Namespaces.named(rule.there), to: here, ports });
    case 'from-block':
      return void new AllowFromIpBlock(scope, id, { cidrs: [rule.cidr], to: here, ports });
    case 'to-block':
      return void new AllowToIpBlock(scope, id, { cidrs: [rule.cidr], from: here, ports });
  }
}
