import { LabelSelectorJson } from '../kubernetes';

/**
 * The kinds of GKE Dataplane V2. Their definitions are closed source; what they say of themselves is published.
 * @see https://github.com/datreeio/CRDs-catalog/tree/main/networking.gke.io
 */
export const API_VERSION = 'networking.gke.io/v1alpha1';
export const FQDN_KIND = 'FQDNNetworkPolicy';
export const LOGGING_KIND = 'NetworkLogging';

export interface FqdnPortJson {
  readonly protocol?: string;
  readonly port?: number;
}

export type FqdnMatchJson = { readonly name: string } | { readonly pattern: string };

export interface FqdnNetworkPolicySpecJson {
  readonly podSelector: LabelSelectorJson;
  readonly egress: ReadonlyArray<{ readonly matches: readonly FqdnMatchJson[]; readonly ports?: readonly FqdnPortJson[] }>;
}
