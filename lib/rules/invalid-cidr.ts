import { reportedIssue } from './framework/input-issues';
import { defineRule } from './framework/policy-rule';

/** The fields of all APIs that hold one CIDR or a list of them. */
const CIDR_FIELD = /(?:cidr|except|cidrSet|nets|notNets|networks)(?:\[\d+\])*$/i;

export const invalidCidr = defineRule({
  id: 'invalid-cidr',
  title: 'A CIDR has host bits set, or is none',
  severity: 'warning',
  rationale: 'The network is matched, not the one address that was written: more is opened than a reader of the policy believes; what is no CIDR at all is refused.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: { cidr: 192.0.2.17/24 }
      ports: [{ protocol: TCP, port: 5432 }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: { cidr: 192.0.2.0/24 }
      ports: [{ protocol: TCP, port: 5432 }]
`,
  fix: {
    summary: 'write the network that is matched, or /32 (/128) for the one address',
    yaml: 'ipBlock: { cidr: 192.0.2.0/24 }',
    construct: "new AllowToIpBlock(pay, 'db', { cidrs: ['192.0.2.17/32'], from, ports })",
  },
  controls: ['NIST SP 800-53 SC-7(5)'],
  fixable: true,
  check({ issues }, report) {
    for (const issue of issues) {
      const isRefused = issue.code === 'unreadable' && CIDR_FIELD.test(issue.path ?? '');
      if (!isRefused && issue.code !== 'host-bits') continue;
      const reported = reportedIssue(issue);
      report.finding({ ...reported, key: reported.message, ...(isRefused ? { severity: 'error', fix: 'write a CIDR: a network and its prefix length, such as 192.0.2.0/24' } : {}) });
    }
  },
});
