import { AskedPod, parsePort } from '../analysis';
import { podsText } from './framework/asked-pods';
import { directionsOf } from './framework/directions';
import { thirdOfInternet, internetAddresses, samplesOf } from './framework/internet';
import { addressesOpened } from './framework/opened-addresses';
import { evidenceOf, letThrough, notReachedFromOutside, OpenedRule, openedRules, opensOnly } from './framework/opened-rules';
import { compiledPlace } from './framework/place';
import { defineRule } from './framework/policy-rule';

export const noAnyExternal = defineRule({
  id: 'no-any-external',
  title: 'A rule opens the whole Internet',
  severity: 'warning',
  rationale: 'Whoever breaks into the pod can fetch tools from anywhere and send data to anywhere, and ingress from anywhere is for pods that the world is meant to see.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8, 169.254.0.0/16] } }]
      ports: [{ protocol: TCP, port: 443 }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to: [{ ipBlock: { cidr: 198.51.100.0/24 } }]
      ports: [{ protocol: TCP, port: 443 }]
`,
  fix: {
    summary: 'name the addresses, or the domain names where the CNI knows them, or go through an egress proxy that does',
    yaml: 'to: [{ ipBlock: { cidr: 198.51.100.0/24 } }]',
    construct: "new EgressProxy(chart, 'proxy', { ... }), or new AllowToIpBlock(pay, 'bank', { from, cidrs: ['198.51.100.0/24'], ports: [Port.tcp(443)] })",
  },
  controls: ['NIST SP 800-53 SC-7(5)', 'NIST SP 800-190 4.3.3', 'MITRE ATT&CK T1048', 'MITRE ATT&CK T1105'],
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
      && !opensOnly(parts, harmless) && thirdOfInternet(addressesOpened(parts)).length > 0;
    for (const opened of openedRules(context, context.options.exempt, report).filter(isWide)) {
      const { direction, parts, areImagined } = opened;
      const addresses = addressesOpened(parts);
      const { sample, through } = samplesOf(internetAddresses(addresses))
        .map((each) => ({ sample: each, through: letThrough(context, opened, context.analysis.pods.address(each)) }))
        .find((each) => each.through.length > 0) ?? {};
      if (sample === undefined || through === undefined) continue;
      const judged = direction === 'egress' ? through : notReachedFromOutside(context, through);
      const [first] = judged;
      if (first === undefined) continue;
      if (direction === 'ingress' && areImagined) {
        report.notEvaluated(first.pod.endpoint.namespace, 'no workload of the namespace is in the input: whether the world is meant to see the pods is not known');
        continue;
      }
      const evidence = evidenceOf(direction, first, sample.firstAddress);
      const families = thirdOfInternet(addresses);
      const what = families.length === 2 ? 'any address of the Internet' : `any IPv${families[0]!} address of the Internet`;
      report.finding({
        ...compiledPlace(parts[0]!),
        message: direction === 'egress' ? `${namesOf(judged)} may connect to ${what} by this rule` : `${what} may connect to ${namesOf(judged)} by this rule, and no Service or route leads there from outside`,
        ...(evidence === undefined ? {} : { evidence }),
      });
    }
  },
});

function namesOf(through: ReadonlyArray<{ readonly pod: AskedPod }>): string {
  return podsText(through.map(({ pod }) => pod));
}
