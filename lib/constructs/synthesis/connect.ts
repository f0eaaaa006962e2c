import { IConstruct } from 'constructs';
import { Direction, locate, namedNamespace, Peer, PodSet, PolicyError, Port, portMatches, rule, Selector } from '../../policy';
import { Pods } from '../pods';
import { Estate, inScope } from './estate';
import { NamespaceForm } from './policy-form';

/** One end of a connection that a construct opens, and how. */
export interface Opening {
  readonly by: IConstruct;
  readonly namespace: string;
  readonly direction: Direction;
  /** The pods at this end. */
  readonly subject: Pods;
  readonly peers: readonly Peer[];
  readonly ports: readonly Port[];
  /** The API that can say it. @default - NetworkPolicy */
  readonly form?: NamespaceForm;
  /** The names that DNS queries may ask for, where the API knows. @default - every name */
  readonly dnsNames?: readonly string[];
  readonly policyName?: string;
  /** A name that the library chose, at this end. */
  readonly fixedName?: string;
  readonly reason?: string;
  /** What rules would find at this end, and why it is accepted: `RULE: REASON`. */
  readonly ignores?: string;
  /** The cluster of the namespace, where the construct stands above several. */
  readonly estate?: Estate;
  /** Where the other end is pods: open it too, in the namespaces that the app owns. */
  readonly mirrors?: readonly PodSet[];
  /** The name of the workload at the other end. */
  readonly mirrorName?: string;
}

/** Writes what a construct says: the rule at its own end, and at the other end where the app owns it. */
export function open(opening: Opening): void {
  const { by, namespace, direction, subject, peers, policyName, mirrors } = opening;
  const ports = portMatches(checkPorts(opening.ports));
  const reason = [opening.reason, ...opening.ports.map((port) => port.reason)].filter((text) => text !== undefined).join('; ') || undefined;
  const estate = opening.estate ?? Estate.of(by);
  const selector = subjectIn(subject, namespace, direction === 'ingress' ? 'to' : 'from');
  estate.policies(namespace).put({
    subject: selector,
    rule: rule({
      direction, action: 'allow', peers, ...(ports === undefined ? {} : { ports }), ...(opening.dnsNames === undefined ? {} : { dnsNames: opening.dnsNames }),
    }),
    by,
    form: opening.form,
    workloadName: subject._workload?.name,
    policyName,
    fixedName: opening.fixedName,
    reason,
    ignores: opening.ignores,
  });
  if (mirrors === undefined || mirrors.length === 0) return;
  const back: Direction = direction === 'ingress' ? 'egress' : 'ingress';
  const here: PodSet = { kind: 'pods', namespaces: namedNamespace(namespace), pods: selector };
  const mirrored = rule({ direction: back, action: 'allow', peers: [{ terms: [here] }], ...(ports === undefined ? {} : { ports }) });
  estate.onManaged((other) => {
    for (const { namespaces, pods } of mirrors) {
      if (!inScope(namespaces, other.namespaceName, other._labels)) continue;
      // The namespace may be built long after the construct that speaks about it.
      locate(by.node.path, () => estate.policies(other.namespaceName).put({ subject: pods, rule: mirrored, by, workloadName: opening.mirrorName, reason }));
    }
  });
}

/** The ports of a rule; there must be some. */
export function checkPorts(ports: readonly Port[]): readonly Port[] {
  if (!Array.isArray(ports) || ports.length === 0) {
    throw new PolicyError({ given: ports, problem: 'are no ports', instead: 'a list such as [Port.tcp(8080)], or [Port.all({ reason })] where it has to be all of them' });
  }
  for (const port of ports as readonly unknown[]) {
    if (typeof (port as Port | undefined)?.sameAs !== 'function') {
      throw new PolicyError({ given: port, problem: 'is not a Port', instead: typeof port === 'number' ? `Port.tcp(${port})` : 'Port.tcp(8080), Port.named("http"), ...' });
    }
  }
  return ports;
}

/** A prop that must be pods; plain JavaScript may bring anything. */
export function peerPods(pods: Pods, prop: string): Pods {
  if (Pods._is(pods)) return pods;
  const namespace = typeof (pods as { pods?: unknown } | undefined)?.pods === 'function' ? 'its pods: namespace.pods({ app: "web" })' : undefined;
  throw new PolicyError({ given: pods, where: prop, problem: 'are no pods', instead: namespace ?? 'Pods.withLabels({ app: "web" }), Pods.of(deployment), or Pods.all()' });
}

/** The selector of pods that are to be a subject: they must lie in the namespace whose policy is written. */
export function subjectIn(subject: Pods, namespace: string, prop: string): Selector {
  peerPods(subject, prop);
  const scope = subject._scope;
  if (scope === undefined || (scope.kind === 'named' && scope.name === namespace)) return subject._selector;
  throw new PolicyError({
    given: subject.toString(),
    where: prop,
    problem: `are pods of another namespace, but this rule is written in the namespace ${namespace}`,
    instead: `pods of ${namespace}, or the construct in the namespace of those pods`,
  });
}
