import { Direction } from '../../policy';
import { Layer, Union } from '../layers';
import { CompiledPolicy, CompiledRule } from './compiled';
import { Condition } from './condition';
import { cutEntries, takeExceptions } from './entries-outcome';
import { takeFirstMatch } from './first-match';
import { Ledger, Outcome } from './ledger';
import { PortSet, PortSpace, PortSpan } from './port-space';

/** A policy that speaks about the subject (perhaps), with those of its rules that match the other end (perhaps). */
export interface Selected {
  readonly policy: CompiledPolicy;
  readonly certain: boolean;
  readonly conditions: readonly Condition[];
  readonly hits: readonly Hit[];
}

export interface Hit {
  readonly rule: CompiledRule;
  readonly certain: boolean;
  readonly conditions: readonly Condition[];
  readonly ports: PortSet;
  /** The condition on the content of the traffic, where that alone makes it uncertain. */
  readonly content?: Condition;
}

/** What else the layer has to know about the pair. */
export interface PairFacts {
  /** Whether the other end is the subject's own node. */
  readonly ownNode: { readonly certain: boolean; readonly possible: boolean; readonly conditions: readonly Condition[] };
}

const OTHER_WHY = 'whether NetworkPolicy applies to ICMP and other protocols without ports is up to the CNI';

/** What one layer says about a pair in one direction. `selected` is in the order of evaluation. */
export function layerOutcome(layer: Layer, direction: Direction, selected: readonly Selected[], facts: PairFacts, space: PortSpace): Outcome {
  const ledger = new Ledger(space);
  const kept = layer.addressEntries === undefined ? selected : cutEntries(selected, layer.addressEntries);
  const isKnown = [layer.unplaced, layer.maybeTiers, layer.unplacedTiers, layer.ordersUpTo].every((doubt) => doubt === undefined);
  const placed = isKnown ? kept : kept.map((each) => asFarAsKnown(each, layer));
  if (layer.combine.combinator === 'firstMatch') {
    takeFirstMatch(ledger, placed, layer.combine, space);
    if (layer.combine.selectedEnd === 'deny') takeEnd(ledger, placed.filter(({ policy }) => policy.policy.isolates.includes(direction)), space);
  } else {
    const { certainDenialsOnly } = layer.combine;
    const known = certainDenialsOnly === undefined ? placed : placed.flatMap((each) => denialsApart(each, certainDenialsOnly));
    takeUnion(ledger, layer.combine, direction, known, facts, space);
  }
  return ledger.outcome();
}

/** In some worlds another layer comes first, or the API of the policy is not served, or not its order. */
function asFarAsKnown(selected: Selected, { unplaced, maybeTiers, unplacedTiers = {}, ordersUpTo }: Layer): Selected {
  const { text: at, kind, apiVersion, policy } = selected.policy;
  const found: Condition[] = [];
  const why = unplaced ?? (Object.hasOwn(unplacedTiers, policy.tier.name) ? unplacedTiers[policy.tier.name] : undefined);
  if (why !== undefined) found.push({ kind: 'unevaluated-field', at, why });
  if (maybeTiers?.includes(policy.tier.name)) found.push({ kind: 'unsupported-api', at, why: `whether the cluster serves ${apiVersion} ${kind} is not known` });
  if (ordersUpTo !== undefined && (policy.order ?? 0) > ordersUpTo.last) found.push({ kind: 'unevaluated-field', at, why: ordersUpTo.why });
  return found.length === 0 ? selected : { ...selected, certain: false, conditions: [...selected.conditions, ...found] };
}

/** The denials of a policy, and apart from them all else that it may mean. */
function denialsApart(selected: Selected, tiers: readonly string[]): Selected[] {
  const { policy, conditions, hits } = selected;
  if (!tiers.includes(policy.policy.tier.name)) return [selected];
  const why = 'whether this policy isolates or allows as it does elsewhere is not documented';
  return [
    { ...selected, policy: { ...policy, policy: { ...policy.policy, isolates: [], withoutDefaultDeny: [] } }, hits: hits.filter(({ rule }) => rule.action === 'deny') },
    { ...selected, certain: false, conditions: [...conditions, { kind: 'cni', at: policy.text, why }], hits: hits.filter(({ rule }) => rule.action !== 'deny') },
  ];
}

/** What nobody allows is denied to pods that a policy isolates. */
function takeEnd(ledger: Ledger, isolating: readonly Selected[], space: PortSpace): void {
  if (isolating.length === 0) return;
  ledger.take('deny', certainIf(isolating.some(({ certain }) => certain), space.all, space), isolating.flatMap(({ conditions }) => conditions));
}

