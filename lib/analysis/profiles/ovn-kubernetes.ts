import { ADMIN_NETWORK_POLICY, CLUSTER_NETWORK_POLICY, OVN_EGRESS_FIREWALL } from '../../cluster/apis';
import { CniClaim, cniFact, servesApi } from '../../cluster/cni-facts';
import {
  ADMIN_TIER, ADMIN_V1ALPHA1_TIER, BASELINE_TIER, BASELINE_V1ALPHA1_TIER, NETWORK_POLICY_TIER, OVN_EGRESS_FIREWALL_TIER, Tier,
} from '../../policy';
import { Layer } from '../layers';
import { Profile, ProfileOptions } from '../profile';
import { claimOf, factOf, known } from './cni-claim';

/**
 * OVN-Kubernetes: the EgressFirewall, which traffic out of the cluster has to pass whatever policies say, then
 * AdminNetworkPolicy, NetworkPolicy, BaselineAdminNetworkPolicy.
 * @see https://github.com/ovn-kubernetes/ovn-kubernetes/blob/master/docs/design/acls.md
 */
export function ovnKubernetesProfile(options: ProfileOptions): Profile {
  const claim = claimOf('ovn-kubernetes', options);
  return {
    id: 'ovn-kubernetes',
    ...(options.version === undefined ? {} : { version: options.version }),
    settings: claim.settings,
    layers: layersOf(claim),
    podCidrs: options.podCidrs ?? [],
    nodeCidrs: options.nodeCidrs ?? [],
    servicesResolvedFirst: cniFact(claim, 'serviceMatch').value === 'post-dnat',
    ingressControllerLabels: 'unknown',
    clientsMayBeHidden: true,
    possiblePodsMeet: 'implied',
    // NetworkPolicy lets a pod reach itself through its Service; of AdminNetworkPolicy nobody says it
    ownPodThroughService: 'unknown',
  };
}

function layersOf(claim: CniClaim): readonly Layer[] {
  const firewall = known(servesApi(claim, OVN_EGRESS_FIREWALL, 'EgressFirewall')) === true;
  const admin = known(servesApi(claim, ADMIN_NETWORK_POLICY)) === true;
  const cluster = known(servesApi(claim, CLUSTER_NETWORK_POLICY)) === true;
  const tiers = (older: Tier, newer: Tier): string[] => [...(admin ? [older.name] : []), ...(cluster ? [newer.name] : [])];
  const ofCluster = (name: string, older: Tier, newer: Tier): Layer => ({
    name,
    tiers: tiers(older, newer),
    // "not guaranteed which one will take effect"
    combine: { combinator: 'firstMatch', inBucket: 'undefined' },
    blocksMatchPods: factOf(claim, 'cnpNetworksMatchPods'),
    // an address set of all addresses holds those of nodes
    blocksMatchNodes: true,
    hostNetworkPodsAreOrdinary: false,
    ordersUpTo: { last: 99, why: 'OVN-Kubernetes takes priorities from 0 to 99: a policy with a higher one is not created as it is written' },
  });
  return [
    {
      name: 'EgressFirewall',
      tiers: firewall ? [OVN_EGRESS_FIREWALL_TIER.name] : [],
      combine: { combinator: 'firstMatch', inBucket: 'ruleOrder' },
      // its rules leave out the networks of pods and nothing else
      // https://github.com/ovn-kubernetes/ovn-kubernetes/blob/master/go-controller/pkg/ovn/egressfirewall.go
      blocksMatchPods: false,
      blocksMatchNodes: true,
      hostNetworkPodsAreOrdinary: undefined,
    },
    ofCluster('AdminNetworkPolicy', ADMIN_V1ALPHA1_TIER, ADMIN_TIER),
    {
      name: 'NetworkPolicy',
      tiers: [NETWORK_POLICY_TIER.name],
      combine: {
        combinator: 'union',
        otherDirection: 'continue',
        isolatesOther: true,
        rulesCoverOther: true,
        // what the node's management port sends is allowed beside the rules; of the other way nobody says it
        ownNodePasses: { ingress: true, egress: undefined },
      },
      blocksMatchPods: factOf(claim, 'ipBlockMatchesPods'),
      blocksMatchNodes: factOf(claim, 'ipBlockMatchesNodes'),
      hostNetworkPodsAreOrdinary: undefined,
      // https://github.com/ovn-kubernetes/ovn-kubernetes/blob/master/go-controller/pkg/ovn/gress_policy.go
      exceptionsDeny: true,
      // https://github.com/ovn-kubernetes/ovn-kubernetes/issues/2117
      portNamesMayMeanAll: 'whether OVN-Kubernetes looks the name of a port up, or takes every port of its protocol, is not certain',
    },
    ofCluster('BaselineAdminNetworkPolicy', BASELINE_V1ALPHA1_TIER, BASELINE_TIER),
  ];
}
