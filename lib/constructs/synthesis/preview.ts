import { Cni } from '../../cluster/cni';
import { cniFact, servesApi } from '../../cluster/cni-facts';
import { calico } from '../../dialects';
import { Direction, Policy, rule } from '../../policy';
import { inCalicoWords } from './calico-words';
import { CALICO_STAGED_FORM, PolicyForm } from './policy-form';

/**
 * How a CNI shows, while a namespace is in AUDIT, what ENFORCE would decide: each policy a second time, in a form that is evaluated
 * and not enforced.
 */
export interface Preview {
  readonly form: PolicyForm;
  /** The name of the second object. */
  nameOf(name: string): string;
  policyOf(policy: Policy): Policy;
}

/**
 * NetworkPolicies have order 1000 in the tier `default`, and the opener of AUDIT is one of them. What is shown is decided before it:
 * first by what the policies allow, then by a denial of all else.
 * @see https://github.com/projectcalico/calico/blob/master/libcalico-go/lib/backend/k8s/conversion/conversion.go
 */
const ALLOW_ORDER = 999;
const DENY_ORDER = 999.5;

const STAGED: Preview = {
  form: CALICO_STAGED_FORM,
  nameOf: (name) => `${calico.DEFAULT_TIER}.${name}`,
  policyOf: (policy) => {
    const denied = (direction: Direction): boolean => policy.isolates.includes(direction) && policy.rules.length === 0;
    const rules = policy.rules.length > 0 ? inCalicoWords(policy).rules
      : (['ingress', 'egress'] as const).filter(denied).map((direction) => rule({ direction, action: 'deny' }));
    return {
      ...policy,
      name: STAGED.nameOf(policy.name),
      tier: calico.DEFAULT_TIER_DEFINITION.tier,
      order: policy.rules.length > 0 ? ALLOW_ORDER : DENY_ORDER,
      rules,
      stage: 'staged',
    };
  },
};

/** The form in which a CNI shows what would be decided, or undefined where it has none. */
export function previewOf(cni: Cni): Preview | undefined {
  const isServed = servesApi(cni, calico.API_VERSION, calico.STAGED_NETWORK_POLICY) === true;
  return isServed && cniFact(cni, 'auditForm').value === 'staged' ? STAGED : undefined;
}
