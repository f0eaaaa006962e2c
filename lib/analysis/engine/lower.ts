import {
  AddressSetTerm,
  anyOf, Decision, IpBlock, LabelledSet, NAMESPACE_NAME_LABEL, namespaceSelector, not, Peer, PeerTerm, PodSet, Policy, PortMatch, Rule, rule, Selector,
  DialledService, everyNamespace, GroupTerm, Labels, matchingNamespaces, NamespaceScope, ServiceEndpoints, unevaluatedPeer,
} from '../../policy';
import { DerivedLabel, namespaceOwner, withDerivedLabels } from '../derived-labels';
import { AddressSetDocument, Inventory, PolicyDocument } from '../inventory';
import { Layer } from '../layers';
import { AddressTable, EntryPlace } from './address-entries';
import { addressesOf } from './compiled';
import { dataPlaneRules } from './data-plane-rules';
import { viewOf } from './layer-view';
import { servicePods, servicePorts, serviceTerms } from './service-endpoints';

/** A rule in terms that evaluation knows, and its place among the written rules of its direction. */
export interface LoweredRule {
  readonly rule: Rule;
  readonly action: Decision;
  readonly place: number;
  /** Its place in the table of addresses, where the layer has one. */
  readonly entry?: EntryPlace;
  /** Not written: every policy of its tier has it. */
  readonly isImplied?: true;
}

/** A policy whose rules name nothing that stands elsewhere in the input. */
export interface LoweredPolicy {
  readonly kind: string;
  readonly apiVersion: string;
  readonly policy: Policy;
  readonly rules: readonly LoweredRule[];
}

/**
 * Puts what rules name (sets of addresses, Services) in place of the names, once and for a whole policy. What is left are pods,
 * addresses, nodes, domain names, and what is not evaluated.
 */
export class Lowering {
  public constructor(private readonly inventory: Inventory, private readonly derived: readonly DerivedLabel[]) {}

  public policy({ kind, apiVersion, policy }: PolicyDocument, ofPolicies: Layer): LoweredPolicy {
    const layer = viewOf(ofPolicies, policy.tier.name);
    const table = layer.addressEntries === undefined ? undefined : new AddressTable(this.inventory, layer.addressEntries);
    const places = { ingress: 0, egress: 0 };
    const lowerRule = (each: Rule): LoweredRule[] => {
      const position = places[each.direction]++;
      const place = each.index ?? position;
      const lowered = dataPlaneRules(each, layer).flatMap((one) => this.rule(one, layer));
      const entries = table === undefined ? lowered : lowered.flatMap((one) => table.entries(policy, one.rule));
      return entries.map((one) => ({ ...one, place }));
    };
    const written = policy.rules.flatMap(lowerRule);
    const implied = (layer.impliedRules?.[policy.tier.name] ?? []).flatMap(lowerRule).map((one) => ({ ...one, isImplied: true as const }));
    return { kind, apiVersion, policy, rules: [...written, ...implied] };
  }

  private rule(written: Rule, layer: Layer): Array<Omit<LoweredRule, 'place'>> {
    const { action } = written;
    if (action === 'log') return [];
    const unread = [...written.peers ?? [], ...written.subject ?? []].some(({ terms }) => terms.some(({ kind }) => layer.failsClosedOn?.includes(kind)));
    if (unread) return action === 'allow' ? [] : [{ rule: rule({ direction: written.direction, action: 'deny' }), action: 'deny' }];
    return this.withoutServices(written).map((each) => ({
      rule: {
        ...each,
        ...(each.peers === undefined ? {} : { peers: this.peers(each.peers, layer) }),
        ...(each.subject === undefined ? {} : { subject: this.peers(each.subject, layer, true) }),
      },
      action,
    }));
  }

