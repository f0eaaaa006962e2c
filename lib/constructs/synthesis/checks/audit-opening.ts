import { CILIUM_TIER, Direction, NETWORK_POLICY_TIER, Policy } from '../../../policy';
import { RolloutStage } from '../../rollout-stage';
import { AppCheck } from '../app-check';

/** Tiers whose policies add up with the opener. */
const ADDING_UP = [NETWORK_POLICY_TIER.name, CILIUM_TIER.name];

/** In AUDIT a namespace is open. Where a policy that was there before keeps something closed, that would be opened. */
export const auditOpening: AppCheck = ({ estate, policies }, report) => {
  for (const { policy, construct, ours } of policies) {
    const namespace = policy.namespace === undefined ? undefined : estate.managed.get(policy.namespace);
    if (ours || !ADDING_UP.includes(policy.tier.name)) continue;
    if (namespace === undefined || namespace._host.stage !== RolloutStage.AUDIT || namespace._acceptedOpening !== undefined) continue;
    const closed = policy.isolates.filter((direction) => !opensAll(policy, direction));
    if (closed.length === 0) continue;
    report(construct, `the policy "${policy.namespace}/${policy.name}" closes ${closed.join(' and ')} of pods that netpol-audit would open while the namespace is in AUDIT. `
      + `Instead: RolloutStage.OBSERVE or ENFORCE for ${namespace.node.path}, or acceptOpening(reason) on it`);
  }
};

function opensAll(policy: Policy, direction: Direction): boolean {
  return policy.rules.some((rule) => rule.direction === direction && rule.action === 'allow' && rule.peers === undefined && rule.ports === undefined);
}
