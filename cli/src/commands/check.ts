import { Command } from 'commander';
import { readBaseline, writeBaseline } from '../check/baseline';
import { allRules } from '../check/custom-rules';
import { fingerprintsAt } from '../check/findings-at';
import { mend } from '../check/fix/mend';
import { checkGithub } from '../check/forms/github';
import { checkJson } from '../check/forms/json';
import { checkMarkdown } from '../check/forms/markdown';
import { checkSarif } from '../check/forms/sarif';
import { checkTable } from '../check/forms/table';
import { CheckReport, countsOf } from '../check/report';
import { ruleAddress } from '../check/rule-page';
import { runCheck } from '../check/run-check';
import { quoted, ShownFinding, shownFindings, shownSuppressed } from '../check/shown-finding';
import { ClusterFlags, withCheckedInput } from '../cluster-flags';
import { readCluster } from '../load-cluster';
import { version } from '../program';
import { FINDINGS, Run } from '../run';
import { UsageError } from '../usage-error';
import { formOption, wordOption } from '../word-option';

const FORMS = ['table', 'json', 'sarif', 'markdown', 'github'] as const;
const FAIL_ON = ['error', 'warning', 'never'] as const;

interface CheckFlags extends ClusterFlags {
  readonly output: (typeof FORMS)[number];
  readonly failOn: (typeof FAIL_ON)[number];
  readonly rule?: readonly string[];
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly since?: string;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
}

const EXAMPLES = `
A rule has a page with what it finds, why, and what to write instead: ${ruleAddress('README')}
Rules that need workloads are "not evaluated" where the input has none: --inventory gives them, without findings of their own.
netpol.yaml turns rules off, changes their severity and sets their options; an object is left out by an annotation with the rule
and the reason:  cdk8s-netpol/ignore: "no-all-ports (until 2027-03-31): the client picks its port at random"

Examples:
  netpol check manifests/
  netpol check manifests/ --inventory rendered-apps/ --cni cilium
  netpol check manifests/ --write-baseline netpol-baseline.json     # once, then --baseline: only what is new fails
  netpol check manifests/ --since main                              # in a pull request: only what it adds fails
  netpol check manifests/ --fix --dry-run
  netpol check manifests/ -o sarif > netpol.sarif
  helm template shop charts/shop | netpol check - --rule unknown-field
`;

/** `netpol check`: what breaks the rules? */
export function define(command: Command, run: Run): void {
  withCheckedInput(command)
    .description('Checks policies against rules: typos, holes, pods without protection. Exit code 1 if there are findings.')
    .addOption(formOption(FORMS))
    .addOption(wordOption('--fail-on <SEVERITY>', 'which findings make the exit code 1', FAIL_ON).default('warning'))
    .option('--rule <ID>', 'only this rule (repeatable)', (id: string, before: readonly string[] | undefined) => [...before ?? [], id])
    .option('--baseline <FILE>', 'only findings that are not in this file count')
    .option('--since <REVISION>', 'only findings that were not there at this git revision count')
    .option('--write-baseline <FILE>', 'write the findings that there are now into a baseline')
    .option('--fix', 'mend what has one safe answer: shows the changes and makes them')
    .option('--dry-run', 'with --fix: shows the changes and makes none')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: CheckFlags) => {
      if (flags.dryRun === true && flags.fix !== true) throw new UsageError('--dry-run goes with --fix');
      if (flags.fix === true && paths.includes('-')) throw new UsageError('--fix mends files, and standard input is none');
      if (flags.baseline !== undefined && flags.writeBaseline !== undefined) throw new UsageError('--baseline reads a baseline and --write-baseline makes one: give one of them');
      if (flags.since !== undefined && flags.writeBaseline !== undefined) throw new UsageError('--since leaves out what was there before, and --write-baseline writes down what there is: give one of them');
      const known = flags.baseline === undefined ? undefined : readBaseline(flags.baseline);
      const before = flags.since === undefined ? undefined : await fingerprintsAt(flags.since, paths, flags, run);
      let cluster = await readCluster(paths, flags, run);
      const rules = await allRules(cluster.config);
      let result = runCheck(cluster, rules, flags.rule);
      if (flags.fix === true) {
        if (cluster.isRendered) throw new UsageError('--fix would change what a render command has written, and the next one writes over it. Instead: mend its source');
        const hasChanged = await mend(result.findings, { dryRun: flags.dryRun === true, onStdout: flags.output === 'table' }, run);
        if (hasChanged) {
          cluster = await readCluster(paths, flags, run);
          result = runCheck(cluster, rules, flags.rule);
        }
      }
      const input = inputText(paths, flags);
      const all = shownFindings(result.findings, input);
      if (flags.writeBaseline !== undefined) writeBaseline(flags.writeBaseline, all);
      const old = [...known ?? [], ...before ?? []];
      const accepted = new Set(flags.writeBaseline === undefined ? old : all.map(({ fingerprint }) => fingerprint));
      const isKnown = ({ fingerprint }: ShownFinding): boolean => accepted.has(fingerprint);
      if (flags.writeBaseline !== undefined) run.note(`${all.length} finding${all.length === 1 ? '' : 's'} written to ${flags.writeBaseline}`);
      else noteMended(known, all, flags, run);
      const report: CheckReport = {
        findings: all.filter((each) => !isKnown(each)),
        suppressed: shownSuppressed(result, input),
        known: all.filter(isKnown),
        knownFrom: knownFrom(flags),
        notEvaluated: result.notEvaluated,
        rules,
      };
      const { errors, warnings } = countsOf(report);
      if (flags.failOn !== 'never' && errors + (flags.failOn === 'warning' ? warnings : 0) > 0) run.exitCode = FINDINGS;
      await run.print(written(report, flags.output, run));
    });
}

function written(report: CheckReport, form: CheckFlags['output'], run: Run): Iterable<string> {
  switch (form) {
    case 'json':
      return checkJson(report);
    case 'sarif':
      return checkSarif(report, version());
    case 'markdown':
      return checkMarkdown(report);
    case 'github':
      return checkGithub(report);
    case 'table':
      return checkTable(report, run.paint);
  }
}

function knownFrom({ baseline, writeBaseline: file, since }: CheckFlags): string {
  return [...(baseline ?? file) === undefined ? [] : ['in the baseline'], ...since === undefined ? [] : [`at ${since}`]].join(' or ');
}

/** A baseline that keeps what is mended would let it come back. */
function noteMended(known: ReadonlySet<string> | undefined, all: readonly ShownFinding[], { baseline, rule }: CheckFlags, run: Run): void {
  if (known === undefined || rule !== undefined) return;
  const here = new Set(all.map(({ fingerprint }) => fingerprint));
  const gone = [...known].filter((fingerprint) => !here.has(fingerprint)).length;
  if (gone > 0) run.note(`${gone} finding${gone === 1 ? '' : 's'} of ${baseline ?? ''} ${gone === 1 ? 'is' : 'are'} mended: --write-baseline ${baseline ?? ''} takes ${gone === 1 ? 'it' : 'them'} out`);
}

/** What gives the same input again. */
function inputText(paths: readonly string[], { cluster, context, inventory = [], cni }: ClusterFlags): string {
  const flags = [['--cluster', cluster], ['--context', context], ...inventory.map((path) => ['--inventory', path]), ['--cni', cni]] as const;
  return [...paths.map(quoted), ...flags.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag} ${quoted(value)}`]))].join(' ');
}
