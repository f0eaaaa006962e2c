import { CompiledPolicy, Condition, Connection, EndpointJson, portsText } from '../analysis';
import { Evidence } from './framework/finding';
import { policyPlace } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

/** Policies between which no order is known, and connections about which they disagree. */
interface Tie {
  readonly key: string;
  readonly policies: readonly CompiledPolicy[];
  readonly condition: Condition;
  readonly connections: Connection[];
}

export const priorityTie = defineRule({
  id: 'priority-tie',
  title: 'Policies of equal priority disagree',
  severity: 'error',
  rationale: 'The API does not say which of them holds: the next version of the CNI, or the next restart, may turn an allow into a deny and back.',
  bad: `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: open }
spec:
  tier: Admin
  priority: 10
  subject: { namespaces: {} }
  ingress: [{ action: Accept, from: [{ namespaces: { matchLabels: { team: shop } } }] }]
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: close }
spec:
  tier: Admin
  priority: 10
  subject: { namespaces: { matchLabels: { team: pay } } }
  ingress: [{ action: Deny, from: [{ namespaces: {} }] }]
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: shop } }
---
apiVersion: v1
kind: Namespace
metadata: { name: pay, labels: { team: pay } }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [{ name: web, image: web }] }
---
apiVersion: v1
kind: Pod
metadata: { name: api, namespace: pay }
spec: { containers: [{ name: api, image: api }] }
`,
  good: `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: open }
spec:
  tier: Admin
  priority: 20
  subject: { namespaces: {} }
  ingress: [{ action: Accept, from: [{ namespaces: { matchLabels: { team: shop } } }] }]
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: close }
spec:
  tier: Admin
  priority: 10
  subject: { namespaces: { matchLabels: { team: pay } } }
  ingress: [{ action: Deny, from: [{ namespaces: {} }] }]
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: shop } }
---
apiVersion: v1
kind: Namespace
metadata: { name: pay, labels: { team: pay } }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [{ name: web, image: web }] }
---
apiVersion: v1
kind: Pod
metadata: { name: api, namespace: pay }
spec: { containers: [{ name: api, image: api }] }
`,
  fix: {
    summary: 'give each of them a priority of its own; the lower number is asked first',
    yaml: 'spec: { tier: Admin, priority: 20 }',
    construct: "new MetadataBlock(chart, 'metadata'), which has priority 0: leave it to that, and begin with 1",
  },
  controls: ['NIST SP 800-53 CM-6', 'NIST SP 800-53 SC-7'],
  onByDefault: false,
  check(context, report) {
    const tied = tiedPolicies(context);
    if (tied.length === 0) return;
    if (context.inventory.workloads.length === 0) {
      report.notEvaluated(undefined, `the input has no workloads: whether ${tied.map(({ text }) => text).join(', ')}, of equal priority, ever disagree is not known`);
      return;
    }
    for (const { key, policies, condition, connections } of tiesOf(context)) {
      const own = policies.find(({ policy }) => context.isChecked(policy.origin));
      if (own === undefined) continue;
      const [shown] = connections;
      const rest = connections.length - 1;
      report.finding({
        ...policyPlace(own),
        path: `${own.policy.part ?? 'spec'}.priority`,
        message: `${condition.at}: ${condition.why}; it decides about ${connectionText(shown!)}${rest > 0 ? ` and ${rest} more connection${rest === 1 ? '' : 's'}` : ''}`,
        key,
        ...evidenceOf(shown!),
      });
    }
  },
});

/** Policies beside which another one stands, and the layer may leave it open which of them holds: of equal order, or of another API. */
function tiedPolicies({ analysis }: RuleContext): readonly CompiledPolicy[] {
  return analysis.model.layers.flatMap(({ layer: { combine }, policies }) => {
    if (combine.combinator !== 'firstMatch' || combine.sort !== undefined) return [];
    const isOpen = combine.inBucket === 'undefined' || combine.inBucket === 'rulePlaces';
    const meet = (one: CompiledPolicy, { policy }: CompiledPolicy): boolean => (isOpen && policy.order === one.policy.order)
      || (combine.tiers === undefined && policy.tier.name !== one.policy.tier.name);
    return policies.filter((one) => policies.some((other) => other !== one && meet(one, other)));
  });
}

/** Where the engine met a tie while it answered for every connection. */
function tiesOf({ analysis }: RuleContext): readonly Tie[] {
  const all = analysis.model.layers.flatMap(({ policies }) => policies);
  const ties = new Map<string, Tie>();
  for (const connection of analysis.connections()) {
    for (const condition of connection.conditions.filter(({ kind }) => kind === 'priority-tie')) {
      // a policy, or a rule of one: `ClusterNetworkPolicy open ingress[0]`
      const names = condition.at.split(', ');
      const policies = all.filter(({ text }) => names.some((name) => name === text || name.startsWith(`${text} `)));
      const key = policies.map(({ text }) => text).sort().join(', ');
      const known = ties.get(key);
      if (known === undefined) ties.set(key, { key, policies, condition, connections: [connection] });
      else known.connections.push(connection);
    }
  }
  return [...ties.values()];
}

function connectionText({ source, destination, ports }: Connection): string {
  return `${shortText(source)} to ${shortText(destination)} (${portsText(ports)})`;
}

function shortText(end: EndpointJson): string {
  return endOf(end) ?? (end.kind === 'external' ? end.cidrs.join(', ') : end.kind);
}

/** An end as `netpol explain` takes it. */
function endOf(end: EndpointJson): string | undefined {
  switch (end.kind) {
    case 'workload':
      return `${end.namespace}/${end.name}`;
    case 'external':
      return end.cidrs[0]?.replace(/\/(32|128)$/, '');
    case 'entity':
      return `{${end.entity}}`;
    default:
      return undefined;
  }
}

/** With the first port that the connection is about. */
function evidenceOf({ source, destination, ports }: Connection): { readonly evidence?: Evidence } {
  const [from, to] = [endOf(source), endOf(destination)];
  if (from === undefined || to === undefined) return {};
  if (ports === 'all') return { evidence: { from, to, port: '80/TCP' } };
  const [protocol, numbers] = Object.entries(ports)[0] ?? [];
  const first = numbers === 'all' ? '80' : /^\d+/.exec(numbers ?? '')?.[0];
  return protocol === undefined || first === undefined ? {} : { evidence: { from, to, port: `${first}/${protocol}` } };
}
