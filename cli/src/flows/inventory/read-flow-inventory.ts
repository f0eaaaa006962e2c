import { readFileSync } from 'node:fs';
import { Cidr, PolicyError } from 'cdk8s-netpol/policy';
import { InputError } from '../../input';
import { ObservedProtocol, ObservedWorkload } from '../observation';
import { Fields, fieldsOf, listOf, portOf, textOf } from '../sources/fields';
import { timeOf } from '../timestamps';
import { workloadLabels } from '../workload-labels';
import { owningWorkload } from '../workload-name';
import { FlowInventory, InventoryFacts, Listener, NodeRecord, PodRecord, ServiceRecord } from './flow-inventory';

const KEYS = ['podCIDRs', 'pods', 'nodes', 'services', 'listeners'];
const PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'SCTP'];

/** Reads what `--inventory` names: a JSON document with the history of pod addresses, nodes, Services and listeners. */
export function readFlowInventory(file: string): FlowInventory {
  const facts = new InventoryReader(file).facts(parsed(file));
  return new FlowInventory(facts);
}

function parsed(file: string): unknown {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError([{ place: { file }, reason: `cannot be read: ${(error as Error).message}` }]);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError([{ place: { file }, reason: `is no JSON: ${(error as Error).message}. Instead: an object with ${KEYS.join(', ')}` }]);
  }
}

class InventoryReader {
  public constructor(private readonly file: string) {}

  public facts(document: unknown): InventoryFacts {
    const root = this.mapping(document, '');
    const unknown = Object.keys(root).find((key) => !KEYS.includes(key));
    if (unknown !== undefined) this.refuse(unknown, `is unknown here. Instead: ${KEYS.join(', ')}`);
    return {
      podCidrs: this.each(root, 'podCIDRs', (value, path) => this.cidr(value, path)),
      pods: this.each(root, 'pods', (value, path) => this.pod(this.mapping(value, path), path)),
      nodes: this.each(root, 'nodes', (value, path) => this.node(this.mapping(value, path), path)),
      services: this.each(root, 'services', (value, path) => this.service(this.mapping(value, path), path)),
      listeners: this.each(root, 'listeners', (value, path) => this.listener(this.mapping(value, path), path)),
    };
  }

  private pod(pod: Fields, path: string): PodRecord {
    const labels = Object.entries(fieldsOf(pod.labels) ?? {}).map(([key, value]) => [key, String(value)] as const);
    const ip = textOf(pod.ip);
    return {
      ...(ip === undefined ? {} : { ip }),
      namespace: this.text(pod.namespace, `${path}.namespace`),
      name: this.text(pod.name, `${path}.name`),
      workload: this.workload(pod.workload, `${path}.workload`, Object.fromEntries(labels)) ?? null,
      labels: workloadLabels(labels),
      from: this.time(pod.from, `${path}.from`),
      until: this.time(pod.until, `${path}.until`),
    };
  }

  private node(node: Fields, path: string): NodeRecord {
    return { name: this.text(node.name, `${path}.name`), ips: listOf(node.ips).map((ip, index) => this.text(ip, `${path}.ips[${index}]`)) };
  }

  private service(service: Fields, path: string): ServiceRecord {
    return { ip: this.text(service.ip, `${path}.ip`), namespace: this.text(service.namespace, `${path}.namespace`), name: this.text(service.name, `${path}.name`) };
  }

  private listener(listener: Fields, path: string): Listener {
    const port = portOf(listener.port) ?? this.refuse(`${path}.port`, 'is no port. Instead: 1 to 65535');
    const protocol = textOf(listener.protocol);
    if (protocol !== undefined && !PROTOCOLS.includes(protocol)) this.refuse(`${path}.protocol`, `"${protocol}" is unknown. Instead: ${PROTOCOLS.join(', ')}`);
    const known = protocol === undefined ? { port } : { port, protocol: protocol as ObservedProtocol };
    const ip = textOf(listener.ip);
    if (ip !== undefined) return { ip, ...known };
    const workload = this.workload(listener.workload, `${path}.workload`) ?? this.refuse(path, 'says not where it listens. Instead: ip, or namespace and workload');
    return { namespace: this.text(listener.namespace, `${path}.namespace`), workload, ...known };
  }

  private workload(value: unknown, path: string, labels = {}): ObservedWorkload | undefined {
    if (value === undefined || value === null) return undefined;
    const workload = this.mapping(value, path);
    return owningWorkload(textOf(workload.kind) ?? null, this.text(workload.name, `${path}.name`), labels);
  }

  private time(value: unknown, path: string): number | null {
    if (value === undefined || value === null) return null;
    return (typeof value === 'string' ? timeOf(value) : undefined) ?? this.refuse(path, `${JSON.stringify(value)} is no time. Instead: RFC 3339, such as 2026-09-01T10:00:00Z`);
  }

  private cidr(value: unknown, path: string): Cidr {
    try {
      return Cidr.parse(this.text(value, path));
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return this.refuse(path, error.message);
    }
  }

  private text(value: unknown, path: string): string {
    return textOf(value) ?? this.refuse(path, 'is missing. Instead: text');
  }

  private mapping(value: unknown, path: string): Fields {
    return fieldsOf(value) ?? this.refuse(path, 'is no object');
  }

  private each<T>(root: Fields, key: string, read: (value: unknown, path: string) => T): readonly T[] {
    const value = root[key];
    if (value === undefined) return [];
    if (!Array.isArray(value)) this.refuse(key, 'is no list');
    return (value as unknown[]).map((item, index) => read(item, `${key}[${index}]`));
  }

  private refuse(path: string, reason: string): never {
    throw new InputError([{ place: { file: this.file }, reason: `${path === '' ? 'the document' : path} ${reason}` }]);
  }
}
