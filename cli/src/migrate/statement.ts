import { Direction, Peer, peerKey, Policy, PortMatch, canonicalPorts, portKey, Selector, Labels, NamespaceScope, NAMESPACE_NAME_LABEL } from 'cdk8s-netpol/policy';

/** The smallest thing that a policy says: pods here, one kind of pods or block of addresses there, and ports. */
export interface Statement {
  readonly direction: Direction;
  readonly subject: Selector;
  /** Undefined for everybody, inside and outside of the cluster. */
  readonly peer: Peer | undefined;
  /** Equal peers have equal keys. */
  readonly peerKey: string;
  /** Undefined for every port and protocol. */
  readonly ports: readonly PortMatch[] | undefined;
  /** The policies that say it. */
  readonly by: readonly Policy[];
}

/** What policies say, each thing once, with all of its ports together; in the order in which it was first said. */
export function statementsOf(policies: readonly Policy[]): Statement[] {
  const found = new Map<string, Statement>();
  for (const policy of policies) {
    const subject = policy.subject.pods;
    for (const { direction, peers, ports } of policy.rules) {
      for (const peer of peers ?? [undefined]) {
        const there = peer === undefined ? '*' : peerKey(peer);
        const key = [direction, subject.key, there].join(' ; ');
        const before = found.get(key);
        found.set(key, before === undefined ? { direction, subject, peer, peerKey: there, ports, by: [policy] } : {
          ...before,
          ports: before.ports === undefined || ports === undefined ? undefined : canonicalPorts([...before.ports, ...ports]),
          by: before.by.includes(policy) ? before.by : [...before.by, policy],
        });
      }
    }
  }
  return [...found.values()];
}

export function samePorts(a: Statement['ports'], b: Statement['ports']): boolean {
  return portsKey(a) === portsKey(b);
}

export function portsKey(ports: Statement['ports']): string {
  return ports === undefined ? '*' : canonicalPorts(ports).map(portKey).join(',');
}

/** Whether the first ports are all among the second ones. */
export function portsWithin(ports: Statement['ports'], all: Statement['ports']): boolean {
  if (all === undefined) return true;
  if (ports === undefined) return false;
  return ports.every((port) => all.some((each) => (port.kind === 'range' && each.kind === 'range'
    ? port.protocol === each.protocol && each.first <= port.first && port.last <= each.last
    : portKey(port) === portKey(each))));
}

/** Whether a namespace of this name, with these labels, is one of the scope. */
export function inScope(scope: NamespaceScope, name: string, labels: Labels): boolean {
  return scope.kind === 'named' ? scope.name === name : scope.selector.matches({ ...labels, [NAMESPACE_NAME_LABEL]: name });
}

/** Whether what is said allows all connections between these pods on these ports, in this direction, whatever their other labels are. */
export function isSaid(
  statements: readonly Statement[],
  asked: { readonly direction: Direction; readonly subject: Selector; readonly ports: Statement['ports'] },
  other: { readonly namespace: string; readonly labels: Labels; readonly pods: Selector },
): boolean {
  return statements.some(({ direction, subject, peer, ports }) => direction === asked.direction && asked.subject.implies(subject)
    && portsWithin(asked.ports, ports) && (peer === undefined || peer.terms.every((term) => term.kind === 'pods'
    && inScope(term.namespaces, other.namespace, other.labels) && other.pods.implies(term.pods))));
}
