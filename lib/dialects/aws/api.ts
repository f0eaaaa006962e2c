/**
 * The policies of Amazon's VPC CNI.
 * @see https://github.com/aws/amazon-network-policy-controller-k8s/tree/main/config/crd/bases
 */
export const API_VERSION = 'networking.k8s.aws/v1alpha1';
export const APPLICATION_KIND = 'ApplicationNetworkPolicy';
export const CLUSTER_KIND = 'ClusterNetworkPolicy';

/** What the API server takes at most in a ClusterNetworkPolicy. */
export const MAX_RULES = 100;
export const MAX_PEERS = 100;
export const MAX_PORTS = 100;
export const MAX_NETWORKS = 25;

/**
 * How many ports the data plane keeps for one address; it cuts the rest and says so in a log of the node alone.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
export const MAX_PORT_ENTRIES = 24;
