import { Decider, ObservedVerdict } from '../observation';
import { Fields, fieldsOf, numberOf, textOf } from './fields';

export type CalicoAction = 'allow' | 'deny' | 'pass';

/** One policy that a flow met, as both ways of writing it down say. */
export interface PolicyHit {
  /** Its place in the order of evaluation: lists are in no order, as Felix keeps them in a set. */
  readonly index: number;
  readonly action: CalicoAction | undefined;
  readonly isStaged: boolean;
  /** Null for profiles, which are no policies, and for the end of a tier that names none. */
  readonly policy: Decider | null;
}

/** What the policies of a flow come to. */
export interface CalicoJudgement {
  readonly verdict: ObservedVerdict;
  readonly decidedBy: readonly Decider[] | null;
}

const ACTIONS: ReadonlyMap<unknown, CalicoAction> = new Map<unknown, CalicoAction>([[1, 'allow'], [2, 'deny'], [3, 'pass'], ['allow', 'allow'], ['deny', 'deny'], ['pass', 'pass']]);
const NO_ACTION: readonly unknown[] = [undefined, null, 0, '', 'actionunspecified'];

/**
 * By their numbers in Goldmane. Older versions have the seventh and the eighth, newer ones the eleventh in their place.
 * @see https://github.com/projectcalico/calico/blob/master/goldmane/proto/api.proto
 */
const KINDS = [
  undefined, 'CalicoNetworkPolicy', 'GlobalNetworkPolicy', 'StagedNetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedKubernetesNetworkPolicy', 'NetworkPolicy',
  'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'Profile', 'EndOfTier', 'ClusterNetworkPolicy',
];
/** By the short names that newer versions put in front of what they write as text. */
const SHORT_KINDS: ReadonlyMap<string, string> = new Map([
  ['gnp', 'GlobalNetworkPolicy'], ['sgnp', 'StagedGlobalNetworkPolicy'], ['np', 'CalicoNetworkPolicy'], ['snp', 'StagedNetworkPolicy'], ['knp', 'NetworkPolicy'],
  ['sknp', 'StagedKubernetesNetworkPolicy'], ['kcnp', 'ClusterNetworkPolicy'], ['pro', 'Profile'],
]);
/** How Calico calls the policies of Kubernetes within. */
const OF_KUBERNETES = /^(?:knp\.default|kanp\.adminnetworkpolicy|kbanp\.baselineadminnetworkpolicy|kcnp\.kube-(?:admin|baseline))\./;
const PROFILE = 'Profile';
const PROFILE_TIER = '__PROFILE__';

/** `null` where there is none, undefined where it is none that is known. */
export function calicoAction(value: unknown): CalicoAction | null | undefined {
  const action = typeof value === 'string' ? value.toLowerCase() : value;
  return NO_ACTION.includes(action) ? null : ACTIONS.get(action);
}

/** The traces of a flow by their names; undefined where there is something else, and the verdict is not certain. */
export function policyLists(value: unknown): Fields | undefined {
  return value === undefined || value === null || value === '-' ? {} : fieldsOf(value);
}

/** The policies of a trace, as objects or as text; undefined where one of them cannot be read, and the verdict is not certain. */
export function policyTrace(value: unknown): readonly PolicyHit[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return undefined;
  const hits = (value as unknown[]).map((hit) => (typeof hit === 'string' ? writtenHit(hit) : structuredHit(fieldsOf(hit))));
  return hits.every((hit) => hit !== undefined) ? [...hits].sort((a, b) => a.index - b.index) : undefined;
}

/**
 * The policy that let a flow through or did not, and what the staged ones would have done with it.
 * @param marker the policy that opens a namespace in AUDIT
 */
export function calicoJudgement(action: 'allow' | 'deny', enforced: readonly PolicyHit[], pending: readonly PolicyHit[], marker: string): CalicoJudgement {
  const last = lastWord(enforced.filter(({ isStaged }) => !isStaged));
  // what allowed is not what denied: the policies have changed while the flow went on
  const policy = last?.action === undefined || last.action === action ? last?.policy ?? null : null;
  const decidedBy = policy === null ? null : [policy];
  if (action === 'deny') return { verdict: 'denied', decidedBy };
  const tried = lastWord(pending);
  if (tried?.action === 'deny') return { verdict: 'would-deny', decidedBy: tried.policy === null ? null : [tried.policy] };
  // a staged policy that lets it through is one that it will still have when the opener is gone
  const isOpenedOnly = isNamed(policy, marker) && (tried === undefined || tried.policy === null || isNamed(tried.policy, marker));
  return { verdict: isOpenedOnly ? 'would-deny' : 'allowed', decidedBy };
}

