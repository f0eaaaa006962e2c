import { FIRST_PORT, LAST_PORT, Rule } from '../policy';
import { policyPlace, rulePath } from './framework/place';
import { defineRule } from './framework/policy-rule';
import { isStageOpener } from './framework/stage-opener';

export const noAllPorts = defineRule({
  id: 'no-all-ports',
  title: 'A rule opens every port',
  severity: 'warning',
  rationale: 'Whoever may connect at all may connect to everything that listens: debug ports, metrics, a shell that an attacker opens.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: web } } }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: web } } }]
      ports: [{ protocol: TCP, port: 8080 }]
`,
  fix: {
    summary: 'name the ports',
    yaml: 'ports: [{ protocol: TCP, port: 8080 }]',
    construct: "new AllowFromPods(pay, 'web-to-api', { from, to, ports: [Port.tcp(8080)] })",
  },
  controls: ['NIST SP 800-53 CM-7', 'NIST SP 800-53 SC-7(5)', 'MITRE ATT&CK T1046'],
  atSynth: true,
  check({ policies, objects }, report) {
    for (const document of policies) {
      const place = policyPlace(document);
      if (document.policy.stage !== 'enforced' || isStageOpener(place.object, objects)) continue;
      for (const rule of document.policy.rules) {
        const opened = rule.action === 'allow' && rule.peers?.length !== 0 ? openedBy(rule) : undefined;
        if (opened === undefined) continue;
        const path = rulePath(document.policy, rule);
        report.finding({ ...place, path, message: `the rule opens ${opened}${rule.direction === 'ingress' ? ' of the pods that the policy selects' : ' of its peers'}` });
      }
    }
  },
});

function openedBy({ ports, notPorts, l7, dnsNames }: Rule): string | undefined {
  if (notPorts !== undefined || l7 !== undefined || dnsNames !== undefined) return undefined;
  if (ports === undefined) return 'every port of every protocol';
  const all = ports.find((match) => match.kind === 'range' && match.first === FIRST_PORT && match.last === LAST_PORT);
  return all?.kind === 'range' ? `every ${all.protocol} port` : undefined;
}
