import { Direction, DIRECTIONS } from '../policy';
import type { ClusterModel } from './engine/cluster-model';
import { CompiledPolicy, CompiledRule } from './engine/compiled';
import { tierOrder } from './engine/first-match';
import { PolicyLayer } from './engine/policies';
import { FirstMatch } from './layers';
import { PodQuestions } from './pod-questions';
import { areCoveredBy, coveringPart, podsAreWithin } from './rule-cover';

/** A rule as it was written, and the rules because of which it decides nothing. One written rule may be several of the engine. */
export interface IdleRule {
  readonly parts: readonly CompiledRule[];
  readonly because: readonly CompiledRule[];
}

/** Which policies a question is about, or may be answered with. */
export type PolicyFilter = (policy: CompiledPolicy) => boolean;

interface Written {
  readonly policy: CompiledPolicy;
  readonly direction: Direction;
  readonly parts: readonly CompiledRule[];
}

/** Questions about single rules: which of them decide nothing, whatever pods there are or may come to exist. */
export class RuleQuestions {
  public constructor(private readonly model: ClusterModel, private readonly pods: PodQuestions) {}

  /**
   * Rules that add nothing: where policies add up, others of the same action speak about all of their packets. Each of them can
   * be removed, and all of them together: no two lean on one another. That follows from the words, and is then asked of the engine.
   * @param asked the policies whose rules are asked about
   * @param mayCover the policies that count as the others
   */
  public redundant(asked: PolicyFilter, mayCover: PolicyFilter): IdleRule[] {
    return this.model.layers.flatMap((layer) => {
      if (layer.layer.combine.combinator !== 'union' || layer.layer.addressEntries !== undefined || layer.layer.exceptionsDeny === true) return [];
      const gone = new Set<CompiledRule>();
      const found: IdleRule[] = [];
      const scopes = new Scopes(layer.policies.filter(mayCover));
      for (const policy of [...layer.policies].reverse().filter(asked)) {
        for (const written of writtenRules(policy).reverse()) {
          const because = this.othersThatDoTheSame(written, scopes.around(policy), gone);
          if (because === undefined || this.pods.differsFrom(this.pods.without([...gone, ...written.parts]), written.parts)) continue;
          for (const part of written.parts) gone.add(part);
          found.push({ parts: written.parts, because });
        }
      }
      return found.reverse();
    });
  }

  /** Rules that an earlier one always comes before: where the first match decides, it speaks about all of their packets. */
  public shadowed(asked: PolicyFilter): IdleRule[] {
    return this.model.layers.flatMap(({ layer, policies }) => {
      const { combine } = layer;
      if (combine.combinator !== 'firstMatch' || layer.addressEntries !== undefined || layer.exceptionsDeny === true) return [];
      const scopes = new Scopes(policies);
      return policies.filter(asked).flatMap((policy) => {
        const earlier = scopes.around(policy)
          .filter((other) => other !== policy && comesBefore(other, policy, combine, policies) && !isInDoubt(other, policy, layer));
        return writtenRules(policy).flatMap(({ direction, parts }): IdleRule[] => {
          const own = combine.inBucket === 'denyWins' ? [] : policy.rules[direction].filter(({ index }) => index < parts[0]!.index);
          const before = [...earlier.flatMap(({ rules }) => rules[direction]), ...own];
          const because = parts.map(({ rule }) => (areCoveredBy(rule, before.map((each) => each.rule)) ? coveringPart(rule, before) : undefined));
          return because.includes(undefined) ? [] : [{ parts, because: [...new Set(because.flatMap((each) => each ?? []))] }];
        });
      });
    });
  }

