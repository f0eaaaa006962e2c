import { Command } from 'commander';
import { ClusterFlags, withClusterInput } from '../cluster-flags';
import { connectionEdges, connectionRows, connectionSheet } from '../connections/forms';
import { rowFilter } from '../connections/row-filter';
import { loadCluster } from '../load-cluster';
import { csv, dot, json, markdown, mermaid, table } from '../output';
import { Run } from '../run';
import { formOption } from '../word-option';

const FORMS = ['table', 'json', 'csv', 'markdown', 'mermaid', 'dot'] as const;

interface ListFlags extends ClusterFlags {
  readonly from?: string;
  readonly to?: string;
  readonly port?: string;
  readonly exposure?: boolean;
  readonly output: (typeof FORMS)[number];
}

const EXAMPLES = `
Examples:
  netpol list manifests/
  netpol list manifests/ --to pay/api --port 8080/TCP
  netpol list manifests/ --from 'shop/*' -o mermaid
  netpol list manifests/ --to pay/api --exposure
  kubectl get all,networkpolicies,namespaces -A -o json | netpol list -
  netpol list --cluster prod-eu -o json
`;

/** `netpol list`: every connection that may be opened. */
export function define(command: Command, run: Run): void {
  withClusterInput(command)
    .description('Lists what can talk to what: every connection that policies let through, and those that depend on something unknown.')
    .option('--from <END>', 'only connections from here: NAMESPACE/NAME (with * for any), an IP address, a CIDR, or {ENTITY}')
    .option('--to <END>', 'only connections to here')
    .option('--port <PORT>', 'only connections on this port: 80/TCP')
    .option('--exposure', 'also what pods that do not exist yet could reach or be reached by')
    .addOption(formOption(FORMS))
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: ListFlags) => {
      const { analysis } = await loadCluster(paths, flags, run);
      const exposed = flags.exposure === true ? analysis.exposure().connections : [];
      const rows = rowFilter(analysis.inventory, flags)([...analysis.connections(), ...exposed]);
      await run.print(written(rows));

      function written(connections: typeof rows): Iterable<string> {
        switch (flags.output) {
          case 'json':
            return json({ cni: analysis.profile.id }, { connections });
          case 'csv':
            return csv(connectionSheet(connections));
          case 'markdown':
            return markdown(connectionSheet(connections));
          case 'mermaid':
            return mermaid(connectionEdges(connections));
          case 'dot':
            return dot(connectionEdges(connections));
          case 'table':
            return table(connectionRows(connections), run.paint);
        }
      }
    });
}
