import { AppCheck } from '../app-check';

/** Where the profile asks for it: a policy in a namespace that nobody owns is one that nobody reviews. */
export const ownership: AppCheck = ({ estate, policies }, report) => {
  if (estate.profile.strictOwnership !== true) return;
  for (const { policy, construct } of policies) {
    if (policy.namespace === undefined || estate.managed.has(policy.namespace)) continue;
    report(construct, `the policy "${policy.name}" is in the namespace "${policy.namespace}", which nobody owns (strictOwnership of the ClusterProfile "${estate.profile.name}"). `
      + `Instead: new DefaultDenyNamespace(chart, '${policy.namespace}', { name: '${policy.namespace}', owner: { ... }, stage: RolloutStage.OBSERVE })`);
  }
};
