import { Command } from 'commander';
import { ClusterFlags, withClusterInput } from '../cluster-flags';
import { StoreFlags, withRecorded } from '../flows/store-flags';
import { analysed, readCluster } from '../load-cluster';
import { json, markdown, Sheet, table, withoutEmptyColumns } from '../output';
import { Run } from '../run';
import { NamespaceStatus, RecordedTraffic } from '../status/namespace-status';
import { readStatus } from '../status/read-status';
import { readTraffic } from '../status/read-traffic';
import { formOption } from '../word-option';

interface StatusFlags extends ClusterFlags, StoreFlags {
  readonly output: 'table' | 'json' | 'markdown';
}

const EXAMPLES = `
The owner of a namespace is the one in the ConfigMap netpol-stage that constructs write, else the one that its Namespace names,
else the one that its policies agree on. Labels and annotations that name an owner: cdk8s-netpol/owner, and those that netpol.yaml
lists (ownerKeys: [squad]); without a list backstage.io/owner, team, owner and app.kubernetes.io/owned-by.

Where traffic was recorded (netpol flows import), coverage says how many of the recorded connections a rule covers, and gate what netpol gate
says; the next step names what is missing.

Examples:
  netpol status dist/
  netpol status dist/ --inventory rendered-apps/
  netpol status --context prod -o json
`;

/** `netpol status`: who owns which namespace, how far it has come, and what is next. */
export function define(command: Command, run: Run): void {
  withRecorded(withClusterInput(command))
    .description('Shows the namespaces with their owner, their stage and their next step, the easiest first.')
    .addOption(formOption(['table', 'json', 'markdown']))
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: StatusFlags) => {
      const read = await readCluster(paths, flags, run);
      const { analysis, objects, config } = analysed(read, flags, run);
      const namespaces = readStatus(analysis, objects, config, await readTraffic(read, flags, run));
      await run.print(flags.output === 'json' ? json({}, { namespaces })
        : flags.output === 'markdown' ? markdown(sheetOf(namespaces)) : table(sheetOf(namespaces), run.paint));
    });
}

function sheetOf(namespaces: readonly NamespaceStatus[]): Sheet {
  const sheet = {
    columns: ['namespace', 'owner', 'stage', 'since', 'workloads', 'unprotected', 'coverage', 'gate', 'next step'],
    rows: namespaces.map(({ namespace, owner = '-', stage = '-', since = '-', workloads, unprotected, traffic, nextStep }) =>
      [namespace, owner, stage, since, String(workloads), String(unprotected), coverageText(traffic), traffic?.gate ?? '', nextStep]),
  };
  return withoutEmptyColumns(sheet, sheet.columns.filter((column) => column !== 'coverage' && column !== 'gate'));
}

function coverageText(traffic: RecordedTraffic | undefined): string {
  return traffic === undefined ? '' : `${traffic.covered} of ${traffic.connections}`;
}
