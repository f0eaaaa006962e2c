import { ApiObject } from 'cdk8s';
import { isDnsSubdomain, policyId } from '../../../policy';
import { AppCheck } from '../app-check';
import { documentsIn, isListKind } from '../documents';

/**
 * cdk8s writes two objects of the same kind, namespace and name without a word; the one that is applied last wins, and a
 * policy is gone. Two owners of one Namespace object is how namespaces get deleted.
 */
export const uniqueObjects: AppCheck = ({ objects, policies }, report) => {
  const seen = new Map<string, ApiObject>();
  const note = (key: string, what: string, object: ApiObject): void => {
    const before = seen.get(key);
    if (before === undefined) seen.set(key, object);
    else report(object, `there are two objects ${what}: here and at ${before.node.path}. Instead: another name for one of them, or one object`);
  };
  for (const object of objects) {
    if (object.kind !== 'Namespace' && !isListKind(object.kind)) continue;
    for (const { kind, metadata } of documentsIn(object.toJson())) {
      if (kind === 'Namespace') note(`Namespace ${metadata?.name}`, `Namespace "${metadata?.name}"`, object);
    }
  }
  for (const { policy, apiVersion, kind, construct } of policies) {
    const where = policy.namespace === undefined ? '' : ` in the namespace "${policy.namespace}"`;
    // several APIs have a NetworkPolicy
    note(`${apiVersion} ${kind} ${policyId(policy)}`, `${kind} "${policy.name}"${where}`, construct as ApiObject);
    if (!isDnsSubdomain(policy.name)) report(construct, `"${policy.name}" is not a valid policy name. Instead: lower-case letters, digits, "-" and "."`);
  }
};
