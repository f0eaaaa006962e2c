import { CILIUM, CLUSTER_NETWORK_POLICY, GKE } from '../../cluster/apis';
import { CniClaim, cniFact, servesApi } from '../../cluster/cni-facts';
import {
  ADMIN_TIER, BASELINE_TIER, CILIUM_CLUSTERWIDE_TIER, GKE_FQDN_TIER, NETWORK_POLICY_TIER, Protocol, Rule, rule, Tier, unevaluatedPeer,
} from '../../policy';
import { Known, Layer } from '../layers';
import { Profile, ProfileOptions } from '../profile';
import { CILIUM_DERIVED_LABELS } from './cilium-labels';
import { claimOf, factOf, known } from './cni-claim';

/**
 * GKE Dataplane V2: built on Cilium, but Google does not say which of its defaults are kept. What GKE does not document is open,
 * and answers that hang on it depend.
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2
 */
export function gkeDataplaneV2Profile(options: ProfileOptions): Profile {
  const claim = claimOf('gke-dpv2', options);
  return {
    id: 'gke-dpv2',
    ...(options.version === undefined ? {} : { version: options.version }),
    settings: claim.settings,
    layers: layersOf(claim),
    podCidrs: options.podCidrs ?? [],
    nodeCidrs: options.nodeCidrs ?? [],
    servicesResolvedFirst: cniFact(claim, 'serviceMatch').value === 'post-dnat',
    ingressControllerLabels: 'unknown',
    clientsMayBeHidden: true,
    possiblePodsMeet: 'implied',
    derivedLabels: CILIUM_DERIVED_LABELS,
    ownPodThroughService: 'unknown',
  };
}

/**
 * An FQDNNetworkPolicy does not affect the ability of pods to make DNS requests; to which servers, and what holds where a
 * NetworkPolicy closes the same pods, is not documented.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
 */
const DNS_REQUESTS: Rule = rule({
  direction: 'egress',
  action: 'allow',
  peers: [unevaluatedPeer('an FQDNNetworkPolicy leaves DNS requests alone, and which servers they may ask is not documented')],
  ports: [Protocol.UDP, Protocol.TCP].map((protocol) => ({ kind: 'range' as const, protocol, first: 53, last: 53 })),
  name: 'DNS requests',
  place: 'DNS requests',
});

function layersOf(claim: CniClaim): readonly Layer[] {
  const cnp = known(servesApi(claim, CLUSTER_NETWORK_POLICY));
  const clusterwide = known(servesApi(claim, CILIUM, 'CiliumClusterwideNetworkPolicy'));
  const fqdn = known(servesApi(claim, GKE, 'FQDNNetworkPolicy'));
  const base = { blocksMatchNodes: factOf(claim, 'ipBlockMatchesNodes'), hostNetworkPodsAreOrdinary: undefined, egressPortNames: 'unknown' as const };
  const cluster = (name: string, tier: Tier): Layer => ({
    name,
    ...tiersOf([[tier, cnp]]),
    combine: { combinator: 'firstMatch', inBucket: 'undefined' },
    blocksMatchPods: factOf(claim, 'cnpNetworksMatchPods'),
    ...base,
  });
  return [
    cluster('Admin', ADMIN_TIER),
    {
      name: 'policies of namespaces and of the cluster',
      ...tiersOf([[NETWORK_POLICY_TIER, true], [CILIUM_CLUSTERWIDE_TIER, clusterwide], [GKE_FQDN_TIER, fqdn]]),
      impliedRules: { [GKE_FQDN_TIER.name]: [DNS_REQUESTS] },
      combine: {
        combinator: 'union',
        otherDirection: cnp === false ? 'continue' : 'unknown',
        isolatesOther: undefined,
        rulesCoverOther: undefined,
        ownNodePasses: { ingress: undefined, egress: undefined },
        ignoresWithoutDefaultDeny: 'unknown',
        miss: cnp === false ? 'final' : 'unknown',
        openRulesFilterContent: 'unknown',
        // GKE documents that a denial of the cluster overrides the policies of namespaces
        // https://cloud.google.com/kubernetes-engine/docs/how-to/configure-cilium-network-policy
        certainDenialsOnly: [CILIUM_CLUSTERWIDE_TIER.name],
      },
      blocksMatchPods: factOf(claim, 'ipBlockMatchesPods'),
      ...base,
    },
    cluster('Baseline', BASELINE_TIER),
  ];
}

/** The tiers that are served, or of which nobody says whether they are. */
function tiersOf(tiers: ReadonlyArray<readonly [Tier, Known]>): Pick<Layer, 'tiers' | 'maybeTiers'> {
  const named = tiers.filter(([, served]) => served !== false).map(([{ name }]) => name);
  const unsure = tiers.filter(([, served]) => served === undefined).map(([{ name }]) => name);
  return { tiers: named, ...(unsure.length > 0 ? { maybeTiers: unsure } : {}) };
}
