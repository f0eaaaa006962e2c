import { AskedPod, Endpoint, parsePort } from '../analysis';
import { Cidr, everyNamespace, Selector } from '../policy';
import { askedEnd, podsText } from './framework/asked-pods';
import { directionsOf } from './framework/directions';
import { namesEverybody } from './framework/everybody';
import { Evidence } from './framework/finding';
import { evidenceOf, LetThrough, letThrough, notReachedFromOutside, OpenedRule, openedRules, opensOnly } from './framework/opened-rules';
import { compiledPlace } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

/** An address outside of every cluster, for the connection that shows a finding. https://www.rfc-editor.org/rfc/rfc5737 */
const OUTSIDE = '203.0.113.1';

export const noAllPeers = defineRule({
  id: 'no-all-peers',
  title: 'A rule opens to everybody',
  severity: 'warning',
  rationale: 'One pod that is broken into, in whatever namespace, is enough: the rule asks nobody who they are.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: pay }
spec:
  podSelector: { matchLabels: { app: db } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ namespaceSelector: {} }]
      ports: [{ protocol: TCP, port: 5432 }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: pay }
spec:
  podSelector: { matchLabels: { app: db } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: api } } }]
      ports: [{ protocol: TCP, port: 5432 }]
`,
  fix: {
    summary: 'name who has to connect: pods by their labels, in namespaces by theirs',
    yaml: 'from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: { matchLabels: { app: web } } }]',
    construct: "new AllowFromPods(pay, 'api-to-db', { from: Pods.withLabels({ app: 'api' }), to, ports: [Port.tcp(5432)] })",
  },
  controls: ['NIST SP 800-53 AC-4', 'NIST SP 800-53 SC-7(5)', 'NIST SP 800-190 4.3.3', 'MITRE ATT&CK T1210'],
  onByDefault: false,
  options: {
    directions: { type: 'texts', default: ['ingress', 'egress'], description: 'the directions that are asked about' },
    ports: { type: 'texts', default: ['53/UDP', '53/TCP'], description: 'what may be open to everybody: a rule for nothing but these is left out' },
    exempt: { type: 'texts', default: ['kube-system'], description: 'namespaces that are left out' },
  },
  check(context, report) {
    const directions = directionsOf(context.options.directions);
    const harmless = context.options.ports.map(parsePort);
    const isWide = ({ direction, parts }: OpenedRule): boolean => directions.includes(direction)
      && !opensOnly(parts, harmless) && parts.some(namesEverybody);
    const anybody = context.analysis.pods.possiblePod(everyNamespace, Selector.everything);
    for (const opened of openedRules(context, context.options.exempt, report).filter(isWide)) {
      const { direction, parts, areImagined } = opened;
      const isEverybody = parts.some(({ rule: { peers } }) => peers === undefined);
      const found = letThrough(context, opened, anybody);
      const through = direction === 'ingress' && isEverybody ? notReachedFromOutside(context, found) : found;
      const [first] = through;
      if (first === undefined) continue;
      if (direction === 'ingress' && isEverybody && areImagined) {
        report.notEvaluated(first.pod.endpoint.namespace, 'no workload of the namespace is in the input: whether the world is meant to see the pods is not known');
        continue;
      }
      const evidence = shownBy(context, opened, first, isEverybody);
      const pods = podsText(through.map(({ pod }) => pod));
      const who = isEverybody ? 'everybody inside and outside of the cluster' : 'every pod of the cluster';
      report.finding({
        ...compiledPlace(parts[0]!),
        message: direction === 'ingress' ? `${who} may connect to ${pods} by this rule` : `${pods} may connect to ${who} by this rule`,
        ...(evidence === undefined ? {} : { evidence }),
      });
    }
  },
});

/** The connection with an address outside, or with some pod of another namespace. */
function shownBy(context: RuleContext, opened: OpenedRule, { pod, port }: LetThrough, isEverybody: boolean): Evidence | undefined {
  const only = { ...opened, pods: [pod] };
  const shows = (end: Endpoint): boolean => letThrough(context, only, end).length > 0;
  if (isEverybody) return shows(context.analysis.pods.address(Cidr.host(OUTSIDE))) ? evidenceOf(opened.direction, { pod, port }, OUTSIDE) : undefined;
  const other = strangers(context, pod).find(({ endpoint }) => shows(endpoint));
  const end = other === undefined ? undefined : askedEnd(other);
  return end === undefined ? undefined : evidenceOf(opened.direction, { pod, port }, end);
}

const ASKED_NAMESPACES = 3;

function strangers({ inventory, analysis }: RuleContext, { endpoint }: AskedPod): readonly AskedPod[] {
  const others = [...inventory.namespaces.keys()].filter((name) => name !== endpoint.namespace && analysis.pods.in(name).length > 0);
  return others.slice(0, ASKED_NAMESPACES).flatMap((name) => analysis.pods.in(name).slice(0, 1));
}
