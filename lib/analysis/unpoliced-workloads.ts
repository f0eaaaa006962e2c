import { Selector } from '../policy';
import { Inventory, InventoryIssue, objectText, PodGroup } from './inventory';
import { Profile } from './profile';
import { isUnenforced, mustBeUnenforced } from './unenforced-nodes';

/** Workloads with pods on nodes on which nothing polices them: every connection with them passes, whatever policies say. */
export function unpolicedWorkloads({ workloads, nodes }: Inventory, profile: Profile): InventoryIssue[] {
  if (profile.unenforcedNodes === undefined) return [];
  const unpoliced = new Set(nodes.flatMap(({ name, labels }) => (isUnenforced(profile, labels) ? [name] : [])));
  return workloads.flatMap(({ kind, namespace, name, groups, origin }) => {
    const [place] = groups.flatMap((group) => placeOf(group, unpoliced, profile));
    if (place === undefined) return [];
    const object = { kind, namespace, name };
    return [{
      code: 'workload-not-enforced',
      severity: 'warning' as const,
      message: `${objectText(object)} runs on ${place}, where ${profile.id} enforces no policy: every connection with it is allowed`,
      object,
      ...(origin === undefined ? {} : { origin }),
    }];
  });
}

/** The node that nothing polices, by its name, or by the labels that the pods ask for. */
function placeOf({ node, nodeLabels, pods }: PodGroup, unpoliced: ReadonlySet<string>, profile: Profile): string[] {
  const named = [node, ...pods.map((pod) => pod.node)].filter((each) => each !== undefined && unpoliced.has(each));
  if (named[0] !== undefined) return [named[0]];
  return nodeLabels !== undefined && mustBeUnenforced(profile, nodeLabels) ? [`nodes with ${Selector.labels(nodeLabels).toString()}`] : [];
}
