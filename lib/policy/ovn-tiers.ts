import { Tier } from './policy';

/** The tier of the EgressFirewall of OVN-Kubernetes, which traffic out of the cluster has to pass beside every policy. */
export const OVN_EGRESS_FIREWALL_TIER: Tier = { name: 'ovn-egress-firewall' };
