import { Cidr, Origin } from '../../policy';
import { Finding, Severity } from './finding';
import { OptionValue } from './policy-rule';

/** By which labels and annotations an object names its owner, ours first; the others are those that many teams use already. */
export const OWNER_KEYS: readonly string[] = ['cdk8s-netpol/owner', 'backstage.io/owner', 'team', 'owner', 'app.kubernetes.io/owned-by'];

/** What is said about one rule. */
export interface RuleChoice {
  /** Undefined: as the rule says. */
  readonly severity?: Severity | 'off';
  readonly options?: Readonly<Record<string, OptionValue>>;
}

/** Label pairs of environments that must not talk. */
export interface Environments {
  /** The label of namespaces that names the environment. */
  readonly label: string;
  /** Pairs of its values that may talk all the same, as in `[staging, shared]`. */
  readonly mayTalk: ReadonlyArray<readonly [string, string]>;
}

/** A finding that is accepted, as the configuration says it. */
export interface ConfiguredException {
  readonly rule: string;
  readonly reason: string;
  /** The last day on which it holds: `2027-03-31`. Undefined: for good. */
  readonly until?: string;
  readonly covers: (finding: Finding) => boolean;
  /** What it covers, for messages. */
  readonly text: string;
  readonly origin?: Origin;
  readonly path?: string;
}

/** What an organisation says once for all rules. */
export interface RuleSettings {
  readonly ownerKeys: readonly string[];
  /** Ranges outside of the cluster that are known and trusted: those of the company, of a VPN. */
  readonly trustedRanges: readonly Cidr[];
  readonly environments?: Environments;
  readonly rules: Readonly<Record<string, RuleChoice>>;
  readonly exceptions: readonly ConfiguredException[];
  /** Whom to ask for an exception, in words for people. */
  readonly askFor?: string;
  /** The day it is, as `2026-11-27`; exceptions end by it. */
  readonly today: string;
}

export function settingsWith(given: Partial<RuleSettings> = {}): RuleSettings {
  return { ownerKeys: OWNER_KEYS, trustedRanges: [], rules: {}, exceptions: [], today: new Date().toISOString().slice(0, 10), ...given };
}
