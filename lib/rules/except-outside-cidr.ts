import { reportedIssue } from './framework/input-issues';
import { defineRule } from './framework/policy-rule';

export const exceptOutsideCidr = defineRule({
  id: 'except-outside-cidr',
  title: 'An exception lies outside of its block',
  severity: 'error',
  rationale: 'The API server refuses the policy, so that it is not there at all; where a tool takes it, the exception takes nothing away.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: { cidr: 10.0.0.0/8, except: [169.254.169.254/32] }
      ports: [{ protocol: TCP, port: 443 }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: { cidr: 10.0.0.0/8, except: [10.20.0.0/16] }
      ports: [{ protocol: TCP, port: 443 }]
`,
  fix: {
    summary: 'write exceptions that lie strictly inside of the block, or none',
    yaml: 'ipBlock: { cidr: 10.0.0.0/8, except: [10.20.0.0/16] }',
    construct: "new AllowToIpBlock(pay, 'partners', { cidrs: ['10.0.0.0/8'], exceptions: ['10.20.0.0/16'], from, ports })",
  },
  controls: ['NIST SP 800-53 SC-7(5)'],
  check({ issues }, report) {
    for (const issue of issues) {
      if (issue.code !== 'except-outside-cidr') continue;
      const reported = reportedIssue(issue);
      report.finding({ ...reported, key: reported.message });
    }
  },
});
