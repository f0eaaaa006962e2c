import { createHash } from 'crypto';
import { Inventory } from '../../analysis';
import { OPENERS, Policy, policyKey } from '../../policy';

/** What `netpol gate --write` leaves in git about one namespace. */
export interface GateEvidence {
  /** Of the policies that the record was held against. */
  readonly policyDigest: string;
  /** The last day on which it holds. */
  readonly until: string;
}

/** What there is about a namespace; undefined where there is no file. */
export type FoundEvidence = GateEvidence | { readonly unreadable: string } | undefined;

/**
 * What the policies of a namespace say, and those of the whole cluster, as a digest: whatever their order, names and files are, and
 * the same in AUDIT and in ENFORCE.
 */
export function policyDigest({ policies }: Pick<Inventory, 'policies'>, namespace: string): string {
  const ours = policies.map(({ policy }) => policy).filter((policy) => (policy.namespace ?? namespace) === namespace && !OPENERS.includes(policy.name));
  return createHash('sha256').update(JSON.stringify([...new Set(ours.map(contentKey))].sort())).digest('hex');
}

/** A staged copy says what the policy itself says. */
function contentKey(policy: Policy): string {
  const { stage } = policy;
  return policyKey({ ...policy, name: '', stage: stage === 'staged' ? 'enforced' : stage });
}
