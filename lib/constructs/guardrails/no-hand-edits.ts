import { Cni } from '../../cluster/cni';
import { OWNER_LABEL } from '../owner';
import { DEFAULT_DENY_POLICY } from '../synthesis/policy-name';
import { celText, isBy, isManaged, LEAVING_VARIABLE, SUBJECT_VARIABLE } from './cel';
import { Guardrail, requirement } from './guardrail';
import { policyKinds } from './policy-kinds';
import { Exceptions, isByOwner, notTheRollback } from './requests';

/** What the constructs manage is changed in git. By hand nobody takes the label away, or puts it on a policy of their own. */
export function noHandEdits(cni: Cni, exceptions: Exceptions): Guardrail {
  const unchanged = ['object.?spec == oldObject.?spec', 'object.?specs == oldObject.?specs', 'object.metadata.?labels == oldObject.metadata.?labels',
    'object.metadata.?annotations == oldObject.metadata.?annotations', 'object.metadata.?ownerReferences == oldObject.metadata.?ownerReferences'].join(' && ');
  return {
    name: 'no-hand-edits',
    kinds: policyKinds(cni),
    operations: ['CREATE', 'UPDATE', 'DELETE'],
    matchConditions: [
      notTheRollback(exceptions),
      { name: 'is-managed', expression: `${isManaged('object')} || ${isManaged('oldObject')}` },
      { name: 'not-by-a-deployer', expression: `!${isBy(exceptions.deployers)}` },
    ],
    variables: [
      SUBJECT_VARIABLE,
      LEAVING_VARIABLE,
      { name: 'owner', expression: `oldObject != null && oldObject.metadata.?name.orValue("") == ${celText(DEFAULT_DENY_POLICY)} && ${isByOwner(exceptions, [OWNER_LABEL])}` },
      { name: 'idle', expression: `request.operation == "UPDATE" && ${unchanged}` },
    ],
    requirements: [requirement(
      'variables.leaving || variables.owner || variables.idle',
      'is managed by cdk8s-netpol, so that what is in git is what holds. Change the construct and let a deployer apply it; '
      + 'a policy of your own goes without the label app.kubernetes.io/managed-by: cdk8s-netpol; to undo ENFORCE at once, run the line in cdk8s-netpol/rollback of default-deny',
    )],
  };
}
