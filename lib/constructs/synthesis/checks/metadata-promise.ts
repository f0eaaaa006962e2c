import { metadataNames } from '../../../cluster/metadata-endpoints';
import { antrea } from '../../../dialects';
import {
  Action, BASELINE_TIER, BASELINE_V1ALPHA1_TIER, Cidr, NAMESPACE_NAME_LABEL, NamespaceScope, namespaceSelector, PeerTerm, Policy, policyId, portKey, Rule,
} from '../../../policy';
import { DomainPattern } from '../../domain-pattern';
import { AppCheck, AppFacts, AppPolicy, Report } from '../app-check';
import { ClosedEndpoint, reachedBy } from '../closed-endpoint';
import { Estate } from '../estate';
import { outranking, Suspect } from '../hard-deny-proof';

/** What a baseline allows, it allows to pods that no NetworkPolicy isolates: they reach everything without it, too. */
const BASELINE = [BASELINE_TIER.name, BASELINE_V1ALPHA1_TIER.name, antrea.tierKey(antrea.BASELINE_TIER)];

/**
 * Policies add up: one that opens a metadata endpoint opens it, whatever the others say. A MetadataBlock therefore looks at every
 * policy of the app; where a policy of the cluster denies the endpoints, at those that come before it.
 */
export const metadataPromise: AppCheck = (facts, report) => {
  const { metadata } = facts.estate;
  if (metadata === undefined) return;
  lookAtUnread(facts, report);
  lookAtSets(facts, report);
  lookAtNames(facts, report);
  // where a policy denies, one that passes may leave it out; where none does, passing opens nothing
  const actions: readonly Action[] = metadata._denies ? ['allow', 'pass'] : ['allow'];
  const suspects = facts.policies.filter(mayOpen).flatMap((found): Suspect[] => {
    const { policy } = found;
    const endpoints = [...new Set(policy.rules.flatMap((rule) => reachedBy(rule, closedTo(facts.estate, policy, rule), actions)))];
    return endpoints.length === 0 ? [] : [{ found, endpoints }];
  });
  if (metadata._denies) {
    for (const { found, endpoint, port } of outranking(suspects, facts)) {
      report(found.construct, `${opens(found, endpoint)}, which ${metadata.node.path} (MetadataBlock) denies, and comes before the denial: a pod that both are about reaches ${port}. `
        + 'Instead: addresses without it, a place after the denial, or an exemption of the pods with a reason');
    }
    return;
  }
  for (const { found, endpoints } of suspects) {
    for (const endpoint of endpoints) {
      report(found.construct, `${opens(found, endpoint)}, which ${metadata.node.path} (MetadataBlock) promises to keep closed. `
        + `Instead: an exception "${endpoint.cidr.toString()}" in its ipBlock, other ports, or an exemption of the namespace with a reason`);
    }
  }
};

/** What is promised to the pods of a rule: nothing where all of them are exempt. */
function closedTo(estate: Estate, { namespace, subject }: Policy, rule: Rule): readonly ClosedEndpoint[] {
  const narrowed = (rule.subject ?? []).map(({ terms: [term, ...more] }) => (term?.kind === 'pods' && more.length === 0 ? term : undefined));
  const parts = narrowed.length === 0 || narrowed.includes(undefined) ? [subject] : narrowed.filter((each) => each !== undefined);
  const closed = parts.flatMap((part) => {
    const pods = subject.pods.and(part.pods);
    const names = namespace === undefined ? namesOf(subject.namespaces) ?? namesOf(part.namespaces) : [namespace];
    return (names ?? [undefined]).flatMap((name) => estate.closedEndpoints(name, pods));
  });
  return [...new Set(closed)];
}

/** The names of namespaces where a selector lists them. */
function namesOf(scope: NamespaceScope): readonly string[] | undefined {
  return namespaceSelector(scope).requirements.find(({ key, operator }) => key === NAMESPACE_NAME_LABEL && operator === 'In')?.values;
}

function mayOpen({ policy }: AppPolicy): boolean {
  return policy.stage === 'enforced' && !BASELINE.includes(policy.tier.name);
}

function opens({ policy, kind }: AppPolicy, { cidr, ports }: ClosedEndpoint): string {
  return `the ${kind} "${policyId(policy)}" opens the instance metadata endpoint ${cidr.toString()} on ${ports.map(portKey).join(', ')}`;
}

function lookAtUnread({ estate, unread }: AppFacts, report: Report): void {
  for (const { object, kind } of unread) {
    report(object, `${estate.metadata?.node.path} (MetadataBlock) promises that metadata stays closed, and this ${kind} cannot be read: nobody knows what it opens. `
      + 'Instead: the same as a NetworkPolicy, or this object in another app');
  }
}

function lookAtSets({ estate, addressSets }: AppFacts, report: Report): void {
  for (const { set, kind, construct } of addressSets) {
    const holds = (endpoint: Cidr): boolean => set.blocks.some(({ cidr, except }) => cidr.overlaps(endpoint) && endpoint.minus(except).length > 0);
    for (const { cidr } of estate.closedEndpoints(set.namespace).filter((endpoint) => holds(endpoint.cidr))) {
      report(construct, `the ${kind} "${set.name}" holds the instance metadata endpoint ${cidr.toString()}, which ${estate.metadata?.node.path} (MetadataBlock) promises `
        + `to keep closed: any rule that allows the set opens it. Instead: a set without ${cidr.toString()}`);
    }
  }
}

/** Rules for names can only allow: nothing denies a name, and what it resolves to may be the endpoint. */
function lookAtNames({ estate, policies }: AppFacts, report: Report): void {
  const names = metadataNames(estate.profile.cloud);
  for (const { policy, kind, construct } of policies) {
    if (policy.stage !== 'enforced') continue;
    const promised = policy.rules.filter((rule) => rule.action === 'allow' && closedTo(estate, policy, rule).length > 0);
    const allowed = promised.flatMap(({ peers }) => (peers ?? []).flatMap(({ terms }) => terms.flatMap(patternOf)));
    for (const { name } of names.filter((row) => allowed.some((pattern) => pattern.matches(row.name)))) {
      report(construct, `the ${kind} "${policyId(policy)}" opens the name ${name}, under which instance metadata is served, and ${estate.metadata?.node.path} (MetadataBlock) `
        + 'promises to keep that closed. Instead: a pattern that does not hold it');
    }
  }
}

/** Patterns of others may be wider than ours can be; those are not about single names of a cloud. */
function patternOf(term: PeerTerm): Array<Pick<DomainPattern, 'matches'>> {
  if (term.kind !== 'domain') return [];
  if (/^\*+$/.test(term.pattern)) return [{ matches: () => true }];
  try {
    return [DomainPattern.parse(term.pattern)];
  } catch {
    return [{ matches: (host) => new RegExp(`^${term.pattern.split('*').map(literal).join('.*')}$`).test(host) }];
  }
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
