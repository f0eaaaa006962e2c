import { groupBy } from 'cdk8s-netpol/analysis';
import { Cidr } from 'cdk8s-netpol/policy';
import { ObservedProtocol, ObservedWorkload } from '../observation';
import { Fields, fieldsOf, listOf, textOf } from '../sources/fields';
import { workloadLabels } from '../workload-labels';
import { owningWorkload } from '../workload-name';
import { InventoryFacts, Listener, NodeRecord, PodRecord, ServiceRecord } from './flow-inventory';
import { InventoryDocument } from './inventory-document';

const INSTEAD = 'kubectl get pods,nodes,services,endpointslices -A -o json';
const NODE_ADDRESSES: readonly unknown[] = ['InternalIP', 'ExternalIP'];
const FINISHED: readonly unknown[] = ['Succeeded', 'Failed'];

interface ClusterPod {
  readonly namespace: string;
  readonly name: string;
  readonly workload: ObservedWorkload | null;
  readonly addresses: readonly string[];
  readonly isOfNode: boolean;
}

interface OpenPort {
  readonly port: number;
  readonly protocol: ObservedProtocol;
}

/** What a cluster says of itself at one time: the lists of `kubectl get … -o json`. */
export class KubernetesInventory {
  private readonly pods = new Map<string, PodRecord>();
  private readonly nodes: NodeRecord[] = [];
  private readonly services: ServiceRecord[] = [];
  private readonly podCidrs = new Map<string, Cidr>();
  private readonly listeners = new Map<string, Listener>();
  private readonly podsByName = new Map<string, ClusterPod>();

  public constructor(private readonly document: InventoryDocument) {}

  public static isList({ kind }: Fields): boolean {
    return typeof kind === 'string' && kind.endsWith('List');
  }

  public facts(list: Fields): InventoryFacts {
    const { document } = this;
    // the items of a PodList do not say that they are Pods
    const kindOfAll = textOf(String(list.kind).replace(/List$/, ''));
    const items = document.each(list.items, 'items', (value, path) => {
      const item = document.mapping(value, path);
      return { item, path, kind: textOf(item.kind) ?? kindOfAll };
    });
    const readers: Readonly<Record<string, (item: Fields, path: string) => void>> = {
      Pod: (item, path) => this.readPod(item, path),
      Node: (item, path) => this.readNode(item, path),
      Service: (item, path) => this.readService(item, path),
      // read in a second round: they speak of pods
      EndpointSlice: () => undefined,
    };
    for (const { item, path, kind } of items) {
      const read = kind !== undefined && Object.hasOwn(readers, kind) ? readers[kind] : undefined;
      if (read !== undefined) read(item, path);
      else document.refuse(path, `is ${kind === undefined ? 'of no kind' : `a ${kind}, of which nothing is needed`}. Instead: ${INSTEAD}`);
    }
    for (const { item, path, kind } of items) if (kind === 'EndpointSlice') this.readEndpointSlice(item, path);
    const { podCidrs, pods, nodes, services, listeners } = this;
    return { podCidrs: [...podCidrs.values()], pods: oneAfterTheOther([...pods.values()]), nodes, services, listeners: [...listeners.values()] };
  }

  private readPod(item: Fields, path: string): void {
    const { document } = this;
    const { namespace, name } = this.nameOf(item, path);
    const [spec, status] = [document.mapping(item.spec ?? {}, `${path}.spec`), document.mapping(item.status ?? {}, `${path}.status`)];
    const labels = Object.entries(fieldsOf(fieldsOf(item.metadata)?.labels) ?? {}).map(([key, value]) => [key, String(value)] as const);
    const workload = this.ownerOf(item, path, Object.fromEntries(labels));
    const addresses = this.addressesOf(status, 'podIP', `${path}.status`);
    const pod = { namespace, name, workload, addresses, isOfNode: spec.hostNetwork === true };
    this.podsByName.set(`${namespace}/${name}`, pod);
    if (pod.isOfNode) {
      // its address is that of the node, of which the list need not tell
      const node = textOf(spec.nodeName);
      if (node !== undefined && addresses.length > 0) this.nodes.push({ name: node, ips: addresses });
    } else {
      const known = { namespace, name, workload, labels: workloadLabels(labels), from: document.time(status.startTime, `${path}.status.startTime`), until: this.endOf(status, path) };
      if (addresses.length === 0) this.sees(known);
      for (const ip of addresses) this.sees({ ip, ...known });
    }
    if (!FINISHED.includes(status.phase)) this.readContainers(spec, pod, this.addressesOf(status, 'hostIP', `${path}.status`), path);
  }

