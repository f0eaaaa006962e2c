import { Analysis, readInventory, SourceObject } from '../../analysis';
import { POLICY_READERS } from '../../dialects';
import { everyNamespace, namedNamespace, NamespaceScope, namespaceSelector, NETWORK_POLICY_TIER, Policy, PortMatch, Rule, ruleKey, Selector } from '../../policy';
import { AppFacts, AppPolicy } from './app-check';
import { ClosedEndpoint } from './closed-endpoint';
import { evaluationOf } from './evaluation';

/** A policy of the app that may open what a denial of the cluster is to keep closed. */
export interface Suspect {
  readonly found: AppPolicy;
  readonly endpoints: readonly ClosedEndpoint[];
}

/** An endpoint that the pods of a policy reach, or may reach, in spite of the denial, and the port that was asked for. */
export interface Outranked {
  readonly found: AppPolicy;
  readonly endpoint: ClosedEndpoint;
  readonly port: string;
}

/**
 * Which suspects come before the denial. Each is asked about by itself: of a pod that the suspect and the denial are about, and
 * nobody else, the layers of the CNI say what it reaches. So it does not matter how its pods are said, and what others deny to
 * some of them hides nothing. What cannot be shown to be denied counts as open.
 */
export function outranking(suspects: readonly Suspect[], facts: AppFacts): Outranked[] {
  if (suspects.length === 0) return [];
  const open = reached(suspects, new Map(), facts);
  const known = new Set(suspects.map(({ found }) => found));
  const others = facts.policies.filter((each) => each.policy.stage === 'enforced' && !known.has(each) && !isOfDenial(each, facts));
  const closing = new Map(open.map(({ found }) => [found, closingAll(found, others)]));
  const isClosed = ({ found }: { readonly found: AppPolicy }): boolean => closing.get(found)?.length !== 0;
  const again = open.filter(isClosed).map(({ found, endpoint }) => ({ found, endpoints: [endpoint] }));
  return [...open.filter((each) => !isClosed(each)), ...(again.length === 0 ? [] : reached(again, closing, facts))];
}

/** What the pods of suspects reach, where others are about all of them too. Each suspect has a namespace of its own, with one pod. */
function reached(suspects: readonly Suspect[], beside: ReadonlyMap<AppPolicy, readonly AppPolicy[]>, facts: AppFacts): Outranked[] {
  const { estate, objects, policies } = facts;
  const namespaces = new Map<unknown, string>();
  const asked: AppPolicy[] = [];
  for (const { found } of suspects) {
    if (namespaces.has(sameAs(found))) continue;
    const namespace = `${POD}-${namespaces.size}`;
    namespaces.set(sameAs(found), namespace);
    asked.push(...[found, ...beside.get(found) ?? []].map((each) => ({ ...each, policy: aboutAll(namedNamespace(namespace), each.policy) })));
  }
  // all of its objects say the same about different pods
  const denial = policies.filter((each) => each.policy.stage === 'enforced' && isOfDenial(each, facts)).slice(0, 1).map((each) => ({ ...each, policy: aboutAll(everyNamespace, each.policy) }));
  const { tiers, addressSets, groups, services, endpointSlices } = readInventory(
    objects.map((object): SourceObject => ({ object: object.toJson(), origin: {} })), { readers: POLICY_READERS },
  );
  const pods = readInventory([...namespaces.values()].map((namespace) => ({ object: podIn(namespace), origin: {} })), { readers: POLICY_READERS });
  const profile = evaluationOf(estate.profile);
  const analysis = new Analysis({ ...pods, tiers, addressSets, groups, services, endpointSlices, policies: [...denial, ...asked] }, profile);
  return suspects.flatMap(({ found, endpoints }) => endpoints.flatMap((endpoint): Outranked[] => {
    // where one family is policed, pods have no address of the other
    if (profile.policedFamily !== undefined && endpoint.cidr.family !== profile.policedFamily) return [];
    const pod = `${namespaces.get(sameAs(found))}/${POD}`;
    const port = askedPorts(endpoint.ports).find((each) => analysis.allows(pod, endpoint.cidr.firstAddress, each).verdict !== 'denied');
    return port === undefined ? [] : [{ found, endpoint, port }];
  }));
}

function isOfDenial({ construct }: AppPolicy, { estate: { metadata } }: AppFacts): boolean {
  return metadata !== undefined && construct.node.scopes.includes(metadata);
}

const POD = 'netpol-proof';

/** NetworkPolicies have no order: those of the same rules have the same place. Others stand for themselves. */
function sameAs(found: AppPolicy): unknown {
  const { tier, isolates, rules } = found.policy;
  return tier.name === NETWORK_POLICY_TIER.name ? [...isolates, ...rules.map(ruleKey)].join('\n') : found;
}

/** The same policy about every pod of namespaces, whichever pods it is about. Rules about nodes are about no pod. */
function aboutAll(namespaces: NamespaceScope, policy: Policy): Policy {
  const rules = policy.rules.filter(({ subject }) => subject?.every(({ terms }) => terms.some(({ kind }) => kind === 'nodes')) !== true);
  return {
    ...policy,
    subject: { kind: 'pods', namespaces, pods: Selector.everything },
    rules: rules.map((each): Rule => ({ ...each, subject: undefined })),
  };
}

/**
 * Policies that are about every pod of a suspect and open nothing to it: what they deny first, it never opens. None where it passes:
 * what that skips is not theirs alone to decide.
 */
function closingAll({ policy: suspect }: AppPolicy, others: readonly AppPolicy[]): AppPolicy[] {
  if (suspect.rules.some(({ action }) => action === 'pass')) return [];
  return others.filter(({ policy: { subject, rules, unevaluated } }) => unevaluated === undefined && rules.every((rule) => rule.subject === undefined)
    && suspect.subject.pods.implies(subject.pods) && namespaceSelector(suspect.subject.namespaces).implies(namespaceSelector(subject.namespaces)));
}

/** Endpoints have few ports; both ends of a range stand for it. */
function askedPorts(ports: readonly PortMatch[]): string[] {
  return ports.flatMap((match) => (match.kind === 'range' ? [...new Set([match.first, match.last])].map((number) => `${number}/${match.protocol}`) : []));
}

function podIn(namespace: string): unknown {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: POD, namespace }, spec: { containers: [{ name: 'asks' }] } };
}
