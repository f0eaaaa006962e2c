import { explanationText } from 'cdk8s-netpol/analysis';
import { Command } from 'commander';
import { ClusterFlags, withClusterInput } from '../cluster-flags';
import { CheckedExpectation, checkExpectation } from '../expectations/check';
import { Expectation } from '../expectations/expectation';
import { readExpectations } from '../expectations/read-expectations';
import { loadCluster } from '../load-cluster';
import { json, junit, JunitCase, table } from '../output';
import { FINDINGS, Run } from '../run';
import { UsageError } from '../usage-error';
import { formOption } from '../word-option';

interface TestFlags extends ClusterFlags {
  readonly output: 'table' | 'json' | 'junit';
}

const EXAMPLES = `
FILE is YAML with a list of expectations, which it is known by among the PATHs:

  - name: the web tier reaches the API
    from: shop/web
    to: pay/api
    port: 8080/TCP
    expect: allowed               # or denied, or depends
  - { from: '*', to: { namespace: pay, labels: { app: db } }, port: 5432, expect: denied }

The ends are those of netpol explain; * stands for any text in NAMESPACE/NAME, and namespace, namespaceLabels and labels
choose workloads. What one pod sends to itself is left out. A verdict of depends passes only where it is expected.

Examples:
  netpol test expectations.yaml manifests/
  netpol test expectations/*.yaml --cluster prod-eu -o junit > report.xml
`;

/** `netpol test`: does what somebody expects hold? */
export function define(command: Command, run: Run): void {
  withClusterInput(command)
    .usage('[options] FILE... [PATH...]')
    .description('Checks expectations about what may talk to what. Exit code 1 if one of them does not hold.')
    .addOption(formOption(['table', 'json', 'junit']))
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], flags: TestFlags) => {
      const { expectations, paths } = sortWords(words);
      const { analysis } = await loadCluster(paths, flags, run);
      const checked = expectations.map((expectation) => checkExpectation(analysis, expectation));
      if (checked.some(({ result }) => !result.passed)) run.exitCode = FINDINGS;
      await run.print(written(checked, flags.output, run));
    });
}

/** Files of expectations, and everything else. */
function sortWords(words: readonly string[]): { readonly expectations: readonly Expectation[]; readonly paths: readonly string[] } {
  const files = words.map((word) => ({ word, expectations: word === '-' ? undefined : readExpectations(word) }));
  const expectations = files.flatMap((file) => file.expectations ?? []);
  if (expectations.length === 0) {
    throw new UsageError('there is nothing to test: give a FILE with a list of expectations, each with from, to, port and expect');
  }
  return { expectations, paths: files.filter((file) => file.expectations === undefined).map(({ word }) => word) };
}

function* written(checked: readonly CheckedExpectation[], form: TestFlags['output'], { paint }: Run): Generator<string> {
  if (form === 'json') return yield* json({}, { results: checked.map(({ result }) => result) });
  if (form === 'junit') return yield* junit('netpol test', checked.map(junitCase));
  const columns = ['result', 'name', 'from', 'to', 'port', 'expect', 'actual'];
  yield* table({ columns, rows: checked.map(({ result }) => [result.passed ? 'pass' : 'FAIL', result.name, result.from, result.to, result.port, result.expect, result.actual]) }, paint);
  for (const each of checked) {
    if (each.explanation !== undefined) yield `\n${paint('red', `FAIL ${each.result.name}`)}\n${failureText(each)}\n`;
  }
  const failed = checked.filter(({ result }) => !result.passed).length;
  return yield `\n${paint(failed > 0 ? 'red' : 'green', `${checked.length - failed} passed, ${failed} failed`)}\n`;
}

function failureText({ explanation, pairs, failures, result }: CheckedExpectation): string {
  const which = pairs > 1 ? `${failures} of ${pairs} connections are not ${result.expect}; the first of them:\n` : '';
  return `${which}${explanation === undefined ? '' : explanationText(explanation)}`;
}

function junitCase(checked: CheckedExpectation): JunitCase {
  const { result, file } = checked;
  if (result.passed) return { name: result.name, suite: file };
  return { name: result.name, suite: file, failure: { message: `expected ${result.expect}, and it is ${result.actual}`, details: failureText(checked) } };
}