function takeUnion(ledger: Ledger, union: Union, direction: Direction, selected: readonly Selected[], facts: PairFacts, space: PortSpace): void {
  const isolating = isolatingIn(union, direction, selected);
  const isIsolated = isolating.length > 0 || union.isolatesEverybody === true;
  if (!isIsolated && union.otherDirection === 'allow' && selected.length > 0) {
    ledger.take('allow', certainIf(selected.some(({ certain }) => certain), space.all, space), selected.flatMap(({ conditions }) => conditions));
  }
  const isCertain = union.isolatesEverybody === true || isolating.some(({ certain }) => certain);
  const unsure: Condition = { kind: 'cni', at: isolating[0]?.policy.text ?? '', why: OTHER_WHY };
  if (isIsolated && union.isolatesOther !== true) {
    // where isolation does not reach ICMP, the layer has nothing to say about it
    ledger.take('pass', union.isolatesOther === false ? certainIf(isCertain, space.other, space) : { certain: space.none, possible: space.other }, [unsure]);
  }
  takeExceptions(ledger, selected, space);
  for (const action of ['deny', 'allow'] as const) {
    if (action === 'allow' && isIsolated && facts.ownNode.possible) {
      ledger.take('allow', certainIf(facts.ownNode.certain, space.all, space), facts.ownNode.conditions);
    }
    for (const { policy, certain, conditions, hits } of selected) {
      for (const written of hits) {
        if (written.rule.action !== action || written.rule.entry?.isException === true) continue;
        const hit = union.openRulesFilterContent === false && !policy.policy.isolates.includes(direction) ? withoutContent(written) : written;
        const coversOther = hit.rule.rule.ports === undefined && union.rulesCoverOther === undefined ? [unsure] : [];
        ledger.take(action, spanOf(hit, certain, union, space), [...conditions, ...hit.conditions, ...coversOther]);
      }
    }
  }
  // what a rule about content does not list is stopped, whether its policy isolates or not
  for (const { conditions, hits } of union.openRulesFilterContent === false ? [] : selected) {
    for (const { ports, content, rule } of hits) {
      if (content !== undefined && rule.action === 'allow') ledger.take('deny', { certain: space.none, possible: ports }, [...conditions, content]);
    }
  }
  if (!isIsolated && union.otherDirection === 'unknown') {
    const others = selected.filter(({ policy: { policy } }) => policy.isolates.some((each) => each !== direction));
    const why = 'whether a later layer is asked about pods that policies isolate in the other direction only is not known';
    if (others.length > 0) ledger.take('allow', { certain: space.none, possible: space.all }, [{ kind: 'cni', at: '', why }]);
  }
  const end = certainIf(isCertain, space.all, space);
  const reasons = isolating.flatMap(({ conditions }) => conditions);
  if (isIsolated && union.miss === 'unknown') ledger.defer(end, reasons, { kind: 'cni', at: '', why: MISS_WHY });
  else if (isIsolated) ledger.take('deny', end, reasons);
}

const MISS_WHY = 'whether a Baseline policy can allow what the policies of an isolated pod do not is not known';
const WITHOUT_DEFAULT_DENY_WHY = 'whether the cluster knows that a policy does not isolate depends on its version';

/** The policies that close the subject in a direction. */
function isolatingIn({ ignoresWithoutDefaultDeny }: Union, direction: Direction, selected: readonly Selected[]): Selected[] {
  return selected.flatMap((each): Selected[] => {
    const { policy: { policy, text }, conditions } = each;
    if (policy.isolates.includes(direction)) return [each];
    if (policy.withoutDefaultDeny?.includes(direction) !== true) return [];
    if (ignoresWithoutDefaultDeny === 'unknown') return [{ ...each, certain: false, conditions: [...conditions, { kind: 'cni', at: text, why: WITHOUT_DEFAULT_DENY_WHY }] }];
    return ignoresWithoutDefaultDeny === true ? [each] : [];
  });
}

/** The rule as if it listed every content. */
function withoutContent(hit: Hit): Hit {
  return hit.content === undefined ? hit : { ...hit, certain: true, conditions: [] };
}

/** A rule without ports matches ICMP only where the CNI lets it. */
function spanOf(hit: Hit, certain: boolean, { rulesCoverOther }: Union, space: PortSpace): PortSpan {
  const everything = hit.rule.rule.ports === undefined;
  const possible = everything && rulesCoverOther === false ? space.minus(hit.ports, space.other) : hit.ports;
  if (!certain || !hit.certain) return { certain: space.none, possible };
  return { certain: everything && rulesCoverOther === undefined ? space.minus(possible, space.other) : possible, possible };
}

function certainIf(certain: boolean, ports: PortSet, space: PortSpace): PortSpan {
  return { certain: certain ? ports : space.none, possible: ports };
}
