import { Labels, Origin } from '../../policy';
import { PodGroup, Workload } from './inventory';
import { Json, labelsAt, listAt, objectAt, textAt } from './json';
import { PodSpecFacts, readPodSpec, readRunningPod } from './pod-template';

/** What an object says about pods, before objects of one owner are put together. */
export interface WorkloadPart {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The controller that made it, where it has one. */
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly replicated: boolean;
  readonly group: PodGroup;
  /** What of it could not be read and is left out. */
  readonly notes: readonly string[];
  readonly origin?: Origin;
}

const COMPLETED: readonly unknown[] = ['Succeeded', 'Failed'];

/** Whether a document is a pod or holds a template for pods. */
export function holdsPods(document: Json): boolean {
  return document.kind === 'Pod' || document.kind === 'VirtualMachineInstance' || templateOf(document) !== undefined;
}

/** The pods that a document makes or is; undefined for a pod that has ended, whose address may be another's by now. */
export function readWorkload(document: Json, kind: string, namespace: string, name: string, origin?: Origin): WorkloadPart | undefined {
  const owner = ownerOf(document);
  const base = { kind, namespace, name, ...(owner === undefined ? {} : { owner }), ...(origin === undefined ? {} : { origin }) };
  const template = templateOf(document);
  if (template !== undefined) {
    const labels = { ...labelsAt(objectAt(template.object.metadata, `${template.path}.metadata`).labels, `${template.path}.metadata.labels`), ...controllerLabels(kind, name) };
    const facts = readPodSpec(objectAt(template.object.spec, `${template.path}.spec`), `${template.path}.spec`);
    const ordinals = kind === 'StatefulSet' ? ordinalsOf(document, name) : undefined;
    const pods = { ...group(labels, facts), ...(ordinals === undefined ? {} : { ordinals }) };
    return { ...base, notes: facts.notes, replicated: mayHaveSeveral(document, kind), group: pods };
  }
  if (COMPLETED.includes(objectAt(document.status, 'status').phase)) return undefined;
  const labels = labelsAt(objectAt(document.metadata, 'metadata').labels, 'metadata.labels');
  const facts = readPodSpec(objectAt(document.spec, 'spec'), 'spec');
  return { ...base, notes: facts.notes, replicated: false, group: { ...group(labels, facts), pods: [readRunningPod(name, document, facts.node)] } };
}

function group(labels: Labels, { ports, hostNetwork, node, nodeLabels, serviceAccount }: PodSpecFacts): PodGroup {
  return { labels, ports, hostNetwork, serviceAccount, pods: [], ...(node === undefined ? {} : { node }), ...(nodeLabels === undefined ? {} : { nodeLabels }) };
}

interface Template {
  readonly object: Json;
  readonly path: string;
}

/**
 * Any kind may hold a pod template at `spec.template`, a CronJob holds it deeper. Containers tell a pod template from a
 * template of something else; the template of a KubeVirt VirtualMachine has a `domain` in their place.
 */
function templateOf(document: Json): Template | undefined {
  const spec = plain(document.spec);
  const path = document.kind === 'CronJob' ? 'spec.jobTemplate.spec.template' : 'spec.template';
  const template = document.kind === 'CronJob' ? plain(plain(plain(spec?.jobTemplate)?.spec)?.template) : plain(spec?.template);
  const podSpec = plain(template?.spec);
  const isPods = Array.isArray(podSpec?.containers) || (document.kind === 'VirtualMachine' && podSpec?.domain !== undefined);
  return template !== undefined && isPods ? { object: template, path } : undefined;
}

/** The metadata of a pod, or of the template for pods. */
export function podMetadataOf(document: Json): Json {
  return plain(templateOf(document)?.object.metadata ?? document.metadata) ?? {};
}

function plain(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Json : undefined;
}

/** The controller; a static pod's owner is its Node, which is nobody's name for it. */
function ownerOf(document: Json): { kind: string; name: string } | undefined {
  const owners = listAt(objectAt(document.metadata, 'metadata').ownerReferences, 'metadata.ownerReferences')
    .map((value, index) => objectAt(value, `metadata.ownerReferences[${index}]`))
    .filter((owner) => owner.kind !== 'Node');
  const owner = owners.find(({ controller }) => controller === true) ?? owners[0];
  const name = owner === undefined ? undefined : textAt(owner.name, 'metadata.ownerReferences[].name');
  return owner === undefined || name === undefined ? undefined : { kind: textAt(owner.kind, 'metadata.ownerReferences[].kind') ?? 'Pod', name };
}

