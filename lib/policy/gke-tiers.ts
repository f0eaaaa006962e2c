import { Tier } from './policy';

/** The tier of FQDNNetworkPolicy, whose policies add up with NetworkPolicy. */
export const GKE_FQDN_TIER: Tier = { name: 'gke-fqdn' };
