import { checkDnsLabel, Cidr, Labels, NAMESPACE_NAME_LABEL, Origin, PolicyError, TierDefinition } from '../../policy';
import { Document, documents, NoDocument } from './documents';
import { readEndpointSlice } from './endpoint-slices';
import {
  AddressSetDocument, EndpointSlice, GroupDocument, Inventory, InventoryIssue, Namespace, Node, ObjectName, objectText, PolicyDocument, PolicyReader, Route,
  Scrape, Scraper, Service, SourceObject,
} from './inventory';
import { labelsAt, listAt, objectAt, textAt } from './json';
import { addressesAmong } from './pod-template';
import { isRoute, readRoute } from './routes';
import { Monitoring, readAnnotations, readMonitoring } from './scrapes';
import { readService } from './services';
import { gatherWorkloads, holdsPods, idOf, readWorkload, WorkloadPart } from './workloads';

export interface InventoryOptions {
  /** Who reads which policy kind into the model. A policy kind that nobody reads is reported. */
  readonly readers: readonly PolicyReader[];
}

/** Kinds by which traffic could be policed that no reader claims: never passed over in silence. */
const POLICY_KIND = /(NetworkPolicy|NetworkPolicies|AuthorizationPolicy|EgressFirewall|EgressNetworkPolicy|HostEndpoint)$/;

/** What is in a cluster, from its objects. Reads what it can; what it could not read stands in `issues` as an error. */
export function readInventory(objects: readonly SourceObject[], options: InventoryOptions): Inventory {
  const reading = new Reading(options.readers);
  for (const document of documents(objects)) reading.take(document);
  return reading.finish();
}

class Reading {
  private readonly declared = new Map<string, Namespace>();
  private readonly mentioned = new Set<string>();
  private readonly parts: WorkloadPart[] = [];
  private readonly scaled = new Set<string>();
  private readonly nodes: Node[] = [];
  private readonly services: Service[] = [];
  private readonly routes: Route[] = [];
  private readonly endpointSlices: EndpointSlice[] = [];
  private readonly serviceAccounts = new Map<string, Labels>();
  private readonly scrapes: Scrape[] = [];
  private readonly scrapers: Scraper[] = [];
  private readonly policies: PolicyDocument[] = [];
  private readonly tiers: TierDefinition[] = [];
  private readonly addressSets: AddressSetDocument[] = [];
  private readonly groups: GroupDocument[] = [];
  private readonly issues: InventoryIssue[] = [];
  private readonly skipped = new Map<string, number>();
  private readonly seen = new Map<string, Origin | undefined>();
  private readonly readers: ReadonlyMap<string, PolicyReader>;

  public constructor(readers: readonly PolicyReader[]) {
    this.readers = new Map(readers.map((reader) => [`${reader.apiVersion} ${reader.kind}`, reader]));
  }

  public take(document: Document | NoDocument): void {
    if ('problem' in document) {
      this.issue('not-an-object', 'warning', document.problem, undefined, document.origin);
      return;
    }
    let name: ObjectName = { kind: document.kind, name: '' };
    try {
      name = nameOf(document);
      this.read(document, name);
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      this.issue('unreadable', 'error', `${objectText(name)}: ${error.message}`, name, document.origin, error.problem.where);
    }
  }

  public finish(): Inventory {
    const namespaces = new Map(this.declared);
    for (const name of this.mentioned) {
      if (!namespaces.has(name)) namespaces.set(name, { name, labels: { [NAMESPACE_NAME_LABEL]: name }, annotations: {}, declared: false });
    }
    return {
      namespaces,
      workloads: gatherWorkloads(this.parts, this.scaled),
      nodes: this.nodes,
      services: this.services,
      routes: this.routes,
      endpointSlices: this.endpointSlices,
      serviceAccounts: this.serviceAccounts,
      scrapes: this.scrapes,
      scrapers: this.scrapers,
      policies: this.policies,
      tiers: this.tiers,
      addressSets: this.addressSets,
      groups: this.groups,
      issues: this.issues,
      skipped: this.skipped,
    };
  }

