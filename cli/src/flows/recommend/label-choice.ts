import { Labels } from 'cdk8s-netpol/policy';
import { workloadLabels } from '../workload-labels';

/** Labels that say what pods are, the plainest first: one of them is enough where nobody knows the selector of the workload. */
const NAMING = [
  'app.kubernetes.io/name', 'app', 'k8s-app', 'name', 'run', 'app.kubernetes.io/component', 'component', 'control-plane', 'service', 'role', 'tier', 'istio',
  'strimzi.io/name', 'cnpg.io/cluster', 'app.kubernetes.io/instance', 'release',
];
/** Unusual labels that say nothing of what pods are, or say it of one release only. */
const NO_NAME = /^(.*version|chart|heritage|env|environment|zone|region|managed-by|managed_by|commit|build|git.*|owner|team)$/i;
/** Labels that tell workloads of one name apart. */
const TELLING_APART = [
  'app.kubernetes.io/component', 'component', 'app.kubernetes.io/instance', 'instance', 'release', 'role', 'tier', 'app.kubernetes.io/part-of', 'app.kubernetes.io/name', 'app',
  'k8s-app', 'name', 'run', 'control-plane', 'service', 'strimzi.io/name', 'cnpg.io/cluster',
];
/** Keys that hold what a machine made, whoever wrote it there. */
const MADE = /(^|[./-])(hash|checksum|uid|revision|addr|generation)$/i;
/** A digest, a UUID or the minutes of a CronJob's run. */
const MADE_VALUE = /^(?:(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|.*-\d{8,10}|\d{8,})$/;

/** Labels by which a policy may select: none that changes with the next rollout. */
export function lastingLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(workloadLabels(Object.entries(labels))).filter(([key, value]) => !MADE.test(key) && !MADE_VALUE.test(value) && value !== ''));
}

export interface Choice {
  readonly labels: Labels;
  /** Whom it selects besides. */
  readonly alsoSelects: readonly string[];
}

/** Other pods of the namespace, which a choice should not take in. */
export interface Other {
  readonly text: string;
  readonly variants: readonly Labels[];
}

/**
 * The labels that a rule selects pods by: those of the workload's selector, else the plainest label of the pods (a usual one, else
 * one without a prefix), and as many more as tell them from the other workloads of the namespace.
 * @param variants the label sets of the pods: a label counts where all of them have it
 * @param selector the labels of the workload's own selector, where a manifest tells
 * @returns undefined where the pods have no label to select them by
 */
export function chooseLabels(variants: readonly Labels[], selector: Labels | undefined, others: readonly Other[]): Choice | undefined {
  const shared = sharedLabels(variants.map(lastingLabels));
  const own = selector === undefined ? {} : lastingLabels(selector);
  const unusual = Object.keys(shared).sort().find((key) => !key.includes('/') && !NO_NAME.test(key));
  const naming = NAMING.find((key) => shared[key] !== undefined) ?? unusual;
  let labels: Labels = Object.keys(own).length > 0 ? own : naming === undefined ? {} : { [naming]: shared[naming]! };
  let taken = Object.keys(labels).length === 0 ? others : others.filter((each) => isSelected(labels, each));
  for (const key of TELLING_APART) {
    if (taken.length === 0) break;
    const value = shared[key];
    if (value === undefined || labels[key] !== undefined) continue;
    const more = { ...labels, [key]: value };
    const left = taken.filter((each) => isSelected(more, each));
    if (left.length === taken.length) continue;
    [labels, taken] = [more, left];
  }
  if (Object.keys(labels).length === 0) return undefined;
  return { labels, alsoSelects: taken.map(({ text }) => text).sort() };
}

function isSelected(labels: Labels, { variants }: Other): boolean {
  return variants.some((pods) => Object.entries(labels).every(([key, value]) => pods[key] === value));
}

/** What all of them say. */
export function sharedLabels(variants: readonly Labels[]): Labels {
  const [first = {}, ...more] = variants;
  return Object.fromEntries(Object.entries(first).filter(([key, value]) => more.every((each) => each[key] === value)));
}
