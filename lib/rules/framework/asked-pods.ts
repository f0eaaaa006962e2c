import { AskedPod, labelsFor, speaksAbout } from '../../analysis';
import { Labels, NAMESPACE_NAME_LABEL, PodSet, Policy, Rule } from '../../policy';
import { RuleContext } from './policy-rule';

type Context = Pick<RuleContext, 'inventory' | 'analysis'>;

/** The pods of the input that a policy selects, in whatever namespace. */
export function podsSelectedBy({ analysis }: Context, { subject }: Policy): readonly AskedPod[] {
  return analysis.pods.ofSet(subject);
}

/** The peers of a rule that are pods by their labels, and nothing else. */
export function podSetsOf({ peers = [] }: Rule): readonly PodSet[] {
  return peers.flatMap(({ terms: [term, ...more] }) => (term?.kind === 'pods' && more.length === 0 ? [term] : []));
}

/** A pod that a policy selects and that the input does not show; undefined where there can be none, or no namespace for it is known. */
export function podImaginedFor({ analysis }: Context, { subject: { namespaces, pods } }: Policy): AskedPod | undefined {
  const [namespace] = analysis.pods.namespacesIn(namespaces);
  const labels = labelsFor(pods);
  return namespace === undefined || labels === undefined ? undefined : analysis.pods.imagined(namespace, labels);
}

/** The pods of the input that a policy selects, else one that it would; none where there can be none. */
export function podsSelectedOrImagined(context: Context, policy: Policy): readonly AskedPod[] {
  const selected = podsSelectedBy(context, policy);
  if (selected.length > 0) return selected;
  const imagined = podImaginedFor(context, policy);
  return imagined === undefined ? [] : [imagined];
}

/** The pods of a namespace, or where the input shows none, one for each policy that selects some there. */
export function podsOrImagined(context: Context, namespace: string): { readonly pods: readonly AskedPod[]; readonly areImagined: boolean } {
  const { inventory, analysis } = context;
  const known = analysis.pods.in(namespace);
  if (known.length > 0) return { pods: known, areImagined: false };
  const labels = inventory.namespaces.get(namespace)?.labels ?? { [NAMESPACE_NAME_LABEL]: namespace };
  const distinct = new Map<string, AskedPod>();
  for (const { policy } of inventory.policies) {
    const { stage, subject: { pods } } = policy;
    if (!speaksAbout(policy, namespace, labels) || stage !== 'enforced' || distinct.has(pods.key)) continue;
    const own = labelsFor(pods);
    if (own !== undefined) distinct.set(pods.key, analysis.pods.imagined(namespace, own));
  }
  return { pods: [...distinct.values()], areImagined: true };
}

/**
 * Those of some pods that have labels of a kind. Pods that no policy tells apart are one to the engine, though their labels may
 * differ in what no policy asks for.
 */
export function podsWhere(pods: readonly AskedPod[], holds: (namespace: string, labels: Labels) => boolean): readonly AskedPod[] {
  return pods.flatMap((pod): readonly AskedPod[] => {
    const { endpoint: { namespace, labels }, workloads } = pod;
    if (workloads.length === 0) return holds(namespace, labels) ? [pod] : [];
    const own = workloads.filter(({ groups }) => groups.some((group) => holds(namespace, group.labels)));
    return own.length === 0 ? [] : [{ ...pod, workloads: own }];
  });
}

const SHOWN = 3;

/** Pods by the names of their workloads: `shop/web, shop/cart and 4 more`. */
export function podsText(pods: readonly AskedPod[]): string {
  const names = [...new Set(pods.flatMap(({ workloads, text, endpoint }) => (workloads.length === 0 ? [text] : workloads.map(({ name }) => `${endpoint.namespace}/${name}`))))];
  const rest = names.length - SHOWN;
  return rest > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${rest} more` : names.join(', ');
}

/** The end of a connection as `netpol explain` takes it; undefined for a pod that the input does not show. */
export function askedEnd({ workloads: [first] }: AskedPod): string | undefined {
  return first === undefined ? undefined : `${first.namespace}/${first.name}`;
}