  private read(document: Document, name: ObjectName): void {
    const { json, group, apiVersion, kind, origin } = document;
    const namespace = name.namespace ?? 'default';
    const reader = this.readers.get(`${apiVersion} ${kind}`);
    if (reader !== undefined) {
      this.once(document, name);
      this.readPolicy(document, name, reader);
    } else if (kind === 'Namespace' && group === '') {
      this.once(document, { kind, name: name.name });
      this.readNamespace(document, name.name);
    } else if (kind === 'Node' && group === '') {
      this.once(document, { kind, name: name.name });
      this.nodes.push(readNode(document, name.name));
    } else if (kind === 'Service' && group === '') {
      this.once(document, { ...name, namespace });
      this.services.push(readService(json, this.mention(namespace), name.name, origin));
      this.readScrapes(document, name, () => readAnnotations(document, namespace, name.name));
    } else if (kind === 'EndpointSlice' && group === 'discovery.k8s.io') {
      this.once(document, { ...name, namespace });
      this.endpointSlices.push(...readEndpointSlice(json, this.mention(namespace)));
    } else if (kind === 'ServiceAccount' && group === '') {
      this.once(document, { ...name, namespace });
      this.serviceAccounts.set(`${this.mention(namespace)}/${name.name}`, labelsAt(objectAt(json.metadata, 'metadata').labels, 'metadata.labels'));
    } else if (isRoute(group, kind)) {
      this.once(document, { ...name, namespace });
      this.routes.push(readRoute(json, group, kind, this.mention(namespace), name.name, origin));
    } else if (kind === 'HorizontalPodAutoscaler') {
      const target = objectAt(objectAt(json.spec, 'spec').scaleTargetRef, 'spec.scaleTargetRef');
      const [of, called] = [textAt(target.kind, 'spec.scaleTargetRef.kind'), textAt(target.name, 'spec.scaleTargetRef.name')];
      if (of !== undefined && called !== undefined) this.scaled.add(idOf({ kind: of, namespace, name: called }));
    } else if (holdsPods(json)) {
      this.once(document, { ...name, namespace });
      const part = readWorkload(json, kind, this.mention(namespace), name.name, origin);
      if (part === undefined) this.issue('completed-pod', 'note', `${objectText(name)} has ended: it is left out`, name, origin);
      else this.parts.push(part);
      if (part !== undefined) this.readScrapes(document, name, () => readAnnotations(document, namespace, name.name));
      for (const note of part?.notes ?? []) this.issue('unreadable-port', 'warning', `${objectText(name)}: ${note}`, name, origin);
    } else if (POLICY_KIND.test(kind)) {
      this.issue('unsupported-api', 'warning', `${objectText(name)}: ${apiVersion} ${kind} is not evaluated; traffic that it polices may be other than said`, name, origin);
    } else if (!this.readScrapes(document, name, () => readMonitoring(document, namespace, name.name))) {
      const key = `${apiVersion} ${kind}`;
      this.skipped.set(key, (this.skipped.get(key) ?? 0) + 1);
    }
  }

  /** What an object says about metrics, if it says something. It has no bearing on traffic: what cannot be read is a warning. */
  private readScrapes({ origin }: Document, name: ObjectName, read: () => Monitoring | undefined): boolean {
    try {
      const { scrape, scraper } = read() ?? {};
      if (scrape !== undefined) this.scrapes.push(scrape);
      if (scraper !== undefined) this.scrapers.push(scraper);
      return scrape !== undefined || scraper !== undefined;
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      this.issue('unreadable-monitor', 'warning', `${objectText(name)}: ${error.message}; whose metrics are read is not known`, name, origin, error.problem.where);
      return true;
    }
  }

