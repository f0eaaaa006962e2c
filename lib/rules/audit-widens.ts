import { AskedPod, CompiledPolicy } from '../analysis';
import { podsSelectedOrImagined, podsText } from './framework/asked-pods';
import { policyPlace } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';
import { isStageOpener, STAGE } from './framework/stage-opener';

const MANAGED_BY = 'app.kubernetes.io/managed-by';
const REASON = 'cdk8s-netpol/reason';

export const auditWidens = defineRule({
  id: 'audit-widens',
  title: 'AUDIT opens what another policy keeps closed',
  severity: 'error',
  rationale: 'The opener of AUDIT adds up with the policies that were there before: what they have kept closed is open as long as the namespace is in AUDIT.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: netpol-audit
  namespace: pay
  labels: { app.kubernetes.io/managed-by: cdk8s-netpol }
  annotations: { cdk8s-netpol/stage: AUDIT }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress: [{}]
  egress: [{}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ledger, namespace: pay }
spec:
  podSelector: { matchLabels: { app: ledger } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: api } } }], ports: [{ protocol: TCP, port: 5432 }] }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: netpol-audit
  namespace: pay
  labels: { app.kubernetes.io/managed-by: cdk8s-netpol }
  annotations: { cdk8s-netpol/stage: AUDIT }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress: [{}]
  egress: [{}]
`,
  fix: {
    summary: 'keep the namespace in OBSERVE until its policy is said by constructs, go to ENFORCE at once, or accept the opening with a reason',
    yaml: 'metadata: { annotations: { cdk8s-netpol/reason: "why closed traffic may be opened" } }, on netpol-audit',
    construct: "pay.acceptOpening('why closed traffic may be opened'), or stage: RolloutStage.OBSERVE",
  },
  controls: ['NIST SP 800-53 SC-7(5)', 'NIST SP 800-53 CM-3'],
  check(context, report) {
    const { analysis, inventory, objects, policies } = context;
    const isOurs = ({ kind, policy }: Pick<CompiledPolicy, 'kind' | 'policy'>): boolean => {
      const { object } = policyPlace({ kind, policy });
      return isStageOpener(object, objects) || objects.get(object)?.labels[MANAGED_BY] === 'cdk8s-netpol';
    };
    for (const namespace of openedByAudit(context)) {
      const unclear = context.unclear(namespace);
      if (unclear !== undefined) {
        report.notEvaluated(namespace, unclear);
        continue;
      }
      const before = analysis.pods.withoutPolicies(isOurs);
      for (const document of inventory.policies) {
        const { policy } = document;
        if (policy.namespace !== namespace || policy.stage !== 'enforced' || !policies.includes(document) || isOurs(document) || !context.isServed(document)) continue;
        const pods = podsSelectedOrImagined(context, policy);
        for (const direction of policy.isolates) {
          const opened = pods.flatMap((pod): Array<{ pod: AskedPod; toward: string }> => {
            const end = analysis.pods.opensMoreThan(before, direction, pod);
            return end === undefined ? [] : [{ pod, toward: end.text }];
          });
          if (opened.length === 0) continue;
          const [what, way] = direction === 'ingress' ? ['accept', 'from'] : ['connect', 'to'];
          report.finding({
            ...policyPlace(document),
            message: `netpol-audit opens ${direction} that this policy keeps closed: ${podsText(opened.map(({ pod }) => pod))} may ${what}${direction === 'ingress' ? ' connections' : ''} ${way} ${opened[0]!.toward} while ${namespace} is in AUDIT`,
            key: direction,
          });
        }
      }
    }
  },
});

/** The namespaces that an opener opens, where nobody has said why that is accepted. */
function openedByAudit({ inventory, objects }: Pick<RuleContext, 'inventory' | 'objects'>): ReadonlySet<string> {
  const openers = inventory.policies.filter((document) => {
    const { object } = policyPlace(document);
    const annotations = objects.get(object)?.annotations ?? {};
    return isStageOpener(object, objects) && annotations[STAGE] === 'AUDIT' && annotations[REASON] === undefined && document.policy.rules.length > 0;
  });
  return new Set(openers.flatMap(({ policy: { namespace } }) => (namespace === undefined ? [] : [namespace])));
}
