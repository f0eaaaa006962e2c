import { Peer, Policy, PortMatch, rule, Rule } from '../../policy';

/**
 * The same policy as Calico says and reads it: a rule has one protocol, and one end that is no block; a selector of pods takes sets
 * of addresses with these labels as well.
 */
export function inCalicoWords(policy: Policy): Policy {
  const rules = policy.rules.flatMap((each) => endsOf(each).flatMap((peers) => protocolsOf(each).map((ports) => withParts(each, peers, ports))));
  return { ...policy, rules };
}

function withParts({ direction, action, name }: Rule, peers: readonly Peer[] | undefined, ports: readonly PortMatch[] | undefined): Rule {
  return rule({ direction, action, ...(peers === undefined ? {} : { peers }), ...(ports === undefined ? {} : { ports }), ...(name === undefined ? {} : { name }) });
}

/** Blocks without exceptions share a rule; everybody else has one. */
function endsOf({ peers }: Rule): ReadonlyArray<readonly Peer[] | undefined> {
  if (peers === undefined) return [undefined];
  const blocks = peers.filter(isBlock);
  return [...(blocks.length > 0 ? [blocks] : []), ...peers.filter((peer) => !isBlock(peer)).map((peer) => [labelled(peer)])];
}

function isBlock({ terms: [term, ...more] }: Peer): boolean {
  return term?.kind === 'ipBlock' && term.except.length === 0 && more.length === 0;
}

function labelled({ terms }: Peer): Peer {
  return { terms: terms.map((term) => (term.kind === 'pods' ? { kind: 'labelled', namespaces: term.namespaces, labels: term.pods } : term)) };
}

function protocolsOf({ ports }: Rule): ReadonlyArray<readonly PortMatch[] | undefined> {
  if (ports === undefined) return [undefined];
  const byProtocol = new Map<unknown, PortMatch[]>();
  for (const match of ports) {
    const protocol = match.kind === 'protocol' ? match : match.protocol;
    byProtocol.set(protocol, [...byProtocol.get(protocol) ?? [], match]);
  }
  return [...byProtocol.values()];
}
