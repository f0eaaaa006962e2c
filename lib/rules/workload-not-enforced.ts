import { ObjectName, objectText } from '../analysis';
import { policyId } from '../policy';
import { podsSelectedBy } from './framework/asked-pods';
import { reportedIssue } from './framework/input-issues';
import { defineRule, RuleContext } from './framework/policy-rule';

const CODE = 'workload-not-enforced';

export const workloadNotEnforced = defineRule({
  id: 'workload-not-enforced',
  title: 'A workload runs where nothing enforces policies',
  severity: 'warning',
  rationale: 'Its policies read as protection and have no effect: on its nodes there is no agent that would drop a packet.',
  bad: `# with --cni aws
apiVersion: apps/v1
kind: Deployment
metadata: { name: report, namespace: pay }
spec:
  selector: { matchLabels: { app: report } }
  template:
    metadata: { labels: { app: report } }
    spec:
      nodeSelector: { kubernetes.io/os: windows }
      containers: [{ name: report, image: report }]
`,
  good: `# with --cni aws
apiVersion: apps/v1
kind: Deployment
metadata: { name: report, namespace: pay }
spec:
  selector: { matchLabels: { app: report } }
  template:
    metadata: { labels: { app: report } }
    spec:
      nodeSelector: { kubernetes.io/os: linux }
      containers: [{ name: report, image: report }]
`,
  fix: {
    summary: 'run it on nodes where policies are enforced, or close its traffic by other means (security groups), and accept the finding with that reason',
    yaml: 'nodeSelector: { kubernetes.io/os: linux }',
    construct: 'none: nodes are chosen by the workload',
  },
  controls: ['NIST SP 800-53 SC-7', 'NIST SP 800-53 CA-7'],
  check(context, report) {
    if (context.profileIsAssumed) {
      const { nodes, workloads } = context.inventory;
      const differ = nodes.length > 0 || workloads.some(({ groups }) => groups.some(({ nodeLabels }) => nodeLabels !== undefined));
      if (differ) report.notEvaluated(undefined, 'on which nodes policies are enforced is up to the CNI, and nobody said which one the cluster has: --cni');
      return;
    }
    for (const issue of context.analysis.issues) {
      if (issue.code !== CODE || issue.object === undefined) continue;
      const reported = { ...reportedIssue(issue), message: issue.message.slice(objectText(issue.object).length + 1), key: 'nodes' };
      const [idle] = policiesOver(context, issue.object);
      if (idle === undefined) report.finding(reported);
      else report.finding({ ...reported, severity: 'error', message: `${reported.message}, though ${idle} selects its pods` });
    }
  },
});

/** The policies that select pods of a workload on such nodes. */
function policiesOver(context: Pick<RuleContext, 'inventory' | 'analysis' | 'isServed'>, object: ObjectName): readonly string[] {
  const isIts = (workload: ObjectName): boolean => objectText(workload) === objectText(object);
  return context.inventory.policies
    .filter((document) => document.policy.stage === 'enforced' && context.isServed(document))
    .filter(({ policy }) => podsSelectedBy(context, policy).some(({ workloads, endpoint }) => endpoint.isUnpoliced === true && workloads.some(isIts)))
    .map(({ kind, policy }) => `${kind} ${policyId(policy)}`);
}
