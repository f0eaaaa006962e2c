import { CILIUM, CLUSTER_NETWORK_POLICY, NETWORK_POLICY } from '../../cluster/apis';
import { CniClaim, servesApi } from '../../cluster/cni-facts';
import { ADMIN_TIER, BASELINE_TIER, CILIUM_CLUSTERWIDE_TIER, CILIUM_HOST_TIER, CILIUM_TIER, NETWORK_POLICY_TIER, Tier } from '../../policy';
import { Known, Layer, Union } from '../layers';
import { Profile, ProfileOptions } from '../profile';
import { CILIUM_DERIVED_LABELS, isIdentityLabel } from './cilium-labels';
import { claimOf, factOf, known, reached } from './cni-claim';

/**
 * Cilium: Admin policies, then NetworkPolicy with the two kinds of its own, then Baseline policies. Every packet is checked after
 * the address of a Service was replaced.
 * @see https://docs.cilium.io/en/stable/security/policy/
 */
export function ciliumProfile(options: ProfileOptions): Profile {
  const claim = claimOf('cilium', options);
  return {
    id: 'cilium',
    ...(options.version === undefined ? {} : { version: options.version }),
    settings: claim.settings,
    layers: enforces(claim) ? layersOf(claim) : [],
    podCidrs: options.podCidrs ?? [],
    nodeCidrs: options.nodeCidrs ?? [],
    servicesResolvedFirst: true,
    ingressControllerLabels: 'unknown',
    clientsMayBeHidden: true,
    possiblePodsMeet: 'implied',
    ownPodThroughService: 'unknown',
    derivedLabels: CILIUM_DERIVED_LABELS,
    hidesLabel: (key) => !isIdentityLabel(key),
    idleTiers: {
      ...(enforces(claim) ? {} : Object.fromEntries(TIERS.map(({ name }) => [name, NOT_ENFORCED]))),
      [CILIUM_HOST_TIER.name]: 'policies with a nodeSelector need the host firewall, which is off by default: it has no effect there',
    },
  };
}

const TIERS: readonly Tier[] = [ADMIN_TIER, BASELINE_TIER, NETWORK_POLICY_TIER, CILIUM_TIER, CILIUM_CLUSTERWIDE_TIER];
const NOT_ENFORCED = 'the agent drops nothing with this enable-policy or policy-audit-mode: it has no effect there';

/** Without enforcement every verdict is only logged, or not even that. */
function enforces({ settings }: CniClaim): boolean {
  return settings['enable-policy'] !== 'never' && settings['policy-audit-mode'] !== 'true';
}

function layersOf(claim: CniClaim): readonly Layer[] {
  const cnp = known(servesApi(claim, CLUSTER_NETWORK_POLICY)) === true;
  const networks = { blocksMatchPods: factOf(claim, 'cnpNetworksMatchPods'), blocksMatchNodes: factOf(claim, 'ipBlockMatchesNodes') };
  const cluster = (name: string, tier: Tier): Layer => ({
    name,
    tiers: cnp ? [tier.name] : [],
    combine: { combinator: 'firstMatch', inBucket: 'denyWinsAcrossPolicies' },
    ...networks,
    hostNetworkPodsAreOrdinary: false,
    egressPortNames: 'unknown',
  });
  const served = [
    ...(servesApi(claim, NETWORK_POLICY) === true ? [NETWORK_POLICY_TIER] : []),
    ...(servesApi(claim, CILIUM) === true ? [CILIUM_TIER, CILIUM_CLUSTERWIDE_TIER] : []),
  ];
  return [
    cluster('Admin', ADMIN_TIER),
    {
      name: 'policies of namespaces and of the cluster',
      tiers: served.map(({ name }) => name),
      combine: unionOf(claim, cnp),
      blocksMatchPods: factOf(claim, 'ipBlockMatchesPods'),
      blocksMatchNodes: factOf(claim, 'ipBlockMatchesNodes'),
      hostNetworkPodsAreOrdinary: false,
      egressPortNames: 'unknown',
    },
    cluster('Baseline', BASELINE_TIER),
  ];
}

function unionOf(claim: CniClaim, cnp: boolean): Union {
  const { settings } = claim;
  return {
    combinator: 'union',
    otherDirection: cnp ? 'unknown' : 'continue',
    isolatesOther: true,
    rulesCoverOther: true,
    // https://docs.cilium.io/en/stable/security/policy/intro/#endpoint-default-policy
    ownNodePasses: { ingress: settings['allow-localhost'] !== 'policy', egress: false },
    isolatesEverybody: settings['enable-policy'] === 'always',
    ignoresWithoutDefaultDeny: settings['enable-non-default-deny-policies'] === 'false' ? true : opposite(reached(claim, DEFAULT_DENY_SINCE)),
    // https://github.com/cilium/cilium/blob/main/pkg/policy/repository.go
    miss: cnp ? 'unknown' : 'final',
    // https://github.com/cilium/cilium/pull/40441
    openRulesFilterContent: opposite(reached(claim, OPEN_CONTENT_SINCE)),
  };
}

/** The first versions that know `enableDefaultDeny`, and that let every content through where a policy does not isolate. */
const DEFAULT_DENY_SINCE = '1.16';
const OPEN_CONTENT_SINCE = '1.18';

function opposite(value: Known): boolean | 'unknown' {
  return value === undefined ? 'unknown' : !value;
}
