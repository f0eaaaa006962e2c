import { RuleDescription } from './policy-rule';

const EXCEPTION_CONTROLS = ['NIST SP 800-53 CM-3', 'NIST SP 800-53 CA-7'];

/** What the check itself reports: no rule that can be turned off, and no exception covers it. */
export const OWN_RULES = {
  crashed: {
    id: 'rule-crashed',
    title: 'A rule has failed',
    severity: 'error',
    rationale: 'A rule that fails has looked at nothing: without this finding the check would look clean.',
    bad: '# a custom rule that throws\n',
    good: '# the rule mended, or turned off in netpol.yaml\n',
    fix: { summary: 'report the failure to whoever wrote the rule, and turn it off until it is mended', yaml: 'rules: { RULE: off }', construct: '' },
    controls: [],
  },
  unreadable: {
    id: 'unreadable-object',
    title: 'An object cannot be read',
    severity: 'error',
    rationale: 'What cannot be read is refused by the API server or means something that nobody checked, and nothing can be proved about a cluster with a gap in it.',
    bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector: {}
      ports: [{ protocol: TCP, port: 99999 }]
`,
    good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector: {}
      ports: [{ protocol: TCP, port: 9999 }]
`,
    fix: { summary: 'write what the message says', yaml: '', construct: '' },
    controls: [],
  },
  duplicate: {
    id: 'duplicate-object',
    title: 'An object stands in the input twice',
    severity: 'error',
    rationale: 'Which of the two holds is anybody\'s guess, and nothing can be proved about a cluster that is not known.',
    bad: '# base/api.yaml and prod/api.yaml with the NetworkPolicy pay/api both\n',
    good: '# prod/api.yaml alone\n',
    fix: { summary: 'keep one of the two; for several clusters write the paths of each below clusters in netpol.yaml, and check with --cluster', yaml: 'clusters: [{ name: prod, paths: [prod] }]', construct: '' },
    controls: [],
  },
  unused: {
    id: 'unused-exception',
    title: 'An exception covers nothing',
    severity: 'warning',
    rationale: 'An exception that outlives its finding hides the next one.',
    bad: 'metadata: { annotations: { cdk8s-netpol/ignore: "no-all-ports: the peer is a sidecar" } }   # and no such finding\n',
    good: 'metadata: {}\n',
    fix: { summary: 'remove the exception', yaml: '', construct: '' },
    controls: EXCEPTION_CONTROLS,
  },
  expired: {
    id: 'expired-exception',
    title: 'An exception has ended',
    severity: 'warning',
    rationale: 'What was accepted until a day is not accepted any more: somebody has to decide again.',
    bad: 'metadata: { annotations: { cdk8s-netpol/ignore: "no-all-ports (until 2020-01-31): until the client names its ports" } }\n',
    good: 'metadata: {}\n',
    fix: { summary: 'mend the finding, or agree on another day', yaml: 'cdk8s-netpol/ignore: "RULE (until YYYY-MM-DD): REASON"', construct: '' },
    controls: EXCEPTION_CONTROLS,
  },
  malformed: {
    id: 'malformed-exception',
    title: 'An exception names no rule or no reason',
    severity: 'error',
    rationale: 'An exception that nobody can read hides nothing, and its author believes that it does.',
    bad: 'metadata: { annotations: { cdk8s-netpol/ignore: "no-all-ports" } }\n',
    good: 'metadata: { annotations: { cdk8s-netpol/ignore: "no-all-ports: the peer is a sidecar" } }\n',
    fix: { summary: 'name the rule and the reason', yaml: 'cdk8s-netpol/ignore: "RULE: REASON"', construct: '' },
    controls: EXCEPTION_CONTROLS,
  },
} as const satisfies Readonly<Record<string, RuleDescription>>;

export const OWN_RULE_IDS: readonly string[] = Object.values(OWN_RULES).map(({ id }) => id);
