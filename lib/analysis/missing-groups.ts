import { GroupTerm, Peer, policyId } from '../policy';
import { Inventory, InventoryIssue } from './inventory';

/** Groups that policies or other groups name and the input does not have: nobody is in them, which may be a slip of the pen. */
export function missingGroups({ policies, groups }: Inventory): InventoryIssue[] {
  const known = new Set(groups.map(({ kind, group }) => `${kind} ${policyId(group)}`));
  const found = new Map<string, InventoryIssue>();
  const ask = (by: string, peers: readonly Peer[], origin: InventoryIssue['origin']): void => {
    const named = peers.flatMap(({ terms }) => terms.filter((term): term is GroupTerm => term.kind === 'group'));
    for (const { of, name, namespace } of named) {
      const object = { kind: of, name, ...(namespace === undefined ? {} : { namespace }) };
      const key = `${of} ${policyId(object)}`;
      if (known.has(key)) continue;
      const message = `${by} names the ${key}, which is not in the input: nobody is in it`;
      found.set(message, { code: 'missing-group', severity: 'warning', message, object, ...(origin === undefined ? {} : { origin }) });
    }
  };
  for (const { kind, policy } of policies) {
    ask(`${kind} ${policyId(policy)}`, policy.rules.flatMap(({ peers = [], subject = [] }) => [...peers, ...subject]), policy.origin);
  }
  for (const { kind, group } of groups) ask(`${kind} ${policyId(group)}`, group.members, group.origin);
  return [...found.values()];
}
