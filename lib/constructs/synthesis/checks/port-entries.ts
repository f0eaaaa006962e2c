import { keepsPortEntries } from '../../../cluster/native-limits';
import { aws } from '../../../dialects';
import { NETWORK_POLICY_TIER, policyId } from '../../../policy';
import { AppCheck } from '../app-check';

/** The kinds of the CNI itself are refused where they are written; a NetworkPolicy is cut as much, and nobody is told. */
export const portEntries: AppCheck = ({ estate, policies }, report) => {
  if (!keepsPortEntries(estate.profile.cni)) return;
  for (const { policy, kind, construct } of policies) {
    if (policy.tier.name !== NETWORK_POLICY_TIER.name) continue;
    for (const { rule: { direction }, entries } of aws.crowdedRules(policy).slice(0, 1)) {
      report(construct, `the ${kind} "${policyId(policy)}" has ${entries} port entries for one peer in ${direction}; the data plane of ${estate.profile.cni.name} keeps ${aws.MAX_PORT_ENTRIES} `
        + 'and cuts the rest without a word. Instead: ranges of ports, or fewer ports for one peer');
    }
  }
};
