import { contains, parseAddress, parseCidr } from './address';
import { calicoSelector } from './calico-selector';
import type { Labels } from './kubernetes-objects';

/** One packet. Source ports are not part of it. */
export interface CalicoPacket {
  readonly source: string;
  readonly destination: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Labels;
}

interface Entity {
  readonly selector?: string;
  readonly notSelector?: string;
  readonly namespaceSelector?: string;
  readonly nets?: readonly string[];
  readonly notNets?: readonly string[];
  readonly ports?: ReadonlyArray<number | string>;
  readonly notPorts?: ReadonlyArray<number | string>;
}

interface Rule {
  readonly action: 'Allow' | 'Deny' | 'Pass' | 'Log';
  readonly protocol?: string;
  readonly notProtocol?: string;
  readonly source?: Entity;
  readonly destination?: Entity;
}

export interface CalicoObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec: {
    readonly tier?: string;
    readonly order?: number;
    readonly defaultAction?: string;
    readonly selector?: string;
    readonly namespaceSelector?: string;
    readonly types?: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
    readonly nets?: readonly string[];
    readonly containers?: ReadonlyArray<{ readonly ports?: ReadonlyArray<{ readonly name: string; readonly containerPort: number }> }>;
  };
  readonly status?: { readonly podIP?: string };
}

type Direction = 'ingress' | 'egress';
const yes = (): boolean => true;
const IN_A_NAMESPACE = 'projectcalico.org/namespace';

/**
 * Calico rule by rule, address by address: what its selectors take are sets of addresses. No staged policies, services, accounts or
 * policies of Kubernetes: those have tests of their own.
 *
 * @see https://docs.tigera.io/calico/latest/network-policy/policy-tiers/tiered-policy
 */
export class PlainCalico {
  public constructor(private readonly objects: readonly CalicoObject[]) {}

  public allows(packet: CalicoPacket): boolean {
    return this.passes('egress', packet.source, packet) && this.passes('ingress', packet.destination, packet);
  }

  /** "A tier that has no policy for the endpoint is skipped"; "if no rule matches, the default action of the tier". */
  private passes(direction: Direction, subject: string, packet: CalicoPacket): boolean {
    const pod = this.podAt(subject);
    if (pod === undefined) return true;
    for (const { name, defaultAction } of this.tiers()) {
      const policies = this.policies(name).filter((policy) => this.selects(policy, pod) && typesOf(policy).includes(direction));
      const actions = policies.flatMap((policy) => (policy.spec[direction] ?? []).filter((rule) => this.matches(rule, policy.metadata.namespace, packet)))
        .map(({ action }) => action)
        .filter((action) => action !== 'Log');
      const action = policies.length === 0 ? 'Pass' : actions[0] ?? defaultAction;
      if (action !== 'Pass') return action === 'Allow';
    }
    return true;
  }

  private tiers(): Array<{ readonly name: string; readonly defaultAction: string }> {
    const own = this.objects.filter(({ kind }) => kind === 'Tier').map(({ metadata, spec }) => ({ name: metadata.name, order: spec.order, defaultAction: spec.defaultAction ?? 'Deny' }));
    return [...own, { name: 'default', order: 1_000_000, defaultAction: 'Deny' }].sort(byOrder);
  }

  private policies(tier: string): CalicoObject[] {
    return this.objects
      .filter(({ kind, spec }) => (kind === 'NetworkPolicy' || kind === 'GlobalNetworkPolicy') && (spec.tier ?? 'default') === tier)
      .map((policy) => ({ policy, order: policy.spec.order, name: `${policy.metadata.name}/${policy.metadata.namespace ?? ''}/${policy.kind}` }))
      .sort(byOrder)
      .map(({ policy }) => policy);
  }

  private selects({ metadata: { namespace }, spec }: CalicoObject, pod: CalicoObject): boolean {
    if (namespace !== undefined && pod.metadata.namespace !== namespace) return false;
    const words = { all: yes, global: yes };
    return calicoSelector(spec.selector ?? '', words)(this.labelsOf(pod)) && calicoSelector(spec.namespaceSelector ?? '', words)(this.namespaceLabels(pod));
  }

