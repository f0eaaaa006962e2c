import { FirstMatch, OrderedTiers } from '../layers';
import { CompiledPolicy } from './compiled';
import { Hit, Selected } from './layer-outcome';
import { Ledger } from './ledger';
import { PortSpace } from './port-space';

type Ties = FirstMatch['inBucket'];

/** Tiers of one layer have no order among each other, unless the layer sorts them: it serves several APIs, and nobody says which comes first. */
export function takeFirstMatch(ledger: Ledger, selected: readonly Selected[], combine: FirstMatch, space: PortSpace): void {
  if (combine.sort !== undefined) {
    takeHits(ledger, selected, space);
    return;
  }
  if (combine.tiers !== undefined) {
    for (const bucket of buckets(selected, combine)) takeBucket(ledger, bucket, combine, space);
    return;
  }
  const tiers = new Map<string, Selected[]>();
  for (const each of selected) {
    const tier = tiers.get(each.policy.policy.tier.name);
    if (tier === undefined) tiers.set(each.policy.policy.tier.name, [each]);
    else tier.push(each);
  }
  if (tiers.size < 2) {
    for (const bucket of buckets(selected, combine)) takeBucket(ledger, bucket, combine, space);
    return;
  }
  const apart = [...tiers.values()].map((own) => {
    const part = new Ledger(space, ledger.open);
    for (const bucket of buckets(own, combine)) takeBucket(part, bucket, combine, space);
    return part;
  });
  const at = [...tiers.values()].map(([first]) => first!.policy.text).join(', ');
  ledger.takeTied(apart, { kind: 'priority-tie', at, why: 'policies of two APIs disagree, and nobody says which comes first' });
}

function buckets(selected: readonly Selected[], { tiers }: FirstMatch): Selected[][] {
  const result: Selected[][] = [];
  for (const each of selected) {
    const bucket = result.at(-1);
    const [first] = bucket ?? [];
    const isSameOrder = first !== undefined && first.policy.policy.order === each.policy.policy.order;
    if (isSameOrder && tierOrder(first.policy, tiers) === tierOrder(each.policy, tiers)) bucket!.push(each);
    else result.push([each]);
  }
  return result;
}

/** Where the tier of a policy stands among those of its layer. */
export function tierOrder({ policy: { tier } }: CompiledPolicy, tiers: OrderedTiers | undefined): number {
  return tiers !== undefined && Object.hasOwn(tiers.orders, tier.name) ? tiers.orders[tier.name]! : 0;
}

export interface RankedHit {
  readonly each: Selected;
  readonly hit: Hit;
  readonly rank: number;
}

/** The hits of a layer in the order in which they are asked; those of equal rank are asked at once. */
export function hitsInOrder(selected: readonly Selected[], combine: FirstMatch): RankedHit[] {
  if (combine.inBucket !== 'rulePlaces') {
    return selected.flatMap((each) => each.hits.map((hit) => ({ each, hit }))).map((one, rank) => ({ ...one, rank }));
  }
  let rank = 0;
  return buckets(selected, combine).flatMap((bucket) => placesOf(bucket).flatMap((at) => {
    rank++;
    return at.flatMap((each) => each.hits.map((hit) => ({ each, hit, rank })));
  }));
}

/** The hits of a bucket place by place; at each place those policies that have some. */
function placesOf(bucket: readonly Selected[]): Selected[][] {
  const places = [...new Set(bucket.flatMap(({ hits }) => hits.map(({ rule }) => rule.index)))].sort((a, b) => a - b);
  return places.map((place) => bucket
    .map((each) => ({ ...each, hits: each.hits.filter(({ rule }) => rule.index === place) }))
    .filter(({ hits }) => hits.length > 0));
}

function takeBucket(ledger: Ledger, bucket: readonly Selected[], combine: FirstMatch, space: PortSpace): void {
  const ties: Ties = combine.inBucket;
  if (ties === 'rulePlaces' && bucket.length > 1) {
    for (const at of placesOf(bucket)) takePlace(ledger, at, combine, space);
    return;
  }
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
  if (bucket.length > 1 && ties === 'denyWinsAcrossPolicies') {
    takeAcrossPolicies(ledger, bucket, space);
    return;
  }
  if (ties === 'denyWins') {
    for (const action of ['deny', 'allow', 'pass'] as const) {
      takeHits(ledger, bucket.map((each) => ({ ...each, hits: each.hits.filter(({ rule }) => rule.action === action) })), space);
    }
    return;
  }
  takeHits(ledger, bucket, space, combine.contentDecides);
}

/** Rules of several policies at one place: where they disagree, nobody says which holds. */
function takePlace(ledger: Ledger, at: readonly Selected[], { contentDecides }: FirstMatch, space: PortSpace): void {
  if (at.length < 2) {
    takeHits(ledger, at, space, contentDecides);
    return;
  }
  const apart = at.map((each) => {
    const own = new Ledger(space, ledger.open);
    takeHits(own, [each], space, contentDecides);
    return own;
  });
  const names = at.map(({ hits }) => hits[0]!.rule.text).join(', ');
  ledger.takeTied(apart, { kind: 'priority-tie', at: names, why: 'rules of equal tier, priority and place disagree, and nobody says which holds' });
}

const STRICTEST_FIRST = ['deny', 'allow', 'pass'] as const;

/**
 * The strictest of what the policies say, each by the order of its own rules; an implementation that compares the places of rules
 * across policies may say otherwise.
 */
function takeAcrossPolicies(ledger: Ledger, bucket: readonly Selected[], space: PortSpace): void {
  const byPolicy = new Ledger(space, ledger.open);
  byPolicy.takeStrictest(bucket.map((each) => {
    const own = new Ledger(space, ledger.open);
    takeHits(own, [each], space);
    return own;
  }), STRICTEST_FIRST);
  const byPlace = new Ledger(space, ledger.open);
  const places = [...new Set(bucket.flatMap(({ hits }) => hits.map(({ rule }) => rule.index)))].sort((a, b) => a - b);
  for (const place of places) {
    for (const action of STRICTEST_FIRST) {
      const at = bucket.map((each) => ({ ...each, hits: each.hits.filter(({ rule }) => rule.index === place && rule.action === action) }));
      takeHits(byPlace, at, space);
    }
  }
  const at = bucket.map(({ policy }) => policy.text).join(', ');
  ledger.takeTied([byPolicy, byPlace], { kind: 'priority-tie', at, why: 'policies of equal priority disagree, and whether the places of their rules are compared is not known' });
}

function takeHits(ledger: Ledger, selected: readonly Selected[], space: PortSpace, contentDecides = false): void {
  for (const { certain, conditions, hits } of selected) {
    for (const hit of hits) {
      const span = { certain: certain && hit.certain ? hit.ports : space.none, possible: hit.ports };
      ledger.take(hit.rule.action, span, [...conditions, ...hit.conditions]);
      // what it does not list does not go on to the next rule
      if (contentDecides && hit.rule.rule.l7 !== undefined) {
        ledger.take('deny', { certain: certain && hit.content !== undefined ? hit.ports : space.none, possible: hit.ports }, [...conditions, ...hit.conditions]);
      }
    }
  }
}