  private readPolicy({ json, kind, apiVersion, origin }: Document, name: ObjectName, reader: PolicyReader): void {
    const { policy, policies = policy === undefined ? [] : [policy], tier, addressSet, group, issues } = reader.read(json, origin);
    for (const each of policies) {
      if (each.namespace !== undefined) this.mention(each.namespace);
      this.policies.push({ kind, apiVersion, policy: each });
    }
    if (tier !== undefined) this.tiers.push(tier);
    if (addressSet !== undefined) this.addressSets.push({ kind, apiVersion, set: addressSet });
    if (group !== undefined) this.groups.push({ kind, apiVersion, group });
    for (const { code, path, message } of issues) this.issue(code, 'warning', `${objectText(name)}: ${message}`, name, origin, path);
  }

  private readNamespace({ json, origin }: Document, name: string): void {
    const metadata = objectAt(json.metadata, 'metadata');
    const labels: Labels = { ...labelsAt(metadata.labels, 'metadata.labels'), [NAMESPACE_NAME_LABEL]: name };
    const annotations = labelsAt(metadata.annotations, 'metadata.annotations');
    this.declared.set(name, { name, labels, annotations, declared: true, ...(origin === undefined ? {} : { origin }) });
  }

  private mention(namespace: string): string {
    if (!this.mentioned.has(namespace)) this.mentioned.add(checkDnsLabel(namespace, 'namespace name'));
    return namespace;
  }

  /** The same object twice in one cluster: which of them holds is anybody's guess. */
  private once({ group, origin }: Document, name: ObjectName): void {
    if (name.name === '') throw new PolicyError({ given: '', where: 'metadata.name', problem: 'is no name', instead: 'metadata.name, which every object has' });
    const key = `${group} ${objectText(name)}`;
    if (!this.seen.has(key)) {
      this.seen.set(key, origin);
      return;
    }
    // Services say nothing about what is allowed, only what leads to a pod: both are followed
    const severity = name.kind === 'Service' || isRoute(group, name.kind) ? 'warning' : 'error';
    this.issue('duplicate', severity, `${objectText(name)} is in the input twice: ${placeText(this.seen.get(key))} and ${placeText(origin)}`, name, origin);
  }

  private issue(code: string, severity: InventoryIssue['severity'], message: string, object?: ObjectName, origin?: Origin, path?: string): void {
    this.issues.push({
      code, severity, message,
      ...(object === undefined ? {} : { object }),
      ...(origin === undefined ? {} : { origin }),
      ...(path === undefined ? {} : { path }),
    });
  }
}

/** `generateName` stands in where an object has no name of its own yet. */
function nameOf({ json, kind }: Document): ObjectName {
  const metadata = objectAt(json.metadata, 'metadata');
  const name = textAt(metadata.name, 'metadata.name') ?? textAt(metadata.generateName, 'metadata.generateName');
  const namespace = textAt(metadata.namespace, 'metadata.namespace');
  return { kind, name: name ?? '', ...(namespace === undefined ? {} : { namespace }) };
}

function readNode({ json, origin }: Document, name: string): Node {
  const spec = objectAt(json.spec, 'spec');
  const addresses = listAt(objectAt(json.status, 'status').addresses, 'status.addresses')
    .map((value, index) => textAt(objectAt(value, `status.addresses[${index}]`).address, `status.addresses[${index}].address`));
  const ranges = [textAt(spec.podCIDR, 'spec.podCIDR'), ...listAt(spec.podCIDRs, 'spec.podCIDRs').map((value, index) => textAt(value, `spec.podCIDRs[${index}]`))];
  return {
    name,
    labels: labelsAt(objectAt(json.metadata, 'metadata').labels, 'metadata.labels'),
    addresses: addressesAmong([...new Set(addresses)]),
    podCidrs: [...new Set(ranges)].flatMap((text) => (text === undefined ? [] : [Cidr.parse(text)])),
    ...(origin === undefined ? {} : { origin }),
  };
}

function placeText(origin: Origin | undefined): string {
  if (origin?.file !== undefined) return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
  return origin?.path ?? 'a place that is not known';
}
