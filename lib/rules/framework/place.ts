import { AskedPod, CompiledRule, ObjectName, PolicyDocument } from '../../analysis';
import { Direction, Origin, Policy, Rule } from '../../policy';
import { RuleContext } from './policy-rule';

/** The object of a policy, and where it stands: what a finding about it begins with. */
export function policyPlace({ kind, policy }: Pick<PolicyDocument, 'kind' | 'policy'>): { readonly object: ObjectName; readonly origin?: Origin } {
  const { name, namespace, origin } = policy;
  return { object: { kind, name, ...(namespace === undefined ? {} : { namespace }) }, ...(origin === undefined ? {} : { origin }) };
}

/** The field of a rule in its document: `spec.egress[0]`. */
export function rulePath(policy: Policy, rule: Rule): string {
  const index = policy.rules.filter(({ direction }) => direction === rule.direction).indexOf(rule);
  return `${policy.part ?? 'spec'}.${rule.place ?? `${rule.direction}[${index}]`}`;
}

/** The same for a rule that the engine names. */
export function compiledPlace(compiled: CompiledRule): { readonly object: ObjectName; readonly origin?: Origin; readonly path: string } {
  const { policy: { kind, policy }, rule, index } = compiled;
  const path = `${policy.part ?? 'spec'}.${rule.place ?? `${rule.direction}[${index}]`}`;
  return { ...policyPlace({ kind, policy }), path };
}

/** A namespace as an object: its Namespace, or the first object of it where the input does not have that. */
export function namespacePlace(context: Pick<RuleContext, 'inventory' | 'policies' | 'isChecked'>, namespace: string): { readonly object: ObjectName; readonly origin?: Origin } {
  const { inventory, policies } = context;
  const declared = inventory.namespaces.get(namespace);
  const candidates = [
    ...(declared?.declared === true ? [declared.origin] : []),
    ...policies.filter(({ policy }) => policy.namespace === namespace).map(({ policy }) => policy.origin),
    ...inventory.workloads.filter((each) => each.namespace === namespace).map((each) => each.origin),
  ];
  const origin = candidates.find((each) => each !== undefined && context.isChecked(each));
  return { object: { kind: 'Namespace', name: namespace }, ...(origin === undefined ? {} : { origin }) };
}

/** The policy that closes a pod in a direction, where it is one of those that are checked; else the object that has the harm. */
export function closingPlace(
  context: Pick<RuleContext, 'analysis' | 'isChecked'>, pod: AskedPod, direction: Direction,
  { kind, namespace, name, origin }: ObjectName & { readonly origin?: Origin },
): { readonly object: ObjectName; readonly origin?: Origin } {
  const closing = context.analysis.pods.policiesOf(pod)
    .find(({ policy: { policy }, certain }) => certain && policy.isolates.includes(direction) && context.isChecked(policy.origin));
  if (closing !== undefined) return policyPlace(closing.policy);
  return { object: { kind, name, ...(namespace === undefined ? {} : { namespace }) }, ...(origin === undefined ? {} : { origin }) };
}
