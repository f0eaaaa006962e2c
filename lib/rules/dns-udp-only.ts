import { AskedPod, PodQuestions } from '../analysis';
import { everyNamespace, Peer, Policy, Protocol, Rule, Selector } from '../policy';
import { podsSelectedOrImagined } from './framework/asked-pods';
import { policyPlace, rulePath } from './framework/place';
import { defineRule } from './framework/policy-rule';

const DNS = 53;

export const dnsUdpOnly = defineRule({
  id: 'dns-udp-only',
  title: 'DNS is open over UDP and not over TCP',
  severity: 'warning',
  rationale: 'An answer that does not fit into one packet is asked for again over TCP: names with many addresses fail, and only those.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dns, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
          podSelector: { matchLabels: { k8s-app: kube-dns } }
      ports: [{ protocol: UDP, port: 53 }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dns, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
          podSelector: { matchLabels: { k8s-app: kube-dns } }
      ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]
`,
  fix: {
    summary: 'open TCP 53 beside UDP 53',
    yaml: 'ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]',
    construct: "new AllowToDns(shop, 'dns')",
  },
  controls: ['NIST SP 800-53 CP-10'],
  fixable: true,
  check(context, report) {
    const questions = context.analysis.pods;
    for (const document of context.policies) {
      const { policy } = document;
      if (policy.stage !== 'enforced' || !policy.rules.some(isUdpOnly) || !context.isServed(document)) continue;
      const [pod] = podsSelectedOrImagined(context, policy);
      for (const rule of policy.rules.filter(isUdpOnly)) {
        const isOpen = pod === undefined ? hasTcpTwin(policy, rule) : isOpenOverTcp(questions, pod, rule);
        if (isOpen) continue;
        report.finding({ ...policyPlace(document), path: `${rulePath(policy, rule)}.ports`, message: 'the rule opens DNS over UDP, and nothing opens TCP 53 to the same peers' });
      }
    }
  },
});

function isUdpOnly({ direction, action, ports = [] }: Rule): boolean {
  const has = (protocol: Protocol): boolean => ports.some((match) => match.kind === 'range' && match.protocol === protocol && match.first <= DNS && DNS <= match.last);
  const isDns = ports.some((match) => match.kind === 'range' && match.protocol === Protocol.UDP && match.first === DNS && match.last === DNS);
  return direction === 'egress' && action === 'allow' && isDns && !has(Protocol.TCP);
}

/** Asked of the engine: another rule, or another policy, may open it. In doubt it is open. */
function isOpenOverTcp(questions: PodQuestions, pod: AskedPod, { peers = [{ terms: [] }] }: Rule): boolean {
  return peers.every((peer) => {
    const end = endOf(questions, peer);
    return end === undefined || questions.ask('egress', pod, end, Protocol.TCP, DNS).verdict !== 'denied';
  });
}

function endOf(questions: PodQuestions, { terms: [term, ...more] }: Peer): ReturnType<PodQuestions['address']> | undefined {
  if (term === undefined) return questions.possiblePod(everyNamespace, Selector.everything);
  if (more.length > 0) return undefined;
  if (term.kind === 'pods') return questions.possiblePod(term.namespaces, term.pods);
  const [block] = term.kind === 'ipBlock' ? term.cidr.minus(term.except) : [];
  return block === undefined ? undefined : questions.address(block);
}

function hasTcpTwin({ rules }: Policy, { direction }: Rule): boolean {
  return rules.some((each) => each.direction === direction && each.action === 'allow'
    && (each.ports === undefined || each.ports.some((match) => match.kind === 'range' && match.protocol === Protocol.TCP && match.first <= DNS && DNS <= match.last)));
}
