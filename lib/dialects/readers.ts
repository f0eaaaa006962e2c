import { AddressSet, Group, Origin, Policy, TierDefinition } from '../policy';
import * as admin from './admin-network-policy';
import { ANTREA_READERS } from './antrea';
import * as aws from './aws';
import { CALICO_READERS } from './calico';
import * as cilium from './cilium';
import * as cluster from './cluster-network-policy';
import { ReadIssue } from './document';
import * as gke from './gke';
import * as kubernetes from './kubernetes';
import * as ovn from './ovn-kubernetes';

/** What one document of a policy API says: policies, or something that policies refer to. */
export interface ReadDocument {
  readonly policy?: Policy;
  /** Where one document holds several policies. */
  readonly policies?: readonly Policy[];
  readonly tier?: TierDefinition;
  readonly addressSet?: AddressSet;
  readonly group?: Group;
  readonly issues: readonly ReadIssue[];
}

/** Who reads which kind of policy document into the model. */
export interface PolicyReaderRow {
  readonly apiVersion: string;
  readonly kind: string;
  read(document: unknown, origin?: Origin): ReadDocument;
}

/** Every policy kind that can be read. */
export const POLICY_READERS: readonly PolicyReaderRow[] = [
  { apiVersion: kubernetes.API_VERSION, kind: kubernetes.KIND, read: kubernetes.readNetworkPolicy },
  { apiVersion: cluster.API_VERSION, kind: cluster.KIND, read: cluster.readClusterNetworkPolicy },
  { apiVersion: admin.API_VERSION, kind: admin.ADMIN_KIND, read: admin.readAdminNetworkPolicy },
  { apiVersion: admin.API_VERSION, kind: admin.BASELINE_KIND, read: admin.readBaselineAdminNetworkPolicy },
  { apiVersion: aws.API_VERSION, kind: aws.APPLICATION_KIND, read: aws.readApplicationNetworkPolicy },
  { apiVersion: aws.API_VERSION, kind: aws.CLUSTER_KIND, read: aws.readClusterNetworkPolicy },
  ...CALICO_READERS,
  ...ANTREA_READERS,
  { apiVersion: cilium.API_VERSION, kind: cilium.KIND, read: cilium.readCiliumNetworkPolicy },
  { apiVersion: cilium.API_VERSION, kind: cilium.CLUSTERWIDE_KIND, read: cilium.readCiliumClusterwideNetworkPolicy },
  { apiVersion: cilium.API_VERSION, kind: cilium.CIDR_GROUP_KIND, read: cilium.readCiliumCidrGroup },
  { apiVersion: gke.API_VERSION, kind: gke.FQDN_KIND, read: gke.readFqdnNetworkPolicy },
  { apiVersion: gke.API_VERSION, kind: gke.LOGGING_KIND, read: gke.readNetworkLogging },
  { apiVersion: ovn.API_VERSION, kind: ovn.EGRESS_FIREWALL_KIND, read: ovn.readEgressFirewall },
];
