import { Origin, PodSet, Policy, Rule } from '../../policy';
import { DocumentReader, wrong } from '../document';
import { ReadPolicy } from '../kubernetes';
import { BASELINE_TIER, DEFAULT_TIER, MAX_PRIORITY, MIN_PRIORITY, tierKey, TIER_PREFIX } from './api';
import { AppliedTo, everyPod, readAppliedTo } from './applied-to';
import { optionalText, readMetadata } from './names';
import { readRules } from './read-rules';

/** @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#antrea-networkpolicy */
export function readAntreaNetworkPolicy(document: unknown, origin?: Origin): ReadPolicy {
  return read(document, true, origin);
}

/** @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#antrea-clusternetworkpolicy */
export function readAntreaClusterNetworkPolicy(document: unknown, origin?: Origin): ReadPolicy {
  return read(document, false, origin);
}

function read(document: unknown, isNamespaced: boolean, origin: Origin | undefined): ReadPolicy {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const { name, namespace } = readMetadata(reader, object.metadata, isNamespaced);
  const spec = reader.object(object.spec, 'spec', ['tier', 'priority', 'appliedTo', 'ingress', 'egress']);
  const tier = { name: tierKey(optionalText(reader, spec.tier, 'spec.tier') ?? DEFAULT_TIER) };
  const appliedTo = readAppliedTo(reader, spec.appliedTo, 'spec.appliedTo', 'policy', namespace);
  const { subject, inRules } = subjectOf(appliedTo, namespace);
  const context = { namespace, appliedTo: inRules, mayPass: tier.name !== `${TIER_PREFIX}${BASELINE_TIER}` };
  const rules = (['ingress', 'egress'] as const).flatMap((direction) => readRules(reader, spec, direction, context));
  if (appliedTo === undefined && rules.length === 0) throw wrong(spec.appliedTo, 'spec.appliedTo', 'is empty', 'whom the policy is about; podSelector: {} for all pods');
  checkNames(rules);
  return {
    policy: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      tier,
      order: readPriority(spec.priority),
      subject,
      // its rules decide, and what they do not decide goes on to the next tier
      isolates: [],
      rules,
      stage: 'enforced',
      ...(origin === undefined ? {} : { origin }),
    },
    issues: reader.issues,
  };
}

/** One set of pods is the subject of the policy; a union, or what is no set of pods, narrows each rule. */
function subjectOf(appliedTo: AppliedTo | undefined, namespace: string | undefined): { readonly subject: PodSet; readonly inRules: AppliedTo | undefined } {
  const [only, ...more] = appliedTo?.subject ?? [];
  const [term, ...others] = only?.terms ?? [];
  if (appliedTo !== undefined && more.length === 0 && others.length === 0 && term?.kind === 'pods') {
    return { subject: term, inRules: { ...appliedTo, subject: undefined } };
  }
  return { subject: everyPod(namespace), inRules: appliedTo };
}

/** @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#ordering-based-on-policy-priority */
function readPriority(value: unknown): NonNullable<Policy['order']> {
  if (typeof value === 'number' && value >= MIN_PRIORITY && value <= MAX_PRIORITY) return value;
  throw wrong(value, 'spec.priority', 'is not a priority', `a number from ${MIN_PRIORITY} to ${MAX_PRIORITY}; lower is evaluated first`);
}

function checkNames(rules: readonly Rule[]): void {
  const seen = new Map<string, string>();
  for (const [position, { name, direction, index = position }] of rules.entries()) {
    if (name === undefined) continue;
    const place = `${direction}[${index}]`;
    const known = seen.get(name);
    if (known !== undefined && known !== place) throw wrong(name, `spec.${direction}`, 'is the name of two rules, which Antrea refuses', 'a name of its own for each rule');
    seen.set(name, place);
  }
}
