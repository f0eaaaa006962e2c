import {
  canonicalPorts, Cidr, everyNamespace, FIRST_PORT, Entity, ipBlockPeer, LAST_PORT, namedNamespace, Peer, podPeer, Policy, PortMatch, Protocol,
  rule, Rule, Selector,
} from '../../policy';
import { ClosedEndpoint } from './closed-endpoint';
import { OpenerForm } from './opener-form';

/** Selects no pod, whatever its labels: the same key is there and is not there. */
export const NO_PODS = Selector.of({
  matchExpressions: [{ key: 'cdk8s-netpol/selects-nothing', operator: 'Exists' }, { key: 'cdk8s-netpol/selects-nothing', operator: 'DoesNotExist' }],
});

/**
 * Opens a namespace in both directions, all but the closed endpoints. Their other ports stay open: a DNS server may answer on
 * the address of the metadata server.
 */
export function opener(name: string, namespace: string, closed: readonly ClosedEndpoint[], { tier, namesEntities }: OpenerForm): Policy {
  return {
    name,
    namespace,
    tier,
    subject: { kind: 'pods', namespaces: namedNamespace(namespace), pods: Selector.everything },
    isolates: ['ingress', 'egress'],
    rules: [
      rule({ direction: 'ingress', action: 'allow' }),
      ...openEgress(closed),
      ...(namesEntities ? [rule({ direction: 'egress', action: 'allow', peers: CLUSTER_ENTITIES })] : []),
    ],
    stage: 'enforced',
  };
}

/** The opener when it is shut: the same object, selecting nothing. */
export function shutOpener(name: string, namespace: string, { tier }: OpenerForm): Policy {
  return {
    name,
    namespace,
    tier,
    subject: { kind: 'pods', namespaces: namedNamespace(namespace), pods: NO_PODS },
    isolates: ['ingress', 'egress'],
    rules: [],
    stage: 'enforced',
  };
}

/** What is in the cluster and has no address that a block matches. */
const CLUSTER_ENTITIES: readonly Peer[] = (['cluster', 'host', 'remote-node', 'kube-apiserver'] satisfies Entity[])
  .map((entity) => ({ terms: [{ kind: 'entity', entity }] }));

const EGRESS_RULES = new WeakMap<readonly ClosedEndpoint[], Rule[]>();

/** The rules of the egress side; all namespaces of a cluster close the same list of endpoints. */
function openEgress(closed: readonly ClosedEndpoint[]): Rule[] {
  const known = EGRESS_RULES.get(closed);
  if (known !== undefined) return known;
  const rules = egressRules(closed);
  EGRESS_RULES.set(closed, rules);
  return rules;
}

function egressRules(closed: readonly ClosedEndpoint[]): Rule[] {
  if (closed.length === 0) return [rule({ direction: 'egress', action: 'allow' })];
  const holes = Cidr.merge(closed.map(({ cidr }) => cidr));
  // a rule each: Cilium has no rule with ends of several kinds
  const everywhere: Peer[] = [
    podPeer(everyNamespace, Selector.everything),
    ...([4, 6] as const).map((family) => ipBlockPeer(Cidr.all(family), holes.filter((hole) => hole.family === family))),
  ];
  const byPorts = new Map<string, { ports: readonly PortMatch[]; peers: Peer[] }>();
  for (const { cidr, ports } of mergeEndpoints(closed)) {
    const rest = otherPorts(ports);
    const key = JSON.stringify(rest);
    const group = byPorts.get(key) ?? { ports: rest, peers: [] };
    group.peers.push(ipBlockPeer(cidr));
    byPorts.set(key, group);
  }
  return [
    ...everywhere.map((peer) => rule({ direction: 'egress', action: 'allow', peers: [peer] })),
    ...[...byPorts.values()].filter(({ ports }) => ports.length > 0).map(({ ports, peers }) => rule({ direction: 'egress', action: 'allow', ports, peers })),
  ];
}

/** One entry an address: several clouds close different ports of the same one. */
function mergeEndpoints(closed: readonly ClosedEndpoint[]): ClosedEndpoint[] {
  const byCidr = new Map<string, ClosedEndpoint>();
  for (const { cidr, ports } of closed) {
    const before = byCidr.get(cidr.toString());
    byCidr.set(cidr.toString(), { cidr, ports: canonicalPorts([...(before?.ports ?? []), ...ports]) });
  }
  return [...byCidr.values()];
}

/** Every port of every protocol but these. */
function otherPorts(ports: readonly PortMatch[]): readonly PortMatch[] {
  const rest: PortMatch[] = [];
  for (const protocol of Object.values(Protocol)) {
    let next = FIRST_PORT;
    for (const range of canonicalPorts(ports)) {
      if (range.kind !== 'range' || range.protocol !== protocol) continue;
      if (range.first > next) rest.push({ kind: 'range', protocol, first: next, last: range.first - 1 });
      next = range.last + 1;
    }
    if (next <= LAST_PORT) rest.push({ kind: 'range', protocol, first: next, last: LAST_PORT });
  }
  return rest;
}
