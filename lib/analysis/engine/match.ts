import { DialledService, Labels, namespaceSelector, NAMESPACE_NAME_LABEL, IpBlock, NamespaceScope, Peer, PeerTerm, PodSet, Selector, termKey } from '../../policy';
import { Known, Layer } from '../layers';
import { addressesOf, CompiledPolicy, CompiledRule } from './compiled';
import { Condition } from './condition';
import { ControllerEndpoint, Endpoint, ExternalEndpoint, NodeEndpoint, Places, PodEndpoint, PossiblePod } from './endpoint';
import { matchEntity } from './entity';
import { RangeSet } from './range-set';
import { standsForService } from './service-entries';

/** Whether something holds: for certain, possibly (and what decides), or not at all. */
export interface Match {
  readonly certain: boolean;
  readonly possible: boolean;
  readonly conditions: readonly Condition[];
}

export const YES: Match = { certain: true, possible: true, conditions: [] };
export const NO: Match = { certain: false, possible: false, conditions: [] };

export function maybe(condition: Condition): Match {
  return { certain: false, possible: true, conditions: [condition] };
}

/** One of two worlds holds, and nobody knows which. */
export function either(one: Match, other: Match, condition: Condition): Match {
  if (one.certain && other.certain) return YES;
  if (!one.possible && !other.possible) return NO;
  const differ = one.possible !== other.possible || one.certain !== other.certain;
  return { certain: false, possible: true, conditions: [...(differ ? [condition] : []), ...one.conditions, ...other.conditions] };
}

function any(matches: Iterable<Match>): Match {
  let found: Match = NO;
  for (const match of matches) {
    if (match.certain) return YES;
    if (match.possible) found = { certain: false, possible: true, conditions: [...found.conditions, ...match.conditions] };
  }
  return found;
}

function every(matches: Iterable<Match>): Match {
  let found: Match = YES;
  for (const match of matches) {
    if (!match.possible) return NO;
    if (!match.certain) found = { certain: false, possible: true, conditions: [...found.conditions, ...match.conditions] };
  }
  return found;
}

/** Whether a layer sees pods in the network of their node as pods; undefined where nobody says. */
function seenAsPod(endpoint: PodEndpoint, layer: Layer): Known {
  return endpoint.hostNetwork ? layer.hostNetworkPodsAreOrdinary : true;
}

const HOST_NETWORK_WHY = 'whether policies select pods in the network of their node is up to the CNI';

/** Whether a policy speaks about a pod. */
export function matchSubject({ policy: { subject, unevaluated }, text: at, isAboutNodes }: CompiledPolicy, endpoint: Endpoint, layer: Layer): Match {
  if (seenAsNode(endpoint, layer) !== undefined) return isAboutNodes && layer.policesNodes === true ? YES : NO;
  if (endpoint.kind !== 'pod' || endpoint.isUnpoliced === true || !podSetHolds(subject, endpoint)) return NO;
  const asPod = seenAsPod(endpoint, layer);
  if (asPod === undefined) return maybe({ kind: 'cni', at, why: HOST_NETWORK_WHY });
  if (!asPod) return NO;
  return unevaluated === undefined ? YES : maybe({ kind: 'unevaluated-field', at, why: unevaluated });
}

/** The node that a layer sees in place of an endpoint: itself, or the one whose network a pod is in. */
function seenAsNode(endpoint: Endpoint, layer: Layer): NodeEndpoint | undefined {
  if (endpoint.kind === 'node') return endpoint;
  return endpoint.kind === 'pod' && seenAsPod(endpoint, layer) === false ? hostOf(endpoint) : undefined;
}

/** Whether a rule that speaks only about some pods of its policy, or about nodes, speaks about this one. */
export function matchNarrowing({ subject, text }: CompiledRule, endpoint: Endpoint, layer: Layer): Match {
  const node = seenAsNode(endpoint, layer);
  if (node !== undefined) return subject === undefined ? NO : any(subject.map((peer) => matchPeer(peer, { endpoint: node, layer, at: text })));
  return subject === undefined ? YES : any(subject.map((peer) => matchPeer(peer, { endpoint, layer, at: text })));
}

/** Two conditions at once. */
export function both(one: Match, other: Match): Match {
  return every([one, other]);
}

