import { CALICO, CILIUM, NETWORK_POLICY } from '../../cluster/apis';
import { CALICO_SHAPE } from './calico-shape';
import { CILIUM_SHAPE } from './cilium-shape';
import { NETWORK_POLICY_SHAPE } from './network-policy-shape';

export type Side = 'ingress' | 'egress';

/**
 * How one API writes rules that allow, as far as one rule alone can be judged. The texts are CEL over `r`, a rule, and `spec`;
 * what takes two rules or two objects to see is for `netpol check`, which evaluates all of them.
 */
export interface PolicyShape {
  readonly api: string;
  readonly kinds: readonly string[];
  /** The end of the name of the guardrail; empty for the native kind. */
  readonly suffix: string;
  /** Fields of the object that hold rules. */
  readonly fields: readonly string[];
  /** A list of the specs of the object. */
  readonly specs: string;
  /** The rules of one side that allow something. */
  rules(side: Side): string;
  /** Whether the rule `r` names ports. */
  readonly namesPorts: string;
  /** Whether the rule `r` lets everybody in, or out to everybody. */
  anyPeer(side: Side): string;
  /** What to write instead, for the two guardrails. */
  readonly insteadOfAllPorts: string;
  readonly insteadOfAnyPeer: string;
}

/** The APIs whose rules are judged, one row each. */
export const POLICY_SHAPES: readonly PolicyShape[] = [
  { api: NETWORK_POLICY, ...NETWORK_POLICY_SHAPE },
  { api: CILIUM, ...CILIUM_SHAPE },
  { api: CALICO, ...CALICO_SHAPE },
];

/** Whether some rule of some spec, of either side, is as the text over `r` says. */
export function someRule({ rules }: PolicyShape, holds: (side: Side) => string): string {
  const sides = (['ingress', 'egress'] as const).map((side) => `${rules(side)}.exists(r, ${holds(side)})`);
  return `variables.specs.exists(spec, ${sides.join(' || ')})`;
}
