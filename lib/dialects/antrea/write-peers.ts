import { IpBlock, namespaceSelector, NamespaceScope, NAMESPACE_NAME_LABEL, Peer, PeerTerm, Policy, Rule, Selector, termKey } from '../../policy';
import { CLUSTER_GROUP, GROUP, SERVICE_ACCOUNT_LABEL } from './api';
import { everyPod } from './applied-to';
import { cannotSay } from './cannot-say';
import { writeFqdn } from './fqdn';

type Json = Readonly<Record<string, unknown>>;
type Named = Pick<Policy, 'name' | 'namespace'>;

/** The other end of a rule: `from` or `to`, or Services; nothing where it is everybody. */
export function writePeers(policy: Policy, { direction, peers }: Rule): Json {
  if (peers === undefined) return {};
  if (peers.length === 0) throw cannotSay(policy, 'a rule for nobody');
  const services = peers.filter(isDialled);
  if (services.length === 0) return { [direction === 'ingress' ? 'from' : 'to']: peers.map((peer) => writePeer(policy, peer, direction)) };
  if (services.length < peers.length || direction === 'ingress') throw cannotSay(policy, 'Services that are dialled beside other peers, or at ingress');
  return { toServices: services.flatMap(({ terms }) => terms.map((term) => writeService(policy, term))) };
}

function isDialled({ terms }: Peer): boolean {
  return terms.some(({ kind }) => kind === 'dialledService');
}

function writeService(policy: Policy, term: PeerTerm): Json {
  if (term.kind !== 'dialledService') throw cannotSay(policy, 'a Service together with another condition');
  return { name: term.name, namespace: term.namespace };
}

function only(policy: Policy, { terms }: Peer): PeerTerm {
  const [term, ...more] = terms;
  if (term === undefined || more.length > 0) throw cannotSay(policy, 'several conditions on one peer');
  return term;
}

function writePeer(policy: Policy, peer: Peer, direction: Rule['direction']): Json {
  const term = only(policy, peer);
  switch (term.kind) {
    case 'ipBlock':
      return { ipBlock: writeBlock(term) };
    case 'domain': {
      const fqdn = direction === 'egress' ? writeFqdn(term) : undefined;
      if (fqdn === undefined) throw cannotSay(policy, `the domain pattern ${term.pattern}${direction === 'ingress' ? ' at ingress' : ''}`);
      return { fqdn };
    }
    case 'podsAlike':
      if (policy.namespace !== undefined) throw cannotSay(policy, 'namespaces that are alike in a policy of a namespace');
      return {
        namespaces: isOwnNamespace(term.sameLabels) ? { match: 'Self' } : { sameLabels: term.sameLabels },
        ...(term.pods.matchesEverything ? {} : { podSelector: writeSelector(term.pods) }),
      };
    case 'nodes':
      return { nodeSelector: writeSelector(term.nodes) };
    default:
      return writeSelected(policy, term);
  }
}

function isOwnNamespace(sameLabels: readonly string[]): boolean {
  return sameLabels.length === 1 && sameLabels[0] === NAMESPACE_NAME_LABEL;
}

export function writeBlock({ cidr, except }: IpBlock): Json {
  return { cidr: cidr.toString(), ...(except.length > 0 ? { except: except.map(String) } : {}) };
}

/** What peers, `appliedTo` and groups have in common: pods and groups. */
export function writeSelected(policy: Named, term: PeerTerm): Json {
  if (term.kind === 'group') {
    const isSayable = term.of === (policy.namespace === undefined ? CLUSTER_GROUP : GROUP) && term.namespace === policy.namespace;
    if (!isSayable) throw cannotSay(policy, `the ${term.of} ${term.name}`);
    return { group: term.name };
  }
  if (term.kind !== 'pods') throw cannotSay(policy, `a peer of the kind ${term.kind}`);
  const account = serviceAccountOf(term.pods);
  if (account !== undefined && term.namespaces.kind === 'named' && policy.namespace === undefined) {
    return { serviceAccount: { name: account, namespace: term.namespaces.name } };
  }
  const namespaces = writeScope(policy, term.namespaces);
  return { ...namespaces, ...(term.pods.matchesEverything && namespaces.namespaceSelector !== undefined ? {} : { podSelector: writeSelector(term.pods) }) };
}

function serviceAccountOf({ requirements: [own, ...more], formulas }: Selector): string | undefined {
  if (own?.key !== SERVICE_ACCOUNT_LABEL || own.operator !== 'In' || more.length + formulas.length > 0) return undefined;
  return own.values.length === 1 ? own.values[0] : undefined;
}

/** Nothing where a selector of pods means it by itself: every namespace, or that of the policy. */
function writeScope({ namespace }: Named, scope: NamespaceScope): { readonly namespaceSelector?: Json } {
  if (scope.kind === 'named' && scope.name === namespace) return {};
  if (scope.kind === 'matching' && scope.selector.matchesEverything && namespace === undefined) return {};
  return { namespaceSelector: writeSelector(namespaceSelector(scope)) };
}

export function writeSelector(selector: Selector): Json {
  return { ...selector.toSpec() };
}

/** One entry of `appliedTo`. */
export function writeAppliedTo(policy: Policy, peer: Peer): Json {
  const term = only(policy, peer);
  if (term.kind === 'nodes') {
    if (policy.namespace !== undefined) throw cannotSay(policy, 'nodes in a policy of a namespace');
    return { nodeSelector: writeSelector(term.nodes) };
  }
  const entry = writeSelected(policy, term);
  if (policy.namespace !== undefined && entry.namespaceSelector !== undefined) throw cannotSay(policy, 'a subject outside of its own namespace');
  return entry;
}

/** Whether a policy is about every pod that it may be about. */
export function isAboutEveryPod({ subject, namespace }: Policy): boolean {
  return termKey(subject) === termKey(everyPod(namespace));
}
