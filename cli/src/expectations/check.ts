import { Analysis, Explanation, Verdict, Workload } from 'cdk8s-netpol/analysis';
import { PolicyError } from 'cdk8s-netpol/policy';
import { InputError } from '../input';
import { located } from '../located-explanation';
import { matchesPattern } from '../name-pattern';
import { endText, Expectation, ExpectedEnd } from './expectation';

/** What became of one expectation. */
export interface Result {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly expect: Verdict;
  /** The verdict of all connections that it speaks about; where they differ, that of the first which is not as expected. */
  readonly actual: Verdict;
  readonly passed: boolean;
}

export interface CheckedExpectation {
  readonly result: Result;
  readonly file: string;
  /** Why the first connection that is not as expected fares as it does. */
  readonly explanation?: Explanation;
  /** How many connections it speaks about, and how many of them are not as expected. */
  readonly pairs: number;
  readonly failures: number;
}

/** Asks for every connection that an expectation speaks about. One that speaks about none is an error: it would always pass. */
export function checkExpectation(analysis: Analysis, expectation: Expectation): CheckedExpectation {
  const { name, port, expect, file } = expectation;
  const [from, to] = [endText(expectation.from), endText(expectation.to)];
  let failed: { readonly from: string; readonly to: string; readonly actual: Verdict } | undefined;
  let [pairs, failures] = [0, 0];
  for (const source of endsOf(analysis, expectation, 'from')) {
    for (const destination of endsOf(analysis, expectation, 'to')) {
      if (source === destination && (isPattern(expectation.from) || isPattern(expectation.to))) continue;
      pairs++;
      const actual = ask(expectation, () => analysis.allows(source, destination, port).verdict);
      if (actual === expect) continue;
      failures++;
      failed ??= { from: source, to: destination, actual };
    }
  }
  if (pairs === 0) throw new InputError([expectation.problem('from', `${from} to ${to} is no pair of two workloads`)]);
  return {
    result: { name: name === '' ? `${from} to ${to} on ${port} is ${expect}` : name, from, to, port, expect, actual: failed?.actual ?? expect, passed: failed === undefined },
    file,
    pairs,
    failures,
    ...(failed === undefined ? {} : { explanation: located(analysis.explain(failed.from, failed.to, port)) }),
  };
}

/** The names to ask for: of a pattern, or of labels, each workload that they fit. */
function endsOf({ inventory }: Analysis, expectation: Expectation, side: 'from' | 'to'): readonly string[] {
  const end = expectation[side];
  if (!isPattern(end)) return [end];
  const found = inventory.workloads.filter((workload) => fits(end, workload, inventory.namespaces.get(workload.namespace)?.labels ?? {}));
  if (found.length === 0) throw new InputError([expectation.problem(side, `"${endText(end)}" fits no workload of the input`)]);
  return found.map(({ namespace, name, kind }) => `${namespace}/${name}[${kind}]`);
}

function isPattern(end: ExpectedEnd): end is Exclude<ExpectedEnd, string> | `${string}*${string}` {
  return typeof end !== 'string' || end.includes('*');
}

function fits(end: ExpectedEnd, { namespace, name, groups }: Workload, namespaceLabels: Readonly<Record<string, string>>): boolean {
  if (typeof end === 'string') {
    const [space = '', called = '*'] = end.split('/');
    return matchesPattern(space, namespace) && matchesPattern(called, name);
  }
  return (end.namespace === undefined || matchesPattern(end.namespace, namespace))
    && hasLabels(namespaceLabels, end.namespaceLabels)
    && groups.some(({ labels }) => hasLabels(labels, end.labels));
}

function hasLabels(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** An end that the input does not have gets the place of the expectation. */
function ask<T>(expectation: Expectation, question: () => T): T {
  try {
    return question();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const { given } = error.problem;
    throw new InputError([expectation.problem(given === expectation.to ? 'to' : given === expectation.port ? 'port' : 'from', error.message)]);
  }
}
