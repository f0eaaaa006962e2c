import { AskedPod } from '../../analysis';
import { Labels, Selector } from '../../policy';

/** The workload that comes nearest to a selector, and what it has in place of what was asked for. */
export function nearest(selector: Selector, pods: readonly AskedPod[]): string {
  const [first] = pods.map((pod) => ({ pod, misses: missesOf(selector, pod.endpoint.labels) })).sort((a, b) => a.misses.length - b.misses.length);
  const [workload] = first!.pod.workloads;
  return `nearest is ${workload!.kind} ${workload!.name}, which has ${shown(first!.misses, first!.pod.endpoint.labels)}`;
}

/** A policy that is meant to select nothing, such as an opener that is shut: the same label asked for and forbidden. */
export function isContradiction({ requirements }: Selector): boolean {
  return requirements.some((one) => one.operator === 'Exists' && requirements.some((other) => other.operator === 'DoesNotExist' && other.key === one.key));
}

/** Operators put the name of the object that they work for into the labels of its pods. */
export function operatorObject({ requirements }: Selector, custom: readonly string[]): string | undefined {
  const values = new Set(requirements.flatMap((each) => each.values));
  return custom.find((text) => values.has(text.slice(text.indexOf(' ') + 1)));
}

function missesOf({ requirements }: Selector, labels: Labels): readonly string[] {
  return requirements.filter((each) => !Selector.of({ matchExpressions: [{ ...each, values: [...each.values] }] }).matches(labels)).map(({ key }) => key);
}

function shown(keys: readonly string[], labels: Labels): string {
  return keys.map((key) => (labels[key] === undefined ? `no label ${key}` : `${key}=${labels[key]}`)).join(', ');
}
