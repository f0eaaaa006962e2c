import { AUDIT_POLICY } from 'cdk8s-netpol/policy';
import { Command } from 'commander';
import { findConfig } from '../../config/netpol-yaml';
import { DryRun } from '../../flows/import/dry-run';
import { reportSheet, warnOfMalformed } from '../../flows/import/import-report';
import { importInto, ImportedFile } from '../../flows/import/run-import';
import { FlowInventory } from '../../flows/inventory/flow-inventory';
import { readFlowInventory } from '../../flows/inventory/read-flow-inventory';
import { DEFAULT_RETENTION, retentionOf } from '../../flows/retention';
import { FLOW_SOURCES, SOURCE_NAMES } from '../../flows/sources';
import { DuckDbStore } from '../../flows/store/duckdb/duckdb-store';
import { nowOf, StoreFlags, storePath, withStore } from '../../flows/store-flags';
import { positiveNumber, shareOption } from '../../number-option';
import { json, table } from '../../output';
import { version } from '../../program';
import { Run } from '../../run';
import { formOption, wordOption } from '../../word-option';

interface ImportFlags extends StoreFlags {
  readonly source?: string;
  readonly cluster: string;
  readonly inventory?: string;
  readonly marker: string;
  readonly sampled: number;
  readonly maxMalformed: number;
  readonly retention?: string;
  readonly dryRun?: boolean;
  readonly output: 'table' | 'json';
}

const EXAMPLES = `
FILE is a file, a pattern in quotes, or - for standard input, which may go on for as long as it likes. .gz and .zst are unpacked. A file that was
imported before counts nothing again, and of a log that has grown only what is new counts. A file counts whole or not at all.

Sources: ${SOURCE_NAMES.join(', ')}.

Sources that record nothing but addresses need --inventory: what kubectl get pods,nodes,services,endpointslices -A -o json prints, or JSON with
podCIDRs, pods (ip, namespace, name, workload, labels, from, until), nodes (name, ips), services (ip, namespace, name) and listeners (ip, or
namespace and workload; port, protocol).

Examples:
  netpol flows import 'flows/*.ndjson.gz' --cluster prod
  hubble observe -f -o jsonpb | netpol flows import -
  netpol flows import acl-audit-log.log --inventory pods.json
  netpol flows import events.log --dry-run -o json
`;

/** `netpol flows import`: from a log to hours of a store. */
export function define(command: Command, run: Run): void {
  withStore(command.argument('<FILE...>', 'flow logs, or - for standard input'))
    .description('Reads flow logs into a store: who talked to whom, hour by hour.')
    .addOption(wordOption('--source <NAME>', 'what has written them (default: what they look like)', SOURCE_NAMES))
    .option('--cluster <NAME>', 'the cluster that they are from', 'default')
    .option('--inventory <FILE>', 'whose addresses were whose, and who listens (JSON)')
    .option('--marker <NAME>', 'the policy that opens a namespace in AUDIT: what it alone allows would be denied', AUDIT_POLICY)
    .option('--sampled <N>', 'one event of so many was recorded', positiveNumber, 1)
    .option('--max-malformed <SHARE>', 'more malformed records than this share of a file make its import fail', shareOption, 0.2)
    .option('--retention <TIME>', `after which time hours leave the store, counted from the newest (default: what netpol.yaml says, else ${DEFAULT_RETENTION}d)`)
    .option('--dry-run', 'show what would be imported, and import nothing')
    .addOption(formOption(['table', 'json']))
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], flags: ImportFlags) => {
      const inventory = flags.inventory === undefined ? FlowInventory.NONE : readFlowInventory(flags.inventory);
      const now = nowOf(flags);
      const sources = FLOW_SOURCES.filter(({ id }) => flags.source === undefined || id === flags.source);
      const settings = { sources, context: { inventory, now, marker: flags.marker }, maxMalformed: flags.maxMalformed };
      if (flags.dryRun === true) {
        await new DryRun(run, settings, flags.output).show(files);
        return;
      }
      const config = findConfig('.');
      const { retentionDays: usual = DEFAULT_RETENTION, retentionReason } = config?.flows ?? {};
      const retentionDays = flags.retention === undefined ? usual : retentionOf(flags.retention, retentionReason);
      const store = await DuckDbStore.write(storePath(flags, config), { retentionDays, madeBy: `netpol ${version()}`, now });
      try {
        const imported: ImportedFile[] = [];
        for await (const file of importInto(store, files, { ...settings, cluster: flags.cluster, sampled: flags.sampled }, run)) {
          warnOfMalformed(file, run);
          imported.push(file);
        }
        await run.print(flags.output === 'json' ? json({ cluster: flags.cluster }, { files: imported }) : table(reportSheet(imported), run.paint));
      } finally {
        await store.close();
      }
    });
}
