import * as api from './api';
import {
  readCalicoNetworkPolicy, readGlobalNetworkPolicy, readStagedGlobalNetworkPolicy, readStagedKubernetesNetworkPolicy, readStagedNetworkPolicy,
} from './read-policy';
import { readGlobalNetworkSet, readNetworkSet, readTier } from './read-tier';

const { API_VERSION: apiVersion } = api;

/** Who reads which kind of Calico. */
export const CALICO_READERS = [
  { apiVersion, kind: api.NETWORK_POLICY, read: readCalicoNetworkPolicy },
  { apiVersion, kind: api.GLOBAL_NETWORK_POLICY, read: readGlobalNetworkPolicy },
  { apiVersion, kind: api.STAGED_NETWORK_POLICY, read: readStagedNetworkPolicy },
  { apiVersion, kind: api.STAGED_GLOBAL_NETWORK_POLICY, read: readStagedGlobalNetworkPolicy },
  { apiVersion, kind: api.STAGED_KUBERNETES_NETWORK_POLICY, read: readStagedKubernetesNetworkPolicy },
  { apiVersion, kind: api.TIER, read: readTier },
  { apiVersion, kind: api.NETWORK_SET, read: readNetworkSet },
  { apiVersion, kind: api.GLOBAL_NETWORK_SET, read: readGlobalNetworkSet },
] as const;
