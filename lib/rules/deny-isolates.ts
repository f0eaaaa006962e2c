import { AskedPod, PolicyDocument } from '../analysis';
import { Direction, DIRECTIONS, Policy, policyId } from '../policy';
import { podsSelectedOrImagined, podsText } from './framework/asked-pods';
import { denialsOf } from './framework/denials';
import { policyPlace } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

export const denyIsolates = defineRule({
  id: 'deny-isolates',
  title: 'A policy that only denies something closes its pods altogether',
  severity: 'warning',
  rationale: 'Where a policy isolates the pods that it selects by having rules, a denial alone drops everything else too: a block of one address becomes an outage.',
  bad: `# netpol check --cni cilium
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: metadata }
spec:
  endpointSelector: {}
  egressDeny:
    - toCIDR: [169.254.169.254/32]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
`,
  good: `# netpol check --cni cilium
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: metadata }
spec:
  endpointSelector: {}
  enableDefaultDeny: { egress: false, ingress: false }
  egressDeny:
    - toCIDR: [169.254.169.254/32]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
`,
  fix: {
    summary: 'say that the policy does not isolate, where the version of the CNI knows how to, or allow the rest beside it',
    yaml: 'enableDefaultDeny: { ingress: false, egress: false }',
    construct: "new MetadataBlock(chart, 'metadata'), which isolates nobody",
  },
  controls: ['NIST SP 800-53 CP-10', 'NIST SP 800-53 CM-6'],
  onByDefault: false,
  check(context, report) {
    for (const document of context.policies) {
      const { policy } = document;
      if (policy.stage !== 'enforced' || !context.isServed(document)) continue;
      for (const direction of DIRECTIONS.filter((candidate) => denialsOf(policy, candidate) === 'some' && isolates(context, policy, candidate))) {
        const pods = podsSelectedOrImagined(context, policy);
        if (pods.length === 0) {
          report.notEvaluated(policy.namespace, `${policyId(policy)}: no namespace that it selects pods of is in the input`);
          continue;
        }
        const closed = pods.filter((pod) => isClosedByDenials(context, pod, document, direction));
        if (closed.length === 0) continue;
        const forced = policy.isolates.includes(direction) ? '' : ', although it says that it does not isolate: this cluster does not know how to heed that';
        report.finding({
          ...policyPlace(document),
          path: policy.part ?? 'spec',
          message: `it denies some ${direction} and allows none, and isolates what it selects${forced}: all ${direction} of ${podsText(closed)} is dropped, for no policy allows any`,
          key: direction,
        });
      }
    }
  },
});

/** Whether it closes its pods in the layer that adds policies up; tiers have a rule of their own. */
function isolates({ analysis }: RuleContext, { tier, isolates: own, withoutDefaultDeny = [] }: Policy, direction: Direction): boolean {
  return analysis.model.layers.some(({ layer: { tiers, combine } }) => combine.combinator === 'union' && tiers.includes(tier.name)
    && (own.includes(direction) || (combine.ignoresWithoutDefaultDeny === true && withoutDefaultDeny.includes(direction))));
}

/** Whether nothing is open to it, and nothing but such denials closes it: a default deny beside them would do so anyway. */
function isClosedByDenials({ analysis }: RuleContext, pod: AskedPod, { policy: own }: PolicyDocument, direction: Direction): boolean {
  const questions = analysis.pods;
  const others = questions.policiesOf(pod).map(({ policy: { policy } }) => policy).filter((policy) => policy !== own);
  return others.every((policy) => {
    const denials = denialsOf(policy, direction);
    return denials === 'some' || (denials === 'none' && !policy.isolates.includes(direction));
  }) && questions.stopsUnknown(pod, direction);
}
