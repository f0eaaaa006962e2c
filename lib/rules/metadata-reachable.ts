import { AskedPod, CompiledRule, PodQuestions } from '../analysis';
import { Cloud } from '../cluster/cloud';
import { metadataEndpoints } from '../cluster/metadata-endpoints';
import { WorkloadIdentity } from '../cluster/workload-identity';
import { Cidr, Protocol } from '../policy';
import { askedEnd, podsOrImagined, podsText } from './framework/asked-pods';
import { Evidence } from './framework/finding';
import { compiledPlace, namespacePlace } from './framework/place';
import { defineRule, OptionValues } from './framework/policy-rule';

/** The address that most clouds use, where nobody said which cloud it is. */
const COMMON = { cidr: '169.254.169.254/32', port: 80 } as const;

interface Target {
  readonly address: Cidr;
  readonly protocol: Protocol;
  readonly port: number;
}

interface Opening {
  readonly rule: CompiledRule | undefined;
  readonly pods: Set<AskedPod>;
  readonly targets: Map<string, Target>;
}

const OPTIONS = {
  cloud: { type: 'text', default: '', description: 'where the nodes run, which decides the endpoints; left out, the address that most clouds use', choices: Object.values(Cloud) },
  identity: { type: 'text', default: '', description: 'how pods get credentials; the endpoint that they need stays out of it', choices: Object.values(WorkloadIdentity) },
  exempt: { type: 'texts', default: ['kube-system'], description: 'namespaces that are left out' },
} as const;

export const metadataReachable = defineRule({
  id: 'metadata-reachable',
  title: 'Pods reach the metadata endpoint of the cloud',
  severity: 'warning',
  rationale: 'It hands out the credentials of the node: one request forgery in one pod is the cluster, and often the cloud account.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to: [{ ipBlock: { cidr: 0.0.0.0/0 } }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Egress]
  egress:
    - to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }]
      ports: [{ protocol: TCP, port: 443 }]
`,
  fix: {
    summary: 'leave the endpoint out of the block, name other ports, or go through an egress proxy',
    yaml: 'ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] }',
    construct: "new MetadataBlock(chart, 'metadata')",
  },
  controls: ['MITRE ATT&CK T1552.005', 'NIST SP 800-53 SC-7(5)', 'NIST SP 800-190 4.3.3'],
  options: OPTIONS,
  check(context, report) {
    const questions = context.analysis.pods;
    const targets = targetsOf(context.options);
    for (const namespace of context.namespaces.filter((name) => !context.options.exempt.includes(name))) {
      const unclear = context.unclear(namespace);
      if (unclear !== undefined) {
        report.notEvaluated(namespace, unclear);
        continue;
      }
      const { pods, areImagined } = podsOrImagined(context, namespace);
      if (areImagined && pods.length === 0) report.notEvaluated(namespace, 'no workload of the namespace is in the input');
      const openings = openingsOf(questions, pods, targets);
      for (const opening of openings) {
        const { rule } = opening;
        // of a pod that the input does not show only its own policies are known
        if (rule === undefined && areImagined) continue;
        const what = [...opening.targets.keys()].join(', ');
        const from = askedEnd([...opening.pods][0]!);
        const target = [...opening.targets.values()][0]!;
        const evidence: Evidence | undefined = from === undefined ? undefined : { from, to: target.address.firstAddress, port: `${target.port}/${target.protocol}` };
        const reach = opening.pods.size === 1 && [...opening.pods][0]!.workloads.length <= 1 ? 'reaches' : 'reach';
        report.finding({
          ...(rule === undefined ? namespacePlace(context, namespace) : compiledPlace(rule)),
          message: `${podsText([...opening.pods])} ${reach} the metadata endpoint ${what}${rule === undefined ? ': no policy closes it' : ' by this rule'}`,
          ...(evidence === undefined ? {} : { evidence }),
        });
      }
    }
  },
});

function targetsOf({ cloud, identity }: OptionValues<typeof OPTIONS>): readonly Target[] {
  const endpoints = metadataEndpoints(cloud === '' ? undefined : cloud as Cloud, identity === '' ? undefined : identity as WorkloadIdentity);
  return endpoints.filter(({ keptOpen }) => keptOpen === undefined)
    .flatMap(({ cidr, ports }) => ports.map(({ protocol, first }) => ({ address: Cidr.parse(cidr), protocol: Protocol[protocol], port: first })))
    .filter(({ address, port }) => cloud !== '' || (address.toString() === COMMON.cidr && port === COMMON.port));
}

/** By the rule that opens it: one place to mend is one finding, however many pods and addresses it opens. */
function openingsOf(questions: PodQuestions, pods: readonly AskedPod[], targets: readonly Target[]): readonly Opening[] {
  const openings = new Map<string, Opening>();
  for (const pod of pods) {
    for (const target of targets) {
      const { verdict, allowedBy } = questions.ask('egress', pod, questions.address(target.address), target.protocol, target.port);
      if (verdict !== 'allowed') continue;
      for (const rule of allowedBy.length === 0 ? [undefined] : allowedBy) {
        const key = rule?.text ?? '';
        let opening = openings.get(key);
        if (opening === undefined) openings.set(key, (opening = { rule, pods: new Set(), targets: new Map() }));
        opening.pods.add(pod);
        opening.targets.set(`${target.address.firstAddress} (${target.port}/${target.protocol})`, target);
      }
    }
  }
  return [...openings.values()];
}