  /** Several lists in one show the same pod again, and the last of them may show it at its end. */
  private sees(pod: PodRecord): void {
    const key = [pod.ip, pod.namespace, pod.name, pod.from].join(' ');
    const before = this.pods.get(key);
    this.pods.set(key, before === undefined || pod.until !== null ? pod : { ...pod, until: before.until });
  }

  private readContainers(spec: Fields, pod: ClusterPod, hostAddresses: readonly string[], path: string): void {
    const { document } = this;
    for (const key of ['containers', 'initContainers']) {
      document.each(spec[key], `${path}.spec.${key}`, (value, containerPath) => {
        const container = document.mapping(value, containerPath);
        // others are over when the pod is there
        if (key === 'initContainers' && container.restartPolicy !== 'Always') return;
        document.each(container.ports, `${containerPath}.ports`, (each, portPath) => {
          const fields = document.mapping(each, portPath);
          const protocol = document.protocol(fields.protocol, `${portPath}.protocol`) ?? 'TCP';
          this.podListens(pod, { port: document.port(fields.containerPort, `${portPath}.containerPort`), protocol });
          if (pod.isOfNode || fields.hostPort === undefined || fields.hostPort === 0) return;
          const open = { port: document.port(fields.hostPort, `${portPath}.hostPort`), protocol };
          for (const ip of hostAddresses) this.listens({ ip, ...open });
        });
      });
    }
  }

  private readNode(item: Fields, path: string): void {
    const { document } = this;
    const name = document.text(document.mapping(item.metadata, `${path}.metadata`).name, `${path}.metadata.name`);
    const spec = document.mapping(item.spec ?? {}, `${path}.spec`);
    const status = document.mapping(item.status ?? {}, `${path}.status`);
    const ips = document.each(status.addresses, `${path}.status.addresses`, (value, place) => {
      const address = document.mapping(value, place);
      return NODE_ADDRESSES.includes(address.type) ? [document.address(address.address, `${place}.address`)] : [];
    }).flat();
    this.nodes.push({ name, ips });
    const blocks = document.list(spec.podCIDRs, `${path}.spec.podCIDRs`);
    const all = blocks.length === 0 && spec.podCIDR !== undefined ? [spec.podCIDR] : blocks;
    for (const [index, block] of all.entries()) {
      const cidr = document.cidr(block, `${path}.spec.podCIDRs[${index}]`);
      this.podCidrs.set(cidr.toString(), cidr);
    }
  }

  private readService(item: Fields, path: string): void {
    const { document } = this;
    const { namespace, name } = this.nameOf(item, path);
    const spec = document.mapping(item.spec ?? {}, `${path}.spec`);
    const addresses = document.list(spec.clusterIPs, `${path}.spec.clusterIPs`);
    const all = addresses.length === 0 ? [spec.clusterIP] : addresses;
    for (const [index, ip] of all.entries()) {
      // a headless Service has none
      if (ip !== undefined && ip !== '' && ip !== 'None') this.services.push({ ip: document.address(ip, `${path}.spec.clusterIPs[${index}]`), namespace, name });
    }
  }

