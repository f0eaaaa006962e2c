import { ObservedWorkload } from '../observation';
import { Fields, fieldsOf, textOf } from '../sources/fields';
import { workloadLabels } from '../workload-labels';
import { owningWorkload } from '../workload-name';
import { InventoryFacts, Listener, NodeRecord, PodRecord, ServiceRecord } from './flow-inventory';
import { InventoryDocument } from './inventory-document';

export const INVENTORY_KEYS: readonly string[] = ['podCIDRs', 'pods', 'nodes', 'services', 'listeners'];

/** What is known of a cluster over time, in a form of its own. */
export class OwnInventory {
  public constructor(private readonly document: InventoryDocument) {}

  public facts(root: Fields): InventoryFacts {
    const { document } = this;
    const unknown = Object.keys(root).find((key) => !INVENTORY_KEYS.includes(key));
    if (unknown !== undefined) document.refuse(unknown, `is unknown here. Instead: ${INVENTORY_KEYS.join(', ')}, or what kubectl get pods,nodes -A -o json prints`);
    return {
      podCidrs: document.each(root.podCIDRs, 'podCIDRs', (value, path) => document.cidr(value, path)),
      pods: document.each(root.pods, 'pods', (value, path) => this.pod(document.mapping(value, path), path)),
      nodes: document.each(root.nodes, 'nodes', (value, path) => this.node(document.mapping(value, path), path)),
      services: document.each(root.services, 'services', (value, path) => this.service(document.mapping(value, path), path)),
      listeners: document.each(root.listeners, 'listeners', (value, path) => this.listener(document.mapping(value, path), path)),
    };
  }

  private pod(pod: Fields, path: string): PodRecord {
    const { document } = this;
    const labels = Object.entries(fieldsOf(pod.labels) ?? {}).map(([key, value]) => [key, String(value)] as const);
    return {
      ...(textOf(pod.ip) === undefined ? {} : { ip: document.address(pod.ip, `${path}.ip`) }),
      namespace: document.text(pod.namespace, `${path}.namespace`),
      name: document.text(pod.name, `${path}.name`),
      workload: this.workload(pod.workload, `${path}.workload`, Object.fromEntries(labels)) ?? null,
      labels: workloadLabels(labels),
      from: document.time(pod.from, `${path}.from`),
      until: document.time(pod.until, `${path}.until`),
    };
  }

  private node(node: Fields, path: string): NodeRecord {
    const { document } = this;
    return { name: document.text(node.name, `${path}.name`), ips: document.each(node.ips, `${path}.ips`, (ip, place) => document.address(ip, place)) };
  }

  private service(service: Fields, path: string): ServiceRecord {
    const { document } = this;
    return {
      ip: document.address(service.ip, `${path}.ip`),
      namespace: document.text(service.namespace, `${path}.namespace`),
      name: document.text(service.name, `${path}.name`),
    };
  }

  private listener(listener: Fields, path: string): Listener {
    const { document } = this;
    const port = document.port(listener.port, `${path}.port`);
    const protocol = document.protocol(listener.protocol, `${path}.protocol`);
    const known = protocol === undefined ? { port } : { port, protocol };
    if (textOf(listener.ip) !== undefined) return { ip: document.address(listener.ip, `${path}.ip`), ...known };
    const workload = this.workload(listener.workload, `${path}.workload`) ?? document.refuse(path, 'says not where it listens. Instead: ip, or namespace and workload');
    return { namespace: document.text(listener.namespace, `${path}.namespace`), workload, ...known };
  }

  private workload(value: unknown, path: string, labels = {}): ObservedWorkload | undefined {
    if (value === undefined || value === null) return undefined;
    const workload = this.document.mapping(value, path);
    return owningWorkload(textOf(workload.kind) ?? null, this.document.text(workload.name, `${path}.name`), labels);
  }
}
