import { CALICO, CLUSTER_NETWORK_POLICY } from '../../cluster/apis';
import { CniClaim, servesApi } from '../../cluster/cni-facts';
import { ADMIN_TIER, ADMIN_V1ALPHA1_TIER, BASELINE_TIER, BASELINE_V1ALPHA1_TIER, NETWORK_POLICY_TIER, TierDefinition } from '../../policy';
import { DerivedLabel } from '../derived-labels';
import { Known, Layer, PolicySort } from '../layers';
import { Profile, ProfileOptions, TierSequence } from '../profile';
import { claimOf, factOf, known, reached } from './cni-claim';

/** What the names of Calico's tiers begin with in the model. */
const TIER_PREFIX = 'calico/';

/** Labels that selectors see beside those of a pod. https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors */
const DERIVED_LABELS: readonly DerivedLabel[] = [
  { key: 'projectcalico.org/orchestrator', from: 'constant', value: 'k8s' },
  { key: 'projectcalico.org/namespace', from: 'namespace-name', onAddressSets: true },
  { key: 'projectcalico.org/serviceaccount', from: 'service-account-name' },
  { key: 'pcns.', from: 'namespace-labels', onAddressSets: true },
  { key: 'pcns.projectcalico.org/name', from: 'namespace-name', onAddressSets: true },
  { key: 'pcsa.', from: 'service-account-labels' },
  { key: 'pcsa.projectcalico.org/name', from: 'service-account-name' },
];

/**
 * NetworkPolicy has no order: Calico gives each 1000. Ties are sorted by one text of name, namespace and kind.
 * https://github.com/projectcalico/calico/blob/master/felix/calc/policy_sorter.go
 */
const SORT: PolicySort = {
  orders: { [NETWORK_POLICY_TIER.name]: 1000 },
  kinds: {
    'networking.k8s.io/v1 NetworkPolicy': 'KubernetesNetworkPolicy',
    'projectcalico.org/v3 StagedKubernetesNetworkPolicy': 'KubernetesNetworkPolicy',
    'policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy': 'KubernetesClusterNetworkPolicy',
    'projectcalico.org/v3 StagedNetworkPolicy': 'NetworkPolicy',
    'projectcalico.org/v3 StagedGlobalNetworkPolicy': 'GlobalNetworkPolicy',
  },
};

const LAYER: TierSequence['layer'] = {
  combine: { combinator: 'firstMatch', inBucket: 'ruleOrder', sort: SORT },
  blocksMatchPods: true,
  blocksMatchNodes: undefined,
  // a pod in the network of its node is no workload endpoint
  hostNetworkPodsAreOrdinary: false,
  // https://github.com/projectcalico/calico/blob/master/libcalico-go/lib/backend/k8s/conversion/clusternetworkpolicy.go
  failsClosedOn: ['nodes', 'domain'],
  addressSetsOf: 'projectcalico.org/v3',
};

/** A tier that an installation has, with the policies of other APIs that live in it. */
interface TierRow {
  readonly name: string;
  readonly order: number;
  readonly defaultAction: 'deny' | 'pass';
  readonly member: string;
  /** Whether those are served. */
  readonly served: Known;
}

const STAGED_KINDS: readonly string[] = ['StagedNetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedKubernetesNetworkPolicy'];

const DEFAULT: TierRow = { name: 'default', order: 1_000_000, defaultAction: 'deny', member: NETWORK_POLICY_TIER.name, served: true };

/** Calico: one sequence of tiers, and behind the last one the profile of the namespace, which allows. */
export function calicoProfile(options: ProfileOptions): Profile {
  return profile(claimOf('calico', options), TIER_PREFIX, options);
}

/** Calico as GKE runs it: NetworkPolicy alone. https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy */
export function gkeCalicoProfile(options: ProfileOptions): Profile {
  // a prefix of its own: Calico's own kinds are not served, whatever tier they name
  return profile(claimOf('gke-calico', options), 'gke-calico/', options);
}

/**
 * Which tiers there are. From 3.32 on ClusterNetworkPolicy lives in two; before, from when there were tiers, AdminNetworkPolicy did.
 * @see https://docs.tigera.io/calico/latest/reference/resources/tier
 */
function tiersOf(claim: CniClaim): readonly TierRow[] {
  const cnp = known(servesApi(claim, CLUSTER_NETWORK_POLICY));
  const hasTiers = known(servesApi(claim, CALICO, 'Tier'));
  const isNew = reached(claim, '3.32');
  if (cnp === true || (hasTiers !== false && isNew !== false)) {
    return [
      { name: 'kube-admin', order: 1000, defaultAction: 'pass', member: ADMIN_TIER.name, served: cnp },
      DEFAULT,
      { name: 'kube-baseline', order: 10_000_000, defaultAction: 'pass', member: BASELINE_TIER.name, served: cnp },
    ];
  }
  if (hasTiers === false) return [DEFAULT];
  return [
    { name: 'adminnetworkpolicy', order: 1000, defaultAction: 'pass', member: ADMIN_V1ALPHA1_TIER.name, served: hasTiers },
    DEFAULT,
    { name: 'baselineadminnetworkpolicy', order: 10_000_000, defaultAction: 'pass', member: BASELINE_V1ALPHA1_TIER.name, served: hasTiers },
  ];
}

function profile(claim: CniClaim, prefix: string, options: ProfileOptions): Profile {
  const rows = tiersOf(claim);
  const nameOf = (row: TierRow): string => `${prefix}${row.name}`;
  return {
    id: claim.name,
    ...(options.version === undefined ? {} : { version: options.version }),
    settings: claim.settings,
    layers: [],
    tiers: {
      prefix,
      builtIn: rows.map((row): TierDefinition => ({ tier: { name: nameOf(row) }, order: row.order, defaultAction: row.defaultAction })),
      members: Object.fromEntries(rows.map((row) => [nameOf(row), row.served === true ? [row.member] : []])),
      customTiers: servesApi(claim, CALICO, 'Tier') !== false,
      layer: { ...LAYER, blocksMatchPods: factOf(claim, 'ipBlockMatchesPods'), blocksMatchNodes: factOf(claim, 'ipBlockMatchesNodes') },
      layerOf: Object.fromEntries(rows.filter((row) => row !== DEFAULT).map((row) => [nameOf(row), ofClusterPolicies(claim, row)])),
    },
    derivedLabels: DERIVED_LABELS,
    // its own node reaches a pod whatever policies say (felix/fv: own node); the other way policies hold
    ownNode: { ingress: true },
    podCidrs: options.podCidrs ?? [],
    nodeCidrs: options.nodeCidrs ?? [],
    servicesResolvedFirst: true,
    ingressControllerLabels: 'unknown',
    clientsMayBeHidden: true,
    ownPodThroughService: 'unknown',
    possiblePodsMeet: 'implied',
    stagedKinds: STAGED_KINDS.filter((kind) => servesApi(claim, CALICO, kind) !== false).map((kind) => `${CALICO} ${kind}`),
  };
}

function ofClusterPolicies(claim: CniClaim, { served, member }: TierRow): Partial<Layer> {
  return { blocksMatchPods: factOf(claim, 'cnpNetworksMatchPods'), ...(served === undefined ? { maybeTiers: [member] } : {}) };
}