  private matches(rule: Rule, namespace: string | undefined, packet: CalicoPacket): boolean {
    if (rule.protocol !== undefined && rule.protocol !== packet.protocol) return false;
    if (rule.notProtocol === packet.protocol) return false;
    const { ports, notPorts } = rule.destination ?? {};
    if (ports !== undefined && !ports.some((port) => this.hasPort(port, packet))) return false;
    if (notPorts?.some((port) => this.hasPort(port, packet)) === true) return false;
    return this.isEnd(rule.source, namespace, packet.source) && this.isEnd(rule.destination, namespace, packet.destination);
  }

  private hasPort(port: number | string, { destination, port: asked, protocol }: CalicoPacket): boolean {
    if (typeof port === 'number') return port === asked;
    const named = this.podAt(destination)?.spec.containers?.[0]?.ports ?? [];
    return protocol === 'TCP' && named.some(({ name, containerPort }) => name === port && containerPort === asked);
  }

  /** "All fields of an EntityRule must match"; selectors of a namespaced policy are about its own namespace. */
  private isEnd(end: Entity | undefined, namespace: string | undefined, address: string): boolean {
    if (end === undefined) return true;
    const { selector, notSelector, namespaceSelector, nets, notNets } = end;
    if (nets !== undefined && !nets.some((net) => holds(net, address))) return false;
    if (notNets?.some((net) => holds(net, address)) === true) return false;
    if (notSelector !== undefined && this.among(notSelector, address, yes)) return false;
    const isSelected = selector !== undefined || namespaceSelector !== undefined || (namespace !== undefined && notSelector !== undefined);
    return !isSelected || this.among(selector ?? '', address, (item) => this.isIn(item, namespaceSelector, namespace));
  }

  private isIn(item: CalicoObject, namespaceSelector: string | undefined, namespace: string | undefined): boolean {
    if (namespaceSelector === undefined) return namespace === undefined || item.metadata.namespace === namespace;
    const isNamespaced = (): boolean => item.metadata.namespace !== undefined;
    return calicoSelector(namespaceSelector, { all: isNamespaced, global: () => !isNamespaced() })(this.namespaceLabels(item));
  }

  /** Whether the address is that of a pod, or in a set, that a selector takes. */
  private among(selector: string, address: string, also: (item: CalicoObject) => boolean): boolean {
    const test = calicoSelector(selector, { all: yes, global: yes });
    return this.objects.some((item) => {
      const isHere = item.kind === 'Pod' ? item.status?.podIP === address : item.kind.endsWith('NetworkSet') && (item.spec.nets ?? []).some((net) => holds(net, address));
      return isHere && test(this.labelsOf(item)) && also(item);
    });
  }

  private labelsOf(item: CalicoObject): Labels {
    const { labels = {}, namespace } = item.metadata;
    const inherited = Object.fromEntries(Object.entries(this.namespaceLabels(item)).map(([key, value]) => [`pcns.${key}`, value]));
    return {
      ...inherited, ...labels, ...(namespace === undefined ? {} : { [IN_A_NAMESPACE]: namespace }), ...(item.kind === 'Pod' ? { 'projectcalico.org/orchestrator': 'k8s' } : {}),
    };
  }

  private namespaceLabels({ metadata: { namespace } }: CalicoObject): Labels {
    if (namespace === undefined) return {};
    const own = this.objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace)?.metadata.labels ?? {};
    return { ...own, 'kubernetes.io/metadata.name': namespace, 'projectcalico.org/name': namespace };
  }

  private podAt(address: string): CalicoObject | undefined {
    return this.objects.find(({ kind, status }) => kind === 'Pod' && status?.podIP === address);
  }
}

/** "If no types: Ingress, and Egress instead or as well where there are egress rules." */
function typesOf({ spec: { types, ingress = [], egress = [] } }: CalicoObject): string[] {
  if (types !== undefined) return types.map((type) => type.toLowerCase());
  if (egress.length === 0) return ['ingress'];
  return ingress.length === 0 ? ['egress'] : ['ingress', 'egress'];
}

interface Ordered {
  readonly name: string;
  readonly order?: number | undefined;
}

function byOrder(one: Ordered, other: Ordered): number {
  const [first, second] = [one.order ?? Number.MAX_VALUE, other.order ?? Number.MAX_VALUE];
  return first === second ? (one.name < other.name ? -1 : 1) : first - second;
}

function holds(net: string, address: string): boolean {
  const range = parseCidr(net.includes('/') ? net : `${net}/32`);
  return contains(range, parseAddress(address));
}
