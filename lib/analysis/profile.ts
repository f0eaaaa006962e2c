import {
  ADMIN_TIER, ADMIN_V1ALPHA1_TIER, BASELINE_TIER, BASELINE_V1ALPHA1_TIER, Cidr, Family, NETWORK_POLICY_TIER, PolicyError, Selector, Tier, TierDefinition,
} from '../policy';
import { DerivedLabel } from './derived-labels';
import { FirstMatch, Known, Layer, Union } from './layers';
import { antreaProfile } from './profiles/antrea';
import { awsProfile } from './profiles/aws';
import { calicoProfile, gkeCalicoProfile } from './profiles/calico';
import { ciliumProfile } from './profiles/cilium';
import { gkeDataplaneV2Profile } from './profiles/gke-dpv2';
import { ovnKubernetesProfile } from './profiles/ovn-kubernetes';

/** How a cluster evaluates policies: the layers in order; what no layer decides is allowed. */
export interface Profile {
  readonly id: string;
  readonly version?: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly layers: readonly Layer[];
  /** Where the addresses of pods and nodes lie that the input does not tell; empty: anywhere. */
  readonly podCidrs: readonly Cidr[];
  readonly nodeCidrs: readonly Cidr[];
  /** Whether egress policy sees the pod behind a Service, or the address of the Service. Undefined: nobody says. */
  readonly servicesResolvedFirst: Known;
  /** What labels the pods of an ingress controller have that the input does not show: none, or nobody knows. */
  readonly ingressControllerLabels: 'none' | 'unknown';
  /** Whether a Service may show the address of a node in place of the client's. */
  readonly clientsMayBeHidden: boolean;
  /** Whether pods that may come to exist meet all selectors that theirs implies, or only those that say the same. */
  readonly possiblePodsMeet: 'implied' | 'equal';
  /** Labels that pods have beside their own. */
  readonly derivedLabels?: readonly DerivedLabel[];
  /** Labels of their own that selectors do not see. */
  readonly hidesLabel?: (key: string) => boolean;
  /** Why policies of a tier have no effect, where it is not that their API is unknown. */
  readonly idleTiers?: Readonly<Record<string, string>>;
  /** The tiers that objects of the cluster define: they stand where the layers leave room for them. */
  readonly tiers?: TierSequence;
  /** Whether traffic between a pod and its own node passes before any policy is asked. Undefined: as the layers say. */
  readonly ownNode?: { readonly ingress?: boolean; readonly egress?: boolean };
  /** Whether that holds for pods that no policy selects too. @default true */
  readonly ownNodeOfUnselected?: 'unknown';
  /** Whether a pod reaches itself through a Service whatever its policies say, or whatever those for ingress say. @default 'allowed' */
  readonly ownPodThroughService?: 'allowed' | 'egressDecides' | 'unknown';
  /** The one IP family that is policed: packets of the other pass. Undefined: both are. */
  readonly policedFamily?: Family;
  /** Whether nothing polices pods in the network of their node. */
  readonly leavesHostNetwork?: boolean;
  /** Nodes, by their labels, on which nothing polices the pods. */
  readonly unenforcedNodes?: readonly Selector[];
  /** Whether staged policies are evaluated as if they were enforced. */
  readonly staged?: Staged;
  /** The staged kinds that it serves, by API version and kind. */
  readonly stagedKinds?: readonly string[];
}

/** What becomes of staged policies. */
export type Staged = 'ignored' | 'enforced';

/** Layers that are made of the tiers of a cluster, one after the other. */
export interface TierSequence {
  /** What the names of its tiers begin with in the model. */
  readonly prefix: string;
  /** Those that exist without an object. */
  readonly builtIn: readonly TierDefinition[];
  /** Policies of other APIs that live in one of its tiers, by the name of that tier. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** Whether a cluster may have others, as objects. */
  readonly customTiers: boolean;
  /** What the layer of one tier has beside the others, by the name of the tier. */
  readonly layerOf?: Readonly<Record<string, Partial<Layer>>>;
  /** What a layer of any tier is like; name, tiers, and what happens at the end of the tier are filled in. */
  readonly layer: Omit<Layer, 'name' | 'tiers' | 'combine'> & { readonly combine: Omit<FirstMatch, 'selectedEnd'> };
}

