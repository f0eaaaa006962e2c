import {
  API_VERSION, APPLICATION_KIND, CLUSTER_KIND, readApplicationNetworkPolicy, readClusterNetworkPolicy, type ReadPolicies,
} from '../../../lib/dialects/aws';
import { type ReadPolicy } from '../../../lib/dialects/kubernetes';

export function readCluster(spec: unknown, metadata: unknown = { name: 'x' }): ReadPolicy {
  return readClusterNetworkPolicy({ apiVersion: API_VERSION, kind: CLUSTER_KIND, metadata, spec });
}

export function readApplication(spec: unknown, metadata: unknown = { name: 'x', namespace: 'shop' }): ReadPolicies {
  return readApplicationNetworkPolicy({ apiVersion: API_VERSION, kind: APPLICATION_KIND, metadata, spec });
}
