import { API_VERSION, KIND, CLUSTERWIDE_KIND, readCiliumClusterwideNetworkPolicy, readCiliumNetworkPolicy, ReadCiliumPolicies, WrittenCiliumPolicy } from '../../../lib/dialects/cilium';
import { Policy } from '../../../lib/policy';

/** The manifest of a written policy, as it would be read from a file. */
export function manifest({ kind, name, namespace, spec }: WrittenCiliumPolicy): unknown {
  return JSON.parse(JSON.stringify({ apiVersion: API_VERSION, kind, metadata: { name, namespace }, spec }));
}

export function readBack(document: unknown): ReadCiliumPolicies {
  return (document as { kind: string }).kind === KIND ? readCiliumNetworkPolicy(document) : readCiliumClusterwideNetworkPolicy(document);
}

/** A CiliumNetworkPolicy with this spec, in `shop`. */
export function read(spec: unknown): ReadCiliumPolicies {
  return readCiliumNetworkPolicy({ apiVersion: API_VERSION, kind: KIND, metadata: { name: 'x', namespace: 'shop' }, spec });
}

export function readClusterwide(spec: unknown): ReadCiliumPolicies {
  return readCiliumClusterwideNetworkPolicy({ apiVersion: API_VERSION, kind: CLUSTERWIDE_KIND, metadata: { name: 'x' }, spec });
}

/** The one policy of a document that must have no issues. */
export function policyOf({ policies, issues }: ReadCiliumPolicies): Policy {
  expect(issues).toEqual([]);
  expect(policies).toHaveLength(1);
  return policies[0]!;
}
