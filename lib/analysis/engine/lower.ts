import {
  AddressSetTerm,
  anyOf, Decision, IpBlock, LabelledSet, NAMESPACE_NAME_LABEL, namespaceSelector, not, Peer, PeerTerm, PodSet, Policy, PortMatch, Rule, rule, Selector,
  everyNamespace, Labels, matchingNamespaces, NamespaceScope, ServiceEndpoints,
} from '../../policy';
import { DerivedLabel, namespaceOwner, withDerivedLabels } from '../derived-labels';
import { AddressSetDocument, Inventory, PolicyDocument } from '../inventory';
import { Layer } from '../layers';
import { AddressTable, EntryPlace } from './address-entries';
import { addressesOf } from './compiled';
import { dataPlaneRules } from './data-plane-rules';
import { servicePorts, serviceTerms } from './service-endpoints';

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

  public policy({ kind, apiVersion, policy }: PolicyDocument, layer: Layer): LoweredPolicy {
    const table = layer.addressEntries === undefined ? undefined : new AddressTable(this.inventory, layer.addressEntries);
    const places = { ingress: 0, egress: 0 };
    const lowerRule = (each: Rule): LoweredRule[] => {
      const place = places[each.direction]++;
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
        ...(each.subject === undefined ? {} : { subject: this.peers(each.subject, layer) }),
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
      const service = peer.terms.find((term): term is ServiceEndpoints => term.kind === 'service');
      if (service === undefined) return [{ ...written, [end]: [peer] }];
      const others = peer.terms.filter((term) => term !== service);
      return servicePorts(this.inventory, service, written.ports)
        .map(({ terms, ports }) => ({ ...written, [end]: [{ terms: [anyOf(terms), ...others] }], ...(ports === undefined ? {} : { ports }) }));
    });
  }

  /** An alternative that stands alone is several peers: those are looked up quickly. */
  private peers(peers: readonly Peer[], layer: Layer): readonly Peer[] {
    return peers.flatMap(({ terms }): Peer[] => {
      const lowered = terms.map((term) => this.term(term, layer));
      const [only, ...more] = lowered;
      if (only?.kind === 'anyOf' && more.length === 0) return only.terms.map((term) => ({ terms: [term] }));
      return [{ terms: lowered }];
    });
  }

  private term(term: PeerTerm, layer: Layer): PeerTerm {
    switch (term.kind) {
      case 'pods':
        return term.wholeNamespaces === true && layer.addressSetsOf !== undefined ? this.labelled(wholeNamespaces(term), layer) : term;
      case 'labelled':
        return this.labelled(term, layer);
      case 'service':
        return anyOf(serviceTerms(this.inventory, term));
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
  return terms.some(({ kind }) => kind === 'service');
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
