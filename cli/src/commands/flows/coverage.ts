import { Command } from 'commander';
import { ClusterFlags, withClusterInput } from '../../cluster-flags';
import { findConfig } from '../../config/netpol-yaml';
import { countsOf, coverageOf } from '../../flows/coverage/coverage';
import { coverageJson, coverageMarkdown, coverageTables } from '../../flows/coverage/coverage-forms';
import { enforcedCluster } from '../../flows/coverage/enforced-cluster';
import { durationOf } from '../../flows/durations';
import { DuckDbStore } from '../../flows/store/duckdb/duckdb-store';
import { nowOf, recordedCluster, StoreFlags, storePath, withMarker, withRecorded } from '../../flows/store-flags';
import { isoText } from '../../flows/timestamps';
import { readCluster } from '../../load-cluster';
import { json } from '../../output';
import { FINDINGS, Run } from '../../run';
import { UsageError } from '../../usage-error';
import { formOption } from '../../word-option';

interface CoverageFlags extends ClusterFlags, StoreFlags {
  readonly namespace?: readonly string[];
  readonly window: string;
  readonly marker: string;
  readonly all?: boolean;
  readonly output: 'table' | 'json' | 'markdown';
}

const EXAMPLES = `
Policies are evaluated as they will be once they are enforced: without netpol-audit, and with what is staged. Exit code 1 if something that was
recorded would be dropped.

Examples:
  netpol flows coverage dist/ --cni cilium
  netpol flows coverage dist/ -n pay --inventory rendered-apps/ --window 30d
  netpol flows coverage dist/ -o markdown >> "$GITHUB_STEP_SUMMARY"
`;

/** `netpol flows coverage`: what would become of recorded traffic? */
export function define(command: Command, run: Run): void {
  withMarker(withRecorded(withClusterInput(command)))
    .description('Holds policies against recorded traffic: which connections a rule covers, which would be dropped, and which rules nothing needs.')
    .option('-n, --namespace <NAME>', 'only what the policies of this namespace decide (repeatable)', (name: string, before: readonly string[] | undefined) => [...before ?? [], name])
    .option('--window <TIME>', 'how far to look back', '14d')
    .option('--all', 'show what is covered, and the rules that are used, too')
    .addOption(formOption(['table', 'json', 'markdown']))
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: CoverageFlags) => {
      const until = nowOf(flags);
      const window = { from: until - durationOf(flags.window), until };
      const store = await DuckDbStore.read(storePath(flags, findConfig('.')));
      try {
        const recorded = await recordedCluster(store, flags.recorded);
        const { namespace: namespaces = [] } = flags;
        const observed = await store.connections(recorded, window, namespaces.length === 0 ? {} : { namespaces });
        const whose = namespaces.join(', ') || recorded;
        if (observed.length === 0) throw new UsageError(`nothing was recorded of ${whose} in the last ${flags.window}. Instead: a longer --window, or another --now`);
        const { judge } = enforcedCluster(await readCluster(paths, flags, run), flags, observed, run);
        const report = coverageOf(judge, observed, namespaces);
        if (countsOf(report)['would-drop'] > 0) run.exitCode = FINDINGS;
        const [from, to] = [isoText(window.from), isoText(until)];
        const head = { cni: judge.analysis.profile.id, cluster: recorded, from, until: to, counts: countsOf(report) };
        if (flags.output === 'json') await run.print(json(head, coverageJson(report)));
        else if (flags.output === 'markdown') await run.print(coverageMarkdown(report, `Recorded traffic of ${whose}, last ${flags.window}`));
        else await run.print(coverageTables(report, { all: flags.all === true, paint: run.paint }));
      } finally {
        await store.close();
      }
    });
}
