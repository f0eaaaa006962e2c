import { antrea, aws, calico, cilium, clusterNetworkPolicy, gke, kubernetes, POLICY_READERS, ReadIssue } from '../../dialects';
import {
  AWS_APPLICATION_TIER, CILIUM_CLUSTERWIDE_TIER, CILIUM_TIER, GKE_FQDN_TIER, NETWORK_POLICY_TIER, Policy, Tier,
} from '../../policy';

/** An API in which a policy of ours is written, and read back to prove it. */
export interface PolicyForm {
  readonly apiVersion: string;
  readonly kind: string;
  /** Whether its objects belong to the cluster, not to a namespace. */
  readonly isOfCluster?: true;
  /** The tier of its policies, where the API has only one. */
  readonly tier?: Tier;
  write(policy: Policy): unknown;
  read(document: unknown): { readonly policies: readonly Policy[]; readonly issues: readonly ReadIssue[] };
}

/** A form for the policies of a namespace, which add up with its NetworkPolicies. */
export interface NamespaceForm extends PolicyForm {
  readonly tier: Tier;
  /** The place of its policies in the tier, where they need one. */
  readonly order?: number;
  /** Whether a rule closes its pods to all else in its direction. */
  readonly isolates: boolean;
}

export const NATIVE_FORM: NamespaceForm = {
  ...form(kubernetes.API_VERSION, kubernetes.KIND, kubernetes.writeNetworkPolicySpec),
  tier: NETWORK_POLICY_TIER,
  isolates: true,
};

export const CILIUM_FORM: NamespaceForm = {
  ...form(cilium.API_VERSION, cilium.KIND, (policy) => cilium.writeCiliumPolicy(policy).spec),
  tier: CILIUM_TIER,
  isolates: true,
};

/** EKS Auto Mode. */
export const AWS_APPLICATION_FORM: NamespaceForm = {
  ...form(aws.API_VERSION, aws.APPLICATION_KIND, aws.writeApplicationNetworkPolicySpec),
  tier: AWS_APPLICATION_TIER,
  isolates: true,
};

/** In the last of the tiers that come before NetworkPolicy, behind policies of others in it: what it does not allow is left to them. */
export const ANTREA_FORM: NamespaceForm = {
  ...form(antrea.API_VERSION, antrea.NETWORK_POLICY, (policy) => antrea.writeAntreaPolicy(policy).spec),
  tier: { name: antrea.tierKey(antrea.DEFAULT_TIER) },
  order: 1000,
  isolates: false,
};

/** GKE Dataplane V2 with FQDN policies turned on. */
export const GKE_FQDN_FORM: NamespaceForm = {
  ...form(gke.API_VERSION, gke.FQDN_KIND, (policy) => gke.writeFqdnNetworkPolicy(policy).spec),
  tier: GKE_FQDN_TIER,
  isolates: true,
};

export const CILIUM_CLUSTERWIDE_FORM: PolicyForm = {
  ...ofCluster(cilium.API_VERSION, cilium.CLUSTERWIDE_KIND, (policy) => cilium.writeCiliumPolicy(policy).spec),
  tier: CILIUM_CLUSTERWIDE_TIER,
};

export const CLUSTER_NETWORK_POLICY_FORM = ofCluster(
  clusterNetworkPolicy.API_VERSION, clusterNetworkPolicy.KIND, (policy) => onlyOne(clusterNetworkPolicy.writeClusterNetworkPolicy(policy)).spec,
);

export const AWS_CLUSTER_FORM = ofCluster(aws.API_VERSION, aws.CLUSTER_KIND, (policy) => onlyOne(aws.writeClusterNetworkPolicy(policy)).spec);

export const ANTREA_CLUSTER_FORM = ofCluster(antrea.API_VERSION, antrea.CLUSTER_NETWORK_POLICY, (policy) => antrea.writeAntreaPolicy(policy).spec);

export const CALICO_GLOBAL_FORM = ofCluster(calico.API_VERSION, calico.GLOBAL_NETWORK_POLICY, writeCalico);
export const CALICO_STAGED_FORM = form(calico.API_VERSION, calico.STAGED_NETWORK_POLICY, writeCalico);
export const CALICO_STAGED_GLOBAL_FORM = ofCluster(calico.API_VERSION, calico.STAGED_GLOBAL_NETWORK_POLICY, writeCalico);

function writeCalico(policy: Policy): unknown {
  return calico.writeCalicoPolicy(policy).spec;
}

function ofCluster(apiVersion: string, kind: string, write: (policy: Policy) => unknown): PolicyForm {
  return { ...form(apiVersion, kind, write), isOfCluster: true };
}

/** What is read back is whatever the reader of that kind makes of it. */
function form(apiVersion: string, kind: string, write: (policy: Policy) => unknown): PolicyForm {
  const reader = POLICY_READERS.find((row) => row.apiVersion === apiVersion && row.kind === kind);
  if (reader === undefined) throw new Error(`No reader for ${apiVersion} ${kind}`);
  return {
    apiVersion,
    kind,
    write,
    read: (document) => {
      const { policy, policies = policy === undefined ? [] : [policy], issues } = reader.read(document);
      return { policies, issues };
    },
  };
}

/** Our policies of a cluster are small: one object holds each of them. */
function onlyOne<T>(objects: readonly T[]): T {
  const [only, ...more] = objects;
  if (only === undefined || more.length > 0) throw new Error(`One object was to be written, and it became ${objects.length}`);
  return only;
}
