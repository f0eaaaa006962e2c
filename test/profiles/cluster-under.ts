import { parseAllDocuments } from 'yaml';
import { Analysis, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';

/** Two pods of `shop`, one of `pay`, on two nodes. */
export const PODS = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: pay, labels: {team: b}}}
---
{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {zone: a}}, status: {addresses: [{type: InternalIP, address: 192.0.2.1}]}}
---
{apiVersion: v1, kind: Node, metadata: {name: n2, labels: {zone: b}}, status: {addresses: [{type: InternalIP, address: 192.0.2.2}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {nodeName: n1, serviceAccountName: web, containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}, status: {podIP: 10.0.1.1}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}}, spec: {nodeName: n2, containers: [{name: c, ports: [{name: http, containerPort: 9090}, {name: sql, containerPort: 5432}]}]}, status: {podIP: 10.0.2.1}}
---
{apiVersion: v1, kind: Pod, metadata: {name: api, namespace: pay, labels: {app: api}}, spec: {nodeName: n1, containers: [{name: c}]}, status: {podIP: 10.0.1.2}}
---
{apiVersion: v1, kind: Pod, metadata: {name: agent, namespace: pay, labels: {app: agent}}, spec: {nodeName: n2, hostNetwork: true, containers: [{name: c}]}, status: {podIP: 192.0.2.2}}
`;

/** A cluster under a profile; documents are YAML, one or several in each text. */
export function clusterUnder(
  id: string, options: { readonly version?: string; readonly settings?: Readonly<Record<string, string>> }, ...texts: readonly string[]
): Analysis {
  const objects = [PODS, ...texts].flatMap((text) => parseAllDocuments(text).map((document) => ({ object: document.toJS() as unknown })));
  const inventory = readInventory(objects, { readers: POLICY_READERS });
  expect(inventory.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return new Analysis(inventory, profileOf(id, options));
}

let count = 0;

/** A policy of a namespace with a name of its own. */
export function cnp(namespace: string, spec: string): string {
  return `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: cnp-${count++}, namespace: ${namespace}}, spec: ${spec}}`;
}

export function ccnp(spec: string): string {
  return `{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: ccnp-${count++}}, spec: ${spec}}`;
}

export function np(namespace: string, spec: string): string {
  return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: np-${count++}, namespace: ${namespace}}, spec: ${spec}}`;
}

/** A ClusterNetworkPolicy about every pod. */
export function clusterPolicy(tier: 'Admin' | 'Baseline', priority: number, rules: string): string {
  return `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: kcnp-${count++}}, spec: {tier: ${tier}, priority: ${priority}, subject: {namespaces: {}}, ${rules}}}`;
}
