import { AskedPod } from '../analysis';
import { isNamed, Policy, policyId, Protocol, Rule } from '../policy';
import { askedEnd, podSetsOf, podsSelectedBy, podsText } from './framework/asked-pods';
import { Evidence } from './framework/finding';
import { policyPlace, rulePath } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';
import { isStageOpener } from './framework/stage-opener';

/** A port of a rule that can be asked about. */
interface AskedNumber {
  readonly protocol: Protocol;
  readonly number: number;
}

export const oneSided = defineRule({
  id: 'one-sided',
  title: 'One end allows what the other end denies',
  severity: 'warning',
  rationale: 'A connection needs the egress of its source and the ingress of its destination: the rule was written to open it, and it is dropped at the other end.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Egress]
  egress:
    - to: [{ podSelector: { matchLabels: { app: db } } }]
      ports: [{ protocol: TCP, port: 5432 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop }
spec:
  podSelector: { matchLabels: { app: db } }
  policyTypes: [Ingress]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: postgres, ports: [{ containerPort: 5432 }] }] }
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Egress]
  egress:
    - to: [{ podSelector: { matchLabels: { app: db } } }]
      ports: [{ protocol: TCP, port: 5432 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop }
spec:
  podSelector: { matchLabels: { app: db } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: web } } }]
      ports: [{ protocol: TCP, port: 5432 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: postgres, ports: [{ containerPort: 5432 }] }] }
`,
  fix: {
    summary: 'write the rule for the other end too, or remove this one where the connection is not wanted',
    yaml: 'ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ protocol: TCP, port: 5432 }] }]',
    construct: "new AllowFromPods(shop, 'web-to-db', { from, to, ports }), which writes the rules of both ends",
  },
  controls: ['NIST SP 800-53 CM-6', 'NIST SP 800-53 SC-7'],
  onByDefault: false,
  check(context, report) {
    for (const document of context.policies) {
      const { policy } = document;
      const place = policyPlace(document);
      if (policy.stage !== 'enforced' || !context.isServed(document) || isStageOpener(place.object, context.objects)) continue;
      for (const rule of policy.rules) {
        const ends = rule.action === 'allow' && rule.l7 === undefined ? endsOf(context, policy, rule) : undefined;
        if (ends === undefined) continue;
        const other = rule.direction === 'egress' ? 'ingress' : 'egress';
        for (const port of portsOf(rule, ends.destinations)) {
          const blocked = blockedOn(context, ends, policy, rule, port);
          if (blocked === undefined) continue;
          const { evidence } = blocked;
          const closing = rule.direction === 'egress' ? ends.destinations : ends.sources;
          const namespaces = [...new Set(closing.map(({ endpoint }) => endpoint.namespace))];
          const unclear = namespaces.map((name) => context.unclear(name)).find((reason) => reason !== undefined);
          if (unclear !== undefined) {
            report.notEvaluated(policy.namespace, `${policyId(policy)}: ${unclear}`);
            continue;
          }
          report.finding({
            ...place,
            path: rulePath(policy, rule),
            message: `${port.number}/${port.protocol} from ${podsText(ends.sources)} to ${podsText(ends.destinations)} is allowed by this rule, and ${other} of ${podsText(closing)} denies it`,
            key: `${rule.direction} ${port.number}/${port.protocol} ${podsText(closing)}`,
            ...(evidence === undefined ? {} : { evidence }),
          });
        }
      }
    }
  },
});

interface Ends {
  readonly sources: readonly AskedPod[];
  readonly destinations: readonly AskedPod[];
}

/**
 * The pods of the input at both ends of a rule that names some pods and nothing else. A rule about whole namespaces, or everybody,
 * opens a frame in which the other ends choose.
 */
function endsOf(context: RuleContext, policy: Policy, rule: Rule): Ends | undefined {
  const sets = podSetsOf(rule);
  if (sets.length === 0 || sets.length < (rule.peers ?? []).length || sets.some(({ pods }) => pods.matchesEverything)) return undefined;
  const own = podsSelectedBy(context, policy);
  const others = [...new Set(sets.flatMap((set) => context.analysis.pods.ofSet(set)))];
  if (own.length === 0 || others.length === 0) return undefined;
  return rule.direction === 'egress' ? { sources: own, destinations: others } : { sources: others, destinations: own };
}

/** Single ports that the rule names, as numbers, a range being a frame; of pods that list their ports those on which some of them listens. */
function portsOf({ ports = [] }: Rule, destinations: readonly AskedPod[]): readonly AskedNumber[] {
  const listed = destinations.flatMap(({ endpoint }) => endpoint.ports);
  const asked = ports.flatMap((match): AskedNumber[] => {
    if (match.kind === 'named') return listed.filter((port) => isNamed(match, port));
    if (match.kind !== 'range' || match.first !== match.last) return [];
    const one = { protocol: match.protocol, number: match.first };
    return listed.length === 0 || listed.some(({ protocol, number }) => protocol === one.protocol && number === one.number) ? [one] : [];
  });
  return [...new Map(asked.map(({ number, protocol }) => [`${number}/${protocol}`, { number, protocol }])).values()];
}

/** That the rule lets every pair out (or in), and the other end denies each of them. One pair that gets through is what it is for. */
function blockedOn(
  { analysis: { pods } }: RuleContext, { sources, destinations }: Ends, policy: Policy, rule: Rule, { protocol, number }: AskedNumber,
): { readonly evidence: Evidence | undefined } | undefined {
  const index = policy.rules.filter(({ direction }) => direction === rule.direction).indexOf(rule);
  const other = rule.direction === 'egress' ? 'ingress' : 'egress';
  let evidence: Evidence | undefined;
  let count = 0;
  for (const source of sources) {
    for (const destination of destinations) {
      if (source === destination && source.workloads.every(({ replicated }) => !replicated) && source.workloads.length < 2) continue;
      const [own, peer] = rule.direction === 'egress' ? [source, destination] : [destination, source];
      if (pods.ask(other, peer, own.endpoint, protocol, number).verdict !== 'denied') return undefined;
      const allowed = pods.ask(rule.direction, own, peer.endpoint, protocol, number);
      if (allowed.verdict !== 'allowed' || !allowed.allowedBy.some((by) => by.policy.policy === policy && by.index === (rule.index ?? index))) return undefined;
      count++;
      const [from, to] = [askedEnd(source), askedEnd(destination)];
      if (from !== undefined && to !== undefined) evidence ??= { from, to, port: `${number}/${protocol}` };
    }
  }
  return count === 0 ? undefined : { evidence };
}
