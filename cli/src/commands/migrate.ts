import { join } from 'node:path';
import { Command } from 'commander';
import { ClusterFlags, withClusterInput } from '../cluster-flags';
import { diffSheet } from '../diff/forms';
import { analyse, readCluster } from '../load-cluster';
import { additionsTo } from '../migrate/additions';
import { NOT_EQUAL } from '../migrate/files/app-files';
import { migrate, Migration } from '../migrate/migrate';
import { planWriting, Writing, writeFiles } from '../migrate/write-files';
import { json, table } from '../output';
import { FINDINGS, Run } from '../run';
import { formOption } from '../word-option';

interface MigrateFlags extends ClusterFlags {
  readonly out: string;
  readonly namespace?: readonly string[];
  readonly force?: boolean;
  readonly output: 'table' | 'json';
}

const EXAMPLES = `
DIR gets an app of TypeScript files: main.ts, owners.ts, and one file for each namespace. It is run before it is written, and
what it lets through is compared with what the manifests let through, between the workloads of the input, workloads that may
come to exist, and addresses outside. Exit code 1 where they differ: the files are written all the same, and say so.

A namespace that denies by default becomes a DefaultDenyNamespace in ENFORCE; one that does not stays open, in a chart with
its rules. What has no construct is written out as the object that it was, with the reason.

Examples:
  netpol migrate manifests/ --out policies/
  netpol migrate manifests/ --inventory rendered-apps/ --out policies/ --cni calico@3.31
  netpol migrate manifests/ --namespace shop --out policies/
`;

/** `netpol migrate`: constructs in place of hand-written policies, and the proof that they say the same. */
export function define(command: Command, run: Run): void {
  withClusterInput(command)
    .description('Writes an app of constructs that lets through what hand-written policies do, and proves it.')
    .requiredOption('--out <DIR>', 'the folder of the app')
    .option('--namespace <NAME>', 'only this one; an app that is there stays, and what to add to it is shown (repeatable)', (name: string, before: readonly string[] | undefined) => [...before ?? [], name])
    .option('--force', 'overwrite files that are there')
    .addOption(formOption(['table', 'json']))
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: MigrateFlags) => {
      const { objects, named, profile, cni, cluster, config } = await readCluster(paths, flags, run);
      // refuses what cannot be read, with its place, and warns of what the profile leaves out
      analyse(objects, profile, flags, run);
      const planned = { name: cluster?.name ?? flags.context ?? 'cluster', cni, podCidrs: (cluster?.podCidrs ?? []).map(String), nodeCidrs: (cluster?.nodeCidrs ?? []).map(String) };
      const migration = await migrate({ named, objects, profile, planned, config, namespaces: flags.namespace ?? [] });
      const { proof, files } = migration;
      const marked = proof.equal ? files : new Map([...files].map(([file, text]) => [file, file.endsWith('.ts') ? `${NOT_EQUAL}\n${text}` : text]));
      const writing = planWriting(flags.out, marked, { force: flags.force === true, addsTo: flags.namespace !== undefined });
      writeFiles(flags.out, writing.files);
      if (!proof.equal) run.exitCode = FINDINGS;
      for (const id of migration.replaced) {
        run.warn(`${id}: a policy of the app has this name and says less; what is missing is in other objects of the same file. Apply the whole file at once, or rename the old policy first`);
      }
      await run.print(flags.output === 'json' ? asJson(migration, writing, flags.out) : asText(migration, writing, flags, run));
    });
}

function asJson({ proof, plan }: Migration, { files, kept }: Writing, folder: string): Iterable<string> {
  const { equal, workloads, possible, connections, diff: { added, removed, changed } } = proof;
  return json({ equal, compared: { workloads, possibleWorkloads: possible, connections } }, {
    namespaces: plan.namespaces.map(({ name, form, rules, leftOver, others, owner }) => ({
      namespace: name, form: form.kind, constructs: rules.length, writtenOut: leftOver.length + others.length, ownerMissing: owner.missing,
    })),
    files: [...files.keys()].map((file) => join(folder, file)), kept: kept.map((file) => join(folder, file)), added, removed, changed,
  });
}

function* asText(migration: Migration, { files, kept }: Writing, { out }: MigrateFlags, run: Run): Generator<string> {
  const { proof, plan } = migration;
  const { workloads, possible, connections } = proof;
  const compared = `${connections} connections between ${count(workloads, 'workload')} of the input, ${count(possible, 'workload')} that may come to exist, any other pod, and addresses outside`;
  if (proof.equal) {
    yield `${run.paint('green', 'Equal: the app lets through what the manifests let through.')}\n`;
    yield `Compared: ${compared}.\n\n`;
  } else {
    yield `${run.paint('red', 'Not equal: the app does not let through what the manifests let through. The files say so.')}\n`;
    yield `Compared: ${compared}.\n\n`;
    yield* table(diffSheet(proof.diff), run.paint);
    yield '\n';
  }
  yield* table({
    columns: ['namespace', 'becomes', 'constructs', 'written out', 'owner'],
    rows: plan.namespaces.map(({ name, form, rules, leftOver, others, owner }) => [
      name, form.kind === 'denied' ? 'DefaultDenyNamespace, ENFORCE' : 'a chart with rules', String(rules.length), String(leftOver.length + others.length),
      form.kind === 'open' ? '-' : owner.missing.length === 0 ? owner.team : `fill in: ${owner.missing.join(', ')}`,
    ]),
  }, run.paint);
  yield `\nWritten: ${[...files.keys()].map((file) => join(out, file)).join(', ')}\n`;
  if (kept.length > 0) yield* additionsTo(plan, kept.map((file) => join(out, file)));
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
