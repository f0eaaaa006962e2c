import { CidrPeerSpec, PodPreset } from './peer-spec';

/** Where cluster DNS answers, as the installations ship it. */

export const CORE_DNS: PodPreset = {
  name: 'coredns',
  title: 'CoreDNS or kube-dns',
  namespaces: ['kube-system'],
  pods: [{ matchLabels: { 'k8s-app': 'kube-dns' } }],
  source: 'https://github.com/kubernetes/kubernetes/blob/master/cluster/addons/dns/coredns/coredns.yaml.base',
};

/** The cache runs in the network of its host, where no selector matches it; as a Cilium local redirect it is an ordinary pod. */
export const NODE_LOCAL_DNS: PodPreset = {
  name: 'node-local-dns',
  title: 'NodeLocal DNSCache as pods',
  namespaces: ['kube-system'],
  pods: [{ matchLabels: { 'k8s-app': 'node-local-dns' } }],
  source: 'https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/#node-local-dns-cache',
};

export const NODE_LOCAL_ADDRESS: CidrPeerSpec & { readonly source: string } = {
  kind: 'cidr',
  cidr: '169.254.20.10/32',
  why: 'NodeLocal DNSCache listens on the node',
  onOwnNode: true,
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/',
};

export const GKE_CLOUD_DNS_ADDRESS: CidrPeerSpec & { readonly source: string } = {
  kind: 'cidr',
  cidr: '169.254.169.254/32',
  why: 'Cloud DNS answers on the address of the metadata server',
  onOwnNode: true,
  source: 'https://github.com/tektoncd/operator/issues/4000',
};

/** Policy sees the port of the pods; the port of the Service is 53. */
export const OPENSHIFT_DNS: PodPreset = {
  name: 'openshift',
  title: 'the DNS operator of OpenShift',
  namespaces: ['openshift-dns'],
  pods: [{ matchLabels: { 'dns.operator.openshift.io/daemonset-dns': 'default' } }],
  source: 'https://github.com/openshift/cluster-dns-operator/blob/master/assets/dns/daemonset.yaml',
  note: 'its pods listen on 5353',
};

export const OPENSHIFT_DNS_PORT = 5353;
