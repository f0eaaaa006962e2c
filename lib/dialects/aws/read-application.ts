import { AWS_APPLICATION_TIER, Origin, Policy, rule, Rule, unevaluatedPeer } from '../../policy';
import { readDomainNames } from '../cluster-network-policy/domain-names';
import { DocumentReader, ReadIssue } from '../document';
import { NetworkPolicyForm, readNetworkPolicy } from '../kubernetes';
import { notePortEntries } from './port-entries';

/** What a document says, in one policy or more. */
export interface ReadPolicies {
  readonly policies: readonly Policy[];
  readonly issues: readonly ReadIssue[];
}

const FORM: NetworkPolicyForm = { egressPeers: { domainNames: readDomainNames } };

const NO_PEERS = 'a rule of an ApplicationNetworkPolicy without peers: it is not documented that it means everybody';
const NO_TYPES = 'an ApplicationNetworkPolicy without policyTypes: it is not documented that it isolates ingress';

/**
 * The policy that an ApplicationNetworkPolicy says: a NetworkPolicy with `domainNames` among its peers. Where its fields are
 * left out, no document says that the defaults of NetworkPolicy hold, which the API server fills in there and not here. What
 * may be isolated for that reason is a policy of its own.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html
 */
export function readApplicationNetworkPolicy(document: unknown, origin?: Origin): ReadPolicies {
  const { policy: native, issues } = readNetworkPolicy(document, origin, FORM);
  const reader = new DocumentReader();
  const rules = native.rules.map((each): Rule => (each.peers === undefined ? rule({ ...each, peers: [unevaluatedPeer(NO_PEERS)] }) : each));
  const policy: Policy = { ...native, tier: AWS_APPLICATION_TIER, rules };
  notePortEntries(reader, policy);
  return { policies: mayIsolateMore(document, policy) ? apart(policy) : [policy], issues: [...issues, ...reader.issues] };
}

/** NetworkPolicy without types isolates ingress also where it has no ingress rules. */
function mayIsolateMore(document: unknown, { isolates, rules }: Policy): boolean {
  const { policyTypes } = (document as { readonly spec?: { readonly policyTypes?: unknown } | null }).spec ?? {};
  const hasTypes = Array.isArray(policyTypes) && policyTypes.length > 0;
  return !hasTypes && isolates.includes('ingress') && !rules.some(({ direction }) => direction === 'ingress');
}

function apart(policy: Policy): readonly Policy[] {
  const perhaps: Policy = { ...policy, isolates: ['ingress'], rules: [], unevaluated: NO_TYPES };
  const isolates = policy.isolates.filter((direction) => direction !== 'ingress');
  return isolates.length === 0 ? [perhaps] : [{ ...policy, isolates }, perhaps];
}
