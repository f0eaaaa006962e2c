import { AskedPod, PodQuestions, Verdict } from '../analysis';
import { Cidr } from '../policy';
import { askedEnd, podsText } from './framework/asked-pods';
import { namesEverybody } from './framework/everybody';
import { Evidence } from './framework/finding';
import { PRIVATE, samplesOf } from './framework/internet';
import { blocksOpened } from './framework/opened-addresses';
import { evidenceOf, letThrough, OpenedRule, openedRules, portsToAsk } from './framework/opened-rules';
import { compiledPlace } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

export const ipblockCoversPods = defineRule({
  id: 'ipblock-covers-pods',
  title: 'A block of addresses opens pods',
  severity: 'warning',
  rationale: 'A block is written for addresses outside; where it holds those of pods too, it opens every namespace, whatever labels other rules ask for.',
  bad: `# with --cni calico
apiVersion: v1
kind: Node
metadata: { name: n1 }
spec: { podCIDR: 10.244.0.0/24 }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }]
      ports: [{ protocol: TCP, port: 443 }]
`,
  good: `# with --cni calico
apiVersion: v1
kind: Node
metadata: { name: n1 }
spec: { podCIDR: 10.244.0.0/24 }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [10.244.0.0/16, 169.254.169.254/32] } }]
      ports: [{ protocol: TCP, port: 443 }]
`,
  fix: {
    summary: 'leave the addresses of pods out of the block, and name pods by their labels',
    yaml: 'ipBlock: { cidr: 0.0.0.0/0, except: [10.244.0.0/16] }',
    construct: 'AllowToIpBlock, which leaves out the ranges that ClusterProfile names',
  },
  controls: ['NIST SP 800-53 SC-7(5)', 'NIST SP 800-53 AC-4', 'NIST SP 800-190 4.3.3'],
  onByDefault: false,
  options: {
    exempt: { type: 'texts', default: ['kube-system'], description: 'namespaces that are left out' },
  },
  check(context, report) {
    const ranges = rangesOfPods(context);
    for (const opened of openedRules(context, context.options.exempt, report)) {
      const { direction, parts, pods } = opened;
      const blocks = blocksOpened(parts);
      if (blocks.length === 0 || parts.some(namesEverybody)) continue;
      if (ranges.length === 0) {
        const mayHold = Cidr.common(blocks, PRIVATE).length > 0;
        if (mayHold) report.notEvaluated(pods[0]!.endpoint.namespace, 'where pods have their addresses is not known: podCidrs of the cluster, or its Nodes in the input');
        continue;
      }
      const held = Cidr.common(blocks, ranges);
      const [sample] = samplesOf(held, 1);
      const found = sample === undefined ? [] : pods.flatMap((pod) => openedTo(context.analysis.pods, opened, pod, sample));
      if (found.length === 0) continue;
      const isCertain = found.some(({ verdict }) => verdict === 'allowed');
      const judged = podsText(found.filter(({ verdict }) => !isCertain || verdict === 'allowed').map(({ pod }) => pod));
      const others = `pods at ${held.slice(0, 2).map(String).join(', ')}${held.length > 2 ? ' and elsewhere' : ''}`;
      const may = isCertain ? 'may' : 'may, where the CNI compares blocks with pods,';
      const evidence = isCertain ? shownBy(context, opened, held) : undefined;
      report.finding({
        ...compiledPlace(parts[0]!),
        message: direction === 'egress' ? `${judged} ${may} connect to ${others} by this block` : `${others} ${may} connect to ${judged} by this block`,
        ...(evidence === undefined ? {} : { evidence }),
      });
    }
  },
});

/** The ranges that pods get their addresses from, as the cluster or its nodes say them, and the addresses of those that run. */
function rangesOfPods({ profile, inventory }: Pick<RuleContext, 'profile' | 'inventory'>): readonly Cidr[] {
  const said = profile.podCidrs.filter(({ prefix }) => prefix > 0);
  const ordinary = inventory.workloads.flatMap(({ groups }) => groups.filter(({ hostNetwork }) => !hostNetwork));
  const running = ordinary.flatMap(({ pods }) => pods.flatMap(({ addresses }) => addresses));
  return Cidr.merge([...(said.length > 0 ? said : inventory.nodes.flatMap(({ podCidrs }) => podCidrs)), ...running]);
}

interface OpenedTo {
  readonly pod: AskedPod;
  readonly verdict: Verdict;
}

/** What the engine says about a pod with an address of the block, where this rule is the one that lets it through. */
function openedTo(questions: PodQuestions, { direction, parts }: OpenedRule, pod: AskedPod, address: Cidr): readonly OpenedTo[] {
  const { text } = parts[0]!;
  for (const { protocol, port } of portsToAsk(parts, pod)) {
    const { verdict, allowedBy } = questions.ask(direction, pod, questions.podAt(address), protocol, port);
    if (verdict !== 'denied' && allowedBy.some((rule) => rule.text === text) && !allowedBy.some(namesEverybody)) return [{ pod, verdict }];
  }
  return [];
}

/** A pod of another namespace that runs at such an address. */
function shownBy(context: RuleContext, opened: OpenedRule, held: readonly Cidr[]): Evidence | undefined {
  const { inventory, analysis: { pods: questions } } = context;
  for (const other of [...inventory.namespaces.keys()].flatMap((name) => questions.in(name))) {
    const { endpoint: { places } } = other;
    const end = askedEnd(other);
    if (end === undefined || places.length === 0 || !places.every((place) => held.some((block) => block.contains(place)))) continue;
    const [first] = letThrough(context, opened, other.endpoint).filter(({ pod }) => pod.endpoint.namespace !== other.endpoint.namespace);
    if (first !== undefined) return evidenceOf(opened.direction, first, end);
  }
  return undefined;
}
