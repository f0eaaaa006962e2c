/** What becomes of staged policies, which a cluster shows to people and enforces nowhere. */
export enum StagedPolicies {
  /** They drop nothing, as in the cluster. */
  IGNORED = 'ignored',
  /** They are evaluated as if they were enforced: each stands in for the enforced policy of its name. */
  ENFORCED = 'enforced',
}
