import { AWS, CLUSTER_NETWORK_POLICY } from '../apis';
import { Cloud } from '../cloud';
import { CniRow } from '../cni-row';
import { NATIVE_API, NO_WOULD_BE_DROPS, OPENER } from '../open-facts';

const GUIDE = 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html';
const AGENT = 'https://github.com/aws/aws-network-policy-agent';
const CONTROLLER = 'https://github.com/aws/amazon-network-policy-controller-k8s';
const DATA_PLANE = `${AGENT}/blob/main/pkg/ebpf/c/tc.v4ingress.bpf.c`;
const FIREWALL_RULES = `${AGENT}/blob/main/pkg/fwruleprocessor/fw_rule_processor.go`;

export const aws: CniRow = {
  name: 'aws',
  title: 'Amazon VPC CNI with its network policy agent',
  source: GUIDE,
  versionOf: 'Amazon VPC CNI',
  clouds: [Cloud.AWS],
  enforcesNetworkPolicy: {
    value: true,
    source: GUIDE,
    note: 'the add-on ships with network policy off: this profile claims that it was turned on. Fargate and Windows nodes never enforce',
    when: [
      { setting: 'enable-network-policy', values: ['false'], value: false, why: 'the network policy agent does not run' },
    ],
  },
  serves: [
    NATIVE_API,
    { api: AWS, default: true, since: '1.21', source: `${CONTROLLER}/tree/main/config/crd/bases` },
    { api: AWS, default: false, setting: { name: 'autoMode', value: 'true' }, source: `${CONTROLLER}/tree/main/config/crd/bases` },
    {
      api: CLUSTER_NETWORK_POLICY, default: 'depends', source: `${CONTROLLER}/blob/main/config/rbac/role.yaml`,
      note: 'the ClusterNetworkPolicy of AWS is of networking.k8s.aws; no statement about the upstream kind was found',
    },
  ],
  auditForm: OPENER,
  showsWouldBeDrops: NO_WOULD_BE_DROPS,
  establishedOnEnforce: {
    value: 'depends', source: DATA_PLANE,
    note: 'cut when a pod goes from no policy to some, kept when only the rules change',
  },
  ipBlockMatchesPods: { value: true, source: DATA_PLANE },
  ipBlockMatchesNodes: { value: true, source: FIREWALL_RULES },
  cnpNetworksMatchPods: { value: true, source: `${CONTROLLER}/blob/main/pkg/resolvers/clusternetworkpolicy_resolver_test.go` },
  serviceMatch: {
    value: 'pre-dnat', source: `${CONTROLLER}/blob/main/pkg/resolvers/endpoints.go`,
    note: 'a ClusterIP is added to a rule only if its peer selector matches the selector of the Service',
  },
  podToOwnNode: { value: 'allowed', source: FIREWALL_RULES },
  settings: [
    {
      name: 'enable-network-policy', values: ['true', 'false'], default: 'true', source: GUIDE,
      meaning: 'whether the network policy agent runs',
    },
    {
      name: 'enforcingMode', values: ['standard', 'strict'], default: 'standard', source: GUIDE,
      meaning: 'NETWORK_POLICY_ENFORCING_MODE: strict denies pods that no policy selects',
    },
    {
      name: 'autoMode', values: ['true', 'false'], default: 'false',
      source: 'https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html',
      meaning: 'EKS Auto Mode: evaluates domain names, has no kube-dns pods',
    },
    {
      name: 'ipFamily', values: ['IPv4', 'IPv6'], default: 'IPv4', source: GUIDE,
      meaning: 'the one family of the cluster: rules of the other are ignored',
    },
  ],
};
