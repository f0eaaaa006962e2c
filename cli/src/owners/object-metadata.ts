import { KubernetesJson } from '../input';

type Texts = Readonly<Record<string, unknown>>;

/** The parts of an object's metadata by which it is known and owned; what is missing is empty. */
export interface ObjectMetadata {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly labels: Texts;
  readonly annotations: Texts;
}

export function metadataOf(object: KubernetesJson): ObjectMetadata {
  const metadata = mapping(object.metadata);
  return { name: text(metadata.name) ?? '', namespace: text(metadata.namespace), labels: mapping(metadata.labels), annotations: mapping(metadata.annotations) };
}

export function mapping(value: unknown): Texts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Texts : {};
}

/** Text that says something. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
