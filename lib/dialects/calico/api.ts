import { TierDefinition } from '../../policy';

/** @see https://docs.tigera.io/calico/latest/reference/resources/ */
export const API_VERSION = 'projectcalico.org/v3';

/** The kinds of policies: what is enforced and what stands in AUDIT for it. */
export const NETWORK_POLICY = 'NetworkPolicy';
export const GLOBAL_NETWORK_POLICY = 'GlobalNetworkPolicy';
export const STAGED_NETWORK_POLICY = 'StagedNetworkPolicy';
export const STAGED_GLOBAL_NETWORK_POLICY = 'StagedGlobalNetworkPolicy';
export const STAGED_KUBERNETES_NETWORK_POLICY = 'StagedKubernetesNetworkPolicy';

export const TIER = 'Tier';
export const NETWORK_SET = 'NetworkSet';
export const GLOBAL_NETWORK_SET = 'GlobalNetworkSet';

/** Tiers of several CNIs meet in one model: those of Calico begin with this. */
export const TIER_PREFIX = 'calico/';
export const DEFAULT_TIER = 'default';

export function tierKey(name: string): string {
  return `${TIER_PREFIX}${name}`;
}

/** Where policies that name no tier live. https://docs.tigera.io/calico/latest/reference/resources/tier */
export const DEFAULT_TIER_DEFINITION: TierDefinition = { tier: { name: tierKey(DEFAULT_TIER) }, order: 1_000_000, defaultAction: 'deny' };

/** Labels that Calico sets on what selectors match. https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors */
export const NAMESPACE_LABEL = 'projectcalico.org/namespace';
export const SERVICE_ACCOUNT_LABEL = 'projectcalico.org/serviceaccount';
export const ORCHESTRATOR_LABEL = 'projectcalico.org/orchestrator';
/** The name of a namespace or service account among its labels. */
export const NAME_LABEL = 'projectcalico.org/name';
/** Labels of the namespace and of the service account, as pods inherit them. */
export const NAMESPACE_PREFIX = 'pcns.';
export const SERVICE_ACCOUNT_PREFIX = 'pcsa.';

/** What a field takes at most. https://github.com/projectcalico/calico/tree/master/api/config/crd */
export const MAX_SELECTOR = 1024;
export const MAX_NETS = 256;
export const MAX_PORTS = 50;
export const MAX_RULES = 1024;
