import { ownerOf } from './framework/owner';
import { namespacePlace, policyPlace } from './framework/place';
import { defineRule } from './framework/policy-rule';

export const requireOwner = defineRule({
  id: 'require-owner',
  title: 'Nobody is named as the owner',
  severity: 'warning',
  rationale: 'A policy that nobody owns is never changed: nobody knows whom to ask whether a rule may go, or whether a connection is meant.',
  bad: `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
`,
  good: `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { cdk8s-netpol/owner: team-shop } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
`,
  fix: {
    summary: 'name the team in a label or annotation of the Namespace, or of the policy; netpol.yaml says which keys count (ownerKeys)',
    yaml: 'metadata: { labels: { cdk8s-netpol/owner: team-shop } }',
    construct: "new DefaultDenyNamespace(chart, 'shop', { name: 'shop', owner: { team: 'shop', contact: '#shop' }, stage })",
  },
  controls: ['NIST SP 800-53 CM-8(4)', 'NIST SP 800-53 AC-4'],
  options: {
    exempt: { type: 'texts', default: ['kube-system', 'kube-public', 'kube-node-lease'], description: 'namespaces that are left out' },
  },
  check(context, report) {
    const { namespaces, policies, objects, settings: { ownerKeys }, inventory, options } = context;
    const keys = ownerKeys.join(', ');
    for (const namespace of namespaces.filter((name) => !options.exempt.includes(name))) {
      if (ownerOf({ kind: 'Namespace', name: namespace }, objects, ownerKeys) !== undefined) continue;
      const own = policies.filter(({ policy }) => policy.namespace === namespace);
      const nobodys = own.filter((document) => ownerOf(policyPlace(document).object, objects, ownerKeys) === undefined);
      const isDeclared = inventory.namespaces.get(namespace)?.declared === true;
      // workloads alone are somebody else's business: their owner is not the owner of policies
      if (nobodys.length === 0 && (own.length > 0 || !isDeclared)) continue;
      const where = isDeclared ? `neither the Namespace ${namespace}` : `neither the Namespace ${namespace}, which is not in the input (--inventory)`;
      const what = nobodys.length === 0 ? '' : ` nor ${nobodys.length === 1 ? `the policy ${nobodys[0]!.policy.name}` : `${nobodys.length} of its policies`}`;
      report.finding({
        ...namespacePlace(context, namespace),
        message: what === '' ? `the Namespace ${namespace} names no owner: none of ${keys}` : `${where}${what} names an owner: none of ${keys}`,
        key: 'owner',
      });
    }
    for (const document of policies) {
      const place = policyPlace(document);
      if (document.policy.namespace !== undefined || ownerOf(place.object, objects, ownerKeys) !== undefined) continue;
      report.finding({ ...place, message: `the ${document.kind} ${document.policy.name} names no owner: none of ${keys}`, key: 'owner' });
    }
  },
});
