import { FIRST_PORT, LAST_PORT, Peer, Policy, PortMatch, rule, Rule } from '../../policy';

/**
 * The same policy as Calico says and reads it: a rule has one protocol, and one end that is no block; a selector of pods takes sets
 * of addresses with these labels as well.
 */
export function inCalicoWords(policy: Policy): Policy {
  const rules = policy.rules.flatMap((each) => endsOf(each).flatMap((peers) => protocolsOf(each).map((ports) => withParts(each, peers, ports))));
  return { ...policy, rules };
}

type Peers = readonly Peer[] | undefined;
type Ports = readonly PortMatch[] | undefined;

function withParts({ direction, action, name }: Rule, peers: Peers, ports: Ports): Rule {
  const ends = { ...(peers === undefined ? {} : { peers }), ...(ports === undefined ? {} : { ports }) };
  return rule({ direction, action, ...ends, ...(name === undefined ? {} : { name }) });
}

/** Blocks without exceptions share a rule; everybody else has one. */
function endsOf({ peers }: Rule): readonly Peers[] {
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

function protocolsOf({ ports }: Rule): readonly Ports[] {
  if (ports === undefined) return [undefined];
  const byProtocol = new Map<unknown, PortMatch[]>();
  for (const match of ports) {
    const protocol = match.kind === 'protocol' ? match : match.protocol;
    byProtocol.set(protocol, [...byProtocol.get(protocol) ?? [], match]);
  }
  return [...byProtocol.values()].map(withoutNamesOfAll);
}

/** Beside every port of a protocol the name of one says nothing, and Calico has no words for both. */
function withoutNamesOfAll(ports: readonly PortMatch[]): readonly PortMatch[] {
  const all = ports.find((match) => match.kind === 'range' && match.first === FIRST_PORT && match.last === LAST_PORT);
  return all === undefined ? ports : [all];
}
