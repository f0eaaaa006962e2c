import { CILIUM, CLUSTER_NETWORK_POLICY, GKE } from '../apis';
import { Cloud } from '../cloud';
import { CniRow } from '../cni-row';
import {
  CNP_NETWORKS_OPEN, ESTABLISHED_OPEN, IP_BLOCK_NODES_OPEN, IP_BLOCK_PODS_OPEN, NATIVE_API, NO_WOULD_BE_DROPS, OPENER, OWN_NODE_OPEN,
} from '../open-facts';
import { calico } from './calico';

const HOW_TO = 'https://cloud.google.com/kubernetes-engine/docs/how-to';
const DATAPLANE = 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2';

/** Built on Cilium, but Google does not say which of its defaults are kept: only what GKE documents stands here. */
export const gkeDataplaneV2: CniRow = {
  name: 'gke-dpv2',
  title: 'GKE Dataplane V2',
  source: DATAPLANE,
  versionOf: 'GKE',
  clouds: [Cloud.GCP],
  enforcesNetworkPolicy: { value: true, source: DATAPLANE },
  serves: [
    NATIVE_API,
    {
      api: CILIUM, kinds: ['CiliumClusterwideNetworkPolicy'], default: false, since: '1.28.6',
      setting: { name: 'enable-cilium-clusterwide-network-policy', value: 'true' },
      source: `${HOW_TO}/configure-cilium-network-policy`,
      note: 'the namespaced CiliumNetworkPolicy is not served',
    },
    {
      api: GKE, kinds: ['FQDNNetworkPolicy'], default: false, setting: { name: 'enable-fqdn-network-policy', value: 'true' },
      source: `${HOW_TO}/fqdn-network-policies`,
    },
    { api: GKE, kinds: ['NetworkLogging'], default: true, source: `${HOW_TO}/network-policy-logging` },
    {
      api: CLUSTER_NETWORK_POLICY, default: true, since: '1.36.0-gke.4447000',
      source: `${HOW_TO}/configure-cluster-network-policy`,
    },
  ],
  auditForm: OPENER,
  showsWouldBeDrops: {
    ...NO_WOULD_BE_DROPS, source: `${HOW_TO}/network-policy-logging`, note: 'NetworkLogging logs verdicts; it is no dry run',
  },
  establishedOnEnforce: ESTABLISHED_OPEN,
  ipBlockMatchesPods: IP_BLOCK_PODS_OPEN,
  ipBlockMatchesNodes: IP_BLOCK_NODES_OPEN,
  cnpNetworksMatchPods: CNP_NETWORKS_OPEN,
  serviceMatch: {
    value: 'post-dnat', source: `${HOW_TO}/fqdn-network-policies`,
    note: 'the address of a Service is replaced by those of its pods before network policy rules are evaluated',
  },
  podToOwnNode: OWN_NODE_OPEN,
  settings: [
    {
      name: 'enable-fqdn-network-policy', values: ['true', 'false'], default: 'false', source: `${HOW_TO}/fqdn-network-policies`,
      meaning: 'true serves FQDNNetworkPolicy',
    },
    {
      name: 'enable-cilium-clusterwide-network-policy', values: ['true', 'false'], default: 'false', since: '1.28.6',
      source: `${HOW_TO}/configure-cilium-network-policy`,
      meaning: 'true serves CiliumClusterwideNetworkPolicy',
    },
  ],
};

/** Calico as GKE runs it: its data plane, and NetworkPolicy alone. */
export const gkeCalico: CniRow = {
  ...calico,
  name: 'gke-calico',
  title: 'GKE with Calico network policy',
  source: `${HOW_TO}/network-policy`,
  versionOf: 'GKE',
  clouds: [Cloud.GCP],
  enforcesNetworkPolicy: { value: true, source: `${HOW_TO}/network-policy` },
  serves: [NATIVE_API, { api: CLUSTER_NETWORK_POLICY, default: false, source: `${HOW_TO}/configure-cluster-network-policy` }],
  auditForm: OPENER,
  showsWouldBeDrops: NO_WOULD_BE_DROPS,
};
