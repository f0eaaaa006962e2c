import { Policy, policyId, PolicyError } from '../../policy';

export function cannotSay(policy: Policy, what: string): PolicyError {
  return new PolicyError({
    given: policyId(policy),
    problem: `needs ${what}, which crd.antrea.io/v1beta1 cannot say`,
    instead: 'several rules, or another policy API',
  });
}
