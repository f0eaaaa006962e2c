import { PolicyDocument } from '../analysis';
import { Policy, policyId, policyKey } from '../policy';
import { policyPlace } from './framework/place';
import { defineRule } from './framework/policy-rule';
import { isStageOpener } from './framework/stage-opener';

export const duplicatePolicy = defineRule({
  id: 'duplicate-policy',
  title: 'Two policies say the same',
  severity: 'warning',
  rationale: 'Who changes one of them changes nothing, as long as the other is there: an opening that was closed stays open.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ protocol: TCP, port: 8080 }] }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-web, namespace: pay }
spec:
  podSelector: { matchExpressions: [{ key: app, operator: In, values: [api] }] }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: 8080 }] }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ protocol: TCP, port: 8080 }] }]
`,
  fix: {
    summary: 'remove one of the two: the one that nobody owns, or that a renamed source has left behind',
    yaml: 'kubectl delete networkpolicy allow-web -n pay, and its manifest',
    construct: 'constructs that speak about the same pods share one policy: say both rules there',
  },
  controls: ['NIST SP 800-53 CM-3'],
  atSynth: true,
  onByDefault: false,
  check(context, report) {
    const first = new Map<string, PolicyDocument>();
    const others = new Set(context.policies.map(({ policy }) => policy));
    // an object of the context comes first: it is the one that stays
    const inOrder = [...context.inventory.policies].sort((a, b) => Number(others.has(a.policy)) - Number(others.has(b.policy)));
    for (const document of inOrder) {
      const { policy, kind } = document;
      const place = policyPlace(document);
      if (policy.stage !== 'enforced' || isStageOpener(place.object, context.objects)) continue;
      const key = meaningOf(document);
      const before = first.get(key);
      if (before === undefined) {
        first.set(key, document);
        continue;
      }
      if (!others.has(policy)) continue;
      const part = policy.part === undefined ? '' : `${policy.part} of `;
      report.finding({ ...place, message: `${part}${kind} ${policyId(policy)} says what ${partOf(before.policy)}${before.kind} ${policyId(before.policy)} says already`, key: policy.part ?? '' });
    }
  },
});

/** All that decides about traffic. Objects of one kind in one place: those of two APIs are evaluated apart, or one of them is served nowhere. */
function meaningOf({ apiVersion, kind, policy }: PolicyDocument): string {
  return `${apiVersion} ${kind}\n${policyKey({ ...policy, name: '' })}`;
}

function partOf({ part }: Policy): string {
  return part === undefined ? '' : `${part} of `;
}
