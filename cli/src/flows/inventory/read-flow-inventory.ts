import { readFileSync } from 'node:fs';
import { InputError } from '../../input';
import { FlowInventory } from './flow-inventory';
import { InventoryDocument } from './inventory-document';
import { KubernetesInventory } from './kubernetes-inventory';
import { INVENTORY_KEYS, OwnInventory } from './own-inventory';

const LIST_KEYS: readonly string[] = ['kind', 'apiVersion', 'metadata', 'items'];

/**
 * Reads what `--inventory` names: JSON with the history of pod addresses, nodes, Services and listeners, or the List that `kubectl get`
 * prints of them. Beside the items of a List, what it does not tell may stand in the first form.
 */
export function readFlowInventory(file: string): FlowInventory {
  const document = new InventoryDocument(file);
  const root = document.mapping(parsed(file), '');
  if (!KubernetesInventory.isList(root)) return new FlowInventory(new OwnInventory(document).facts(root));
  const rest = Object.fromEntries(Object.entries(root).filter(([key]) => !LIST_KEYS.includes(key)));
  const [cluster, more] = [new KubernetesInventory(document).facts(root), new OwnInventory(document).facts(rest)];
  return new FlowInventory({
    podCidrs: [...cluster.podCidrs, ...more.podCidrs],
    pods: [...more.pods, ...cluster.pods],
    nodes: [...cluster.nodes, ...more.nodes],
    services: [...cluster.services, ...more.services],
    listeners: [...cluster.listeners, ...more.listeners],
  });
}

function parsed(file: string): unknown {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError([{ place: { file }, reason: `cannot be read: ${(error as Error).message}` }]);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError([{ place: { file }, reason: `is no JSON: ${(error as Error).message}. Instead: a List of kubectl get -o json, or an object with ${INVENTORY_KEYS.join(', ')}` }]);
  }
}
