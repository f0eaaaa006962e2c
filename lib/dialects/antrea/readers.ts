import * as api from './api';
import { readAntreaClusterGroup, readAntreaGroup } from './read-group';
import { readAntreaClusterNetworkPolicy, readAntreaNetworkPolicy } from './read-policy';
import { readAntreaTier } from './read-tier';

const { API_VERSION: apiVersion } = api;

/** Who reads which kind of Antrea. */
export const ANTREA_READERS = [
  { apiVersion, kind: api.NETWORK_POLICY, read: readAntreaNetworkPolicy },
  { apiVersion, kind: api.CLUSTER_NETWORK_POLICY, read: readAntreaClusterNetworkPolicy },
  { apiVersion, kind: api.TIER, read: readAntreaTier },
  { apiVersion, kind: api.GROUP, read: readAntreaGroup },
  { apiVersion, kind: api.CLUSTER_GROUP, read: readAntreaClusterGroup },
] as const;
