import { reportedIssue } from './framework/input-issues';
import { defineRule } from './framework/policy-rule';

export const unknownField = defineRule({
  id: 'unknown-field',
  title: 'A policy has a field that its API does not know',
  severity: 'error',
  rationale: 'A misspelt field is dropped or refused: a rule without its peers opens to everybody, a rule without its ports opens all of them.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - form:
        - podSelector: { matchLabels: { app: web } }
      ports: [{ protocol: TCP, port: 8080 }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector: { matchLabels: { app: web } }
      ports: [{ protocol: TCP, port: 8080 }]
`,
  fix: {
    summary: 'write the field as the API spells it',
    yaml: 'from: [{ podSelector: { matchLabels: { app: web } } }]',
    construct: "new AllowFromPods(pay, 'api', { from, to, ports })",
  },
  controls: ['NIST SP 800-53 CM-6', 'NIST SP 800-53 SC-7(5)'],
  check({ issues }, report) {
    for (const issue of issues) {
      if (issue.code === 'unknown-field') report.finding({ ...reportedIssue(issue), ...(issue.path === undefined ? {} : { key: issue.path }) });
    }
  },
});
