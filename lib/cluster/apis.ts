/** The policy APIs by group and version, as manifests name them. */
export const NETWORK_POLICY = 'networking.k8s.io/v1';
export const CLUSTER_NETWORK_POLICY = 'policy.networking.k8s.io/v1alpha2';
export const ADMIN_NETWORK_POLICY = 'policy.networking.k8s.io/v1alpha1';
export const CILIUM = 'cilium.io/v2';
export const CALICO = 'projectcalico.org/v3';
export const ANTREA = 'crd.antrea.io/v1beta1';
export const AWS = 'networking.k8s.aws/v1alpha1';
export const GKE = 'networking.gke.io/v1alpha1';
export const OVN_EGRESS_FIREWALL = 'k8s.ovn.org/v1';
