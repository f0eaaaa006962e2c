import { Origin } from '../policy';
import * as admin from './admin-network-policy';
import * as cluster from './cluster-network-policy';
import * as kubernetes from './kubernetes';
import { ReadPolicy } from './kubernetes';

/** Who reads which kind of policy document into the model. */
export interface PolicyReaderRow {
  readonly apiVersion: string;
  readonly kind: string;
  read(document: unknown, origin?: Origin): ReadPolicy;
}

/** Every policy kind that can be read. */
export const POLICY_READERS: readonly PolicyReaderRow[] = [
  { apiVersion: kubernetes.API_VERSION, kind: kubernetes.KIND, read: kubernetes.readNetworkPolicy },
  { apiVersion: cluster.API_VERSION, kind: cluster.KIND, read: cluster.readClusterNetworkPolicy },
  { apiVersion: admin.API_VERSION, kind: admin.ADMIN_KIND, read: admin.readAdminNetworkPolicy },
  { apiVersion: admin.API_VERSION, kind: admin.BASELINE_KIND, read: admin.readBaselineAdminNetworkPolicy },
];