  /** A Service at the destination stands for addresses together with ports: a rule for each. */
  private withoutServices(written: Rule): readonly Rule[] {
    const end = written.direction === 'egress' ? 'peers' : 'subject';
    const peers = written[end];
    if (peers === undefined || !peers.some(namesService)) return [written];
    return peers.flatMap((peer): Rule[] => {
      const service = peer.terms.find((term): term is ServiceEndpoints | DialledService => isService(term));
      if (service === undefined) return [{ ...written, [end]: [peer] }];
      // which Service was dialled is asked of the packet: where it leads to is not enough
      const others = peer.terms.filter((term) => term !== service || term.kind === 'dialledService');
      return servicePorts(this.inventory, service, written.ports)
        .map(({ terms, ports }) => ({ ...written, [end]: [{ terms: [anyOf(terms), ...others] }], ...(ports === undefined ? {} : { ports }) }));
    });
  }

  /** An alternative that stands alone is several peers: those are looked up quickly. */
  private peers(peers: readonly Peer[], layer: Layer, isSubject = false): readonly Peer[] {
    return peers.flatMap((peer) => this.withoutGroups(peer, isSubject)).flatMap(({ terms }): Peer[] => {
      const lowered = terms.map((term) => this.term(term, layer));
      const [only, ...more] = lowered;
      if (only?.kind === 'anyOf' && more.length === 0) return only.terms.map((term) => ({ terms: [term] }));
      return [{ terms: lowered }];
    });
  }

  /** The members of a group in its place. */
  private withoutGroups(peer: Peer, isSubject: boolean): readonly Peer[] {
    const group = peer.terms.find((term) => term.kind === 'group');
    if (group === undefined) return [peer];
    const others = peer.terms.filter((term) => term !== group);
    const members = this.members(group, MAX_NESTING);
    return (isSubject ? members.flatMap((member) => asSubject(member, group)) : members).map(({ terms }) => ({ terms: [...terms, ...others] }));
  }

  /** A group that is not there, or not yet, has nobody in it. */
  private members({ of, namespace, name }: GroupTerm, levels: number): readonly Peer[] {
    const found = this.inventory.groups.find(({ kind, group }) => kind === of && group.name === name && group.namespace === namespace);
    return (found?.group.members ?? []).flatMap((member): readonly Peer[] => {
      const [term, ...more] = member.terms;
      if (term?.kind !== 'group' || more.length > 0) return [member];
      return levels > 1 ? this.members(term, levels - 1) : [unevaluatedPeer(`${of} ${name} stands in another group and has groups in it: that is more nesting than is documented`)];
    });
  }

  private term(term: PeerTerm, layer: Layer): PeerTerm {
    if (layer.unreadPeers?.includes(term.kind) === true) return { kind: 'unevaluated', what: `nobody says how the cluster reads peers of the kind ${term.kind}` };
    switch (term.kind) {
      case 'pods':
        return term.wholeNamespaces === true && layer.addressSetsOf !== undefined ? this.labelled(wholeNamespaces(term), layer) : term;
      case 'labelled':
        return this.labelled(term, layer);
      case 'service':
        return anyOf(serviceTerms(this.inventory, term));
      case 'servicePods':
        return anyOf(servicePods(this.inventory, term));
      case 'addressSet':
        return this.addressSet(term);
      case 'anyOf':
        return anyOf(term.terms.flatMap((each) => {
          const lowered = this.term(each, layer);
          return lowered.kind === 'anyOf' ? lowered.terms : [lowered];
        }));
      case 'not':
        return not(this.term(term.term, layer));
      default:
        return term;
    }
  }

  private labelled({ namespaces, labels }: LabelledSet, layer: Layer): PeerTerm {
    const pods: PodSet = { kind: 'pods', namespaces: ofPods(namespaces), pods: labels };
    const sets = this.inventory.addressSets
      .filter(({ apiVersion }) => apiVersion === layer.addressSetsOf)
      .filter((document) => labels.matches(this.labelsOf(document)) && namespaceSelector(namespaces).matches(this.namespaceLabelsOf(document)));
    const blocks = sets.flatMap(({ set }): readonly IpBlock[] => set.blocks);
    return anyOf([pods, ...blocks]);
  }

