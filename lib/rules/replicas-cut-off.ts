import { AskedPod, ContainerPort, Workload } from '../analysis';
import { REPLICA_PORTS, ReplicaPort } from '../cluster/replica-ports';
import { Direction, DIRECTIONS } from '../policy';
import { closingPlace } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

interface Cut {
  readonly direction: Direction;
  readonly port: ContainerPort;
  readonly of: ReplicaPort;
  readonly pod: AskedPod;
}

export const replicasCutOff = defineRule({
  id: 'replicas-cut-off',
  title: 'The replicas of a workload cannot reach one another',
  severity: 'warning',
  rationale: 'Only what a pod sends to itself is exempt from policies: a default deny takes the quorum from a database or a queue, at the next election if not at once.',
  bad: `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: etcd, namespace: data }
spec:
  serviceName: etcd
  replicas: 3
  selector: { matchLabels: { app: etcd } }
  template:
    metadata: { labels: { app: etcd } }
    spec: { containers: [{ name: etcd, image: etcd, ports: [{ name: client, containerPort: 2379 }, { name: peer, containerPort: 2380 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: etcd, namespace: data }
spec:
  podSelector: { matchLabels: { app: etcd } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ namespaceSelector: {} }]
      ports: [{ protocol: TCP, port: client }]
`,
  good: `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: etcd, namespace: data }
spec:
  serviceName: etcd
  replicas: 3
  selector: { matchLabels: { app: etcd } }
  template:
    metadata: { labels: { app: etcd } }
    spec: { containers: [{ name: etcd, image: etcd, ports: [{ name: client, containerPort: 2379 }, { name: peer, containerPort: 2380 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: etcd, namespace: data }
spec:
  podSelector: { matchLabels: { app: etcd } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ namespaceSelector: {} }]
      ports: [{ protocol: TCP, port: client }]
    - from: [{ podSelector: { matchLabels: { app: etcd } } }]
      ports: [{ protocol: TCP, port: peer }]
`,
  fix: {
    summary: 'open the port between the pods of the workload, ingress and egress',
    yaml: 'ingress: [{ from: [{ podSelector: { matchLabels: { app: etcd } } }], ports: [{ protocol: TCP, port: 2380 }] }]',
    construct: "new AllowWithin(data, 'etcd', { pods: Pods.of(etcd), ports: [Port.tcp(2380)] })",
  },
  controls: ['NIST SP 800-53 CP-10'],
  onByDefault: false,
  check(context, report) {
    for (const namespace of namespacesWithWorkloads(context)) {
      const unclear = context.unclear(namespace);
      if (unclear !== undefined) {
        report.notEvaluated(namespace, unclear);
        continue;
      }
      const pods = context.analysis.pods.in(namespace);
      for (const workload of new Set(pods.flatMap(({ workloads }) => workloads))) {
        const cuts = workload.replicated ? cutsOf(context, workload, pods.filter(({ workloads }) => workloads.includes(workload))) : [];
        const [first] = cuts;
        if (first === undefined) continue;
        const directions = DIRECTIONS.filter((direction) => cuts.some((cut) => cut.direction === direction));
        const ports = [...new Map(cuts.map(({ port: { number, protocol }, of }) => [`${number}/${protocol}`, `${number}/${protocol} (${of.program})`])).values()];
        report.finding({
          ...closingPlace(context, first.pod, first.direction, workload),
          message: `replicas of ${workload.kind} ${namespace}/${workload.name} cannot reach one another on ${ports.join(', ')}: their ${directions.join(' and ')} is closed to them`,
          key: `${workload.kind} ${namespace}/${workload.name}`,
          evidence: { from: `${namespace}/${workload.name}`, to: `${namespace}/${workload.name}`, port: `${first.port.number}/${first.port.protocol}` },
        });
      }
    }
  },
});

function namespacesWithWorkloads({ namespaces, analysis }: RuleContext): readonly string[] {
  return namespaces.filter((name) => analysis.pods.in(name).length > 0);
}

/** The ports among replicas on which every pair of its pods is denied. */
function cutsOf({ analysis: { pods: questions } }: RuleContext, workload: Workload, pods: readonly AskedPod[]): readonly Cut[] {
  // pods that policies tell apart are one replica each, pods that they do not stand for several
  const pairs = pods.flatMap((one) => pods.filter((other) => other !== one || pods.length === 1).map((other) => ({ one, other })));
  const ports = pods[0]?.endpoint.ports ?? [];
  return ports.flatMap((port) => {
    const of = replicaPort(port, workload);
    if (of === undefined) return [];
    return DIRECTIONS.flatMap((direction): Cut[] => (
      pairs.every(({ one, other }) => questions.ask(direction, one, other.endpoint, port.protocol, port.number).verdict === 'denied') ? [{ direction, port, of, pod: pods[0]! }] : []
    ));
  });
}

/** By its number; by its name as well where the number may be something else, or the workload is none whose pods have an identity. */
function replicaPort({ name, number, protocol }: ContainerPort, { kind }: Workload): ReplicaPort | undefined {
  return REPLICA_PORTS.find((row) => row.number === number && row.protocol === protocol
    && ((name !== undefined && row.names.includes(name)) || (kind === 'StatefulSet' && row.isCommon !== true)));
}
