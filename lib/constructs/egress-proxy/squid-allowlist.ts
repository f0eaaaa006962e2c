import type { DomainPattern } from '../domain-pattern';

/** The allowlist as the two files that Squid reads, one entry a line, sorted; a list without entries is undefined. */
export interface SquidAllowlist {
  /** Whole names, for an `acl ... dstdomain -n` list. */
  readonly domains?: string;
  /** Anchored regular expressions, for an `acl ... dstdom_regex -n` list. */
  readonly patterns?: string;
}

/** A label in front of a wildcard pattern's name, as POSIX extended regular expressions say it. */
const LABEL = '[a-z0-9_-]+';

/**
 * Maps the patterns to what means the same to Squid.
 *
 * `dstdomain` without a leading dot is the name itself and nothing else. With one (`.example.com`) it would take in the apex
 * and any depth, which no pattern means, so wildcards become regular expressions. Squid compares both with the host in lower
 * case and without a final dot.
 *
 * ```text
 * api.example.com  -> domains:  api.example.com
 * *.example.com    -> patterns: ^[a-z0-9_-]+\.example\.com$
 * **.example.com   -> patterns: ^([a-z0-9_-]+\.)+example\.com$
 * ```
 * @see https://www.squid-cache.org/Doc/config/acl/
 */
export function squidAllowlist(patterns: readonly DomainPattern[]): SquidAllowlist {
  const domains = lines(patterns.filter(({ reach }) => reach === 'exact').map(({ name }) => name));
  const expressions = lines(patterns.filter(({ reach }) => reach !== 'exact').map(squidExpression));
  return {
    ...(domains === undefined ? {} : { domains }),
    ...(expressions === undefined ? {} : { patterns: expressions }),
  };
}

function squidExpression({ reach, name }: DomainPattern): string {
  const front = reach === 'oneLabel' ? `${LABEL}\\.` : `(${LABEL}\\.)+`;
  return `^${front}${name.replaceAll('.', '\\.')}$`;
}

/** The entries once each (Squid warns of doubles), or undefined where there are none (it warns of empty lists too). */
function lines(entries: readonly string[]): string | undefined {
  if (entries.length === 0) return undefined;
  return `${[...new Set(entries)].sort().join('\n')}\n`;
}
