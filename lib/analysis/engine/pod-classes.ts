import { Cidr, Labels, NAMESPACE_NAME_LABEL } from '../../policy';
import { withDerivedLabels } from '../derived-labels';
import { ContainerPort, Inventory, PodGroup, RunningPod, Workload } from '../inventory';
import { Profile } from '../profile';
import { isUnenforced, mustBeUnenforced } from '../unenforced-nodes';
import { AddressCuts } from './address-cuts';
import { PodEndpoint, Places, placesOf } from './endpoint';
import { Mentions } from './mentions';

/** Pods of one workload that are in one class; all of its pods, for most workloads. */
export interface Member {
  readonly workload: Workload;
  /** The names of the pods, where the workload's pods are in several classes. */
  readonly pods: readonly string[] | undefined;
  readonly endpoint: PodEndpoint;
}

/** Pods that no policy can tell apart. */
export interface PodClass {
  readonly endpoint: PodEndpoint;
  readonly members: readonly Member[];
}

/** What of a pod policies can see, under a profile. */
export interface Visibility {
  readonly mentions: Mentions;
  readonly cuts: AddressCuts;
  /** Whether addresses of pods are compared with blocks at all. */
  readonly addresses: boolean;
}

const NUMBER_LABELS = ['statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index'] as const;

/** Every pod as an endpoint of its own or with those of its group that differ in nothing but their addresses. */
export class PodEndpoints {
  private readonly podRanges: readonly Cidr[];
  private readonly derived = new WeakMap<Labels, Labels>();
  private readonly nodes: ReadonlyMap<string, { readonly labels: Labels; readonly addresses: readonly Cidr[] }>;

  public constructor(private readonly inventory: Inventory, private readonly profile: Profile) {
    const ofNodes = inventory.nodes.flatMap(({ podCidrs }) => podCidrs);
    this.podRanges = profile.podCidrs.length > 0 ? profile.podCidrs : ofNodes;
    this.nodes = new Map(inventory.nodes.map((node) => [node.name, node]));
  }

  /** The group as one endpoint, or as one for each pod that has a name, an address or a number of its own. */
  public of(workload: Workload, group: PodGroup): Array<{ readonly endpoint: PodEndpoint; readonly pod: string | undefined }> {
    const name = `${workload.namespace}/${workload.name}`;
    if (group.pods.length > 0) {
      return group.pods.map((pod) => ({ endpoint: this.endpoint(workload, group, group.labels, workload.kind === 'Pod' ? name : `${workload.namespace}/${pod.name}`, pod), pod: pod.name }));
    }
    return [{ endpoint: this.endpoint(workload, group, group.labels, name, undefined), pod: undefined }];
  }

  /** The pods of a StatefulSet, each with the labels that carry its number. */
  public numbered(workload: Workload, group: PodGroup, { prefix, first, count }: NonNullable<PodGroup['ordinals']>): Array<{ readonly endpoint: PodEndpoint; readonly pod: string }> {
    return Array.from({ length: count }, (_, index) => {
      const pod = `${prefix}-${first + index}`;
      const labels = { ...group.labels, [NUMBER_LABELS[0]]: pod, [NUMBER_LABELS[1]]: `${first + index}` };
      return { endpoint: this.endpoint(workload, group, labels, `${workload.namespace}/${pod}`, undefined), pod };
    });
  }

  private endpoint(workload: Workload, group: PodGroup, labels: Labels, text: string, pod: RunningPod | undefined): PodEndpoint {
    const node = pod?.node ?? group.node;
    const namespaceLabels = this.inventory.namespaces.get(workload.namespace)?.labels ?? { [NAMESPACE_NAME_LABEL]: workload.namespace };
    const base = {
      kind: 'pod' as const,
      text,
      namespace: workload.namespace,
      namespaceLabels,
      labels: this.labelsOf(workload, group, labels, namespaceLabels),
      ports: group.ports,
      hostNetwork: group.hostNetwork,
      places: placesOf(pod?.addresses ?? [], group.hostNetwork ? this.profile.nodeCidrs : this.podRanges),
      nodes: node === undefined ? undefined : [node],
    };
    const labelled = node === undefined ? undefined : this.nodes.get(node)?.labels;
    const isUnpoliced = (group.hostNetwork && this.profile.leavesHostNetwork === true)
      || (labelled !== undefined && isUnenforced(this.profile, labelled))
      || (group.nodeLabels !== undefined && mustBeUnenforced(this.profile, group.nodeLabels));
    return {
      ...base,
      ...(isUnpoliced ? { isUnpoliced } : {}),
      ...(group.hostNetwork ? { host: this.host(node, pod) } : {}),
    };
  }

  /** With what the CNI adds to them. */
  private labelsOf({ namespace }: Workload, { serviceAccount }: PodGroup, own: Labels, namespaceLabels: Labels): Labels {
    const { derivedLabels: rows = [], hidesLabel } = this.profile;
    if (rows.length === 0 && hidesLabel === undefined) return own;
    let known = this.derived.get(own);
    if (known === undefined) {
      const account = { name: serviceAccount, labels: this.inventory.serviceAccounts.get(`${namespace}/${serviceAccount}`) ?? {} };
      const seen = hidesLabel === undefined ? own : Object.fromEntries(Object.entries(own).filter(([key]) => !hidesLabel(key)));
      known = withDerivedLabels(seen, rows, { namespace: { name: namespace, labels: namespaceLabels }, serviceAccount: account });
      this.derived.set(own, known);
    }
    return known;
  }