/** Only a number says that there is one: where it is missing, an autoscaler or another owner may set it. */
function mayHaveSeveral(document: Json, kind: string): boolean {
  const spec = plain(document.spec) ?? {};
  switch (kind) {
    case 'CronJob':
      return spec.concurrencyPolicy !== 'Forbid' && spec.concurrencyPolicy !== 'Replace' || plain(plain(spec.jobTemplate)?.spec)?.parallelism !== undefined;
    case 'Job':
      return spec.parallelism !== undefined && spec.parallelism !== 1;
    case 'DaemonSet':
      return true;
    case 'VirtualMachine':
      return false;
    default:
      return spec.replicas !== 1;
  }
}

/** @see https://kubernetes.io/docs/reference/labels-annotations-taints/#batch-kubernetes-io-job-name */
function controllerLabels(kind: string, name: string): Labels {
  return kind === 'Job' ? { 'batch.kubernetes.io/job-name': name, 'job-name': name } : {};
}

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#ordinal-index */
function ordinalsOf(document: Json, name: string): PodGroup['ordinals'] {
  const spec = plain(document.spec) ?? {};
  const start = plain(spec.ordinals)?.start;
  const count = typeof spec.replicas === 'number' && Number.isInteger(spec.replicas) && spec.replicas >= 0 ? spec.replicas : 2;
  return { prefix: name, first: typeof start === 'number' ? start : 0, count: Math.max(1, Math.min(count, 1000)) };
}

/** Puts pods under their controllers, and controllers under theirs where the input has both. */
export function gatherWorkloads(parts: readonly WorkloadPart[], scaled: ReadonlySet<string>): Workload[] {
  const byId = new Map(parts.filter(({ kind }) => kind !== 'Pod').map((part) => [idOf(part), part]));
  const gathered = new Map<string, { top: Pick<WorkloadPart, 'kind' | 'namespace' | 'name' | 'origin' | 'replicated'>; templates: WorkloadPart[]; pods: WorkloadPart[] }>();
  for (const part of parts) {
    const top = topOf(part, byId);
    const id = idOf(top);
    let entry = gathered.get(id);
    if (entry === undefined) gathered.set(id, (entry = { top, templates: [], pods: [] }));
    (part.group.pods.length > 0 ? entry.pods : entry.templates).push(part);
  }
  return [...gathered.entries()].map(([id, { top, templates, pods }]) => {
    const own = templates.find((part) => idOf(part) === id) ?? templates[0];
    // pods that run tell more than the template that made them: addresses, nodes, and labels that were added since
    const groups = mergeGroups(pods.length > 0 ? pods : own === undefined ? [] : [own]);
    return {
      kind: top.kind,
      namespace: top.namespace,
      name: top.name,
      replicated: pods.length > 1 || (own?.replicated ?? false) || scaled.has(id),
      groups,
      ...(top.origin === undefined ? {} : { origin: top.origin }),
    };
  });
}

export function idOf({ kind, namespace, name }: { readonly kind: string; readonly namespace: string; readonly name: string }): string {
  return `${kind} ${namespace}/${name}`;
}

function topOf(part: WorkloadPart, byId: ReadonlyMap<string, WorkloadPart>): Pick<WorkloadPart, 'kind' | 'namespace' | 'name' | 'origin' | 'replicated'> {
  let top: Pick<WorkloadPart, 'kind' | 'namespace' | 'name' | 'origin' | 'replicated' | 'owner'> = part;
  for (let depth = 0; depth < 5 && top.owner !== undefined; depth++) {
    const owner: WorkloadPart | undefined = byId.get(idOf({ ...top.owner, namespace: part.namespace }));
    if (owner !== undefined) {
      top = owner;
    } else if (part.group.pods.length > 0 && depth === 0) {
      top = { ...top.owner, namespace: part.namespace, replicated: false, ...(part.origin === undefined ? {} : { origin: part.origin }) };
    } else {
      break;
    }
  }
  return top;
}

function mergeGroups(parts: readonly WorkloadPart[]): PodGroup[] {
  const groups = new Map<string, PodGroup>();
  for (const { group: own } of parts) {
    const key = groupKey(own);
    const known = groups.get(key);
    groups.set(key, known === undefined ? own : { ...known, pods: [...known.pods, ...own.pods] });
  }
  return [...groups.values()];
}

function groupKey({ labels, ports, hostNetwork, node, nodeLabels = {}, pods, serviceAccount }: PodGroup): string {
  const pairs = pairsOf(labels);
  const numbers = ports.map(({ name, protocol, number }) => `${name ?? ''}:${protocol}:${number}`).sort();
  return [pairs.join(','), numbers.join(','), hostNetwork, pods.length > 0 ? '' : node ?? '', serviceAccount, pairsOf(nodeLabels).join(',')].join('|');
}

function pairsOf(labels: Labels): string[] {
  return Object.keys(labels).sort().map((key) => `${key}=${labels[key] ?? ''}`);
}