export interface ProfileOptions {
  readonly version?: string;
  /** Settings by the names that the CNI gives them, and those that every profile knows. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly podCidrs?: readonly Cidr[];
  readonly nodeCidrs?: readonly Cidr[];
  /** Whether staged policies are evaluated as if they were enforced. @default 'ignored' */
  readonly staged?: Staged;
}

/** One row of the table of profiles: what it is before settings turn it. */
interface ProfileRow {
  readonly id: string;
  readonly servesClusterNetworkPolicy: boolean;
  readonly servesAdminNetworkPolicy: boolean;
  readonly blocksMatchPods: Known;
  readonly blocksMatchNodes: Known;
  readonly networksMatchPods: Known;
  readonly networksMatchNodes: Known;
  readonly hostNetworkPodsAreOrdinary: Known;
  readonly clusterPoliciesSelectHostNetworkPods: Known;
  readonly networkPolicy: Union;
  readonly servicesResolvedFirst: Known;
  readonly ingressControllerLabels: 'none' | 'unknown';
  readonly clientsMayBeHidden: boolean;
  readonly possiblePodsMeet: 'implied' | 'equal';
  readonly clusterTies: FirstMatch['inBucket'];
}

const ROWS: readonly ProfileRow[] = [
  {
    // Kubernetes with a CNI of which nothing is known: what the API documents leave open is open.
    // https://kubernetes.io/docs/concepts/services-networking/network-policies/
    // https://network-policy-api.sigs.k8s.io/reference/spec/
    id: 'generic',
    servesClusterNetworkPolicy: true,
    servesAdminNetworkPolicy: true,
    blocksMatchPods: undefined,
    blocksMatchNodes: undefined,
    networksMatchPods: undefined,
    networksMatchNodes: undefined,
    hostNetworkPodsAreOrdinary: undefined,
    clusterPoliciesSelectHostNetworkPods: false,
    networkPolicy: { combinator: 'union', otherDirection: 'continue', isolatesOther: undefined, rulesCoverOther: undefined, ownNodePasses: { ingress: true, egress: true } },
    servicesResolvedFirst: undefined,
    ingressControllerLabels: 'unknown',
    clientsMayBeHidden: true,
    possiblePodsMeet: 'implied',
    clusterTies: 'undefined',
  },
  {
    // The semantics that netpol-analyzer assumes. https://github.com/np-guard/netpol-analyzer
    id: 'np-guard',
    servesClusterNetworkPolicy: true,
    servesAdminNetworkPolicy: true,
    blocksMatchPods: false,
    blocksMatchNodes: false,
    networksMatchPods: false,
    networksMatchNodes: false,
    hostNetworkPodsAreOrdinary: true,
    clusterPoliciesSelectHostNetworkPods: true,
    networkPolicy: { combinator: 'union', otherDirection: 'continue', isolatesOther: true, rulesCoverOther: true, ownNodePasses: { ingress: false, egress: false } },
    servicesResolvedFirst: true,
    ingressControllerLabels: 'none',
    clientsMayBeHidden: false,
    possiblePodsMeet: 'equal',
    clusterTies: 'undefined',
  },
];

/** What every profile knows, and how it turns the row. */
const SETTINGS: Readonly<Record<string, { readonly values: readonly string[]; readonly apply: (row: ProfileRow, value: string) => ProfileRow }>> = {
  cnp: { values: ['on', 'off'], apply: (row, value) => ({ ...row, servesClusterNetworkPolicy: value === 'on' }) },
  anp: { values: ['on', 'off'], apply: (row, value) => ({ ...row, servesAdminNetworkPolicy: value === 'on' }) },
  ipBlockMatchesPods: { values: ['true', 'false'], apply: (row, value) => ({ ...row, blocksMatchPods: value === 'true' }) },
  ipBlockMatchesNodes: { values: ['true', 'false'], apply: (row, value) => ({ ...row, blocksMatchNodes: value === 'true' }) },
  cnpNetworksMatchPods: { values: ['true', 'false'], apply: (row, value) => ({ ...row, networksMatchPods: value === 'true' }) },
  cnpNetworksMatchNodes: { values: ['true', 'false'], apply: (row, value) => ({ ...row, networksMatchNodes: value === 'true' }) },
  hostNetworkPodsAreOrdinary: { values: ['true', 'false'], apply: (row, value) => ({ ...row, hostNetworkPodsAreOrdinary: value === 'true' }) },
  networkPolicyIsolatesIcmp: {
    values: ['true', 'false'],
    apply: (row, value) => ({ ...row, networkPolicy: { ...row.networkPolicy, isolatesOther: value === 'true' } }),
  },
  rulesWithoutPortsAllowIcmp: {
    values: ['true', 'false'],
    apply: (row, value) => ({ ...row, networkPolicy: { ...row.networkPolicy, rulesCoverOther: value === 'true' } }),
  },
  servicesResolvedBeforePolicy: { values: ['true', 'false'], apply: (row, value) => ({ ...row, servicesResolvedFirst: value === 'true' }) },
};