  private readEndpointSlice(item: Fields, path: string): void {
    const { document } = this;
    const { namespace } = this.nameOf(item, path);
    if (item.addressType === 'FQDN') return;
    const ports = document.each(item.ports, `${path}.ports`, (value, place) => {
      const { port, protocol } = document.mapping(value, place);
      // without a number it is any port
      return port === undefined || port === null ? [] : [{ port: document.port(port, `${place}.port`), protocol: document.protocol(protocol, `${place}.protocol`) ?? 'TCP' }];
    }).flat();
    document.each(item.endpoints, `${path}.endpoints`, (value, place) => {
      const endpoint = document.mapping(value, place);
      const target = fieldsOf(endpoint.targetRef);
      const pod = target?.kind === 'Pod' ? this.podsByName.get(`${textOf(target.namespace) ?? namespace}/${textOf(target.name)}`) : undefined;
      const addresses = document.each(endpoint.addresses, `${place}.addresses`, (ip, ipPath) => document.address(ip, ipPath));
      for (const open of ports) this.podListens(pod ?? { addresses, isOfNode: false, workload: null, namespace }, open);
    });
  }

  /** A workload listens in each of its pods; what has none listens where it is. */
  private podListens({ namespace, workload, addresses, isOfNode }: Omit<ClusterPod, 'name'>, open: OpenPort): void {
    if (workload !== null && !isOfNode) this.listens({ namespace, workload, ...open });
    else for (const ip of addresses) this.listens({ ip, ...open });
  }

  private listens(listener: Listener): void {
    this.listeners.set(JSON.stringify(listener), listener);
  }

  /** A pod that is done has given its address back. */
  private endOf(status: Fields, path: string): number | null {
    if (!FINISHED.includes(status.phase)) return null;
    const ends = this.document.each(status.containerStatuses, `${path}.status.containerStatuses`, (value, place) => (
      this.document.time(fieldsOf(fieldsOf(fieldsOf(value)?.state)?.terminated)?.finishedAt, `${place}.state.terminated.finishedAt`)
    )).filter((time) => time !== null);
    // where it does not say when, it was before anything that it could be asked about
    return ends.length === 0 ? 0 : Math.max(...ends);
  }

  private addressesOf(status: Fields, key: 'podIP' | 'hostIP', path: string): readonly string[] {
    const { document } = this;
    const all = document.each(status[`${key}s`], `${path}.${key}s`, (value, place) => document.address(document.mapping(value, place).ip, `${place}.ip`));
    return all.length === 0 && textOf(status[key]) !== undefined ? [document.address(status[key], `${path}.${key}`)] : all;
  }

  private ownerOf(item: Fields, path: string, labels: Readonly<Record<string, string>>): ObservedWorkload | null {
    const owner = listOf(fieldsOf(item.metadata)?.ownerReferences).map(fieldsOf).find((each) => each?.controller === true);
    // a Node owns the pods that its kubelet made from files
    if (owner === undefined || owner.kind === 'Node') return null;
    const place = `${path}.metadata.ownerReferences`;
    return owningWorkload(this.document.text(owner.kind, `${place} kind`), this.document.text(owner.name, `${place} name`), labels);
  }

  private nameOf(item: Fields, path: string): { readonly namespace: string; readonly name: string } {
    const metadata = this.document.mapping(item.metadata, `${path}.metadata`);
    return { namespace: this.document.text(metadata.namespace, `${path}.metadata.namespace`), name: this.document.text(metadata.name, `${path}.metadata.name`) };
  }
}

/** An address is that of a pod until the next one has it. */
function oneAfterTheOther(pods: readonly PodRecord[]): readonly PodRecord[] {
  const ends = new Map<PodRecord, number>();
  for (const sharing of groupBy(pods.filter(({ ip }) => ip !== undefined), ({ ip }) => ip).values()) {
    const owners = [...sharing].sort((a, b) => (a.from ?? 0) - (b.from ?? 0));
    for (const [index, { from }] of owners.entries()) if (index > 0 && from !== null) ends.set(owners[index - 1]!, from);
  }
  return pods.map((pod) => {
    const end = ends.get(pod);
    return end === undefined ? pod : { ...pod, until: pod.until === null ? end : Math.min(pod.until, end) };
  });
}
