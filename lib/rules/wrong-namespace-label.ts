import { Inventory } from '../analysis';
import { NAMESPACE_NAME_LABEL, NamespaceScope, Rule } from '../policy';
import { policyPlace, rulePath } from './framework/place';
import { defineRule } from './framework/policy-rule';

/** Labels that people take for the name of a namespace; nobody sets them by himself. */
const GUESSED: readonly string[] = ['name', 'namespace', 'kubernetes.io/name', 'kubernetes.io/namespace', 'metadata.name', 'kubernetes.io/metadata'];
/** Namespaces that every cluster has, without such a label. https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/ */
const SYSTEM: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];

export const wrongNamespaceLabel = defineRule({
  id: 'wrong-namespace-label',
  title: 'A namespace is looked for by a label that it does not have',
  severity: 'warning',
  rationale: 'No namespace has its name in the label "name" unless somebody writes it there: the peer is nobody, and the connection is dropped.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dns, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to: [{ namespaceSelector: { matchLabels: { name: kube-system } } }]
      ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dns, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }]
      ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]
`,
  fix: {
    summary: 'use the label that the API server puts on every namespace',
    yaml: 'namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }',
    construct: "Pods.inNamespaces(Namespaces.named('kube-system'), { 'k8s-app': 'kube-dns' })",
  },
  controls: ['NIST SP 800-53 CM-6'],
  fixable: true,
  check({ policies, inventory }, report) {
    for (const document of policies) {
      const { policy } = document;
      if (policy.stage !== 'enforced') continue;
      for (const rule of policy.rules) {
        for (const { label, name } of guessesOf(rule)) {
          const namespace = inventory.namespaces.get(name);
          const isKnown = namespace?.declared === true;
          if (hasLabel(inventory, label, name)) continue;
          if (!isKnown && !SYSTEM.includes(name)) {
            report.notEvaluated(policy.namespace, `the Namespace ${name}, which is looked for by the label ${label}, is not in the input`);
            continue;
          }
          report.finding({
            ...policyPlace(document),
            path: rulePath(policy, rule),
            severity: isKnown ? 'error' : 'warning',
            message: `the namespace ${name} is looked for by the label ${label}, which ${isKnown ? 'it does not have' : 'it has only where somebody has set it'}: its name is in ${NAMESPACE_NAME_LABEL}`,
            key: `${label}=${name}`,
          });
        }
      }
    }
  },
});

function guessesOf({ peers = [] }: Rule): ReadonlyArray<{ readonly label: string; readonly name: string }> {
  const scopes = peers.flatMap(({ terms }) => terms.flatMap((term): NamespaceScope[] => (term.kind === 'pods' ? [term.namespaces] : [])));
  const found = scopes.flatMap((scope) => (scope.kind === 'matching' ? scope.selector.requirements : []))
    .filter(({ key, operator }) => operator === 'In' && GUESSED.includes(key))
    .flatMap(({ key, values }) => values.map((name) => ({ label: key, name })));
  return [...new Map(found.map((each) => [`${each.label}=${each.name}`, each])).values()];
}

/** Some namespace of the input may well have it, its own name or another. */
function hasLabel({ namespaces }: Inventory, label: string, value: string): boolean {
  return [...namespaces.values()].some(({ labels }) => labels[label] === value);
}
