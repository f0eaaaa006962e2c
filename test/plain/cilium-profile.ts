/** What the plain evaluator has to know of a cluster with Cilium. */
export interface CiliumPlainProfile {
  readonly enablePolicy: 'default' | 'always' | 'never';
  /** Is `enableDefaultDeny: false` ignored? */
  readonly defaultDenyIsForced: boolean;
  /** Does traffic from the own node pass where nothing denies it? */
  readonly ownNodePasses: boolean;
}