  private host(node: string | undefined, pod: RunningPod | undefined): NonNullable<PodEndpoint['host']> {
    const known = node === undefined ? undefined : this.nodes.get(node);
    const addresses = [...(known?.addresses ?? []), ...(pod?.nodeAddresses ?? []), ...(pod?.addresses ?? [])];
    const distinct = [...new Map(addresses.map((address) => [address.toString(), address])).values()];
    return { places: placesOf(distinct, this.profile.nodeCidrs), labels: known?.labels };
  }
}

/** Puts the pods of a cluster into classes. */
export function podClasses(inventory: Inventory, profile: Profile, visible: Visibility): PodClass[] {
  const endpoints = new PodEndpoints(inventory, profile);
  const classes = new Map<string, Gathering & { readonly members: Member[] }>();
  const numbered = NUMBER_LABELS.some((key) => visible.mentions.labels.has(key));
  const signatures = new Signatures(visible);
  for (const workload of inventory.workloads) {
    const own = new Map<string, Gathering & { readonly pods: string[] }>();
    for (const group of workload.groups) {
      const ordinals = numbered && group.pods.length === 0 ? group.ordinals : undefined;
      const found = ordinals === undefined ? endpoints.of(workload, group) : endpoints.numbered(workload, group, ordinals);
      for (const { endpoint, pod } of found) {
        const key = signatures.of(endpoint);
        let gathering = own.get(key);
        if (gathering === undefined) own.set(key, (gathering = { endpoint, nodes: new Set(), anywhere: false, pods: [] }));
        addNodes(gathering, endpoint);
        if (pod !== undefined) gathering.pods.push(pod);
      }
    }
    for (const [key, gathering] of own) {
      const endpoint = gathered(gathering);
      let known = classes.get(key);
      if (known === undefined) classes.set(key, (known = { endpoint, nodes: new Set(), anywhere: false, members: [] }));
      addNodes(known, endpoint);
      known.members.push({ workload, pods: own.size > 1 ? gathering.pods : undefined, endpoint });
    }
  }
  return [...classes.values()].map((known) => {
    const endpoint = gathered(known);
    return { endpoint: known.members.length === 1 ? endpoint : { ...endpoint, text: `a pod of ${endpoint.namespace}` }, members: known.members };
  });
}

/** Pods that are put together: on which of their nodes one runs is open. */
interface Gathering {
  readonly endpoint: PodEndpoint;
  readonly nodes: Set<string>;
  anywhere: boolean;
}

function addNodes(gathering: Gathering, { nodes }: PodEndpoint): void {
  if (nodes === undefined) gathering.anywhere = true;
  else for (const node of nodes) gathering.nodes.add(node);
}

function gathered({ endpoint, nodes, anywhere }: Gathering): PodEndpoint {
  return { ...endpoint, nodes: anywhere ? undefined : [...nodes] };
}

/** What policies can see of a pod, as text: pods with equal text are in one class. */
class Signatures {
  private readonly keys: readonly string[];
  private readonly labelTexts = new Map<Labels, string>();
  private readonly portTexts = new Map<readonly ContainerPort[], string>();

  public constructor(private readonly visible: Visibility) {
    this.keys = [...visible.mentions.labels.keys()].sort();
  }

  public of({ namespace, labels, ports, hostNetwork, places, host, isUnpoliced }: PodEndpoint): string {
    const { addresses } = this.visible;
    const address = hostNetwork ? `host ${this.hostText(host)}` : '';
    return [namespace, this.labelText(labels), this.portText(ports), addresses ? this.placesText(places) : '', address, isUnpoliced === true ? 'unpoliced' : ''].join('\u0001');
  }

  private labelText(labels: Labels): string {
    let text = this.labelTexts.get(labels);
    if (text === undefined) {
      const parts: string[] = [];
      for (let index = 0; index < this.keys.length; index++) {
        const key = this.keys[index]!;
        if (!Object.hasOwn(labels, key)) continue;
        const value = labels[key]!;
        const makesADifference = this.visible.mentions.labels.get(key)!.has(value) || this.visible.mentions.wholeValues.has(key);
        parts.push(makesADifference ? `${index}=${value}` : `${index}`);
      }
      this.labelTexts.set(labels, (text = parts.join(',')));
    }
    return text;
  }

  private portText(ports: readonly ContainerPort[]): string {
    let text = this.portTexts.get(ports);
    if (text === undefined) {
      const named = ports.filter(({ name }) => name !== undefined && this.visible.mentions.portNames.has(name));
      this.portTexts.set(ports, (text = [...new Set(named.map(({ name, protocol, number }) => `${name}:${protocol}:${number}`))].sort().join(',')));
    }
    return text;
  }

  private placesText(places: Places): string {
    return places.map((place) => this.visible.cuts.placeKey(place)).sort().join(',');
  }

  private hostText(host: PodEndpoint['host']): string {
    if (host === undefined) return '';
    const labels = host.labels === undefined ? '?' : this.visible.mentions.nodeSelectors.map((selector) => (selector.matches(host.labels ?? {}) ? '1' : '0')).join('');
    return `${this.placesText(host.places)} ${labels}`;
  }
}
