/**
 * The few fields of Kubernetes objects that the plain evaluator reads, as they stand in YAML or JSON.
 * `null` is what an empty YAML value gives; the API server reads it as an absent field.
 */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Metadata | null;
  readonly spec?: Record<string, unknown> | null;
  readonly status?: Record<string, unknown> | null;
  readonly items?: readonly unknown[] | null;
}

export interface Metadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Labels | null;
  readonly ownerReferences?: readonly OwnerReference[] | null;
}

export interface OwnerReference {
  readonly kind?: string;
  readonly name: string;
  readonly controller?: boolean;
}

export type Labels = Readonly<Record<string, string>>;

export interface LabelSelector {
  readonly matchLabels?: Labels | null;
  readonly matchExpressions?: readonly LabelSelectorRequirement[] | null;
}

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | null;
}

export interface PodSpec {
  readonly containers?: readonly Container[] | null;
  readonly initContainers?: readonly Container[] | null;
  readonly hostNetwork?: boolean | null;
  readonly nodeName?: string | null;
}

export interface Container {
  readonly restartPolicy?: string | null;
  readonly ports?: readonly ContainerPort[] | null;
}

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: string;
}

/** An object as messages name it: `NetworkPolicy shop/web`. */
export function describeObject(object: KubernetesObject): string {
  const name = object.metadata?.name ?? '(no name)';
  const namespace = object.metadata?.namespace;
  return `${object.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** What an unknown field means is unknown too, so the evaluator refuses it instead of answering as if it were not there. */
export function refuseUnknownFields(value: object, known: readonly string[], where: string): void {
  for (const field of Object.keys(value)) {
    if (!known.includes(field)) {
      throw new Error(`${where}: unknown field '${field}' (known: ${known.join(', ')})`);
    }
  }
}