  /** A set that is not in the input may hold any address. */
  private addressSet({ of, name, labels, except }: AddressSetTerm): PeerTerm {
    const sets = this.inventory.addressSets.filter(({ kind, set }) => kind === of
      && (name === undefined ? labels?.matches(set.labels) === true : set.name === name));
    if (sets.length === 0) return { kind: 'unevaluated', what: `no ${of} ${name ?? `with the labels ${labels?.toString() ?? ''}`} is in the input` };
    const blocks = sets.flatMap(({ set }) => set.blocks.flatMap(addressesOf)).flatMap((cidr) => cidr.minus(except));
    return anyOf(blocks.map((cidr): IpBlock => ({ kind: 'ipBlock', cidr, except: [] })));
  }

  private labelsOf({ set }: AddressSetDocument): Labels {
    const rows = this.derived.filter(({ onAddressSets }) => onAddressSets === true);
    const owner = set.namespace === undefined ? {} : { namespace: namespaceOwner(set.namespace, this.namespaceLabelsOf({ set })) };
    return withDerivedLabels(set.labels, rows, owner);
  }

  private namespaceLabelsOf({ set: { namespace } }: Pick<AddressSetDocument, 'set'>): Labels {
    if (namespace === undefined) return {};
    return this.inventory.namespaces.get(namespace)?.labels ?? { [NAMESPACE_NAME_LABEL]: namespace };
  }
}

/** Namespaces with everything in them; what has no namespace is in none. */
function wholeNamespaces({ namespaces }: PodSet): LabelledSet {
  const scope = namespaces.kind === 'matching' && namespaces.selector.matchesEverything
    ? matchingNamespaces(Selector.of({ matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: 'Exists' }] }))
    : namespaces;
  return { kind: 'labelled', namespaces: scope, labels: Selector.everything };
}

function namesService({ terms }: Peer): boolean {
  return terms.some(isService);
}

function isService({ kind }: PeerTerm): boolean {
  return kind === 'service' || kind === 'dialledService';
}

/** A group, and the groups in it. */
const MAX_NESTING = 2;

/**
 * A member of a group that says whom a policy is about: addresses are nobody's there, and what is neither a pod nor in the namespace
 * of the group may leave the policy without effect.
 */
function asSubject(member: Peer, { namespace }: GroupTerm): readonly Peer[] {
  const kinds = member.terms.map(({ kind }) => kind);
  if (kinds.includes('ipBlock')) return [];
  const isElsewhere = namespace !== undefined
    && member.terms.some((term) => (term.kind === 'pods' && !(term.namespaces.kind === 'named' && term.namespaces.name === namespace))
      || (term.kind === 'servicePods' && term.namespace !== namespace));
  if (!isElsewhere && !kinds.includes('nodes')) return [member];
  return [{ terms: [...member.terms, { kind: 'unevaluated', what: 'whether a group with members of this kind can say whom a policy is about is not documented' }] }];
}

/** Every pod has a namespace: to ask for that says nothing about pods. */
function ofPods(scope: NamespaceScope): NamespaceScope {
  if (scope.kind === 'named') return scope;
  const rest = scope.selector.requirements.filter(({ key, operator }) => key !== NAMESPACE_NAME_LABEL || operator !== 'Exists');
  if (rest.length === scope.selector.requirements.length) return scope;
  const of = [...rest.map((condition) => ({ kind: 'label' as const, ...condition })), ...scope.selector.formulas];
  return of.length === 0 ? everyNamespace : matchingNamespaces(Selector.expression({ kind: 'and', of }));
}

/** Every entry by which a rule names ports, of either end. */
export function portsNamedBy({ ports, notPorts, sourcePorts, notSourcePorts }: Rule): readonly PortMatch[] {
  return [ports, notPorts, sourcePorts, notSourcePorts].flatMap((matches) => matches ?? []);
}
