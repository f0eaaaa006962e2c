import { AskedPod, CompiledPolicy } from '../analysis';
import { Direction, DIRECTIONS, NETWORK_POLICY_TIER, policyId, Protocol } from '../policy';
import { SOMEBODY } from './framework/asked-peers';
import { askedEnd, podsSelectedOrImagined, podsText } from './framework/asked-pods';
import { denialsOf, deniesEverything } from './framework/denials';
import { Evidence } from './framework/finding';
import { policyPlace } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

export const tierEndsInDeny = defineRule({
  id: 'tier-ends-in-deny',
  title: 'A tier closes pods of which it was to deny something only',
  severity: 'error',
  rationale: 'A tier with a policy that selects a pod ends in deny for it: nothing passes on to the tiers behind, and what NetworkPolicies allow is dropped.',
  bad: `# netpol check --cni calico
apiVersion: projectcalico.org/v3
kind: Tier
metadata: { name: guard }
spec: { order: 50 }
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: guard.metadata }
spec:
  tier: guard
  namespaceSelector: all()
  types: [Egress]
  egress:
    - action: Deny
      destination: { nets: [169.254.169.254/32] }
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
  good: `# netpol check --cni calico
apiVersion: projectcalico.org/v3
kind: Tier
metadata: { name: guard }
spec: { order: 50, defaultAction: Pass }
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: guard.metadata }
spec:
  tier: guard
  namespaceSelector: all()
  types: [Egress]
  egress:
    - action: Deny
      destination: { nets: [169.254.169.254/32] }
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
    summary: 'let the tier pass what its policies do not decide, or end the last policy with a rule that passes',
    yaml: 'spec: { order: 50, defaultAction: Pass }',
    construct: "new MetadataBlock(chart, 'metadata'), which brings a tier that passes",
  },
  controls: ['NIST SP 800-53 CP-10', 'NIST SP 800-53 CM-6'],
  onByDefault: false,
  check(context, report) {
    for (const { layer, policies } of context.analysis.model.layers) {
      const { combine } = layer;
      if (combine.combinator !== 'firstMatch' || combine.selectedEnd !== 'deny' || layer.tiers.includes(NETWORK_POLICY_TIER.name)) continue;
      for (const each of policies.filter(({ policy }) => context.isChecked(policy.origin))) {
        for (const direction of DIRECTIONS.filter((candidate) => isTrap(each, candidate))) {
          if (layer.unplaced !== undefined) {
            report.notEvaluated(each.policy.namespace, `${policyId(each.policy)}: ${layer.unplaced}, nor what happens at its end`);
            continue;
          }
          const pods = podsClosedBy(context, each, layer.tiers, direction);
          if (pods.length === 0) continue;
          const evidence = evidenceFor(context, pods, direction);
          report.finding({
            ...policyPlace(each),
            path: `${each.policy.part ?? 'spec'}.${direction}`,
            message: `${layer.name} ends in deny, and no rule of it allows or passes anything: ${direction} of ${podsText(pods)} is closed, whatever later tiers and NetworkPolicies say`,
            key: direction,
            ...(evidence === undefined ? {} : { evidence }),
          });
        }
      }
    }
  },
});

/** A policy that denies some traffic, or logs it; one without rules, or that denies everything, says what it does. */
function isTrap({ policy }: CompiledPolicy, direction: Direction): boolean {
  const own = policy.rules.filter((rule) => rule.direction === direction);
  return policy.isolates.includes(direction) && own.length > 0 && own.every((rule) => (rule.action === 'deny' || rule.action === 'log') && !deniesEverything(rule));
}

/** The pods that it selects for certain and for which no policy of the tier has another rule. */
function podsClosedBy(context: RuleContext, own: CompiledPolicy, tiers: readonly string[], direction: Direction): readonly AskedPod[] {
  const questions = context.analysis.pods;
  return podsSelectedOrImagined(context, own.policy).filter((pod) => {
    const beside = questions.policiesOf(pod).filter(({ policy: { policy } }) => tiers.includes(policy.tier.name));
    return beside.some(({ policy, certain }) => certain && policy.index === own.index)
      && beside.every(({ policy: { policy } }) => denialsOf(policy, direction) !== 'others')
      && questions.stopsUnknown(pod, direction);
  });
}

function evidenceFor({ analysis }: RuleContext, pods: readonly AskedPod[], direction: Direction): Evidence | undefined {
  const somebody = analysis.pods.address(SOMEBODY);
  const pod = pods.find((each) => askedEnd(each) !== undefined && analysis.pods.ask(direction, each, somebody, Protocol.TCP, 443).verdict === 'denied');
  const end = pod === undefined ? undefined : askedEnd(pod);
  if (end === undefined) return undefined;
  const address = SOMEBODY.firstAddress;
  return direction === 'egress' ? { from: end, to: address, port: '443/TCP' } : { from: address, to: end, port: '443/TCP' };
}
