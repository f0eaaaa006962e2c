import { AskedPod, CompiledRule } from '../analysis';
import { podsText } from './framework/asked-pods';
import { Evidence } from './framework/finding';
import { compiledPlace, namespacePlace } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

const ID = 'cross-environment';

/** What one rule, or the lack of any, opens from one environment to another. */
interface Opening {
  readonly rule: CompiledRule | undefined;
  readonly namespace: string;
  readonly from: string;
  readonly to: string;
  readonly sources: Set<AskedPod>;
  readonly destinations: Set<AskedPod>;
  readonly evidence: Evidence;
}

export const crossEnvironment = defineRule({
  id: ID,
  title: 'Environments that must not talk do',
  severity: 'error',
  rationale: 'Whoever breaks into the lesser environment, where everybody may deploy, is in the other one, and tests write to live data.',
  bad: `# with netpol.yaml: { environments: { label: env } }
apiVersion: v1
kind: Namespace
metadata: { name: shop-dev, labels: { env: dev } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop-prod, labels: { env: prod } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop-dev }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: db, namespace: shop-prod }
spec:
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: db }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop-prod }
spec:
  podSelector: { matchLabels: { app: db } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: web } } }]
      ports: [{ protocol: TCP, port: 5432 }]
`,
  good: `# with netpol.yaml: { environments: { label: env } }
apiVersion: v1
kind: Namespace
metadata: { name: shop-dev, labels: { env: dev } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop-prod, labels: { env: prod } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop-dev }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: db, namespace: shop-prod }
spec:
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: db }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop-dev }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop-prod }
spec:
  podSelector: { matchLabels: { app: db } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ namespaceSelector: { matchLabels: { env: prod } }, podSelector: { matchLabels: { app: web } } }]
      ports: [{ protocol: TCP, port: 5432 }]
`,
  fix: {
    summary: 'close the namespace, and name the environment wherever a rule looks into other namespaces; a pair that may talk belongs to environments.mayTalk of netpol.yaml',
    yaml: 'namespaceSelector: { matchLabels: { env: prod } }',
    construct: "new DefaultDenyNamespace(chart, 'shop', { name: 'shop-prod', owner, stage: RolloutStage.ENFORCE })",
  },
  controls: ['NIST SP 800-53 SC-7(5)', 'NIST SP 800-53 AC-4', 'NIST SP 800-190 4.3.3', 'MITRE ATT&CK T1210'],
  check(context, report) {
    const { settings: { environments, rules }, inventory, namespaces } = context;
    if (environments === undefined) {
      const isAskedFor = rules[ID] !== undefined && rules[ID].severity !== 'off';
      if (isAskedFor) report.notEvaluated(undefined, 'netpol.yaml says nothing about environments: environments: { label: env }');
      return;
    }
    const { label, mayTalk } = environments;
    const environmentOf = (namespace: string): string | undefined => inventory.namespaces.get(namespace)?.labels[label];
    if (![...inventory.namespaces.keys()].some((name) => environmentOf(name) !== undefined)) {
      report.notEvaluated(undefined, `no namespace of the input has the label ${label}, which names the environment`);
      return;
    }
    const questions = context.analysis.pods;
    const unclear = new Map([...inventory.namespaces.keys()].map((name) => [name, context.unclear(name)]));
    for (const name of namespaces) {
      if (environmentOf(name) === undefined) continue;
      const reason = unclear.get(name) ?? (questions.everyIn(name).length === 0 ? 'no workload of the namespace is in the input' : undefined);
      if (reason !== undefined) report.notEvaluated(name, reason);
    }
    const mustNot = (from: string | undefined, to: string | undefined): boolean => from !== undefined && to !== undefined && from !== to
      && !mayTalk.some((pair) => pair.includes(from) && pair.includes(to));
    const isWanted = (source: { readonly namespace: string }, destination: { readonly namespace: string }): boolean =>
      mustNot(environmentOf(source.namespace), environmentOf(destination.namespace))
      && unclear.get(source.namespace) === undefined && unclear.get(destination.namespace) === undefined;
    const openings = new Map<string, Opening>();
    for (const { source, destination, allowed, conditions } of questions.talking((from, to) => isWanted(from, to))) {
      const { namespace } = destination.endpoint;
      const [from, to] = [environmentOf(source.endpoint.namespace)!, environmentOf(namespace)!];
      if (allowed === undefined) {
        report.notEvaluated(namespace, `whether ${from} reaches ${to} depends: ${conditions[0]?.why ?? 'on what is not in the input'}`);
        continue;
      }
      const { allowedBy } = questions.ask('ingress', destination, source.endpoint, allowed.protocol, allowed.port);
      const evidence = { from: endOf(source), to: endOf(destination), port: `${allowed.port}/${allowed.protocol}` };
      for (const rule of allowedBy.length === 0 ? [undefined] : allowedBy) {
        const key = `${rule?.text ?? namespace}\n${from}\n${to}`;
        let opening = openings.get(key);
        if (opening === undefined) openings.set(key, (opening = { rule, namespace, from, to, sources: new Set(), destinations: new Set(), evidence }));
        opening.sources.add(source);
        opening.destinations.add(destination);
      }
    }
    for (const opening of openings.values()) {
      report.finding({ ...placeOf(context, opening), message: messageOf(opening), evidence: opening.evidence, key: `${opening.from} ${opening.to}` });
    }
  },
});

function placeOf(context: RuleContext, { rule, namespace }: Opening): ReturnType<typeof namespacePlace> & { readonly path?: string } {
  return rule === undefined ? namespacePlace(context, namespace) : compiledPlace(rule);
}

function messageOf({ rule, from, to, sources, destinations, evidence: { port } }: Opening): string {
  const what = `${from} reaches ${to}: ${podsText([...sources])} to ${podsText([...destinations])}`;
  return rule === undefined ? `${what}, on ${port} for one, and no policy closes it` : `${what}, on ${port} for one, by this rule`;
}

function endOf({ workloads: [first] }: AskedPod): string {
  return `${first!.namespace}/${first!.name}`;
}
