import { PolicyError, quote, tryParseAddress } from '../policy';

/** How far a pattern reaches: the name itself, one label in front of it, or any number of labels in front of it. */
export type DomainReach = 'exact' | 'oneLabel' | 'anyDepth';

const WILDCARD: Record<DomainReach, string> = { exact: '', oneLabel: '*.', anyDepth: '**.' };

/** A label of a DNS name as hosts have it (RFC 1123), and the underscore that some names in the wild carry. */
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * The names that a domain allowlist lets through, with one meaning everywhere:
 *
 * | text | reach | `example.com` | `a.example.com` | `b.a.example.com` |
 * |---|---|---|---|---|
 * | `example.com` | exact | yes | no | no |
 * | `*.example.com` | oneLabel | no | yes | no |
 * | `**.example.com` | anyDepth | no | yes | yes |
 *
 * The apex is never implied: who wants it writes it. CNIs and proxies disagree on all of this, so each writer maps a pattern
 * to what means the same there, or refuses it.
 */
export class DomainPattern {
  /** A pattern from its text. Upper case is folded; anything that is not a plain DNS name behind its wildcard is an error. */
  public static parse(text: string): DomainPattern {
    if (typeof text !== 'string' || text === '') {
      throw new PolicyError({
        given: text,
        problem: 'is not a domain',
        instead: 'a name such as "api.example.com", or "*.example.com" for one label in front',
      });
    }
    const lower = text.toLowerCase();
    const reach: DomainReach = lower.startsWith('**.') ? 'anyDepth' : lower.startsWith('*.') ? 'oneLabel' : 'exact';
    const name = lower.slice(WILDCARD[reach].length);
    refuseOtherThanName(text, name);
    const labels = name.split('.');
    checkLabels(text, labels, reach);
    return new DomainPattern(reach, name);
  }

  /** What the pattern reaches. */
  public readonly reach: DomainReach;
  /** The name without its wildcard, lower case. */
  public readonly name: string;

  private constructor(reach: DomainReach, name: string) {
    this.reach = reach;
    this.name = name;
  }

  /** Whether the pattern lets a host name through; case does not matter, and a final dot (the DNS root) is ignored. */
  public matches(host: string): boolean {
    const asked = host.toLowerCase().replace(/\.$/, '');
    if (this.reach === 'exact') return asked === this.name;
    if (!asked.endsWith(`.${this.name}`)) return false;
    const front = asked.slice(0, -this.name.length - 1).split('.');
    return front.every((label) => LABEL.test(label)) && (this.reach === 'anyDepth' || front.length === 1);
  }

  /** Whether the two let the same names through. */
  public sameAs(other: DomainPattern): boolean {
    return this.toString() === other.toString();
  }

  /** The canonical text. */
  public toString(): string {
    return `${WILDCARD[this.reach]}${this.name}`;
  }
}

/** What people write in place of a name, each with the way to say it. */
function refuseOtherThanName(text: string, name: string): void {
  const refuse = (problem: string, instead: string): never => {
    throw new PolicyError({ given: text, problem, instead });
  };
  if (/\s/.test(name)) refuse('has white space in it', 'one name an entry');
  // before case is folded anywhere: some letters outside ASCII fold to letters inside it
  if (/[^!-~]/.test(text)) refuse('has characters outside ASCII', 'its punycode form, such as "xn--bcher-kva.example" for "b\u00fccher.example"');
  if (isAddress(name.replace(/\/\d+$/, ''))) {
    refuse(name.includes('/') ? 'is a CIDR, not a domain' : 'is an IP address, not a domain', 'AllowToIpBlock for addresses');
  }
  const host = name.replace(/^[a-z][a-z0-9+.-]*:\/\//, '').replace(/[/?#].*$/, '').replace(/^.*@/, '').replace(/:\d*$/, '');
  if (host !== name && isAddress(host)) refuse('is an IP address with something around it, not a domain', 'AllowToIpBlock for addresses');
  if (/[/?#]/.test(name)) refuse('is a URL, not a domain: schemes and paths cannot be matched', `the host alone, ${quote(host)}`);
  if (name.includes('@')) refuse('has user information in it', `the host alone, ${quote(host)}`);
  if (host !== name) refuse('has a port', `the host alone, ${quote(host)}: plain HTTP goes to 80 and TLS to 443`);
  if (/^\*+$/.test(name)) refuse('matches every domain', 'the domains that are needed: an allowlist of everything is none');
  if (name.includes('*')) refuse('has a wildcard that is not the whole first label', '"*.example.com" for one label in front, or "**.example.com" for any number');
  if (/^\.[^.]/.test(text)) {
    refuse('starts with a dot, which tools disagree about', `${quote(`**${name}`)} for any depth, ${quote(name.slice(1))} for the name itself, or both`);
  }
  if (/[^.]\.$/.test(name)) refuse('ends with a dot', `${quote(text.slice(0, -1))}: every name is a full one here`);
}

/** Whether a text is an address, in brackets or not. */
function isAddress(text: string): boolean {
  return tryParseAddress(text.replace(/^\[(.*)\]$/, '$1')) !== undefined;
}

function checkLabels(text: string, labels: readonly string[], reach: DomainReach): void {
  if (labels.includes('')) {
    throw new PolicyError({ given: text, problem: 'has an empty label', instead: 'labels with one dot between them, such as "api.example.com"' });
  }
  const wrong = labels.find((label) => !LABEL.test(label));
  if (wrong !== undefined) {
    throw new PolicyError({
      given: text,
      problem: `has the label ${quote(wrong)}, which is not one of a DNS name`,
      instead: 'labels of at most 63 letters, digits, "-" and "_" that neither start nor end with "-"',
    });
  }
  if (labels.join('.').length + WILDCARD[reach].length > 253) {
    throw new PolicyError({ given: text, problem: 'is longer than the 253 characters of a DNS name', instead: 'the name as DNS has it' });
  }
  const last = labels[labels.length - 1] ?? '';
  if (/^(\d+|0x[0-9a-f]*)$/.test(last)) {
    throw new PolicyError({ given: text, problem: 'ends with a number, so that clients read it as an IP address', instead: 'AllowToIpBlock for addresses' });
  }
  if (!/^[a-z]/.test(last) || last.includes('_')) {
    throw new PolicyError({ given: text, problem: `ends with ${quote(last)}, which is no top-level domain`, instead: 'a full name such as "api.example.com"' });
  }
  if (labels.length === 1) {
    throw reach === 'exact'
      ? new PolicyError({ given: text, problem: 'is a single label: a host in a search domain or a whole top-level domain', instead: `a full name such as "api.${last}"` })
      : new PolicyError({ given: text, problem: 'matches a whole top-level domain', instead: `a domain below it, such as "${WILDCARD[reach]}example.${last}"` });
  }
}
