import { Policy, policyId, PolicyError } from '../../policy';

export function cannotSay(policy: Policy, what: string): PolicyError {
  return new PolicyError({
    given: policyId(policy),
    problem: `needs ${what}, which cilium.io/v2 cannot say`,
    instead: 'a policy without it, or another API',
  });
}
