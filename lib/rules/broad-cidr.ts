import { Cidr } from '../policy';
import { podsText } from './framework/asked-pods';
import { samplesOf, thirdOfInternet } from './framework/internet';
import { addressesOpened } from './framework/opened-addresses';
import { evidenceOf, letThrough, openedRules } from './framework/opened-rules';
import { compiledPlace } from './framework/place';
import { defineRule } from './framework/policy-rule';

export const broadCidr = defineRule({
  id: 'broad-cidr',
  title: 'A rule opens a broad range of addresses',
  severity: 'warning',
  rationale: 'A range that holds a whole provider or every private network is no list of those that were meant: anybody in it may connect.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to: [{ ipBlock: { cidr: 10.0.0.0/8 } }]
      ports: [{ protocol: TCP, port: 5432 }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to: [{ ipBlock: { cidr: 10.20.30.0/24 } }]
      ports: [{ protocol: TCP, port: 5432 }]
`,
  fix: {
    summary: 'name the network that is meant; one that is known and trusted as a whole belongs to trustedRanges of netpol.yaml',
    yaml: 'ipBlock: { cidr: 10.20.30.0/24 }',
    construct: "new AllowToIpBlock(pay, 'db', { from, cidrs: ['10.20.30.0/24'], ports: [Port.tcp(5432)] })",
  },
  controls: ['NIST SP 800-53 SC-7(5)', 'NIST SP 800-53 AC-4', 'NIST SP 800-190 4.3.3'],
  onByDefault: false,
  options: {
    ipv4Prefix: { type: 'number', default: 16, description: 'the shortest IPv4 prefix that a rule may open: 16 finds 10.0.0.0/8; rules that open the Internet are for no-any-external' },
    ipv6Prefix: { type: 'number', default: 48, description: 'the shortest IPv6 prefix that a rule may open' },
    exempt: { type: 'texts', default: ['kube-system'], description: 'namespaces that are left out' },
  },
  check(context, report) {
    const { options, settings: { trustedRanges } } = context;
    const limits = { 4: options.ipv4Prefix, 6: options.ipv6Prefix };
    const isBroad = ({ family, prefix }: Cidr): boolean => prefix < limits[family];
    for (const opened of openedRules(context, options.exempt, report)) {
      const { direction, parts } = opened;
      const addresses = addressesOpened(parts);
      // the Internet is no range that somebody means by its bounds: no-any-external speaks about that
      const anywhere = thirdOfInternet(addresses);
      const ranges = addresses.filter(({ family }) => !anywhere.includes(family)).flatMap((range) => range.minus(trustedRanges)).filter(isBroad);
      const [range] = [...ranges].sort((a, b) => a.prefix - b.prefix);
      if (range === undefined) continue;
      const [sample] = samplesOf([range]);
      const through = letThrough(context, opened, context.analysis.pods.address(sample!));
      const [first] = through;
      if (first === undefined) continue;
      const evidence = evidenceOf(direction, first, sample!.firstAddress);
      const pods = podsText(through.map(({ pod }) => pod));
      report.finding({
        ...compiledPlace(parts[0]!),
        message: direction === 'egress' ? `${pods} may connect to all of ${range.toString()} by this rule` : `all of ${range.toString()} may connect to ${pods} by this rule`,
        key: range.toString(),
        ...(evidence === undefined ? {} : { evidence }),
      });
    }
  },
});
