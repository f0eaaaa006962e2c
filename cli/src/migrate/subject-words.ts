import { NamespaceScope, Peer, Selector } from 'cdk8s-netpol/policy';

/** Labels that say what pods are, the plainest first. */
const NAMING_LABELS = ['app', 'app.kubernetes.io/name', 'k8s-app', 'app.kubernetes.io/component', 'name', 'component', 'role', 'tier'];

/** What people call these pods: `web` for `app: web`; `everything` stands for pods without a condition. */
export function podWords(pods: Selector, everything: string): string {
  if (pods.matchesEverything) return everything;
  const conditions = pods.requirements.map(({ key, operator, values }) => {
    const words = values.length > 0 ? values.join('-') : key.split('/').pop() ?? key;
    return { key, words: operator === 'NotIn' || operator === 'DoesNotExist' ? `not-${words}` : words, isPlain: operator === 'In' && values.length === 1 };
  });
  const plain = NAMING_LABELS.map((key) => conditions.find((each) => each.key === key && each.isPlain)).filter((each) => each !== undefined);
  const name = plain[0]?.words ?? conditions.map(({ words }) => words).join('-');
  return slug(name) || everything;
}

export function namespaceWordsOf(scope: NamespaceScope): string {
  return scope.kind === 'named' ? scope.name : podWords(scope.selector, 'every-namespace');
}

/** What people call the other end, seen from a namespace. */
export function peerWords(peer: Peer, namespace: string): string {
  const [term] = peer.terms;
  if (term?.kind === 'pods') {
    const there = namespaceWordsOf(term.namespaces);
    if (term.namespaces.kind === 'matching' && !term.pods.matchesEverything) return term.namespaces.selector.matchesEverything ? podWords(term.pods, there) : `${there}-${podWords(term.pods, 'pods')}`;
    return podWords(term.pods, term.namespaces.kind === 'named' && term.namespaces.name === namespace ? namespace : there);
  }
  if (term?.kind === 'ipBlock') return term.cidr.prefix === 0 ? 'anywhere' : slug(term.cidr.toString());
  return 'others';
}

function slug(words: string): string {
  return words.toLowerCase().replace(/[^a-z0-9.]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
}
