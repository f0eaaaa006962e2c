import { CompiledRule, objectText } from '../analysis';
import { DIRECTIONS } from '../policy';
import { peersOf } from './framework/asked-peers';
import { podsOrImagined, podsText } from './framework/asked-pods';
import { reportedIssue } from './framework/input-issues';
import { compiledPlace, policyPlace } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

export const dialectLimit = defineRule({
  id: 'dialect-limit',
  title: 'A policy is larger than what the data plane keeps',
  severity: 'error',
  rationale: 'What lies beyond the limit is cut with no more than a line in the log of an agent: which of the rules still hold is chance.',
  bad: `# netpol check --cni aws
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ftp, namespace: shop }
spec:
  podSelector: { matchLabels: { app: ftp } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: {} }]
      ports: [${Array.from({ length: 25 }, (_, index) => `{ port: ${30000 + index} }`).join(', ')}]
`,
  good: `# netpol check --cni aws
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ftp, namespace: shop }
spec:
  podSelector: { matchLabels: { app: ftp } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: {} }]
      ports: [{ port: 30000, endPort: 30024 }]
`,
  fix: {
    summary: 'write ranges in place of single ports, or let different pods open different ports',
    yaml: 'ports: [{ port: 30000, endPort: 30024 }]',
    construct: 'Port.tcpRange(30000, 30024)',
  },
  controls: ['NIST SP 800-53 CM-6'],
  onByDefault: false,
  check(context, report) {
    const told = new Set<string>();
    const served = new Set(context.policies.filter((document) => context.isServed(document)).map((document) => objectText(policyPlace(document).object)));
    for (const issue of context.issues) {
      if (issue.code !== 'limit' || issue.object === undefined || !served.has(objectText(issue.object))) continue;
      told.add(objectText(issue.object));
      report.finding(reportedIssue(issue));
    }
    if (context.analysis.model.layers.every(({ layer }) => layer.addressEntries === undefined)) return;
    for (const { place, path, message } of crowdsOf(context)) {
      if (!told.has(objectText(place.object))) report.finding({ ...place, path, message });
    }
  },
});

type Place = ReturnType<typeof compiledPlace>;

/** Addresses for which the rules of a pod have more port entries than there is room for; the fullest of each rule. */
function crowdsOf(context: RuleContext): ReadonlyArray<{ readonly place: Place; readonly path: string; readonly message: string }> {
  const questions = context.analysis.pods;
  const fullest = new Map<string, { readonly rule: CompiledRule; readonly count: number; readonly message: string }>();
  for (const namespace of context.namespaces) {
    for (const pod of podsOrImagined(context, namespace).pods) {
      for (const direction of DIRECTIONS) {
        const rules = questions.policiesOf(pod).flatMap(({ policy }) => policy.rules[direction]);
        for (const peer of rules.flatMap(({ rule }) => peersOf(context, rule))) {
          for (const { count, kept, rules: meeting } of questions.crowded(direction, pod, peer)) {
            const own = meeting.filter(({ policy: { policy } }) => context.isChecked(policy.origin)).at(-1);
            if (own === undefined || (fullest.get(own.text)?.count ?? 0) >= count) continue;
            const policies = new Set(meeting.map(({ policy }) => policy.text));
            const more = policies.size > 1 ? `, together with ${[...policies].filter((text) => text !== own.policy.text).join(', ')}` : '';
            fullest.set(own.text, { rule: own, count, message: `${count} port entries for one address at ${direction} of ${podsText([pod])}${more}: the data plane keeps ${kept} and cuts the rest` });
          }
        }
      }
    }
  }
  return [...fullest.values()].map(({ rule, message }) => ({ place: compiledPlace(rule), path: `${compiledPlace(rule).path}.ports`, message }));
}
