import { compiledPlace, policyPlace } from './framework/place';
import { defineRule } from './framework/policy-rule';
import { isStageOpener } from './framework/stage-opener';

export const redundantRule = defineRule({
  id: 'redundant-rule',
  title: 'A rule opens nothing that others do not',
  severity: 'warning',
  rationale: 'Whoever removes it to close something closes nothing, and whoever reviews it reads what has no effect.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: web } } }]
      ports: [{ protocol: TCP, port: 8080 }]
    - from: [{ podSelector: {} }]
      ports: [{ protocol: TCP, port: 8000, endPort: 8100 }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: web } } }]
      ports: [{ protocol: TCP, port: 8080 }]
`,
  fix: {
    summary: 'remove the rule, or the wider one if the narrow one is what was meant',
    yaml: 'ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ protocol: TCP, port: 8080 }] }]',
    construct: "one of the two constructs: new AllowFromPods(pay, 'web-to-api', { from, to, ports: [Port.tcp(8080)] })",
  },
  controls: ['NIST SP 800-53 CM-3', 'NIST SP 800-53 AC-6'],
  atSynth: true,
  onByDefault: false,
  check({ analysis, objects, policies }, report) {
    const asked = new Set(policies.map(({ policy }) => policy));
    // what opens a namespace for a time makes every rule idle, and is about to go
    const lasts = ({ kind, policy }: Parameters<typeof policyPlace>[0]): boolean => !isStageOpener(policyPlace({ kind, policy }).object, objects);
    for (const { parts, because } of analysis.rules.redundant((each) => asked.has(each.policy) && lasts(each), lasts)) {
      report.finding({ ...compiledPlace(parts[0]!), message: `the rule can be removed: all that it ${parts[0]!.action === 'allow' ? 'opens' : 'denies'}, ${because.map(({ text }) => text).join(' and ')} ${because.length === 1 ? 'does' : 'do'} too, for pods that may come to exist as well` });
    }
  },
});