/** Whether the other end is among a rule's peers. */
export function matchPeers(rule: CompiledRule, endpoint: Endpoint, layer: Layer, facts: Pick<Asked, 'subject' | 'dialled'> = {}): Match {
  if (rule.peers === undefined) return YES;
  const asked: Asked = { endpoint, layer, at: rule.text, ...facts };
  if (endpoint.kind !== 'pod') return matchAs(rule, asked);
  const asPod = seenAsPod(endpoint, layer);
  if (asPod === true) return matchAs(rule, asked);
  const asNode = matchAs(rule, { ...asked, endpoint: hostOf(endpoint) });
  if (asPod === false) return asNode;
  return either(matchAs(rule, asked), asNode, { kind: 'cni', at: rule.text, why: HOST_NETWORK_WHY });
}

/** The node that a pod in its network speaks for. */
export function hostOf(endpoint: PodEndpoint): NodeEndpoint {
  const [name, ...others] = endpoint.nodes ?? [];
  return {
    kind: 'node',
    text: `the node of ${endpoint.text}`,
    name: others.length === 0 ? name : undefined,
    labels: endpoint.host?.labels,
    places: endpoint.host?.places ?? endpoint.places,
  };
}

/** Whether one end is among those that a rule names. */
export interface Asked {
  readonly endpoint: Endpoint;
  readonly layer: Layer;
  /** The rule. */
  readonly at: string;
  /** The pod at the other end, where it is known: its node is another end than the others. */
  readonly subject?: PodEndpoint;
  readonly dialled?: Dialled;
}

/** The Service whose address was dialled, or that it was none; undefined where nobody asked. */
export type Dialled = Pick<DialledService, 'namespace' | 'name'> | 'none' | undefined;

function matchAs(rule: CompiledRule, asked: Asked): Match {
  const blocks = rule.addresses.isEmpty ? NO : matchAddresses(rule.addresses, asked.endpoint, asked.layer, rule.text);
  if (blocks.certain || rule.peers === undefined || rule.peers.length === 0) return blocks;
  return any([blocks, ...rule.peers.map((peer) => matchPeer(peer, asked))]);
}

function matchPeer({ terms }: Peer, asked: Asked): Match {
  return terms.length === 1 ? matchTerm(terms[0]!, asked) : every(terms.map((term) => matchTerm(term, asked)));
}

function matchTerm(term: PeerTerm, asked: Asked): Match {
  const { endpoint, layer, at } = asked;
  switch (term.kind) {
    case 'pods':
      if (endpoint.kind === 'controller') return matchController(term, endpoint, at);
      if (endpoint.kind === 'possible') return matchPossible(term, endpoint);
      if (endpoint.kind === 'external') return seesAsPods(term, endpoint, layer) ? YES : NO;
      return endpoint.kind === 'pod' && podSetHolds(term, endpoint) ? YES : NO;
    case 'ipBlock':
      return matchAddresses(rangeOf(term), endpoint, layer, at);
    case 'nodes':
      if (endpoint.kind !== 'node') return NO;
      if (endpoint.labels !== undefined) return term.nodes.matches(endpoint.labels) ? YES : NO;
      return term.nodes.matchesEverything ? YES : maybe({ kind: 'node-placement', at, why: `the labels of ${endpoint.text} are not known` });
    case 'domain':
      return endpoint.kind === 'external' ? maybe({ kind: 'fqdn', at, why: `what ${term.pattern} resolves to decides` }) : NO;
    case 'unevaluated':
      return maybe({ kind: 'unevaluated-field', at, why: term.what });
    case 'anyOf':
      return any(term.terms.map((each) => matchTerm(each, asked)));
    case 'not':
      return opposite(matchTerm(term.term, asked));
    case 'entity':
      return matchEntity(term.entity, asked);
    case 'dialledService':
      return matchDialled(term, asked);
    case 'labelled':
    case 'addressSet':
    case 'service':
    case 'servicePods':
    case 'group':
    case 'podsAlike':
      return maybe({ kind: 'unevaluated-field', at, why: `what ${termKey(term)} stands for is not known` });
  }
}

function matchDialled({ namespace, name }: DialledService, { dialled, layer, at }: Asked): Match {
  if (layer.knowsDialledService !== true || dialled === 'none') return NO;
  if (dialled === undefined) return maybe({ kind: 'address', at, why: `whether the address of the Service ${namespace}/${name} is dialled decides` });
  return dialled.namespace === namespace && dialled.name === name ? YES : NO;
}

