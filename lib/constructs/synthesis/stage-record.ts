import { Cni } from '../../cluster/cni';
import { cniFact } from '../../cluster/cni-facts';
import { RolloutStage } from '../rollout-stage';
import { previewOf } from './preview';

const EVIDENCE = {
  seen: 'the flow logs of the CNI show what would be dropped',
  unseen: 'the CNI does not show what would be dropped: compare recorded flows with the policies before ENFORCE',
};

const ESTABLISHED = {
  cut: 'open connections that no rule allows are cut at once',
  kept: 'open connections stay: what no rule allows is cut at the next restart of the client, so restart one of each workload',
  depends: 'whether open connections are cut is not known for this CNI: restart one of each workload',
};

/** What the stage of a namespace means on its CNI, for whoever looks at the cluster and not at the code. */
export function stageNotes(stage: RolloutStage, cni: Cni): Readonly<Record<string, string>> {
  switch (stage) {
    case RolloutStage.OBSERVE:
      return {};
    case RolloutStage.AUDIT:
      return { 'audit-evidence': isShown(cni) ? EVIDENCE.seen : EVIDENCE.unseen };
    case RolloutStage.ENFORCE:
      return { 'established-connections': ESTABLISHED[cniFact(cni, 'establishedOnEnforce').value] };
  }
}

/** Whether the form of AUDIT on this CNI is one of those whose verdicts it shows. */
function isShown(cni: Cni): boolean {
  const isOfItsOwn = previewOf(cni) !== undefined || cniFact(cni, 'auditForm').value === 'opener-entities';
  return isOfItsOwn && cniFact(cni, 'showsWouldBeDrops').value === true;
}
