import { Cni } from '../../cluster/cni';
import { celTexts, SUBJECT_VARIABLE } from './cel';
import { Guardrail, requirement } from './guardrail';
import { policyKinds } from './policy-kinds';
import { changes, Exceptions, notTheRollback } from './requests';

/** Every policy names a team that answers for it: the one to ask before it is changed, or when it drops something. */
export function ownerRequired(cni: Cni, exceptions: Exceptions, ownerLabels: readonly string[]): Guardrail {
  return {
    name: 'owner-required',
    kinds: policyKinds(cni),
    operations: ['CREATE', 'UPDATE'],
    matchConditions: [notTheRollback(exceptions), changes(['spec', 'specs', 'metadata.?labels'])],
    variables: [SUBJECT_VARIABLE],
    requirements: [requirement(
      `${celTexts(ownerLabels)}.exists(key, object.metadata.?labels[?key].orValue("") != "")`,
      `names nobody who answers for it. Write the label ${ownerLabels.join(' or ')} with the name of the team`,
    )],
  };
}
