/**
 * The policy kinds of `cilium.io/v2`. Read with all that 1.18.2 and the newest CRD know, written with the newest CRD.
 * @see https://docs.cilium.io/en/stable/network/kubernetes/policy/
 */
export const API_VERSION = 'cilium.io/v2';
export const KIND = 'CiliumNetworkPolicy';
export const CLUSTERWIDE_KIND = 'CiliumClusterwideNetworkPolicy';
export const CIDR_GROUP_KIND = 'CiliumCIDRGroup';

/** What the agent takes at most in one entry. https://github.com/cilium/cilium/blob/main/pkg/policy/api/rule_validation.go */
export const MAX_PORTS = 40;
export const MAX_ICMP_FIELDS = 40;
/** https://github.com/cilium/cilium/blob/main/pkg/policy/api/rule.go */
export const MAX_LOG_VALUE = 32;

/** Groups of ends that have no labels of their own. The wildcard `all` is not here: a rule for it is a rule for everybody. */
export const ENTITIES = [
  'world', 'world-ipv4', 'world-ipv6', 'cluster', 'host', 'remote-node', 'kube-apiserver', 'ingress', 'init', 'health', 'unmanaged', 'none',
] as const;

/** Those that the agent knows and the API server refuses. */
export const UNPUBLISHED_ENTITIES: readonly string[] = ['world-ipv4', 'world-ipv6'];

export type CiliumEntity = typeof ENTITIES[number];

export interface CiliumSelectorJson {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: ReadonlyArray<{ readonly key: string; readonly operator: string; readonly values?: readonly string[] }>;
}

export interface CiliumPortRuleJson {
  readonly ports: ReadonlyArray<{ readonly port?: string; readonly endPort?: number; readonly protocol?: string }>;
  readonly rules?: { readonly dns: ReadonlyArray<{ readonly matchName: string } | { readonly matchPattern: string }> };
}

/** One element of `ingress`, `ingressDeny`, `egress` or `egressDeny`. */
export type CiliumRuleJson = Readonly<Record<string, unknown>> & {
  readonly toPorts?: readonly CiliumPortRuleJson[];
  readonly icmps?: ReadonlyArray<{ readonly fields: ReadonlyArray<{ readonly family: string; readonly type: number }> }>;
};

export interface CiliumSpecJson {
  readonly endpointSelector: CiliumSelectorJson;
  readonly enableDefaultDeny?: { readonly ingress?: boolean; readonly egress?: boolean };
  readonly ingress?: readonly CiliumRuleJson[];
  readonly ingressDeny?: readonly CiliumRuleJson[];
  readonly egress?: readonly CiliumRuleJson[];
  readonly egressDeny?: readonly CiliumRuleJson[];
  readonly log?: { readonly value: string };
}
