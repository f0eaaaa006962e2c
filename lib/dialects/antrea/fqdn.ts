import { DomainName, everyNamespace, Peer, Selector } from '../../policy';
import { FieldPath, wrong } from '../document';

const CHARACTERS = /^[-0-9a-zA-Z_.*]+$/;
const ANY_DEPTH = '**.';

/**
 * Names as peers. `*` stands for any text, dots included, so that `*.x` is any number of labels before x, and `*foo.com` is foo.com,
 * www.foo.com and evilfoo.com: the model has no word for that, and keeps it as it was written.
 *
 * What a headless Service is called resolves to its pods, so that rules which name it, or may do, may mean pods.
 * @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#fqdn-based-filtering
 */
export function readFqdn(text: string, path: FieldPath): readonly Peer[] {
  if (!CHARACTERS.test(text)) {
    throw wrong(text, path, 'is not a domain name', '"api.example.com" or "*.example.com"');
  }
  const name = text.toLowerCase().replace(/\.$/, '');
  const rest = name.slice(2);
  const pattern = name.startsWith('*.') && !rest.includes('*') ? `${ANY_DEPTH}${rest}` : name;
  const domain: Peer = { terms: [{ kind: 'domain', pattern }] };
  return mayNameService(name) ? [domain, headless(text)] : [domain];
}

/** Names of Services contain `.svc.`; a pattern whose end is one of their ends may match some. */
function mayNameService(name: string): boolean {
  if (/(^|\.)svc(\.|$)/.test(name) || name.endsWith('cluster.local')) return true;
  const end = name.slice(name.lastIndexOf('*') + 1);
  return name.includes('*') && 'svc.cluster.local'.endsWith(end);
}

function headless(text: string): Peer {
  return {
    terms: [
      { kind: 'pods', namespaces: everyNamespace, pods: Selector.everything },
      { kind: 'unevaluated', what: `the name of a headless Service resolves to pods, and ${text} may be one` },
    ],
  };
}

/** The name as Antrea writes it; undefined for a pattern that it cannot say. */
export function writeFqdn({ pattern }: DomainName): string | undefined {
  const name = pattern.startsWith(ANY_DEPTH) ? `*.${pattern.slice(ANY_DEPTH.length)}` : pattern;
  if (!CHARACTERS.test(name) || name.slice(name.startsWith('*.') && pattern !== name ? 1 : 0).includes('*')) return undefined;
  return mayNameService(name) ? undefined : name;
}
