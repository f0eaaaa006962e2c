/** @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md */
export const API_VERSION = 'crd.antrea.io/v1beta1';

export const NETWORK_POLICY = 'NetworkPolicy';
export const CLUSTER_NETWORK_POLICY = 'ClusterNetworkPolicy';
export const TIER = 'Tier';
export const GROUP = 'Group';
export const CLUSTER_GROUP = 'ClusterGroup';

/** Tiers of several CNIs meet in one model: those of Antrea begin with this. */
export const TIER_PREFIX = 'antrea/';
/** Where policies that name no tier live. */
export const DEFAULT_TIER = 'application';
export const BASELINE_TIER = 'baseline';

/** The tiers that the controller creates. https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#static-tiers */
export const STATIC_TIERS: Readonly<Record<string, number>> = {
  emergency: 50, securityops: 100, networkops: 150, platform: 200, [DEFAULT_TIER]: 250, [BASELINE_TIER]: 253,
};

/** Where the static tiers end: tiers of users stand before. */
export const FIRST_RESERVED_PRIORITY = 250;
export const MAX_TIER_PRIORITY = 255;

/** What `priority` of a policy takes. https://github.com/antrea-io/antrea/blob/main/build/charts/antrea/crds/clusternetworkpolicy.yaml */
export const MIN_PRIORITY = 1;
export const MAX_PRIORITY = 10_000;

/**
 * The label by which pods are found by their service account.
 * @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#serviceaccount-based-selection
 */
export const SERVICE_ACCOUNT_LABEL = 'internal.antrea.io/service-account';

/** Names as older releases wrote them, `SecurityOps` for one, mean the tiers of today. */
export function tierKey(name: string): string {
  const lower = name.toLowerCase();
  return `${TIER_PREFIX}${Object.hasOwn(STATIC_TIERS, lower) ? lower : name}`;
}
