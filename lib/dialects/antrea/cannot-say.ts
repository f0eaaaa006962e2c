import { Policy, policyId, PolicyError } from '../../policy';

export function cannotSay(object: Pick<Policy, 'name' | 'namespace'>, what: string): PolicyError {
  return new PolicyError({
    given: policyId(object),
    problem: `needs ${what}, which crd.antrea.io/v1beta1 cannot say`,
    instead: 'several rules, or another policy API',
  });
}
