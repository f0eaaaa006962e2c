import { NETWORK_POLICY } from '../../cluster/apis';
import { Cni } from '../../cluster/cni';
import { OWNER_LABEL } from '../owner';
import { RolloutStage } from '../rollout-stage';
import { STAGE_ANNOTATION } from '../synthesis/annotations';
import { DEFAULT_DENY_POLICY } from '../synthesis/policy-name';
import { annotationOf, celText, isBy, labelOf, LEAVING_VARIABLE, SUBJECT_VARIABLE } from './cel';
import { Guardrail, requirement } from './guardrail';
import { kindsOf } from './policy-kinds';
import { Exceptions, isByOwner, notTheRollback } from './requests';

/**
 * The default-deny of a namespace in ENFORCE stays. The object itself says its stage: no lookup, and nothing that could be stale.
 * Deployers too are held to it, because a prune that takes more than was meant is how a default-deny gets lost; they may lower
 * the stage, after which it may go.
 */
export function keepDefaultDeny(cni: Cni, exceptions: Exceptions): Guardrail {
  const stage = (object: string): string => annotationOf(object, STAGE_ANNOTATION);
  const owner = (object: string): string => labelOf(object, OWNER_LABEL);
  return {
    name: 'keep-default-deny',
    kinds: kindsOf(cni, NETWORK_POLICY, ['NetworkPolicy']),
    operations: ['UPDATE', 'DELETE'],
    matchConditions: [
      notTheRollback(exceptions),
      { name: 'is-a-default-deny', expression: `oldObject.metadata.?name.orValue("") == ${celText(DEFAULT_DENY_POLICY)}` },
      { name: 'is-enforced', expression: `${stage('oldObject')} == ${celText(RolloutStage.ENFORCE)}` },
    ],
    variables: [
      SUBJECT_VARIABLE,
      LEAVING_VARIABLE,
      { name: 'owner', expression: isByOwner(exceptions, [OWNER_LABEL]) },
      {
        name: 'shut',
        expression: 'object != null && size(object.spec.podSelector.?matchLabels.orValue({})) == 0 && size(object.spec.podSelector.?matchExpressions.orValue([])) == 0'
          + ' && ["Ingress", "Egress"].all(t, t in object.spec.?policyTypes.orValue([]))'
          + ' && size(object.spec.?ingress.orValue([])) == 0 && size(object.spec.?egress.orValue([])) == 0',
      },
    ],
    requirements: [
      requirement(
        'request.operation != "DELETE" || variables.owner || variables.leaving',
        'the default-deny of a namespace in ENFORCE is not deleted: every pod would be open. Set the stage to AUDIT in git first; to open the namespace at once, '
        + 'run the line in its annotation cdk8s-netpol/rollback; its owner\'s group may delete it',
      ),
      requirement(
        'request.operation != "UPDATE" || variables.owner || object.?spec == oldObject.?spec || variables.shut',
        'the default-deny of a namespace in ENFORCE selects every pod, in both directions, and allows nothing. Write what may pass in a policy of its own; '
        + 'its owner\'s group may change it',
      ),
      requirement(
        `request.operation != "UPDATE" || variables.owner || ${isBy(exceptions.deployers)} || (${stage('object')} == ${stage('oldObject')} && ${owner('object')} == ${owner('oldObject')})`,
        'the stage and the owner of a namespace in ENFORCE change in git, and are applied by a deployer: as another stage the default-deny could be deleted next',
      ),
    ],
  };
}
