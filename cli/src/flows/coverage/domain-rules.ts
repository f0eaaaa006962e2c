import { Inventory, Reason } from 'cdk8s-netpol/analysis';
import { Rule } from 'cdk8s-netpol/policy';

/** Rules for domain names, held against the names that a record is certain of: what a name resolves to is not asked. */
export class DomainRules {
  private readonly rules = new Map<string, Rule[]>();

  public constructor({ policies }: Pick<Inventory, 'policies'>) {
    for (const { kind, policy } of policies) {
      const namespace = policy.namespace === undefined ? {} : { namespace: policy.namespace };
      policy.rules.filter(({ direction }) => direction === 'egress').forEach((rule, place) => {
        const key = keyOf({ kind, ...namespace, name: policy.name, ruleIndex: rule.index ?? place });
        this.rules.set(key, [...this.rules.get(key) ?? [], rule]);
      });
    }
  }

  /** Whether one of these reasons is a rule that lets one of the names through. What may deny is left to whoever knows more. */
  public allow(reasons: readonly Reason[], names: readonly string[]): boolean {
    if (names.length === 0 || reasons.some(({ effect }) => effect === 'denies')) return false;
    const rules = reasons.filter(({ effect }) => effect === 'allows').flatMap((reason) => this.rules.get(keyOf(reason)) ?? []);
    return rules.some(({ l7, peers = [] }) => l7 === undefined && peers.some(({ terms: [term, ...more] }) =>
      more.length === 0 && term?.kind === 'domain' && names.some((name) => matchesDomain(term.pattern, name))));
  }
}

/** `*.x` has one label before x, `**.x` one or more; a star within a label stands for a part of it. */
export function matchesDomain(pattern: string, name: string): boolean {
  const words = pattern.toLowerCase().split(/(\*\*?)/);
  const parts = words.map((word) => (word === '**' ? '.+' : word === '*' ? '[^.]+' : word.replace(/[.\\+?^${}()|[\]]/g, '\\$&')));
  return new RegExp(`^${parts.join('')}$`).test(name.toLowerCase().replace(/\.$/, ''));
}

function keyOf({ kind, namespace, name, ruleIndex }: Pick<Reason, 'kind' | 'namespace' | 'name' | 'ruleIndex'>): string {
  return JSON.stringify([kind, namespace, name, ruleIndex]);
}
