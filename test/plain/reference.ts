import { type Address, isAddress, parseAddress, sameAddress } from './address';
import type { Cluster } from './cluster';
import type { Party } from './party';

/**
 * What a test calls an end of a connection: `shop/web` (a pod or a workload), `shop/web[Deployment]`, an IP address, or
 * `node/NAME`. A workload has several pods.
 */
export function resolve(reference: string, cluster: Cluster): Party[] {
  if (isAddress(reference)) {
    return [partyAt(parseAddress(reference), cluster)];
  }
  const [, namespace, name, kind] = /^([^/[\]]+)\/([^/[\]]+)(?:\[([^\]]+)\])?$/.exec(reference) ?? [];
  if (namespace === undefined || name === undefined) {
    throw new Error(`'${reference}' is not of the form namespace/name, namespace/name[Kind], node/name or an IP address`);
  }
  const pods = cluster.pods.filter((pod) => pod.namespace === namespace
    && ((pod.workload.name === name && (kind === undefined || kind === pod.workload.kind))
      || (pod.name === name && (kind === undefined || kind === 'Pod'))));
  const node = namespace === 'node' ? cluster.nodes.find((candidate) => candidate.name === name) : undefined;
  const kinds = new Set(pods.map((pod) => (pod.workload.name === name ? pod.workload.kind : 'Pod')));
  if (kinds.size + (node === undefined ? 0 : 1) > 1) {
    throw new Error(`'${reference}' is ambiguous: ${[...kinds].map((found) => `${namespace}/${name}[${found}]`).join(', ')}`);
  }
  if (node !== undefined) {
    return [{ kind: 'node', node, description: `node ${name}` }];
  }
  if (pods.length === 0) {
    throw new Error(`'${reference}' is not in the cluster, which has ${known(cluster)}`);
  }
  return pods.map((pod) => ({ kind: 'pod', pod }));
}

/** An address of a pod or a node stands for it. The pods of the host network share the address of their node. */
function partyAt(address: Address, cluster: Cluster): Party {
  const has = (addresses: readonly Address[]): boolean => addresses.some((other) => sameAddress(address, other));
  const node = cluster.nodes.find((candidate) => has(candidate.addresses));
  if (node !== undefined) {
    return { kind: 'node', node, description: `node ${node.name}` };
  }
  const pods = cluster.pods.filter((pod) => has(pod.addresses));
  if (pods.length > 1) {
    throw new Error(`several pods have one address: ${pods.map((pod) => `${pod.namespace}/${pod.name}`).join(', ')}`);
  }
  const [pod] = pods;
  return pod === undefined ? { kind: 'external', address } : { kind: 'pod', pod };
}

function known(cluster: Cluster): string {
  const names = [...new Set(cluster.pods.map((pod) => `${pod.namespace}/${pod.workload.name}`))].sort();
  return names.length === 0 ? 'no pods' : names.join(', ');
}
