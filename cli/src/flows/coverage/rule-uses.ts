import { Inventory, Reason } from 'cdk8s-netpol/analysis';
import { Direction, DIRECTIONS } from 'cdk8s-netpol/policy';

/** A rule of the policies, and when the record last needed it. */
export interface RuleUse {
  readonly kind: string;
  readonly namespace?: string;
  readonly policy: string;
  readonly direction: Direction;
  readonly index: number;
  readonly rule?: string;
  /** How many connections of the record it decides, and how often they were made. */
  readonly connections: number;
  readonly count: number;
  /** Milliseconds; null for a rule that nothing in the record needs. */
  readonly lastUsed: number | null;
}

interface Use {
  connections: number;
  count: number;
  lastUsed: number | null;
}

/** Which rules the record needs. */
export class RuleUses {
  private readonly uses = new Map<string, Use>();

  public constructor(private readonly inventory: Inventory, private readonly namespaces: readonly string[]) {}

  public use(direction: Direction, reasons: readonly Reason[], { count, lastSeen }: { readonly count: number; readonly lastSeen: number }): void {
    for (const { kind, namespace, name, ruleIndex, effect } of reasons) {
      if (kind === undefined || name === undefined || ruleIndex === undefined || (effect !== 'allows' && effect !== 'denies')) continue;
      const key = keyOf(kind, namespace, name, direction, ruleIndex);
      const use = this.uses.get(key) ?? { connections: 0, count: 0, lastUsed: null };
      this.uses.set(key, { connections: use.connections + 1, count: use.count + count, lastUsed: Math.max(use.lastUsed ?? 0, lastSeen) });
    }
  }

  /** Every rule of the policies that are looked at, the unused ones too. */
  public all(): readonly RuleUse[] {
    return this.inventory.policies.flatMap(({ kind, policy }) => {
      if (this.namespaces.length > 0 && !this.namespaces.includes(policy.namespace ?? '')) return [];
      const namespace = policy.namespace === undefined ? {} : { namespace: policy.namespace };
      return DIRECTIONS.flatMap((direction) => {
        const rules = policy.rules.filter((rule) => rule.direction === direction).map((rule, place) => [rule.index ?? place, rule] as const);
        return [...new Map(rules)].map(([index, rule]) => ({
          kind, ...namespace, policy: policy.name, direction, index,
          ...(rule.name === undefined ? {} : { rule: rule.name }),
          ...(this.uses.get(keyOf(kind, policy.namespace, policy.name, direction, index)) ?? { connections: 0, count: 0, lastUsed: null }),
        }));
      });
    });
  }
}

function keyOf(kind: string, namespace: string | undefined, name: string, direction: Direction, index: number): string {
  return JSON.stringify([kind, namespace, name, direction, index]);
}
