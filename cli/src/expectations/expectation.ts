import { Verdict } from 'cdk8s-netpol/analysis';
import { InputProblem } from '../input';

/** The workloads whose namespace and pods have these labels. Either of them left out stands for any. */
export interface LabelledEnd {
  readonly namespace?: string;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** `NAMESPACE/NAME` (with `*` for any), an address, an entity; or workloads by their labels. */
export type ExpectedEnd = string | LabelledEnd;

/** What somebody wants to hold. */
export interface Expectation {
  readonly name: string;
  readonly from: ExpectedEnd;
  readonly to: ExpectedEnd;
  readonly port: string;
  readonly expect: Verdict;
  /** The file it stands in. */
  readonly file: string;
  /** A problem with one of its fields, with its place. */
  readonly problem: (field: string, reason: string) => InputProblem;
}

/** An end as results name it. */
export function endText(end: ExpectedEnd): string {
  if (typeof end === 'string') return end;
  const { namespace, namespaceLabels, labels } = end;
  const pairs = (of: Readonly<Record<string, string>>): string => Object.entries(of).map(([key, value]) => `${key}=${value}`).join(',');
  const space = [namespace, pairs(namespaceLabels)].filter((part) => part !== undefined && part !== '').join(',');
  return `${space === '' ? '*' : space}/${pairs(labels) === '' ? '*' : pairs(labels)}`;
}
