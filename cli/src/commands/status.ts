import { Command } from 'commander';
import { ClusterFlags, withClusterInput } from '../cluster-flags';
import { loadCluster } from '../load-cluster';
import { json, markdown, Sheet, table } from '../output';
import { Run } from '../run';
import { NamespaceStatus } from '../status/namespace-status';
import { readStatus } from '../status/read-status';
import { formOption } from '../word-option';

interface StatusFlags extends ClusterFlags {
  readonly output: 'table' | 'json' | 'markdown';
}

const EXAMPLES = `
The owner of a namespace is the one in the ConfigMap netpol-stage that constructs write, else the one that its Namespace names,
else the one that its policies agree on. Labels and annotations that name an owner: cdk8s-netpol/owner, and those that netpol.yaml
lists (ownerKeys: [squad]); without a list backstage.io/owner, team, owner and app.kubernetes.io/owned-by.

Examples:
  netpol status dist/
  netpol status dist/ --inventory rendered-apps/
  netpol status --context prod -o json
`;

/** `netpol status`: who owns which namespace, how far it has come, and what is next. */
export function define(command: Command, run: Run): void {
  withClusterInput(command)
    .description('Shows the namespaces with their owner, their stage and their next step, the easiest first.')
    .addOption(formOption(['table', 'json', 'markdown']))
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: StatusFlags) => {
      const { analysis, objects, config } = await loadCluster(paths, flags, run);
      const namespaces = readStatus(analysis, objects, config);
      await run.print(flags.output === 'json' ? json({}, { namespaces })
        : flags.output === 'markdown' ? markdown(sheetOf(namespaces)) : table(sheetOf(namespaces), run.paint));
    });
}

function sheetOf(namespaces: readonly NamespaceStatus[]): Sheet {
  return {
    columns: ['namespace', 'owner', 'stage', 'since', 'workloads', 'unprotected', 'next step'],
    rows: namespaces.map(({ namespace, owner = '-', stage = '-', since = '-', workloads, unprotected, nextStep }) =>
      [namespace, owner, stage, since, String(workloads), String(unprotected), nextStep]),
  };
}
