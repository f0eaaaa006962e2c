import { Tier } from './policy';

/** The tiers of the ClusterNetworkPolicy of `networking.k8s.aws`, before and after the policies of namespaces. */
export const AWS_ADMIN_TIER: Tier = { name: 'aws-admin' };
export const AWS_BASELINE_TIER: Tier = { name: 'aws-baseline' };

/** The tier of ApplicationNetworkPolicy, whose policies add up with NetworkPolicy. */
export const AWS_APPLICATION_TIER: Tier = { name: 'aws-application' };
