import { Direction, DIRECTIONS, Policy } from '../policy';
import { policyPlace } from './framework/place';
import { defineRule } from './framework/policy-rule';

const WORDS: Readonly<Record<Direction, string>> = { ingress: 'Ingress', egress: 'Egress' };

export const policyTypesMissing = defineRule({
  id: 'policy-types-missing',
  title: 'A policy does not say which directions it closes',
  severity: 'warning',
  rationale: 'Left out, policyTypes always has Ingress, and Egress only where there is an egress rule: egress rules alone close ingress too, and an empty egress list closes nothing.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: pay }
spec:
  podSelector: {}
  ingress: []
  egress: []
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: pay }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
`,
  fix: {
    summary: 'write policyTypes',
    yaml: 'policyTypes: [Ingress, Egress]',
    construct: "new DefaultDenyNamespace(chart, 'pay', { name: 'pay', owner, stage: RolloutStage.ENFORCE })",
  },
  controls: ['CIS Kubernetes 5.3.2', 'NIST SP 800-53 SC-7(5)'],
  atSynth: true,
  fixable: true,
  check({ policies }, report) {
    for (const document of policies) {
      const { policy } = document;
      if (policy.isolationLeftOut === undefined || policy.part !== undefined) continue;
      const surprise = surpriseIn(policy, policy.isolationLeftOut);
      const closes = policy.isolates.map((direction) => WORDS[direction]).join(' and ');
      report.finding({
        ...policyPlace(document),
        path: 'spec',
        severity: surprise === undefined ? 'warning' : 'error',
        message: `policyTypes is left out, which means ${closes}${surprise === undefined ? '' : `: ${surprise}`}`,
        fix: surprise === undefined ? `write policyTypes: [${policy.isolates.map((direction) => WORDS[direction]).join(', ')}], which is what it means` : `write the policyTypes that are meant: ${meant(policy.isolationLeftOut)}`,
        key: 'spec',
      });
    }
  },
});

/** What its author, going by the fields that are written, did not expect. */
function surpriseIn({ isolates }: Policy, written: readonly Direction[]): string | undefined {
  if (written.length === 0) return undefined;
  const open = written.filter((direction) => !isolates.includes(direction));
  if (open.length > 0) return `the empty ${open.join(' and ')} list closes nothing`;
  const closed = isolates.filter((direction) => !written.includes(direction));
  return closed.length > 0 ? `${closed.join(' and ')} is closed too, though the policy has nothing to say about it` : undefined;
}

function meant(written: readonly Direction[]): string {
  const words = DIRECTIONS.filter((direction) => written.includes(direction)).map((direction) => WORDS[direction]);
  return words.length === 2 ? `[${words.join(', ')}]` : `[${words.join('')}] or [Ingress, Egress]`;
}
