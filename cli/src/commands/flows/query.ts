import { Command, Option } from 'commander';
import { findConfig } from '../../config/netpol-yaml';
import { OBSERVED_VERDICTS, ObservedVerdict } from '../../flows/observation';
import { Query, QueryFlags, TABLE_LIMIT } from '../../flows/query/query';
import { DuckDbStore } from '../../flows/store/duckdb/duckdb-store';
import { nowOf, recordedCluster, StoreFlags, storePath, withRecorded } from '../../flows/store-flags';
import { positiveNumber } from '../../number-option';
import { Run } from '../../run';
import { UsageError } from '../../usage-error';
import { formOption, wordOption } from '../../word-option';

const EXAMPLES = `
END is NAMESPACE, NAMESPACE/NAME (a workload, a pod of it, or a Service; NAMESPACE/NAME[KIND] to be exact), svc/NAMESPACE/NAME, an IP address, a CIDR,
a domain name, or an entity in braces: {host}, {kube-apiserver}, {world}, ... Names may have * for any text.

Without --since and --until it is the day that ends with the newest record. Counts are kept by the hour, so a window is whole hours.

Examples:
  netpol flows query --from shop/web --verdict denied
  netpol flows query --between shop,pay --since 14d
  netpol flows query --to '*.stripe.com' --port 443 -o csv
  netpol flows query --to {kube-apiserver} --since 2026-09-29 --until 2026-09-30 -o json
`;

/** `netpol flows query`: what happened, and when? */
export function define(command: Command, run: Run): void {
  withRecorded(command)
    .description('Says what happened: which connections were recorded, when, and what became of them. The newest are first.')
    .option('--from <END>', 'only connections that were opened here')
    .option('--to <END>', 'only connections to here')
    .option('--between <A,B>', 'only connections of these two ends, whoever opened them')
    .option('--port <PORT>', 'only this port, of the pod or of the Service: 8080, 8080/TCP, ICMP')
    .addOption(verdictOption())
    .option('--since <TIME>', 'from when: 24h before the end or now, or a time such as 2026-09-30T12:00:00Z')
    .option('--until <TIME>', 'until when')
    .option('--limit <N>', `so many connections at most (default: ${TABLE_LIMIT} for a table, else all)`, positiveNumber)
    .option('--strip', 'draw above the table when traffic was observed and dropped (default: on a terminal)')
    .option('--no-strip', 'draw nothing')
    .addOption(formOption(['table', 'json', 'csv']))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: QueryFlags & StoreFlags) => {
      if (flags.strip === true && flags.output !== 'table') throw new UsageError(`--strip is a picture above a table. Instead: leave it out, or -o ${flags.output}`);
      const now = nowOf(flags);
      const store = await DuckDbStore.read(storePath(flags, findConfig('.')));
      try {
        await new Query(store, await recordedCluster(store, flags.recorded), flags, run).answer(now);
      } finally {
        await store.close();
      }
    });
}

/** Repeatable; a mistyped word gets the nearest. */
function verdictOption(): Option {
  const option = wordOption('--verdict <VERDICT>', 'only what became of it (repeatable)', OBSERVED_VERDICTS);
  const one = option.parseArg!;
  return option.argParser((given: string, before: readonly ObservedVerdict[] = []) => [...before, one<unknown>(given, undefined) as ObservedVerdict]);
}