/** Profiles of CNIs, each in a file of its own. */
const BUILDERS: Readonly<Record<string, (options: ProfileOptions) => Profile>> = {
  antrea: antreaProfile,
  aws: awsProfile,
  calico: calicoProfile,
  cilium: ciliumProfile,
  'gke-dpv2': gkeDataplaneV2Profile,
  'gke-calico': gkeCalicoProfile,
  'ovn-kubernetes': ovnKubernetesProfile,
};

/** The profiles that can be evaluated. */
export const PROFILE_IDS: readonly string[] = [...ROWS.map(({ id }) => id), ...Object.keys(BUILDERS)];

/**
 * The profile of a CNI. One that nobody has modelled is an error: taking it for another would give wrong answers with
 * confidence.
 */
export function profileOf(id: string, options: ProfileOptions = {}): Profile {
  return { ...withoutStaged(id, options), ...(options.staged === undefined ? {} : { staged: options.staged }) };
}

function withoutStaged(id: string, options: ProfileOptions): Profile {
  const build = Object.hasOwn(BUILDERS, id) ? BUILDERS[id] : undefined;
  if (build !== undefined) return build(options);
  const found = ROWS.find((candidate) => candidate.id === id);
  if (found === undefined) {
    throw new PolicyError({ given: id, problem: 'is not a CNI whose evaluation is modelled', instead: `one of ${PROFILE_IDS.join(', ')}` });
  }
  const settings = options.settings ?? {};
  let row = found;
  for (const [name, value] of Object.entries(settings)) {
    const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
    if (setting === undefined) {
      throw new PolicyError({ given: name, problem: `is not a setting of the profile ${id}`, instead: `one of ${Object.keys(SETTINGS).join(', ')}` });
    }
    if (!setting.values.includes(value)) {
      throw new PolicyError({ given: value, problem: `is not a value of the setting ${name}`, instead: setting.values.join(' or ') });
    }
    row = setting.apply(row, value);
  }
  return {
    id,
    ...(options.version === undefined ? {} : { version: options.version }),
    settings,
    layers: layersOf(row),
    podCidrs: options.podCidrs ?? [],
    nodeCidrs: options.nodeCidrs ?? [],
    servicesResolvedFirst: row.servicesResolvedFirst,
    ingressControllerLabels: row.ingressControllerLabels,
    clientsMayBeHidden: row.clientsMayBeHidden,
    possiblePodsMeet: row.possiblePodsMeet,
  };
}

/**
 * Admin tiers, then NetworkPolicy, which is final for the pods and directions that it isolates, then baseline tiers.
 * @see https://network-policy-api.sigs.k8s.io/api-overview/
 */
function layersOf(row: ProfileRow): readonly Layer[] {
  const cluster = (name: string, tier: Tier, older: Tier): Layer => ({
    name,
    tiers: [...(row.servesClusterNetworkPolicy ? [tier.name] : []), ...(row.servesAdminNetworkPolicy ? [older.name] : [])],
    combine: { combinator: 'firstMatch', inBucket: row.clusterTies },
    blocksMatchPods: row.networksMatchPods,
    blocksMatchNodes: row.networksMatchNodes,
    hostNetworkPodsAreOrdinary: row.clusterPoliciesSelectHostNetworkPods,
  });
  return [
    cluster('Admin', ADMIN_TIER, ADMIN_V1ALPHA1_TIER),
    {
      name: 'NetworkPolicy',
      tiers: [NETWORK_POLICY_TIER.name],
      combine: row.networkPolicy,
      blocksMatchPods: row.blocksMatchPods,
      blocksMatchNodes: row.blocksMatchNodes,
      hostNetworkPodsAreOrdinary: row.hostNetworkPodsAreOrdinary,
    },
    cluster('Baseline', BASELINE_TIER, BASELINE_V1ALPHA1_TIER),
  ];
}
