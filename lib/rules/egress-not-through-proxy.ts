import { parsePort } from '../analysis';
import { Cidr, Labels, PolicyError, Protocol, Selector } from '../policy';
import { askedEnd, podsText, podsWhere } from './framework/asked-pods';
import { internetAddresses, samplesOf } from './framework/internet';
import { addressesOpened } from './framework/opened-addresses';
import { evidenceOf, letThrough, OpenedRule, openedRules, opensOnly, portsToAsk } from './framework/opened-rules';
import { compiledPlace, namespacePlace } from './framework/place';
import { defineRule, Report, RuleContext } from './framework/policy-rule';

/** An address of the Internet that nobody has, for pods that nothing closes. https://www.rfc-editor.org/rfc/rfc5737 */
const OUTSIDE = '203.0.113.1';

interface Proxy {
  readonly text: string;
  readonly namespace: string;
  readonly pods: Selector;
}

const OPTIONS = {
  proxy: { type: 'texts', default: [], description: 'the pods of the egress proxy, each as NAMESPACE/LABEL=VALUE, with more labels after commas' },
  ports: { type: 'texts', default: ['53/UDP', '53/TCP'], description: 'what may leave beside the proxy: a rule for nothing but these is left out' },
  exempt: { type: 'texts', default: ['kube-system'], description: 'namespaces that are left out' },
} as const;

export const egressNotThroughProxy = defineRule({
  id: 'egress-not-through-proxy',
  title: 'Pods reach the Internet beside the egress proxy',
  severity: 'warning',
  rationale: 'The proxy decides which sites may be reached and writes down who did: what goes beside it is neither decided nor written down.',
  bad: `# with netpol.yaml: { rules: { egress-not-through-proxy: { proxy: [egress/app=squid] } } }
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to: [{ ipBlock: { cidr: 198.51.100.0/24 } }]
      ports: [{ protocol: TCP, port: 443 }]
`,
  good: `# with netpol.yaml: { rules: { egress-not-through-proxy: { proxy: [egress/app=squid] } } }
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: egress } }
          podSelector: { matchLabels: { app: squid } }
      ports: [{ protocol: TCP, port: 3128 }]
`,
  fix: {
    summary: 'open the way to the proxy alone, and name the site there; a network that is reached directly on purpose belongs to trustedRanges of netpol.yaml',
    yaml: 'to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: egress } }, podSelector: { matchLabels: { app: squid } } }]',
    construct: "new EgressProxy(chart, 'proxy', { ... }), and AllowToPods towards it",
  },
  controls: ['NIST SP 800-53 SC-7(8)', 'NIST SP 800-53 AU-12', 'MITRE ATT&CK T1048', 'MITRE ATT&CK T1071.001'],
  onByDefault: false,
  options: OPTIONS,
  check(context, report) {
    const { options, settings: { trustedRanges } } = context;
    const proxies = options.proxy.map(readProxy);
    if (proxies.length === 0) {
      report.notEvaluated(undefined, 'the option proxy names no pods: proxy: [egress/app=squid]');
      return;
    }
    tellOfMissing(context, proxies, report);
    const isOther = (namespace: string, labels: Labels): boolean => !proxies.some((proxy) => proxy.namespace === namespace && proxy.pods.matches(labels));
    const few = options.ports.map(parsePort);
    for (const written of openedRules(context, options.exempt, report)) {
      const opened = { ...written, pods: podsWhere(written.pods, isOther) };
      const { direction, parts } = opened;
      if (direction !== 'egress' || opened.pods.length === 0 || opensOnly(parts, few)) continue;
      const beside = addressBeside(context, opened, trustedRanges) ?? nameBeside(context, opened);
      if (beside !== undefined) report.finding({ ...compiledPlace(parts[0]!), ...beside });
    }
    for (const namespace of context.namespaces.filter((name) => !options.exempt.includes(name))) openPods(context, namespace, isOther, report);
  },
});

type Beside = Pick<Parameters<Report['finding']>[0], 'message' | 'evidence'>;

