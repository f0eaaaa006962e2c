import { parseAllDocuments } from 'yaml';
import { Analysis, type Inventory, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';

/** What the input shows of a cluster, from the text of its manifests. */
export function inventoryOf(yaml: string): Inventory {
  const objects = parseAllDocuments(yaml).map((document) => ({ object: document.toJS() as unknown, origin: { file: 'cluster.yaml' } }));
  return readInventory(objects, { readers: POLICY_READERS });
}

/** A cluster whose CNI is known to the settings given. */
export function analysisOf(yaml: string, settings: Readonly<Record<string, string>> = {}, id = 'generic'): Analysis {
  return new Analysis(inventoryOf(yaml), profileOf(id, { settings }));
}

/** A bare pod: `pod('shop/web', 'app: web')`. */
export function pod(name: string, labels = '', more = ''): string {
  const [namespace, own] = name.split('/');
  return `
---
apiVersion: v1
kind: Pod
metadata: { name: ${own}, namespace: ${namespace}, labels: { ${labels} } }
spec: { containers: [{ name: main, image: none }] ${more === '' ? '' : `, ${more}`} }
`;
}

/** A NetworkPolicy: `policy('shop/web', 'podSelector: {}, ingress: [{}]')`. */
export function policy(name: string, spec: string): string {
  const [namespace, own] = name.split('/');
  return `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${own}, namespace: ${namespace} }
spec: { ${spec} }
`;
}

/** A ClusterNetworkPolicy. */
export function clusterPolicy(name: string, spec: string): string {
  return `
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${name} }
spec: { ${spec} }
`;
}
