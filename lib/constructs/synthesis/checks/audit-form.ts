import { RolloutStage } from '../../rollout-stage';
import { AppCheck } from '../app-check';
import { openerForm } from '../opener-form';

/** A native opener cannot name nodes where an ipBlock does not match them: in AUDIT it would cut pods off their node and the API server. */
export const auditForm: AppCheck = ({ estate }, report) => {
  const { cni } = estate.profile;
  if (openerForm(cni) !== undefined) return;
  for (const namespace of estate.managed.values()) {
    if (namespace._host.stage !== RolloutStage.AUDIT) continue;
    report(namespace, `stage AUDIT opens the namespace with a NetworkPolicy, and on ${cni.name} no NetworkPolicy reaches nodes or the API server: pods would be cut off them. `
      + 'Instead: OBSERVE until the recorded traffic is covered, then ENFORCE');
  }
};
