import { readFileSync } from 'node:fs';
import { InputError } from '../../input';
import { FlowInventory } from './flow-inventory';
import { InventoryDocument } from './inventory-document';
import { KubernetesInventory } from './kubernetes-inventory';
import { INVENTORY_KEYS, OwnInventory } from './own-inventory';

/** Reads what `--inventory` names: JSON with the history of pod addresses, nodes, Services and listeners, or what `kubectl get` prints of them. */
export function readFlowInventory(file: string): FlowInventory {
  const document = new InventoryDocument(file);
  const root = document.mapping(parsed(file), '');
  return new FlowInventory(KubernetesInventory.isList(root) ? new KubernetesInventory(document).facts(root) : new OwnInventory(document).facts(root));
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
