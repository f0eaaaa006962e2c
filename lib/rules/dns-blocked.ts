import { AskedPod, CompiledRule, ContainerPort } from '../analysis';
import { Peer, Protocol, Rule } from '../policy';
import { podsOrImagined, podsText } from './framework/asked-pods';
import { policyPlace } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

/** 5353 is where the DNS pods of OpenShift listen. */
const DNS_PORTS: readonly number[] = [53, 5353];
const DNS_NAMESPACES: readonly string[] = ['kube-system', 'openshift-dns'];

export const dnsBlocked = defineRule({
  id: 'dns-blocked',
  title: 'Pods cannot ask for names',
  severity: 'warning',
  rationale: 'Egress is closed and DNS is not open: every connection to a name fails before it is tried, which looks like an outage of everything.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Egress]
  egress:
    - to: [{ podSelector: { matchLabels: { app: cart } } }]
      ports: [{ protocol: TCP, port: 8080 }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Egress]
  egress:
    - to: [{ podSelector: { matchLabels: { app: cart } } }]
      ports: [{ protocol: TCP, port: 8080 }]
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
          podSelector: { matchLabels: { k8s-app: kube-dns } }
      ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]
`,
  fix: {
    summary: 'open DNS towards the pods of cluster DNS, UDP and TCP',
    yaml: 'to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }], ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]',
    construct: "new AllowToDns(shop, 'dns'), which every DefaultDenyNamespace has by itself",
  },
  controls: ['NIST SP 800-53 CP-10'],
  options: {
    exempt: { type: 'texts', default: ['kube-system'], description: 'namespaces that are left out' },
  },
  check(context, report) {
    const questions = context.analysis.pods;
    const answering = dnsNamespacesOf(context);
    for (const namespace of context.namespaces.filter((name) => !context.options.exempt.includes(name))) {
      const unclear = context.unclear(namespace);
      if (unclear !== undefined) {
        report.notEvaluated(namespace, unclear);
        continue;
      }
      const { pods, areImagined } = podsOrImagined(context, namespace);
      if (areImagined) report.notEvaluated(namespace, 'no workload of the namespace is in the input: only policies with egress rules of their own were asked');
      const closed = pods.filter((pod) => questions.isIsolated(pod, 'egress')).map((pod) => ({ pod, rules: egressRulesOf(context, pod) }));
      const blocked = closed.filter(({ rules }) => !rules.some((rule) => mayReachDns(rule, answering)));
      const talking = new Map<string, { readonly rule: CompiledRule; readonly pods: AskedPod[] }>();
      for (const { pod, rules } of blocked) {
        const [rule] = rules.filter(leadsToNames);
        if (rule === undefined) continue;
        const known = talking.get(rule.policy.text);
        if (known === undefined) talking.set(rule.policy.text, { rule, pods: [pod] });
        else known.pods.push(pod);
      }
      for (const { rule, pods: silent } of talking.values()) {
        report.finding({
          ...policyPlace(rule.policy),
          path: `${rule.policy.policy.part ?? 'spec'}.egress`,
          message: `${podsText(silent)} may connect to others, and not to DNS: no egress rule opens port 53`,
          key: 'egress',
        });
      }
      // pods without any egress rule may be meant to be silent, unless that is so of the whole namespace
      if (areImagined || talking.size > 0 || blocked.length === 0 || blocked.length < pods.length) continue;
      const closing = questions.policiesOf(blocked[0]!.pod).find(({ policy: { policy } }) => policy.isolates.includes('egress') && policy.subject.pods.matchesEverything);
      if (closing === undefined || blocked.some(({ rules }) => rules.length > 0)) continue;
      report.finding({
        ...policyPlace(closing.policy),
        message: `egress of the whole namespace ${namespace} is closed, and no policy opens DNS: ${podsText(pods)} cannot ask for names`,
        key: 'namespace',
      });
    }
  },
});

function egressRulesOf({ analysis }: Pick<RuleContext, 'analysis'>, pod: AskedPod): readonly CompiledRule[] {
  return analysis.pods.policiesOf(pod).flatMap(({ policy }) => policy.rules.egress).filter(({ action }) => action === 'allow');
}

/** Addresses need no name; whatever else may be connected to is found by one. */
function leadsToNames({ rule: { peers } }: CompiledRule): boolean {
  return peers === undefined || peers.some(({ terms }) => terms.some(({ kind }) => kind !== 'ipBlock'));
}

/** Whether a rule may open DNS. In doubt it does: a name of a port, an address, an entity may stand for it. */
function mayReachDns({ rule }: CompiledRule, answering: ReadonlySet<string>): boolean {
  const named = namesDnsPort(rule);
  if (named !== 'all') return named === 'dns';
  return rule.peers === undefined || rule.peers.some((peer) => mayBeDns(peer, answering));
}

function namesDnsPort({ ports }: Rule): 'all' | 'dns' | 'other' {
  if (ports === undefined) return 'all';
  const fitting = ports.filter((match) => match.kind === 'named' ? match.protocol !== Protocol.TCP
    : match.kind === 'range' && match.protocol === Protocol.UDP && DNS_PORTS.some((port) => match.first <= port && port <= match.last));
  if (fitting.length === 0) return 'other';
  return fitting.some((match) => match.kind === 'named' || (match.kind === 'range' && match.last - match.first < 100)) ? 'dns' : 'all';
}

/** Pods of a namespace where no DNS answers are none, whatever ports are open there. */
function mayBeDns({ terms }: Peer, answering: ReadonlySet<string>): boolean {
  return terms.every((term) => term.kind !== 'pods' || term.namespaces.kind !== 'named' || answering.has(term.namespaces.name));
}

/** Where DNS answers: the usual namespaces, and those with a Service or a container on port 53. */
function dnsNamespacesOf({ inventory }: Pick<RuleContext, 'inventory'>): ReadonlySet<string> {
  const answers = ({ number, protocol }: ContainerPort): boolean => DNS_PORTS.includes(number) && protocol === Protocol.UDP;
  const services = inventory.services.filter(({ ports }) => ports.some(({ port, protocol }) => port === 53 && protocol === Protocol.UDP));
  const workloads = inventory.workloads.filter(({ groups }) => groups.some(({ ports }) => ports.some(answers)));
  return new Set([...DNS_NAMESPACES, ...services.map((each) => each.namespace), ...workloads.map((each) => each.namespace)]);
}
