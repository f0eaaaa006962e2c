import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Labels, locate, PolicyError, Protocol, Selector } from '../../policy';

/** A named container port. */
export interface ContainerPort {
  readonly name?: string;
  readonly number: number;
  readonly protocol: Protocol;
}

/** What policies need to know of a workload. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly path: string;
  /** undefined where neither the object nor its chart names one */
  readonly namespace?: string;
  /** how its pods are found */
  readonly selector: Selector;
}

/** The parts of a pod template that policies look at. */
export interface PodTemplate {
  readonly labels: Labels;
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
}

interface PodSpecJson {
  readonly hostNetwork?: boolean;
  readonly containers?: readonly ContainerJson[];
  readonly initContainers?: ReadonlyArray<ContainerJson & { readonly restartPolicy?: string }>;
}
interface ContainerJson {
  readonly ports?: ReadonlyArray<{ readonly name?: string; readonly containerPort?: number; readonly protocol?: Protocol }>;
}
interface TemplateJson {
  readonly metadata?: { readonly labels?: Labels };
  readonly spec?: PodSpecJson;
}
interface ObjectJson {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly labels?: Labels };
  readonly spec?: PodSpecJson & {
    readonly selector?: unknown;
    readonly template?: TemplateJson;
    readonly jobTemplate?: { readonly spec?: { readonly template?: TemplateJson } };
  };
}

/** What policies need to know of a workload construct; an error where it has no pods or no labels to find them by. */
export function readWorkload(construct: IConstruct): Workload {
  const object = apiObjectOf(construct);
  const { path } = object.node;
  const namespace = object.metadata.namespace ?? Chart.of(object).namespace;
  const parts = { kind: object.kind, name: object.name, path, ...(namespace === undefined ? {} : { namespace }) };
  const plus = cdk8sPlusLabels(construct);
  if (plus !== undefined) return { ...parts, selector: Selector.labels(plus) };
  const json = object.toJson() as ObjectJson;
  const template = podTemplateOf(json);
  if (template === undefined) {
    throw new PolicyError({ given: `${object.kind} ${object.name}`, where: path, problem: 'has no pod template', instead: 'a workload, or Pods.withLabels({ ... })' });
  }
  if (template.hostNetwork) {
    throw new PolicyError({
      given: `${object.kind} ${object.name}`, where: path, problem: 'runs in the network of its node, where no policy selects it and no selector finds it',
      instead: 'hostNetwork: false, or AllowFromIpBlock and AllowToIpBlock with the addresses of the nodes and includeCluster: true',
    });
  }
  const own = json.kind === 'Job' || json.kind === 'CronJob' || json.kind === 'Pod' ? undefined : selectorOf(json, path);
  const selector = own !== undefined && own.matches(template.labels) ? own : Selector.labels(template.labels);
  if (selector.matchesEverything) {
    throw new PolicyError({ given: `${object.kind} ${object.name}`, where: path, problem: 'has no labels on its pods', instead: 'labels in the pod template, or Pods.withLabels({ ... })' });
  }
  return { ...parts, selector };
}

/** The pod template of a rendered object; undefined where it has none. */
export function podTemplateOf(json: unknown): PodTemplate | undefined {
  const object = (json ?? {}) as ObjectJson;
  const template: TemplateJson | undefined = object.kind === 'Pod'
    ? { metadata: object.metadata, spec: object.spec }
    : object.spec?.template ?? object.spec?.jobTemplate?.spec?.template;
  if (!Array.isArray(template?.spec?.containers)) return undefined;
  const sidecars = (template.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return {
    labels: template.metadata?.labels ?? {},
    hostNetwork: template.spec.hostNetwork === true,
    ports: [...template.spec.containers, ...sidecars].flatMap(({ ports }) => ports ?? []).map(({ name, containerPort, protocol }) => ({
      name,
      number: containerPort ?? 0,
      protocol: protocol ?? Protocol.TCP,
    })),
  };
}

function apiObjectOf(construct: IConstruct): ApiObject {
  try {
    return ApiObject.of(construct);
  } catch {
    throw new PolicyError({
      given: construct?.node?.path ?? construct,
      problem: 'is no workload',
      instead: 'a cdk8s ApiObject, a cdk8s-plus workload, or one of the apiObjects of an Include',
    });
  }
}

/**
 * The labels by which a cdk8s-plus workload selects its pods, read without rendering it: a Deployment that has no containers
 * yet throws when it is rendered, and may get them after the policies were written.
 */
function cdk8sPlusLabels(construct: IConstruct): Labels | undefined {
  const { matchLabels, podMetadata } = construct as { matchLabels?: Labels; podMetadata?: { getLabel?: unknown } };
  if (typeof podMetadata?.getLabel !== 'function' || matchLabels === undefined || Object.keys(matchLabels).length === 0) return undefined;
  return matchLabels;
}

function selectorOf(json: ObjectJson, path: string): Selector | undefined {
  const selector = json.spec?.selector as { matchLabels?: Labels; matchExpressions?: [] } | undefined;
  if (selector === undefined) return undefined;
  const spec = selector.matchLabels === undefined && selector.matchExpressions === undefined ? { matchLabels: selector as Labels } : selector;
  const read = locate(path, () => Selector.of(spec));
  return read.matchesEverything ? undefined : read;
}
