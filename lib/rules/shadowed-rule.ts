import { compiledPlace } from './framework/place';
import { defineRule } from './framework/policy-rule';

export const shadowedRule = defineRule({
  id: 'shadowed-rule',
  title: 'An earlier rule decides before this one, always',
  severity: 'warning',
  rationale: 'It reads as if it held: a denial behind a wider permission stops nothing, and a permission behind a wider denial opens nothing.',
  bad: `# --cni calico
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: api }
spec:
  order: 100
  selector: app == "api"
  types: [Ingress]
  ingress:
    - action: Allow
      source: { selector: all() }
    - action: Deny
      source: { selector: env == "test" }
`,
  good: `# --cni calico
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: api }
spec:
  order: 100
  selector: app == "api"
  types: [Ingress]
  ingress:
    - action: Deny
      source: { selector: env == "test" }
    - action: Allow
      source: { selector: all() }
`,
  fix: {
    summary: 'put the rule before the one that decides, give its policy a lower order, or remove it',
    yaml: 'ingress: [{ action: Deny, source: { selector: env == "test" } }, { action: Allow, source: { selector: all() } }]',
    construct: 'rules of the constructs have no order: what is to be denied for all is a ClusterDefaultDeny or a MetadataBlock',
  },
  controls: ['NIST SP 800-53 CM-3', 'NIST SP 800-53 SC-7(5)'],
  atSynth: true,
  onByDefault: false,
  check({ analysis, policies }, report) {
    const asked = new Set(policies.map(({ policy }) => policy));
    for (const { parts, because } of analysis.rules.shadowed(({ policy }) => asked.has(policy))) {
      const [first] = parts;
      const differ = because.some(({ action }) => action !== first!.action);
      report.finding({
        ...compiledPlace(first!),
        message: `the rule never decides: all that it speaks about, ${because.map(({ text, action }) => `${text} ${WORDS[action]}`).join(' and ')} before it${differ ? '' : ', as it would itself'}`,
      });
    }
  },
});

const WORDS = { allow: 'allows', deny: 'denies', pass: 'passes on' } as const;
