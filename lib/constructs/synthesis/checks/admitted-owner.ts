import { ApiObject } from 'cdk8s';
import { policyId } from '../../../policy';
import { AppCheck } from '../app-check';
import { documentsIn } from '../documents';

/** What the guardrails of an app refuse at admission for want of an owner is not emitted by the same app. */
export const admittedOwner: AppCheck = ({ estate, policies }, report) => {
  const { guardrails } = estate;
  if (guardrails === undefined) return;
  for (const { policy, kind, construct } of policies) {
    const keys = guardrails._ownerLabelsIn(policy.namespace);
    if (keys === undefined) continue;
    const document = documentsIn((construct as ApiObject).toJson()).find((each) => each.kind === kind && each.metadata?.name === policy.name);
    if (keys.some((key) => document?.metadata?.labels?.[key])) continue;
    report(construct, `the ${kind} "${policyId(policy)}" names no owner in its labels, and ${guardrails.node.path} (AdmissionGuardrails) has the API server refuse it. `
      + `Instead: a DefaultDenyNamespace for its namespace, the label ${keys.join(' or ')}, or an exemption of the namespace with a reason`);
  }
};
