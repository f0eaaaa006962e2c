import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { NAMESPACE_NAME_LABEL } from '../../policy';
import { MANAGED_BY, MANAGED_BY_LABEL, REASON_ANNOTATION } from '../synthesis/annotations';
import { Guardrail } from './guardrail';
import { GuardrailAction } from './guardrail-action';

const API_VERSION = 'admissionregistration.k8s.io/v1';

/** Where a guardrail does not hold. */
export interface Outside {
  readonly namespaces: readonly string[];
  /** Why; the exceptions that users made. */
  readonly reason?: string;
}

/**
 * A ValidatingAdmissionPolicy and the binding that puts it into force. An expression that fails refuses the request: these are
 * evaluated in the API server itself, so that there is nothing to be out of reach.
 */
export function guardrailObjects(scope: Construct, guardrail: Guardrail, action: GuardrailAction, { namespaces, reason }: Outside): void {
  const name = `cdk8s-netpol-${guardrail.name}`;
  const labels = { [MANAGED_BY_LABEL]: MANAGED_BY };
  clusterObject(scope, guardrail.name, 'ValidatingAdmissionPolicy', { name, labels }, {
    failurePolicy: 'Fail',
    matchConstraints: {
      matchPolicy: 'Equivalent',
      resourceRules: guardrail.kinds.map(({ apiGroups, apiVersions, resources }) => ({ apiGroups, apiVersions, operations: guardrail.operations, resources })),
    },
    matchConditions: guardrail.matchConditions,
    variables: guardrail.variables,
    validations: guardrail.requirements.map(({ expression, message, messageExpression }) => ({ expression, message, messageExpression, reason: 'Forbidden' })),
  });
  const annotations = reason === undefined ? {} : { annotations: { [REASON_ANNOTATION]: reason } };
  const selector = { matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: 'NotIn', values: namespaces }] };
  clusterObject(scope, `${guardrail.name}-binding`, 'ValidatingAdmissionPolicyBinding', { name, labels, ...annotations }, {
    policyName: name,
    validationActions: [action],
    ...(namespaces.length > 0 ? { matchResources: { namespaceSelector: selector } } : {}),
  });
}

/** Charts with a namespace give it to all of their objects; these have none. */
function clusterObject(scope: Construct, id: string, kind: string, metadata: Record<string, unknown>, spec: unknown): void {
  const object = new ApiObject(scope, id, { apiVersion: API_VERSION, kind, metadata, spec });
  if (object.metadata.namespace !== undefined) object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
}
