import { existsSync } from 'node:fs';
import { policyDigest } from 'cdk8s-netpol/rules';
import { Command } from 'commander';
import { ClusterFlags, withCluster } from '../cluster-flags';
import { GATE_DEFAULTS } from '../config/gate-config';
import { findConfig } from '../config/netpol-yaml';
import { durationOf } from '../flows/durations';
import { writeEvidence } from '../flows/gate/evidence';
import { gateMarkdown, gateText } from '../flows/gate/gate-forms';
import { GateRun } from '../flows/gate/run-gate';
import { DuckDbStore } from '../flows/store/duckdb/duckdb-store';
import { nowOf, recordedCluster, StoreFlags, storePath, withMarker, withRecorded } from '../flows/store-flags';
import { readCluster } from '../load-cluster';
import { json } from '../output';
import { version } from '../program';
import { FINDINGS, Run } from '../run';
import { UsageError } from '../usage-error';
import { formOption } from '../word-option';

interface GateFlags extends ClusterFlags, StoreFlags {
  readonly window?: string;
  readonly against?: readonly string[];
  readonly rehearsedIn?: string;
  readonly marker: string;
  readonly write?: string;
  readonly output: 'table' | 'json' | 'markdown';
}

const EXAMPLES = `
The first word is a namespace; those after it are namespaces as long as there is no file or folder of their name. What has to be so is set
below gate in netpol.yaml: window, completeness, maxLoss, maxSilence, maxUndecided, minRehearsed, evidenceHolds, and waivers with a reason and
a last day. Policies are evaluated as they will be once they are enforced. Exit code 1 on FAIL.

With --write, PASS leaves evidence for git; the rule enforce-without-evidence of netpol check holds changes to ENFORCE against it.

Examples:
  netpol gate pay dist/ --cni cilium
  netpol gate pay shop dist/ --inventory live.yaml -o markdown
  netpol gate pay dist/ --against live.yaml --write evidence/pay.json
`;

/** `netpol gate`: may these namespaces go to ENFORCE? */
export function define(command: Command, run: Run): void {
  withMarker(withRecorded(withCluster(command.argument('<NAMESPACE...>', 'the namespaces, and behind them the files or folders with their policies'))))
    .description('Says PASS or FAIL: may a namespace go to ENFORCE, by what was recorded of it?')
    .option('--window <TIME>', 'how long traffic has to have been observed (default: what netpol.yaml says, else 14d)')
    .option('--against <PATH>', 'the policies of today: what ENFORCE would open is found (repeatable)', collect)
    .option('--rehearsed-in <NAME>', 'another cluster of the store, in which connections were exercised')
    .option('--write <FILE>', 'leave evidence for a PASS in this file: evidence/NAMESPACE.json')
    .addOption(formOption(['table', 'json', 'markdown']))
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], flags: GateFlags) => {
      const { namespaces, paths } = wordsOf(words, flags);
      if (flags.write !== undefined && namespaces.length > 1) throw new UsageError('--write leaves evidence for one namespace: name one');
      const file = findConfig('.');
      const config = { ...file?.gate ?? GATE_DEFAULTS, ...(flags.window === undefined ? {} : { window: durationOf(flags.window) }) };
      const now = nowOf(flags);
      const store = await DuckDbStore.read(storePath(flags, file));
      try {
        const cluster = await recordedCluster(store, flags.recorded);
        const rehearsedIn = flags.rehearsedIn === undefined ? undefined : await recordedCluster(store, flags.rehearsedIn);
        const asked = { namespaces, cluster, rehearsedIn, config, now, against: flags.against ?? [] };
        const { results, observation, inventory } = await new GateRun(store, run).ask(asked, await readCluster(paths, flags, run), flags);
        if (results.some(({ verdict }) => verdict === 'FAIL')) run.exitCode = FINDINGS;
        await run.print(flags.output === 'json' ? json({ cluster }, { namespaces: results })
          : flags.output === 'markdown' ? gateMarkdown(results) : gateText(results, run.paint));
        const [result] = results;
        if (flags.write === undefined) return;
        if (result!.verdict === 'FAIL') run.note(`${flags.write} is not written: there is evidence for a PASS only`);
        else {
          const digest = policyDigest(inventory, result!.namespace);
          writeEvidence(flags.write, { result: result!, observation, config, policyDigest: digest, cluster, tool: `netpol ${version()}`, now });
          run.note(`evidence written to ${flags.write}`);
        }
      } finally {
        await store.close();
      }
    });
}

/** Which of the words are namespaces, and which are files. */
function wordsOf(words: readonly string[], { context }: GateFlags): { readonly namespaces: readonly string[]; readonly paths: readonly string[] } {
  const isPath = (word: string) => word === '-' || /[./]/.test(word) || existsSync(word);
  const first = words.findIndex((word, index) => index > 0 && isPath(word));
  const [namespaces, paths] = first < 0 ? [words, []] : [words.slice(0, first), words.slice(first)];
  const wrong = namespaces.find((name) => !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name));
  if (wrong !== undefined) throw new UsageError(`"${wrong}" is no namespace. Instead: netpol gate NAMESPACE PATH, with the namespaces first`);
  if (context !== undefined && paths.length > 0) throw new UsageError('--context reads a live cluster and PATH reads manifests: give one of them');
  return { namespaces, paths };
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...before ?? [], value];
}