/** An address of the Internet to which a rule lets pods through. */
function addressBeside(context: RuleContext, opened: OpenedRule, trusted: readonly Cidr[]): Beside | undefined {
  for (const sample of samplesOf(internetAddresses(addressesOpened(opened.parts), trusted))) {
    const through = letThrough(context, opened, context.analysis.pods.address(sample));
    const [first] = through;
    if (first === undefined) continue;
    const address = sample.firstAddress;
    const evidence = evidenceOf('egress', first, address);
    return { message: `${podsText(through.map(({ pod }) => pod))} may connect to ${address}, and others of the Internet, by this rule and not through the proxy`, ...(evidence === undefined ? {} : { evidence }) };
  }
  return undefined;
}

/** A site by its name: which addresses that has is not known, and that the rule leads past the proxy is. */
function nameBeside({ analysis: { pods: questions } }: RuleContext, { parts, pods }: OpenedRule): Beside | undefined {
  const terms = parts.flatMap(({ rule: { peers = [] } }) => peers.flatMap((peer) => peer.terms));
  const names = [...new Set(terms.flatMap((term) => (term.kind === 'domain' ? [term.pattern] : [])))];
  const { text } = parts[0]!;
  const through = pods.filter((pod) => names.length > 0 && portsToAsk(parts, pod).some(({ protocol, port }) =>
    questions.ask('egress', pod, questions.address(Cidr.host(OUTSIDE)), protocol, port).allowedBy.some((rule) => rule.text === text)));
  return through.length === 0 ? undefined : { message: `${podsText(through)} may connect to ${names.join(', ')} by this rule and not through the proxy` };
}

/** Pods of which no policy closes egress. */
function openPods(context: RuleContext, namespace: string, isOther: Parameters<typeof podsWhere>[1], report: Report): void {
  const questions = context.analysis.pods;
  const unclear = context.unclear(namespace);
  const pods = podsWhere(questions.in(namespace), isOther).filter(({ endpoint }) => endpoint.isUnpoliced !== true);
  if (unclear !== undefined || questions.everyIn(namespace).length === 0) {
    report.notEvaluated(namespace, unclear ?? 'no workload of the namespace is in the input: only the rules of its policies were asked');
    return;
  }
  const open = pods.filter((pod) => {
    const { verdict, allowedBy } = questions.ask('egress', pod, questions.address(Cidr.host(OUTSIDE)), Protocol.TCP, 443);
    return verdict === 'allowed' && allowedBy.length === 0;
  });
  const from = open[0] === undefined ? undefined : askedEnd(open[0]);
  if (from === undefined) return;
  report.finding({
    ...namespacePlace(context, namespace),
    message: `${podsText(open)} may connect to the whole Internet and not through the proxy: no policy closes egress`,
    evidence: { from, to: OUTSIDE, port: '443/TCP' },
    key: 'egress',
  });
}

function readProxy(text: string): Proxy {
  const [, namespace, labels] = /^([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\/([^,=\s]+=[^,=\s]*(?:,[^,=\s]+=[^,=\s]*)*)$/.exec(text) ?? [];
  if (namespace === undefined || labels === undefined) {
    throw new PolicyError({ given: text, where: 'the option proxy', problem: 'does not say which pods are the proxy', instead: 'NAMESPACE/LABEL=VALUE: egress/app=squid' });
  }
  return { text, namespace, pods: Selector.labels(Object.fromEntries(labels.split(',').map((pair) => pair.split('=') as [string, string]))) };
}

/** A proxy that its namespace does not have is most likely misspelt, and would be found itself. */
function tellOfMissing({ analysis: { pods: questions } }: RuleContext, proxies: readonly Proxy[], report: Report): void {
  for (const { text, namespace, pods } of proxies) {
    const own = questions.everyIn(namespace);
    if (own.length > 0 && podsWhere(own, (_, labels) => pods.matches(labels)).length === 0) report.notEvaluated(namespace, `no pod of the namespace is the proxy ${text}`);
  }
}
