/** Why an answer is `depends`. */
export type ConditionKind =
  /** The CNI, its version or a setting of the cluster decides, and nobody says which it is. */
  | 'cni'
  /** The address of a pod or node decides, and the input does not tell it. */
  | 'address'
  /** What a domain name resolves to decides. */
  | 'fqdn'
  | 'l7'
  /** The node that a pod runs on decides. */
  | 'node-placement'
  /** The policy may see the address of a node in place of the client's. */
  | 'source-nat'
  /** A rule asks for the source port, and the question does not tell it. */
  | 'source-port'
  | 'unsupported-api'
  /** A part of a policy was read but cannot be evaluated. */
  | 'unevaluated-field'
  /** Two policies of equal order disagree, and the API does not say which holds. */
  | 'priority-tie'
  /** The asked name stands for several pods or addresses with different answers. */
  | 'parts-differ';

export interface Condition {
  readonly kind: ConditionKind;
  /** The rule or object where it arises: `NetworkPolicy shop/web ingress[0]`. */
  readonly at: string;
  /** What is not known, as a sentence for people. */
  readonly why: string;
}

/** Each condition once, in a fixed order. */
export function distinctConditions(conditions: readonly Condition[]): readonly Condition[] {
  if (conditions.length < 2) return conditions;
  const byText = new Map(conditions.map((condition) => [`${condition.kind}\n${condition.at}\n${condition.why}`, condition]));
  return [...byText.keys()].sort().map((text) => byText.get(text)!);
}
