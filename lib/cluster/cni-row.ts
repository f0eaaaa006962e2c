import { Cloud } from './cloud';

/** A fact that may be known, or hang on something that the profile does not say. */
export type Known<T> = T | 'depends';

/**
 * One fact about a CNI with the place where it can be read. `depends` means that nobody was found who says it:
 * the engine then answers `depends`, never a guess.
 */
export interface Fact<T> {
  readonly value: Known<T>;
  readonly source: string;
  /** What a reader has to know besides the value. */
  readonly note?: string;
  /** Settings that turn the fact; the first that matches wins. */
  readonly when?: readonly FactTurn<T>[];
  /** What held before a version. */
  readonly before?: { readonly version: string; readonly value: Known<T> };
}

/** The fact has another value where a setting has one of these values. */
export interface FactTurn<T> {
  readonly setting: string;
  readonly values: readonly string[];
  readonly value: Known<T>;
  /** Why, in words that end a sentence: "the agent ignores NetworkPolicy objects". */
  readonly why: string;
}

/** How AUDIT is made so that nothing is dropped. */
export type AuditForm =
  /** A native NetworkPolicy that allows everything. */
  | 'opener'
  /** A CiliumNetworkPolicy that allows all entities, without default deny. */
  | 'opener-entities'
  /** Staged kinds, which the data plane does not enforce. */
  | 'staged';

/** An API group and version that a CNI evaluates. One that it does not serve contributes nothing to any verdict. */
export interface ServedApi {
  readonly api: string;
  /** Only these kinds of it; all of its policy kinds where missing. */
  readonly kinds?: readonly string[];
  /** Whether it is served in an installation that nobody configured. */
  readonly default: Known<boolean>;
  readonly since?: string;
  /** What turns it on or off. */
  readonly setting?: { readonly name: string; readonly value: string };
  readonly source: string;
  readonly note?: string;
}

/** A setting of a CNI, under the name that the CNI itself gives it. */
export interface SettingRow {
  readonly name: string;
  readonly values: readonly string[];
  readonly default: string;
  readonly since?: string;
  readonly meaning: string;
  readonly source: string;
}

/** What is known about one CNI. */
export interface CniRow {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** What its version is the version of. */
  readonly versionOf: string;
  /** The clouds where alone it exists. */
  readonly clouds?: readonly Cloud[];
  readonly enforcesNetworkPolicy: Fact<boolean>;
  /** What to do where it does not enforce, besides running another CNI. */
  readonly remedy?: string;
  readonly serves: readonly ServedApi[];
  readonly auditForm: Fact<AuditForm>;
  /** Whether the CNI itself reports what a policy in AUDIT would have dropped. */
  readonly showsWouldBeDrops: Fact<boolean>;
  /** What happens to open connections when a policy that denies them arrives. */
  readonly establishedOnEnforce: Fact<'cut' | 'kept'>;
  readonly ipBlockMatchesPods: Fact<boolean>;
  readonly ipBlockMatchesNodes: Fact<boolean>;
  /** Whether `networks` of a ClusterNetworkPolicy match addresses of pods. */
  readonly cnpNetworksMatchPods: Fact<boolean>;
  /** Whether policy sees the address of the pod behind a Service, or that of the Service. */
  readonly serviceMatch: Fact<'post-dnat' | 'pre-dnat'>;
  /** Whether a pod whose egress is denied reaches its own node. */
  readonly podToOwnNode: Fact<'allowed' | 'denied'>;
  readonly settings: readonly SettingRow[];
}