/** The address of a Service, where policy sees that in place of the pods behind it. */
function seesAsPods(term: PodSet, { service }: ExternalEndpoint, { addressEntries }: Layer): boolean {
  return addressEntries !== undefined && service !== undefined && standsForService(term, service);
}

function opposite({ certain, possible, conditions }: Match): Match {
  return certain ? NO : possible ? { certain, possible, conditions } : YES;
}

const RANGES = new WeakMap<IpBlock, RangeSet>();

function rangeOf(block: IpBlock): RangeSet {
  let range = RANGES.get(block);
  if (range === undefined) RANGES.set(block, (range = RangeSet.of(addressesOf(block))));
  return range;
}

export function podSetHolds({ namespaces, pods }: PodSet, endpoint: PodEndpoint): boolean {
  return scopeHolds(namespaces, endpoint.namespace, endpoint.namespaceLabels) && pods.matches(endpoint.labels);
}

function scopeHolds(scope: NamespaceScope, namespace: string, labels: Labels): boolean {
  return scope.kind === 'named' ? scope.name === namespace : scope.selector.matches(labels);
}

/** A pod of which neither namespace nor labels are known may match every selector, and only an empty one for certain. */
function matchController({ namespaces, pods }: PodSet, { labels, text }: ControllerEndpoint, at: string): Match {
  const inNamespaces = namespaceSelector(namespaces);
  if (labels === 'none') return inNamespaces.matches(UNLABELLED_NAMESPACE) && pods.matches({}) ? YES : NO;
  const isEverybody = inNamespaces.sameAs(Selector.everything) && pods.matchesEverything;
  return isEverybody ? YES : maybe({ kind: 'unevaluated-field', at, why: `the namespace and labels of ${text} are not in the input` });
}

/** What only some of the pods meet that may come to exist is told of those pods, on a row of their own. */
function matchPossible({ namespaces, pods }: PodSet, { namespaces: inNamespaces, pods: own, namespaceLabels, meets }: PossiblePod): Match {
  const wanted = namespaceSelector(namespaces);
  if (meets === 'equal') return isOrEverything(wanted, inNamespaces) && isOrEverything(pods, own) ? YES : NO;
  const inScope = namespaceLabels === undefined ? inNamespaces.implies(wanted) : wanted.matches(namespaceLabels);
  return inScope && own.implies(pods) ? YES : NO;
}

function isOrEverything(wanted: Selector, own: Selector): boolean {
  return wanted.matchesEverything || wanted.sameAs(own);
}

const UNLABELLED_NAMESPACE: Labels = { [NAMESPACE_NAME_LABEL]: 'ingress-controller' };

/** Whether a set of addresses holds the endpoint's, where the layer compares addresses with that kind of endpoint at all. */
export function matchAddresses(addresses: RangeSet, endpoint: Endpoint, layer: Layer, at: string): Match {
  const compared = endpoint.kind === 'external' ? true : endpoint.kind === 'node' ? blocksMatchNode(endpoint, layer) : layer.blocksMatchPods;
  if (compared === false) return NO;
  const match = holds(addresses, endpoint.places, endpoint.text, at);
  if (compared === true || !match.possible) return match;
  const what = endpoint.kind === 'node' ? 'nodes' : 'pods';
  return either(match, NO, { kind: 'cni', at, why: `whether address blocks match the addresses of ${what} is up to the CNI` });
}

/** The API server may stand outside of the cluster, where blocks meet it. */
function blocksMatchNode({ isApiServer }: NodeEndpoint, { blocksMatchNodes }: Layer): Known {
  return isApiServer === true && blocksMatchNodes === false ? undefined : blocksMatchNodes;
}

function holds(addresses: RangeSet, places: Places, text: string, at: string): Match {
  if (!places.some((place) => addresses.touches(place))) return NO;
  if (places.every((place) => addresses.covers(place))) return YES;
  return maybe({ kind: 'address', at, why: `the address of ${text} decides` });
}

/** Whether a node is the one that a pod runs on. */
export function matchOwnNode(node: NodeEndpoint, pod: PodEndpoint): Match {
  if (node.locality !== undefined) return node.locality === 'own' ? YES : NO;
  if (node.name !== undefined && pod.nodes !== undefined) {
    if (!pod.nodes.includes(node.name)) return NO;
    if (pod.nodes.length === 1) return YES;
  }
  return maybe({ kind: 'node-placement', at: pod.text, why: `whether ${pod.text} runs on ${node.text} decides` });
}
