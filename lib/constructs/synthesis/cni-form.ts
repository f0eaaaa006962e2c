import { exceptionsDeny } from '../../cluster/native-limits';
import { ipBlockPeer, Peer, Policy, rule } from '../../policy';

/** The same policy in the form that means the same to a CNI. */
export function inFormOf(cni: { readonly name: string }, policy: Policy): Policy {
  if (!exceptionsDeny(cni)) return policy;
  return { ...policy, rules: policy.rules.map((each) => (each.peers === undefined ? each : rule({ ...each, peers: each.peers.flatMap(withoutExceptions) }))) };
}

/** A block with exceptions as the blocks that are left of it. */
function withoutExceptions(peer: Peer): Peer[] {
  const [term, ...more] = peer.terms;
  if (term?.kind !== 'ipBlock' || more.length > 0 || term.except.length === 0) return [peer];
  return term.cidr.minus(term.except).map((cidr) => ipBlockPeer(cidr));
}