  private othersThatDoTheSame(
    { policy, direction, parts }: Written, around: readonly CompiledPolicy[], gone: ReadonlySet<CompiledRule>,
  ): readonly CompiledRule[] | undefined {
    const { policy: { tier, isolates, withoutDefaultDeny } } = policy;
    // what it does beside letting through: content is looked at, names are learned, connections are logged
    if (parts.some(({ rule }) => rule.l7 !== undefined || rule.dnsNames !== undefined || rule.log !== undefined)) return undefined;
    const others = around.filter((other) => other.policy.tier.name === tier.name && (other === policy || other.policy.unevaluated === undefined));
    const rules = others.flatMap((other) => other.rules[direction].filter((each) => !gone.has(each) && !parts.includes(each)));
    const because = parts.map(({ rule, action }) => {
      const same = rules.filter((each) => each.action === action);
      return areCoveredBy(rule, same.map((each) => each.rule)) ? coveringPart(rule, same) : undefined;
    });
    if (because.includes(undefined)) return undefined;
    // in some APIs a policy without rules in a direction no longer isolates in it
    const keepsRules = policy.rules[direction].some((each) => !gone.has(each) && !parts.includes(each));
    const isIsolated = others.some((other) => other !== policy && other.policy.isolates.includes(direction));
    if (!keepsRules && !isIsolated && (isolates.includes(direction) || withoutDefaultDeny?.includes(direction) === true)) return undefined;
    return [...new Set(because.flatMap((each) => each ?? []))];
  }
}

function writtenRules(policy: CompiledPolicy): Written[] {
  return DIRECTIONS.flatMap((direction) => {
    const byIndex = new Map<number, CompiledRule[]>();
    for (const each of policy.rules[direction]) {
      if (each.isImplied === true) continue;
      const parts = byIndex.get(each.index);
      if (parts === undefined) byIndex.set(each.index, [each]);
      else parts.push(each);
    }
    return [...byIndex.values()].map((parts) => ({ policy, direction, parts }));
  });
}

/** Policies by the namespace that they are about, so that those that speak about the pods of another one are found. */
class Scopes {
  private readonly named = new Map<string, CompiledPolicy[]>();
  private readonly matching: CompiledPolicy[] = [];

  public constructor(policies: readonly CompiledPolicy[]) {
    for (const each of policies) {
      const { namespaces } = each.policy.subject;
      if (namespaces.kind === 'matching') this.matching.push(each);
      else if (!this.named.has(namespaces.name)) this.named.set(namespaces.name, [each]);
      else this.named.get(namespaces.name)!.push(each);
    }
  }

  /** Those that speak about every pod that the policy speaks about, itself among them. */
  public around({ policy: { subject } }: CompiledPolicy): readonly CompiledPolicy[] {
    const candidates = [...subject.namespaces.kind === 'named' ? this.named.get(subject.namespaces.name) ?? [] : [], ...this.matching];
    return candidates.filter((other) => podsAreWithin(subject, other.policy.subject));
  }
}

function comesBefore(one: CompiledPolicy, other: CompiledPolicy, combine: FirstMatch, sorted: readonly CompiledPolicy[]): boolean {
  if (combine.sort !== undefined) return sorted.indexOf(one) < sorted.indexOf(other);
  if (combine.tiers === undefined && one.policy.tier.name !== other.policy.tier.name) return false;
  const [tier, otherTier] = [tierOrder(one, combine.tiers), tierOrder(other, combine.tiers)];
  return tier < otherTier || (tier === otherTier && (one.policy.order ?? Infinity) < (other.policy.order ?? Infinity));
}

/** Whether the earlier policy may not hold in a cluster where the later one does. */
function isInDoubt(earlier: CompiledPolicy, later: CompiledPolicy, { maybeTiers, unplacedTiers, ordersUpTo }: PolicyLayer['layer']): boolean {
  const { unevaluated, tier, order = 0 } = earlier.policy;
  if (unevaluated !== undefined || (ordersUpTo !== undefined && order > ordersUpTo.last)) return true;
  return tier.name !== later.policy.tier.name && (maybeTiers?.includes(tier.name) === true || Object.hasOwn(unplacedTiers ?? {}, tier.name));
}
