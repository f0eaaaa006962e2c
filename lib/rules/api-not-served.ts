import { reportedIssue } from './framework/input-issues';
import { defineRule } from './framework/policy-rule';
import { removedIn } from './framework/removed-apis';

export const apiNotServed = defineRule({
  id: 'api-not-served',
  title: 'The cluster does not serve the API of a policy',
  severity: 'error',
  rationale: 'The policy reads as protection and has no effect: nothing in the cluster evaluates it.',
  bad: `# with --cni calico
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  endpointSelector: { matchLabels: { app: api } }
  ingress: [{}]
`,
  good: `# with --cni calico
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
`,
  fix: {
    summary: 'write the policy in an API that the CNI of the cluster evaluates, or say which CNI it has (cni in netpol.yaml, --cni)',
    yaml: 'apiVersion: networking.k8s.io/v1, kind: NetworkPolicy',
    construct: "ClusterProfile.attach(app, { name: 'prod', cni: Cni.calico() }), whose constructs write what it serves",
  },
  controls: ['NIST SP 800-53 SC-7', 'NIST SP 800-53 CA-7'],
  check(context, report) {
    for (const issue of context.issues) {
      const { code, object } = issue;
      if (code !== 'unsupported-api' || object === undefined) continue;
      const removed = removedIn(context.objects, object);
      const apiVersion = context.objects.get(object)?.apiVersion ?? '';
      if (removed === undefined) report.notEvaluated(object.namespace, `${apiVersion} ${object.kind} cannot be read`);
      else report.finding({ ...reportedIssue(issue), path: 'apiVersion', message: `${apiVersion} is not served since Kubernetes ${removed}: the policy is refused`, fix: 'write apiVersion: networking.k8s.io/v1', key: 'api' });
    }
    for (const issue of context.analysis.issues) {
      const { code, object, origin } = issue;
      if (code !== 'api-not-served' || object === undefined || !context.isChecked(origin)) continue;
      if (context.profileIsAssumed) {
        report.notEvaluated(object.namespace, `the profile ${context.profile.id} does not evaluate ${object.kind}, and nobody said which CNI the cluster has: --cni`);
      } else {
        report.finding({ ...reportedIssue(issue), key: 'api' });
      }
    }
  },
});