/** Up to the first policy, staged or not, that decides: what newer versions write down as the pending trace. */
export function pendingPart(trace: readonly PolicyHit[]): readonly PolicyHit[] {
  const decided = trace.findIndex(({ action }) => action !== 'pass');
  return decided < 0 ? trace : trace.slice(0, decided + 1);
}

function lastWord(trace: readonly PolicyHit[]): PolicyHit | undefined {
  return trace.findLast(({ action }) => action !== 'pass');
}

/** The name of a Calico policy may have its tier in front. */
function isNamed(policy: Decider | null, name: string): boolean {
  return policy !== null && (policy.name === name || policy.name === `${policy.tier}.${name}`);
}

function structuredHit(hit: Fields | undefined): PolicyHit | undefined {
  const action = calicoAction(hit?.action);
  const index = hit?.policy_index === undefined || hit.policy_index === null ? 0 : numberOf(hit.policy_index);
  if (hit === undefined || action === undefined || index === undefined) return undefined;
  // the end of a tier is the doing of the policy that selected the endpoint and had no rule for the flow
  const { kind, namespace, name, tier } = (kindOf(hit) === 'EndOfTier' ? fieldsOf(hit.trigger) : hit) ?? {};
  const own = kindOf({ kind });
  return { index, action: action ?? undefined, isStaged: isStagedKind(own), policy: deciderOf(own, textOf(namespace), textOf(name), textOf(tier)) };
}

function kindOf({ kind }: Fields): string | null {
  return textOf(kind) ?? KINDS[numberOf(kind) ?? 0] ?? null;
}

/**
 * `<index>|<tier>|<name>|<action>|<rule>`, the last of which older versions leave out.
 * @see https://docs.tigera.io/calico-enterprise/latest/observability/elastic/flow/datatypes#format-of-the-policies-field
 */
function writtenHit(text: string): PolicyHit | undefined {
  const [place, tier, name, word, ...rest] = text.split('|');
  const index = numberOf(place);
  const action = calicoAction(word);
  if (index === undefined || tier === undefined || name === undefined || name === '' || action === undefined || action === null || rest.length > 1) return undefined;
  const [, short = '', shortName] = /^([a-z]+):(.+)$/.exec(name) ?? [];
  const shortKind = SHORT_KINDS.get(short);
  const full = shortKind === undefined || shortName === undefined ? name.replace('staged:', '') : shortName;
  const [namespace, own] = full.includes('/') ? full.split('/', 2) : [undefined, full];
  const kind = tier === PROFILE_TIER ? PROFILE : shortKind ?? kindOfName(own ?? '', namespace !== undefined, full !== name);
  return { index, action, isStaged: isStagedKind(kind), policy: deciderOf(kind, namespace, own, tier) };
}

function kindOfName(name: string, isNamespaced: boolean, isStaged: boolean): string {
  if (isNamespaced) return name.startsWith('knp.') ? isStaged ? 'StagedKubernetesNetworkPolicy' : 'NetworkPolicy' : isStaged ? 'StagedNetworkPolicy' : 'CalicoNetworkPolicy';
  if (isStaged) return 'StagedGlobalNetworkPolicy';
  return name.startsWith('kanp.') ? 'AdminNetworkPolicy' : name.startsWith('kbanp.') ? 'BaselineAdminNetworkPolicy' : 'GlobalNetworkPolicy';
}

function isStagedKind(kind: string | null): boolean {
  return kind?.startsWith('Staged') === true;
}

function deciderOf(kind: string | null, namespace: string | undefined, name: string | undefined, tier: string | undefined): Decider | null {
  if (kind === PROFILE || name === undefined || name === '') return null;
  const place = namespace === undefined || namespace === '' ? {} : { namespace };
  return { kind, ...place, name: name.replace(OF_KUBERNETES, ''), ...(tier === undefined || tier === '' ? {} : { tier }) };
}
