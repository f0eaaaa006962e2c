import { Direction } from '../../policy';
import { FirstMatch, Layer, Union } from '../layers';
import { CompiledPolicy, CompiledRule } from './compiled';
import { Condition } from './condition';
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
  const placed = layer.unplaced === undefined ? selected : selected.map((each) => unplaced(each, layer.unplaced!));
  if (layer.combine.combinator === 'firstMatch') {
    takeFirstMatch(ledger, placed, layer.combine, space);
    if (layer.combine.selectedEnd === 'deny') takeEnd(ledger, placed.filter(({ policy }) => policy.policy.isolates.includes(direction)), space);
  } else {
    takeUnion(ledger, layer.combine, direction, placed, facts, space);
  }
  return ledger.outcome();
}

/** In some worlds another layer comes first. */
function unplaced(selected: Selected, why: string): Selected {
  return { ...selected, certain: false, conditions: [...selected.conditions, { kind: 'unevaluated-field', at: selected.policy.text, why }] };
}

/** What nobody allows is denied to pods that a policy isolates. */
function takeEnd(ledger: Ledger, isolating: readonly Selected[], space: PortSpace): void {
  if (isolating.length === 0) return;
  ledger.take('deny', certainIf(isolating.some(({ certain }) => certain), space.all, space), isolating.flatMap(({ conditions }) => conditions));
}

type Ties = FirstMatch['inBucket'];

/** Tiers of one layer have no order among each other, unless the layer sorts them: it serves several APIs, and nobody says which comes first. */
function takeFirstMatch(ledger: Ledger, selected: readonly Selected[], { inBucket: ties, sort }: FirstMatch, space: PortSpace): void {
  if (sort !== undefined) {
    takeHits(ledger, selected, space);
    return;
  }
  const tiers = new Map<string, Selected[]>();
  for (const each of selected) {
    const tier = tiers.get(each.policy.policy.tier.name);
    if (tier === undefined) tiers.set(each.policy.policy.tier.name, [each]);
    else tier.push(each);
  }
  if (tiers.size < 2) {
    for (const bucket of buckets(selected)) takeBucket(ledger, bucket, ties, space);
    return;
  }
  const apart = [...tiers.values()].map((own) => {
    const part = new Ledger(space, ledger.open);
    for (const bucket of buckets(own)) takeBucket(part, bucket, ties, space);
    return part;
  });
  const at = [...tiers.values()].map(([first]) => first!.policy.text).join(', ');
  ledger.takeTied(apart, { kind: 'priority-tie', at, why: 'policies of two APIs disagree, and nobody says which comes first' });
}

function buckets(selected: readonly Selected[]): Selected[][] {
  const result: Selected[][] = [];
  for (const each of selected) {
    const bucket = result.at(-1);
    if (bucket !== undefined && bucket[0]!.policy.policy.order === each.policy.policy.order) bucket.push(each);
    else result.push([each]);
  }
  return result;
}

function takeBucket(ledger: Ledger, bucket: readonly Selected[], ties: Ties, space: PortSpace): void {
  if (bucket.length > 1 && ties === 'undefined') {
    const apart = bucket.filter(({ hits }) => hits.length > 0).map((each) => {
      const own = new Ledger(space, ledger.open);
      takeHits(own, [each], space);
      return own;
    });
    const at = bucket.map(({ policy }) => policy.text).join(', ');
    ledger.takeTied(apart, { kind: 'priority-tie', at, why: `policies of priority ${bucket[0]!.policy.policy.order ?? 'none'} disagree, and the API does not say which holds` });
    return;
  }
  if (ties === 'denyWins') {
    for (const action of ['deny', 'allow', 'pass'] as const) {
      takeHits(ledger, bucket.map((each) => ({ ...each, hits: each.hits.filter(({ rule }) => rule.action === action) })), space);
    }
    return;
  }
  takeHits(ledger, bucket, space);
}

function takeHits(ledger: Ledger, selected: readonly Selected[], space: PortSpace): void {
  for (const { certain, conditions, hits } of selected) {
    for (const hit of hits) {
      const span = { certain: certain && hit.certain ? hit.ports : space.none, possible: hit.ports };
      ledger.take(hit.rule.action, span, [...conditions, ...hit.conditions]);
    }
  }
}

function takeUnion(ledger: Ledger, union: Union, direction: Direction, selected: readonly Selected[], facts: PairFacts, space: PortSpace): void {
  const isolating = selected.filter(({ policy }) => policy.policy.isolates.includes(direction));
  if (isolating.length === 0 && union.otherDirection === 'allow' && selected.length > 0) {
    ledger.take('allow', certainIf(selected.some(({ certain }) => certain), space.all, space), selected.flatMap(({ conditions }) => conditions));
  }
  const isCertain = isolating.some(({ certain }) => certain);
  const unsure: Condition = { kind: 'cni', at: isolating[0]?.policy.text ?? '', why: OTHER_WHY };
  if (isolating.length > 0 && union.isolatesOther !== true) {
    // where isolation does not reach ICMP, the layer has nothing to say about it
    ledger.take('pass', union.isolatesOther === false ? certainIf(isCertain, space.other, space) : { certain: space.none, possible: space.other }, [unsure]);
  }
  for (const action of ['deny', 'allow'] as const) {
    if (action === 'allow' && isolating.length > 0 && union.ownNodePasses === true && facts.ownNode.possible) {
      ledger.take('allow', certainIf(facts.ownNode.certain, space.all, space), facts.ownNode.conditions);
    }
    for (const { certain, conditions, hits } of selected) {
      for (const hit of hits) {
        if (hit.rule.action !== action) continue;
        const coversOther = hit.rule.rule.ports === undefined && union.rulesCoverOther === undefined ? [unsure] : [];
        ledger.take(action, spanOf(hit, certain, union, space), [...conditions, ...hit.conditions, ...coversOther]);
      }
    }
  }
  takeEnd(ledger, isolating, space);
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
