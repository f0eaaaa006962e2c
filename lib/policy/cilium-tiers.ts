import { Tier } from './policy';

/** The tiers of CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, which add up with NetworkPolicy. */
export const CILIUM_TIER: Tier = { name: 'cilium' };
export const CILIUM_CLUSTERWIDE_TIER: Tier = { name: 'cilium-clusterwide' };

/** The tier of policies about nodes, which a cluster evaluates only where its host firewall is on. */
export const CILIUM_HOST_TIER: Tier = { name: 'cilium-host' };
