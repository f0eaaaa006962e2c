/** The part of `networking.k8s.io/v1` that NetworkPolicy uses, as JSON. */
export const API_VERSION = 'networking.k8s.io/v1';
export const KIND = 'NetworkPolicy';

export interface LabelSelectorJson {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: ReadonlyArray<{ readonly key: string; readonly operator: string; readonly values?: readonly string[] }>;
}

export interface NetworkPolicyPeerJson {
  readonly podSelector?: LabelSelectorJson;
  readonly namespaceSelector?: LabelSelectorJson;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface NetworkPolicyPortJson {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

export interface NetworkPolicySpecJson {
  readonly podSelector: LabelSelectorJson;
  readonly policyTypes: readonly string[];
  readonly ingress?: ReadonlyArray<{ readonly from?: readonly NetworkPolicyPeerJson[]; readonly ports?: readonly NetworkPolicyPortJson[] }>;
  readonly egress?: ReadonlyArray<{ readonly to?: readonly NetworkPolicyPeerJson[]; readonly ports?: readonly NetworkPolicyPortJson[] }>;
}
