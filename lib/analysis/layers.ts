import { PeerTerm } from '../policy';

/** Yes, no, or nobody says: then the answer is `depends` where it matters. */
export type Known = boolean | undefined;

/**
 * Policies in the order of their buckets (equal order is one bucket); the first rule that matches decides.
 * `pass` leaves the layer. What no rule matches goes on to the next layer.
 */
export interface FirstMatch {
  readonly combinator: 'firstMatch';
  /** What holds between policies of equal order: the order of rules, the strictest, or that nobody says. */
  readonly inBucket: 'ruleOrder' | 'denyWins' | 'undefined';
  /** What happens to pods that a policy isolates, and no rule matches. @default 'continue' */
  readonly selectedEnd?: 'deny' | 'continue';
  /** How its policies are put in order, where their own numbers do not say all. */
  readonly sort?: PolicySort;
}

/** The order of policies of several APIs in one layer. */
export interface PolicySort {
  /** The order of all policies of a tier that has no orders of its own. */
  readonly orders: Readonly<Record<string, number>>;
  /** Equal orders are sorted by the text `name/namespace/kind`; these are the kinds, by API version and kind, where the text has another name. */
  readonly kinds: Readonly<Record<string, string>>;
}

/** All policies at once: a deny wins over every allow, and what nobody allows is denied where a policy isolates. */
export interface Union {
  readonly combinator: 'union';
  /** What happens to a pod that policies isolate in the other direction only. */
  readonly otherDirection: 'continue' | 'allow';
  /** Whether isolation stops ICMP and other protocols without ports. */
  readonly isolatesOther: Known;
  /** Whether a rule without ports lets them through. */
  readonly rulesCoverOther: Known;
  /** Whether traffic between a pod and its own node passes whatever the policies say. */
  readonly ownNodePasses: Known;
}

/** One step of an evaluation: the policies of some tiers, and how they combine. */
export interface Layer {
  /** As people see it in `netpol explain`. */
  readonly name: string;
  /** The tiers of the policies that it evaluates. */
  readonly tiers: readonly string[];
  readonly combine: FirstMatch | Union;
  /** Whether address blocks match the addresses of pods and of nodes. */
  readonly blocksMatchPods: Known;
  readonly blocksMatchNodes: Known;
  /** Whether pods in the network of their node are selected like other pods, or are their node. Undefined: nobody says. */
  readonly hostNetworkPodsAreOrdinary: Known;
  /** Kinds of peers that it cannot read: a rule with one allows nothing, or denies everything. */
  readonly failsClosedOn?: ReadonlyArray<PeerTerm['kind']>;
  /** The API whose sets of addresses are selected by their labels together with pods. */
  readonly addressSetsOf?: string;
  /** Why nobody knows where among the layers it stands: it may decide before the others, or after them. */
  readonly unplaced?: string;
}
