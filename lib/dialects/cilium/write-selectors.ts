import { NAMESPACE_NAME_LABEL, namespaceSelector, NamespaceScope, PodSet, Policy, Requirement, Selector } from '../../policy';
import { CiliumSelectorJson } from './api';
import { cannotSay } from './cannot-say';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from './selectors';

/** The source of every label of a pod. Labels of pods need no source: they have no other. */
const SOURCE = 'k8s:';
/** What a label key has at most behind its prefix; the agent checks keys with their source. */
const MAX_NAME = 63;

export function writeSubject(policy: Policy): CiliumSelectorJson {
  const { namespace, subject } = policy;
  if (namespace === undefined) return writeSelector(policy, subject, undefined);
  if (subject.namespaces.kind !== 'named' || subject.namespaces.name !== namespace) throw cannotSay(policy, 'a subject outside of its own namespace');
  return writeSelector(policy, subject, namespace);
}

/** Where no namespace is named, a policy of a namespace means its own and one of the cluster all of them. */
export function writeSelector(policy: Policy, { namespaces, pods }: PodSet, own: string | undefined): CiliumSelectorJson {
  return selectorJson([...namespaceConditions(policy, namespaces, own), ...plain(policy, pods).requirements.map((each) => podCondition(policy, each))]);
}

function namespaceConditions(policy: Policy, scope: NamespaceScope, own: string | undefined): Requirement[] {
  if (scope.kind === 'named' && scope.name === own) return [];
  const { requirements } = plain(policy, namespaceSelector(scope));
  if (requirements.length === 0) return own === undefined ? [] : [{ key: `${SOURCE}${NAMESPACE_KEY}`, operator: 'Exists', values: [] }];
  // what lacks the label meets a condition that takes some values away: ends that are no pods lack it
  const isPod: Requirement[] = requirements.some(({ operator }) => operator === 'In' || operator === 'Exists') ? []
    : [{ key: `${SOURCE}${NAMESPACE_KEY}`, operator: 'Exists', values: [] }];
  return [...isPod, ...requirements.map((each) => {
    if (each.key === NAMESPACE_NAME_LABEL) return { ...each, key: `${SOURCE}${NAMESPACE_KEY}` };
    const name = `k8s.${NAMESPACE_LABELS_PREFIX}${each.key}`.split('/').at(-1)!;
    if (name.length > MAX_NAME) throw cannotSay(policy, `the namespace label ${each.key}, whose key is too long for a label of pods`);
    return { ...each, key: `${SOURCE}${NAMESPACE_LABELS_PREFIX}${each.key}` };
  })];
}

function podCondition(policy: Policy, requirement: Requirement): Requirement {
  const { key } = requirement;
  if (key === NAMESPACE_KEY || key === CLUSTER_KEY || key.startsWith(NAMESPACE_LABELS_PREFIX)) throw cannotSay(policy, `the pod label ${key}, which has another meaning there`);
  return requirement;
}

/** Lists of conditions; alternatives across labels are not among them. */
function plain(policy: Policy, selector: Selector): Selector {
  if (selector.formulas.length > 0) throw cannotSay(policy, `the selector ${selector.toString()}`);
  return selector;
}

function selectorJson(requirements: readonly Requirement[]): CiliumSelectorJson {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: Array<{ key: string; operator: string; values?: string[] }> = [];
  for (const { key, operator, values } of requirements) {
    const [only, ...more] = values;
    if (operator === 'In' && only !== undefined && more.length === 0 && !Object.hasOwn(matchLabels, key)) matchLabels[key] = only;
    else matchExpressions.push(values.length > 0 ? { key, operator, values: [...values] } : { key, operator });
  }
  return {
    ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  };
}
