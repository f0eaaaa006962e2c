import { BUILT_IN_RULES } from 'cdk8s-netpol/rules';
import { Command } from 'commander';
import { checkJson } from '../check/forms/json';
import { checkTable } from '../check/forms/table';
import { CheckReport, countsOf } from '../check/report';
import { runCheck } from '../check/run-check';
import { quoted, shownFindings, shownSuppressed } from '../check/shown-finding';
import { ClusterFlags, withCheckedInput } from '../cluster-flags';
import { readCluster } from '../load-cluster';
import { FINDINGS, Run } from '../run';
import { formOption, wordOption } from '../word-option';

const FORMS = ['table', 'json'] as const;
const FAIL_ON = ['error', 'warning', 'never'] as const;

interface CheckFlags extends ClusterFlags {
  readonly output: (typeof FORMS)[number];
  readonly failOn: (typeof FAIL_ON)[number];
  readonly rule?: readonly string[];
}

const EXAMPLES = `
netpol.yaml turns rules off, changes their severity and sets their options; an object is left out by an annotation with the rule
and the reason:  cdk8s-netpol/ignore: "no-all-ports (until 2027-03-31): the client picks its port at random"

Examples:
  netpol check manifests/
  netpol check manifests/ --inventory rendered-apps/ --cni cilium
  helm template shop charts/shop | netpol check - --rule unknown-field
`;

/** `netpol check`: what breaks the rules? */
export function define(command: Command, run: Run): void {
  withCheckedInput(command)
    .description('Checks policies against rules: typos, holes, pods without protection. Exit code 1 if there are findings.')
    .addOption(formOption(FORMS))
    .addOption(wordOption('--fail-on <SEVERITY>', 'which findings make the exit code 1', FAIL_ON).default('warning'))
    .option('--rule <ID>', 'only this rule (repeatable)', (id: string, before: readonly string[] | undefined) => [...before ?? [], id])
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: CheckFlags) => {
      const cluster = await readCluster(paths, flags, run);
      const result = runCheck(cluster, BUILT_IN_RULES, flags.rule);
      const input = inputText(paths, flags);
      const report: CheckReport = {
        findings: shownFindings(result.findings, input),
        suppressed: shownSuppressed(result, input),
        known: 0,
        notEvaluated: result.notEvaluated,
        rules: BUILT_IN_RULES,
      };
      const { errors, warnings } = countsOf(report);
      if (flags.failOn !== 'never' && errors + (flags.failOn === 'warning' ? warnings : 0) > 0) run.exitCode = FINDINGS;
      await run.print(flags.output === 'json' ? checkJson(report) : checkTable(report, run.paint));
    });
}

/** What gives the same input again. */
function inputText(paths: readonly string[], { cluster, context, inventory = [], cni }: ClusterFlags): string {
  const flags = [['--cluster', cluster], ['--context', context], ...inventory.map((path) => ['--inventory', path]), ['--cni', cni]] as const;
  return [...paths.map(quoted), ...flags.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag} ${quoted(value)}`]))].join(' ');
}
