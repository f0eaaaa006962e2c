import { Inventory, InventoryIssue, objectText } from './inventory';
import { Profile } from './profile';

/** Workloads with pods on nodes on which nothing polices them: every connection with them passes, whatever policies say. */
export function unpolicedWorkloads({ workloads, nodes }: Inventory, { unenforcedNodes = [], id }: Profile): InventoryIssue[] {
  const unpoliced = new Map(nodes.flatMap(({ name, labels }) => (unenforcedNodes.some((selector) => selector.matches(labels)) ? [[name, name] as const] : [])));
  if (unpoliced.size === 0) return [];
  return workloads.flatMap(({ kind, namespace, name, groups, origin }) => {
    const node = groups.flatMap((group) => [group.node, ...group.pods.map((pod) => pod.node)]).find((each) => each !== undefined && unpoliced.has(each));
    if (node === undefined) return [];
    const object = { kind, namespace, name };
    return [{
      code: 'workload-not-enforced',
      severity: 'warning' as const,
      message: `${objectText(object)} runs on ${node}, where ${id} enforces no policy: every connection with it is allowed`,
      object,
      ...(origin === undefined ? {} : { origin }),
    }];
  });
}
