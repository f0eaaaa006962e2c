import { ANTREA, CLUSTER_NETWORK_POLICY } from '../../cluster/apis';
import { CniClaim, cniFact, servesApi } from '../../cluster/cni-facts';
import { ADMIN_TIER, ADMIN_V1ALPHA1_TIER, BASELINE_TIER, BASELINE_V1ALPHA1_TIER, NETWORK_POLICY_TIER, Tier } from '../../policy';
import { DerivedLabel } from '../derived-labels';
import { FirstMatch, Known, Layer, TierView, Union } from '../layers';
import { Profile, ProfileOptions } from '../profile';
import { claimOf, factOf, known } from './cni-claim';

/** What the names of Antrea's tiers begin with in the model. */
const TIER_PREFIX = 'antrea/';

/** @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#static-tiers */
const STATIC_TIERS: Readonly<Record<string, number>> = { emergency: 50, securityops: 100, networkops: 150, platform: 200, application: 250 };
const BASELINE_ORDER = 253;

/** A tier of another API, and where it stands among those of Antrea. */
interface ForeignTier {
  readonly tier: Tier;
  readonly order: number;
  readonly served: Known;
}

/** @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#serviceaccount-based-selection */
const DERIVED_LABELS: readonly DerivedLabel[] = [{ key: 'internal.antrea.io/service-account', from: 'service-account-name' }];

/** Which number a name of a port stands for, where pods differ, is documented nowhere. */
const PORT_NAMES = { egressPortNames: 'unknown', ingressPortNames: 'unknown' } as const;

/**
 * Antrea: all regular tiers one after the other, which Pass leaves together; then NetworkPolicy, which is final for the pods and
 * directions that it isolates; then the tiers of baselines.
 * @see https://github.com/antrea-io/antrea/blob/main/docs/cluster-network-policy.md#relationship-with-antrea-native-policies
 */
export function antreaProfile(options: ProfileOptions): Profile {
  const claim = claimOf('antrea', options);
  const proxied = claim.settings.antreaProxy !== 'false';
  return {
    id: 'antrea',
    ...(options.version === undefined ? {} : { version: options.version }),
    settings: claim.settings,
    layers: layersOf(claim, proxied),
    derivedLabels: DERIVED_LABELS,
    podCidrs: options.podCidrs ?? [],
    nodeCidrs: options.nodeCidrs ?? [],
    servicesResolvedFirst: cniFact(claim, 'serviceMatch').value === 'post-dnat',
    ingressControllerLabels: 'unknown',
    clientsMayBeHidden: true,
    possiblePodsMeet: 'implied',
    // https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#node-selector
    ownNode: { ingress: true },
    // what a pod sends to itself is permitted at ingress; without AntreaProxy the address of the pod is hidden
    // https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#notes-and-constraints
    ownPodThroughService: proxied ? 'egressDecides' : 'unknown',
  };
}

function layersOf(claim: CniClaim, proxied: boolean): readonly Layer[] {
  const blocks = { blocksMatchPods: factOf(claim, 'ipBlockMatchesPods'), blocksMatchNodes: factOf(claim, 'ipBlockMatchesNodes') };
  const networkPolicy: Layer = {
    name: 'NetworkPolicy', tiers: [NETWORK_POLICY_TIER.name], combine: unionOf(claim), ...blocks, ...PORT_NAMES,
    // nobody says whether NetworkPolicy sees pods in the network of their node
    hostNetworkPodsAreOrdinary: undefined,
  };
  // the tiers of other APIs are made into policies of Antrea: without those there are none
  if (servesApi(claim, ANTREA) === false) return [networkPolicy];
  const cnp = known(servesApi(claim, CLUSTER_NETWORK_POLICY));
  const anp = claim.settings.AdminNetworkPolicy === 'true';
  const tiered = (name: string, own: Readonly<Record<string, number>>, foreign: readonly ForeignTier[], defined: boolean): Layer => ({
    name,
    ...tiersOf(own, foreign),
    combine: firstMatch(own, foreign, defined),
    ...blocks,
    ...PORT_NAMES,
    // https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#node-selector
    hostNetworkPodsAreOrdinary: false,
    policesNodes: claim.settings.NodeNetworkPolicy === 'true',
    knowsDialledService: proxied,
    ofTier: Object.fromEntries(foreign.map(({ tier }) => [tier.name, viewOfClusterPolicies(claim)])),
  });
  return [
    tiered('tiers', STATIC_TIERS, [{ tier: ADMIN_TIER, order: 220, served: cnp }, { tier: ADMIN_V1ALPHA1_TIER, order: 251, served: anp }], true),
    networkPolicy,
    tiered('baseline', { baseline: BASELINE_ORDER }, [{ tier: BASELINE_TIER, order: 254, served: cnp }, { tier: BASELINE_V1ALPHA1_TIER, order: 254, served: anp }], false),
  ];
}

function tiersOf(own: Readonly<Record<string, number>>, foreign: readonly ForeignTier[]): Pick<Layer, 'tiers' | 'maybeTiers'> {
  const unsure = foreign.filter(({ served }) => served === undefined).map(({ tier }) => tier.name);
  return {
    tiers: [...Object.keys(own).map(keyOf), ...foreign.filter(({ served }) => served !== false).map(({ tier }) => tier.name)],
    ...(unsure.length > 0 ? { maybeTiers: unsure } : {}),
  };
}

/** Equal tier and priority: the places of rules are compared. https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#notes-and-constraints */
function firstMatch(own: Readonly<Record<string, number>>, foreign: readonly ForeignTier[], defined: boolean): FirstMatch {
  const orders = Object.fromEntries([
    ...Object.entries(own).map(([name, order]) => [keyOf(name), order] as const),
    ...foreign.map(({ tier, order }) => [tier.name, order] as const),
  ]);
  return {
    combinator: 'firstMatch', inBucket: 'rulePlaces', tiers: { prefix: TIER_PREFIX, orders, defined },
    // https://github.com/antrea-io/antrea/blob/main/docs/antrea-l7-network-policy.md
    contentDecides: true,
  };
}

function keyOf(name: string): string {
  return `${TIER_PREFIX}${name}`;
}

/** Peers beside pods and namespaces in the policies of other APIs: no test of them was found. */
function viewOfClusterPolicies(claim: CniClaim): TierView {
  return { blocksMatchPods: factOf(claim, 'cnpNetworksMatchPods'), unreadPeers: ['nodes', 'domain'] };
}

/** What no rule of a NetworkPolicy allows is dropped, whatever its protocol. https://github.com/antrea-io/antrea/blob/main/docs/design/ovs-pipeline.md */
function unionOf(claim: CniClaim): Union {
  return {
    combinator: 'union',
    otherDirection: 'continue',
    isolatesOther: true,
    // whether a rule without ports lets ICMP through is documented nowhere
    rulesCoverOther: undefined,
    ownNodePasses: { ingress: true, egress: cniFact(claim, 'podToOwnNode').value === 'allowed' },
  };
}
