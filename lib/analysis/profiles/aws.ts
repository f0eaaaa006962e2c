import { AWS, CLUSTER_NETWORK_POLICY } from '../../cluster/apis';
import { CniClaim, cniFact, servesApi } from '../../cluster/cni-facts';
import {
  ADMIN_TIER, AWS_ADMIN_TIER, AWS_APPLICATION_TIER, AWS_BASELINE_TIER, BASELINE_TIER, Cidr, Family, NETWORK_POLICY_TIER, Selector, Tier,
} from '../../policy';
import { AddressEntries, FirstMatch, Layer, Union } from '../layers';
import { Profile, ProfileOptions } from '../profile';
import { claimOf, factOf } from './cni-claim';

/** What the data plane keeps for one address: MAX_PORT_PROTOCOL of https://github.com/aws/aws-network-policy-agent */
export const MAX_PORT_ENTRIES = 24;

/** Where the agent does not run. https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html */
const UNENFORCED: readonly Selector[] = [
  Selector.labels({ 'eks.amazonaws.com/compute-type': 'fargate' }),
  Selector.labels({ 'kubernetes.io/os': 'windows' }),
];

/** Deny before Accept before Pass among the rules of one priority, in whatever order they stand. */
const BUCKETS: FirstMatch = { combinator: 'firstMatch', inBucket: 'denyWins' };

/** A pod that policies select in one direction has an entry for every address in the other. */
const UNION: Union = {
  combinator: 'union', otherDirection: 'allow', isolatesOther: true, rulesCoverOther: true, ownNodePasses: { ingress: true, egress: true },
};

/** NETWORK_POLICY_ENFORCING_MODE=strict: what no policy decides is denied, also to pods without any. */
const STRICT: Layer = {
  name: 'strict mode',
  tiers: [],
  combine: { ...UNION, otherDirection: 'continue', isolatesEverybody: true, ownNodePasses: { ingress: false, egress: false } },
  blocksMatchPods: true,
  blocksMatchNodes: true,
  hostNetworkPodsAreOrdinary: false,
};

const UPSTREAM_OPEN = 'no statement was found whether the VPC CNI evaluates ClusterNetworkPolicy of policy.networking.k8s.io, and where';
const VERSION_OPEN = 'the VPC CNI evaluates networking.k8s.aws from 1.21 on, and the profile says no version that tells';

/**
 * Amazon's VPC CNI with its network policy agent: Admin buckets, then the policies of namespaces, then Baseline buckets, over a
 * table of addresses.
 * @see https://github.com/aws/aws-network-policy-agent/blob/main/pkg/ebpf/c/tc.v4ingress.bpf.c
 */
export function awsProfile(options: ProfileOptions): Profile {
  const { version, podCidrs, nodeCidrs } = options;
  const claim = claimOf('aws', options);
  const { settings } = claim;
  const isStrict = settings.enforcingMode === 'strict';
  const family: Family = settings.ipFamily === 'IPv6' ? 6 : 4;
  const anywhere = [Cidr.all(family)];
  return {
    id: 'aws',
    ...(version === undefined ? {} : { version }),
    settings,
    layers: cniFact(claim, 'enforcesNetworkPolicy').value === false ? [] : [...layersOf(claim), ...(isStrict ? [STRICT] : [])],
    podCidrs: podCidrs === undefined || podCidrs.length === 0 ? anywhere : podCidrs,
    nodeCidrs: nodeCidrs === undefined || nodeCidrs.length === 0 ? anywhere : nodeCidrs,
    servicesResolvedFirst: cniFact(claim, 'serviceMatch').value === 'post-dnat',
    ingressControllerLabels: 'unknown',
    clientsMayBeHidden: true,
    possiblePodsMeet: 'implied',
    ownPodThroughService: 'unknown',
    ownNode: { ingress: true, egress: cniFact(claim, 'podToOwnNode').value === 'allowed' },
    policedFamily: family,
    // https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go
    leavesHostNetwork: true,
    unenforcedNodes: UNENFORCED,
    ...(isStrict ? { ownNodeOfUnselected: 'unknown' as const } : {}),
  };
}

function layersOf(claim: CniClaim): readonly Layer[] {
  const addressEntries: AddressEntries = { maxPorts: MAX_PORT_ENTRIES, domains: claim.settings.autoMode === 'true' };
  const own = servesApi(claim, AWS);
  const upstream = servesApi(claim, CLUSTER_NETWORK_POLICY);
  const common = { blocksMatchNodes: factOf(claim, 'ipBlockMatchesNodes'), hostNetworkPodsAreOrdinary: false, addressEntries };
  const cluster = (name: string, tier: Tier, unplaced?: string): Layer => ({
    ...common, name, tiers: [tier.name], combine: BUCKETS, blocksMatchPods: factOf(claim, 'cnpNetworksMatchPods'), ...(unplaced === undefined ? {} : { unplaced }),
  });
  const namespaced = (name: string, tiers: readonly Tier[], unplaced?: string): Layer => ({
    ...common, name, tiers: tiers.map((tier) => tier.name), combine: UNION, blocksMatchPods: factOf(claim, 'ipBlockMatchesPods'),
    ...(unplaced === undefined ? {} : { unplaced }),
  });
  const step = (name: string, theirs: Tier, ours: Tier): Layer[] => [
    ...(upstream === false ? [] : [cluster(`${name} of policy.networking.k8s.io`, theirs, UPSTREAM_OPEN)]),
    ...(own === false ? [] : [cluster(name, ours, own === true ? undefined : VERSION_OPEN)]),
  ];
  return [
    ...step('Admin', ADMIN_TIER, AWS_ADMIN_TIER),
    ...(own === 'depends' ? [namespaced('ApplicationNetworkPolicy', [AWS_APPLICATION_TIER], VERSION_OPEN)] : []),
    namespaced('NetworkPolicy', [NETWORK_POLICY_TIER, ...(own === true ? [AWS_APPLICATION_TIER] : [])]),
    ...step('Baseline', BASELINE_TIER, AWS_BASELINE_TIER),
  ];
}
