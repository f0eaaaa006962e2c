import { PeerTerm, Rule } from '../policy';

/** Yes, no, or nobody says: then the answer is `depends` where it matters. */
export type Known = boolean | undefined;

/**
 * Policies in the order of their buckets (equal order is one bucket); the first rule that matches decides.
 * `pass` leaves the layer. What no rule matches goes on to the next layer.
 */
export interface FirstMatch {
  readonly combinator: 'firstMatch';
  /**
   * What holds between policies of equal order: the order of rules, their places whatever policy they stand in (and between those of
   * one place nobody says), the strictest, the strictest of what each of them says by the order of its own rules, or that nobody says.
   */
  readonly inBucket: 'ruleOrder' | 'rulePlaces' | 'denyWins' | 'denyWinsAcrossPolicies' | 'undefined';
  /** What happens to pods that a policy isolates, and no rule matches. @default 'continue' */
  readonly selectedEnd?: 'deny' | 'continue';
  /** How its policies are put in order, where their own numbers do not say all. */
  readonly sort?: PolicySort;
  /** Its tiers one after the other, where it has several that have an order: `pass` leaves all of them. */
  readonly tiers?: OrderedTiers;
  /** Whether a rule about content decides about all that it matches: what it does not list is denied. @default false */
  readonly contentDecides?: boolean;
}

/** Tiers of one layer; policies of equal order and tier order are one bucket. */
export interface OrderedTiers {
  /** What the names of those begin with that objects of the cluster define. */
  readonly prefix: string;
  /** The order of each by its name in the model. */
  readonly orders: Readonly<Record<string, number>>;
  /** Whether objects of the cluster define others. */
  readonly defined: boolean;
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
  readonly otherDirection: 'continue' | 'allow' | 'unknown';
  /** Whether isolation stops ICMP and other protocols without ports. */
  readonly isolatesOther: Known;
  /** Whether a rule without ports lets them through. */
  readonly rulesCoverOther: Known;
  /** Whether traffic between a pod and its own node passes where nothing but isolation stops it. */
  readonly ownNodePasses: { readonly ingress: Known; readonly egress: Known };
  /** Whether every pod is isolated, selected by a policy or not. @default false */
  readonly isolatesEverybody?: boolean;
  /** Whether policies isolate that say that they do not. @default false */
  readonly ignoresWithoutDefaultDeny?: boolean | 'unknown';
  /** Whether a pod that policies isolate is closed for good, or a later layer may still let traffic through. @default 'final' */
  readonly miss?: 'final' | 'unknown';
  /** Tiers whose policies are known to deny what they deny; whether they isolate or allow is not documented. */
  readonly certainDenialsOnly?: readonly string[];
  /** Whether rules about content stop what they do not list where their policy does not isolate. @default true */
  readonly openRulesFilterContent?: boolean | 'unknown';
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
  /** Kinds of peers of which nobody says how it reads them: they may be anybody. */
  readonly unreadPeers?: ReadonlyArray<PeerTerm['kind']>;
  /** Whether policies that name nodes are about nodes, and about pods in the network of their node. @default false */
  readonly policesNodes?: boolean;
  /** Whether it knows the Service that was dialled. @default false: rules about that match nothing */
  readonly knowsDialledService?: boolean;
  /** Kinds of peers that it cannot read: a rule with one allows nothing, or denies everything. */
  readonly failsClosedOn?: ReadonlyArray<PeerTerm['kind']>;
  /** The API whose sets of addresses are selected by their labels together with pods. */
  readonly addressSetsOf?: string;
  /** At egress a name of a port may stand for the number that it has in the whole cluster, in place of the one at the destination. */
  readonly egressPortNames?: 'perDestination' | 'unknown';
  /** At ingress a name of a port may stand for the numbers that other pods give it, beside the one at the destination. */
  readonly ingressPortNames?: 'perDestination' | 'unknown';
  /** Where its data plane keeps a table of addresses, and nothing else of a rule. */
  readonly addressEntries?: AddressEntries;
  /** Tiers of an API of which nobody says that it is served: their policies may hold or not. */
  readonly maybeTiers?: readonly string[];
  /** Rules that every policy of a tier has without saying so, by the name of the tier. */
  readonly impliedRules?: Readonly<Record<string, readonly Rule[]>>;
  /** Whether what a block leaves out is denied, and cuts what other rules allow. @default false */
  readonly exceptionsDeny?: true;
  /** Why a name of a port may stand for every port of its protocol; undefined where it stands for the port at the destination. */
  readonly portNamesMayMeanAll?: string;
  /** The last order that a policy can have; why nobody knows what one with a higher order does. */
  readonly ordersUpTo?: { readonly last: number; readonly why: string };
  /** Why nobody knows where among the layers it stands: it may decide before the others, or after them. */
  readonly unplaced?: string;
  /** The same for some of its tiers. */
  readonly unplacedTiers?: Readonly<Record<string, string>>;
  /** What is otherwise for the policies of a tier. */
  readonly ofTier?: Readonly<Record<string, TierView>>;
}

/** How policies of one tier see ends, where they do not as the rest of their layer does. */
export type TierView = Partial<Pick<Layer, 'blocksMatchPods' | 'blocksMatchNodes' | 'hostNetworkPodsAreOrdinary' | 'unreadPeers'>>;

/**
 * A table of addresses in which the longest prefix decides: pods are their addresses, an exception of a block is an entry that
 * denies, names of ports are numbers, and one entry holds so many ports.
 */
export interface AddressEntries {
  /** How many ports one address can have; the rest is cut. */
  readonly maxPorts: number;
  /** Whether domain names lead to entries. */
  readonly domains: boolean;
}
