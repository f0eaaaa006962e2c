import { Inventory } from '../analysis';
import { Cidr, IpBlock, Rule, Tier } from '../policy';
import { policyPlace, rulePath } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

export const ipblockForPods = defineRule({
  id: 'ipblock-for-pods',
  title: 'Pods are named by address where addresses never match pods',
  severity: 'warning',
  rationale: 'Some data planes know pods by what they are and compare addresses with everything else only: the rule opens nothing, or denies nothing, however right the address is.',
  bad: `# netpol check --cni cilium
apiVersion: v1
kind: Node
metadata: { name: a }
spec: { podCIDR: 10.244.0.0/24 }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ ipBlock: { cidr: 10.244.0.0/25 } }]
      ports: [{ protocol: TCP, port: 8080 }]
`,
  good: `# netpol check --cni cilium
apiVersion: v1
kind: Node
metadata: { name: a }
spec: { podCIDR: 10.244.0.0/24 }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ namespaceSelector: {} }]
      ports: [{ protocol: TCP, port: 8080 }]
`,
  fix: {
    summary: 'name the pods by their labels and namespaces; every pod is namespaceSelector: {}',
    yaml: 'from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: web } } }]',
    construct: "new AllowFromPods(pay, 'web', { from: Pods.inNamespaces(Namespaces.all(), { app: 'web' }), to, ports })",
  },
  controls: ['NIST SP 800-53 CM-6', 'NIST SP 800-53 SC-7(5)'],
  onByDefault: false,
  check(context, report) {
    const ranges = podRanges(context);
    for (const document of context.policies) {
      const { policy } = document;
      if (policy.stage !== 'enforced' || !context.isServed(document) || !neverMeetsPods(context, policy.tier)) continue;
      for (const rule of policy.rules) {
        const blocks = blocksOf(rule);
        if (blocks.length === 0) continue;
        if (ranges.length === 0) {
          report.notEvaluated(undefined, 'which addresses pods have is not known: podCidrs of the cluster in netpol.yaml, or Nodes in the input, tell it');
          return;
        }
        for (const { cidr } of blocks.filter((block) => ranges.some((range) => range.contains(block.cidr) || range.sameAs(block.cidr)))) {
          report.finding({
            ...policyPlace(document),
            path: rulePath(policy, rule),
            message: `${cidr.toString()} lies among the addresses of pods, which blocks never match under the profile ${context.profile.id}: it ${rule.action === 'deny' ? 'denies' : 'opens'} nothing`,
            key: `${rule.direction} ${cidr.toString()}`,
          });
        }
      }
    }
  },
});

/** The ranges that pods get their addresses from, and the addresses of those that run. */
function podRanges({ inventory, profile }: Pick<RuleContext, 'inventory' | 'profile'>): readonly Cidr[] {
  return [...profile.podCidrs, ...inventory.nodes.flatMap(({ podCidrs }) => podCidrs), ...ownAddresses(inventory)];
}

/** A pod in the network of its node has the address of the node, which blocks may match. */
function ownAddresses({ workloads }: Inventory): readonly Cidr[] {
  return workloads.flatMap(({ groups }) => groups.filter(({ hostNetwork }) => !hostNetwork).flatMap(({ pods }) => pods.flatMap(({ addresses }) => addresses)));
}

function neverMeetsPods({ analysis }: RuleContext, { name }: Tier): boolean {
  const own = analysis.model.layers.filter(({ layer }) => layer.tiers.includes(name));
  return own.length > 0 && own.every(({ layer }) => (layer.ofTier?.[name]?.blocksMatchPods ?? layer.blocksMatchPods) === false);
}

/** Peers that are one block, whole or with exceptions. */
function blocksOf({ action, peers = [] }: Rule): readonly IpBlock[] {
  if (action !== 'allow' && action !== 'deny') return [];
  return peers.flatMap(({ terms: [term, ...more] }) => (term?.kind === 'ipBlock' && more.length === 0 ? [term] : []));
}
