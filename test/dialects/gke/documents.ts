import { API_VERSION, FQDN_KIND, LOGGING_KIND, readFqdnNetworkPolicy, readNetworkLogging } from '../../../lib/dialects/gke';

export function readFqdn(spec: unknown, metadata: unknown = { name: 'x', namespace: 'shop' }): ReturnType<typeof readFqdnNetworkPolicy> {
  return readFqdnNetworkPolicy({ apiVersion: API_VERSION, kind: FQDN_KIND, metadata, spec });
}

export function readLogging(spec: unknown, name = 'default'): ReturnType<typeof readNetworkLogging> {
  return readNetworkLogging({ apiVersion: API_VERSION, kind: LOGGING_KIND, metadata: { name }, spec });
}
