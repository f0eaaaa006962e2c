import { ANTREA, AWS, CALICO, CILIUM, CLUSTER_NETWORK_POLICY, GKE, NETWORK_POLICY } from '../../cluster/apis';
import { Cni } from '../../cluster/cni';
import { servesApi } from '../../cluster/cni-facts';
import { GuardedResources } from './guardrail';

/** A kind that allows or denies traffic, with the name of its resource in URLs. */
interface PolicyKind {
  readonly api: string;
  readonly kind: string;
  readonly resource: string;
  /** Where the name of the resource can be read. */
  readonly source: string;
}

const CALICO_SOURCE = 'https://github.com/projectcalico/calico/tree/master/api/config/crd';
const ANTREA_SOURCE = 'https://github.com/antrea-io/antrea/tree/main/build/charts/antrea/crds';
const AWS_SOURCE = 'https://github.com/aws/amazon-network-policy-controller-k8s/tree/main/config/crd/bases';

/** Every kind of policy that some CNI evaluates. */
const POLICY_KINDS: readonly PolicyKind[] = [
  { api: NETWORK_POLICY, kind: 'NetworkPolicy', resource: 'networkpolicies', source: 'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/' },
  {
    api: CLUSTER_NETWORK_POLICY, kind: 'ClusterNetworkPolicy', resource: 'clusternetworkpolicies',
    source: 'https://github.com/kubernetes-sigs/network-policy-api/tree/main/config/crd/standard',
  },
  { api: CILIUM, kind: 'CiliumNetworkPolicy', resource: 'ciliumnetworkpolicies', source: 'https://docs.cilium.io/en/stable/network/kubernetes/policy/' },
  { api: CILIUM, kind: 'CiliumClusterwideNetworkPolicy', resource: 'ciliumclusterwidenetworkpolicies', source: 'https://docs.cilium.io/en/stable/network/kubernetes/policy/' },
  { api: CALICO, kind: 'NetworkPolicy', resource: 'networkpolicies', source: CALICO_SOURCE },
  { api: CALICO, kind: 'GlobalNetworkPolicy', resource: 'globalnetworkpolicies', source: CALICO_SOURCE },
  { api: CALICO, kind: 'StagedNetworkPolicy', resource: 'stagednetworkpolicies', source: CALICO_SOURCE },
  { api: CALICO, kind: 'StagedGlobalNetworkPolicy', resource: 'stagedglobalnetworkpolicies', source: CALICO_SOURCE },
  { api: CALICO, kind: 'StagedKubernetesNetworkPolicy', resource: 'stagedkubernetesnetworkpolicies', source: CALICO_SOURCE },
  { api: ANTREA, kind: 'NetworkPolicy', resource: 'networkpolicies', source: ANTREA_SOURCE },
  { api: ANTREA, kind: 'ClusterNetworkPolicy', resource: 'clusternetworkpolicies', source: ANTREA_SOURCE },
  { api: AWS, kind: 'ApplicationNetworkPolicy', resource: 'applicationnetworkpolicies', source: AWS_SOURCE },
  { api: AWS, kind: 'ClusterNetworkPolicy', resource: 'clusternetworkpolicies', source: AWS_SOURCE },
  { api: GKE, kind: 'FQDNNetworkPolicy', resource: 'fqdnnetworkpolicies', source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies' },
];

/** The kinds of policy that a cluster evaluates or may evaluate, grouped by their API. */
export function policyKinds(cni: Cni): GuardedResources[] {
  const served = POLICY_KINDS.filter(({ api, kind }) => servesApi(cni, api, kind) !== false);
  return [...new Set(served.map(({ api }) => api))].map((api) => resources(api, served.filter((each) => each.api === api)));
}

/** The kinds of one API that a cluster evaluates or may evaluate; nothing where it evaluates none. */
export function kindsOf(cni: Cni, api: string, kinds: readonly string[]): GuardedResources[] {
  const served = POLICY_KINDS.filter((each) => each.api === api && kinds.includes(each.kind) && servesApi(cni, api, each.kind) !== false);
  return served.length === 0 ? [] : [resources(api, served)];
}

function resources(api: string, kinds: readonly PolicyKind[]): GuardedResources {
  const [group = '', version = ''] = api.split('/');
  return { apiGroups: [group], apiVersions: [version], resources: kinds.map(({ resource }) => resource) };
}
