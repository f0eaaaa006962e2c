import { Command } from 'commander';
import { ClusterFlags, withClusterFlags } from '../../cluster-flags';
import { GENERIC, parseCni, profileFor } from '../../config/cni-flag';
import { findConfig } from '../../config/netpol-yaml';
import { durationOf } from '../../flows/durations';
import { RECOMMEND_FORMS, RecommendForm, recommendAnswer, tightenAnswer } from '../../flows/recommend/answer';
import { splitArguments } from '../../flows/recommend/arguments';
import { readRanges, trustedRanges } from '../../flows/recommend/known-ranges';
import { recommend, RecommendInput, tighten } from '../../flows/recommend/recommend';
import { DuckDbStore } from '../../flows/store/duckdb/duckdb-store';
import { Window } from '../../flows/store/flow-store';
import { nowOf, recordedCluster, StoreFlags, storePath, withRecorded } from '../../flows/store-flags';
import { dayText } from '../../flows/timestamps';
import { InputObject } from '../../input';
import { analyse, ReadCluster, readCluster } from '../../load-cluster';
import { ownerOf } from '../../migrate/owners';
import { readOwners } from '../../owners/read-owners';
import { Run } from '../../run';
import { UsageError } from '../../usage-error';
import { formOption, wordOption } from '../../word-option';

interface RecommendFlags extends ClusterFlags, StoreFlags {
  readonly window: string;
  readonly stage: 'enforce' | 'audit';
  readonly externalExpiry: string;
  readonly ranges?: string;
  readonly tighten?: boolean;
  readonly output: RecommendForm;
}

const EXAMPLES = `
NS is a namespace of the record. PATH is a file or a folder with manifests, or - for standard input: what has a slash or a dot in its name, or is
there and is no namespace of the record. Manifests tell the selectors of workloads, what is behind Services, who owns a namespace.

What was denied is not opened. Nor are instance metadata, ports that only replies have, and what no rule can name: they are listed, with the
reason. The rules are synthesized and evaluated against the record before they are printed: all that they were made from passes, and what passes
that was never seen is counted.

Examples:
  netpol flows recommend pay
  netpol flows recommend pay shop manifests/ --cni cilium@1.18 -o typescript > policies.ts
  netpol flows recommend pay --window 30d -o yaml
  netpol flows recommend pay manifests/ --tighten
`;

/** `netpol flows recommend`: from what was recorded to the rules that it needs. */
export function define(command: Command, run: Run): void {
  withRecorded(withClusterFlags(command.argument('<NS...>', 'namespaces of the record, and behind them PATHs of manifests')))
    .description('Recommends the smallest set of rules that lets through what was recorded, with the evidence for each.')
    .option('--context <NAME>', 'read workloads and Services of a live cluster, by this context of the kubeconfig')
    .option('--window <TIME>', 'how far back from now is looked', '14d')
    .addOption(wordOption('--stage <STAGE>', 'the stage of the namespaces in the code', ['enforce', 'audit']).default('enforce'))
    .option('--external-expiry <TIME>', 'after which time addresses that nobody knows are to be looked at again', '30d')
    .option('--ranges <FILE>', 'known ranges of addresses, a CIDR on each line and its name behind it, beside trustedRanges of netpol.yaml')
    .option('--tighten', 'instead: what the policies of the manifests open and nobody was seen to use')
    .addOption(formOption(RECOMMEND_FORMS))
    .addHelpText('after', EXAMPLES)
    .action(async (given: string[], flags: RecommendFlags) => {
      const now = nowOf(flags);
      const window: Window = { from: now - durationOf(flags.window), until: now };
      const expires = dayText(now + durationOf(flags.externalExpiry));
      const config = findConfig('.');
      const store = await DuckDbStore.read(storePath(flags, config));
      try {
        const recorded = await recordedCluster(store, flags.recorded);
        const everything = await store.pods(recorded, window);
        const all = await store.connections(recorded, window);
        const seen = new Set([...everything, ...all.flatMap(({ src, dst }) => [src, dst]).filter((peer) => peer.kind === 'pod' || peer.kind === 'service')].map(({ namespace }) => namespace));
        const { namespaces, paths } = splitArguments(given, seen);
        const read = await readManifests(paths, flags, run);
        const objects: readonly InputObject[] = read?.objects ?? [];
        const cni = read?.cni ?? (flags.cni === undefined ? GENERIC : parseCni(flags.cni));
        const owners = readOwners(objects, config);
        const tightens = flags.tighten === true ? tightenForm(flags, read) : undefined;
        const input: RecommendInput = {
          connections: all.filter(({ src, dst }) => [src, dst].some((peer) => 'namespace' in peer && peer.namespace !== undefined && namespaces.includes(peer.namespace))),
          sightings: everything, coverage: await store.coverage(recorded, window), window, objects, cni, expires,
          namespaces: namespaces.map((name) => ({ name, owner: ownerOf(name, owners, objects) })),
          cluster: read?.cluster?.name ?? recorded,
          profile: read?.profile ?? profileFor(cni),
          podCidrs: (read?.cluster?.podCidrs ?? []).map(String), nodeCidrs: (read?.cluster?.nodeCidrs ?? []).map(String),
          ranges: [...flags.ranges === undefined ? [] : readRanges(flags.ranges), ...trustedRanges(config?.checks.trustedRanges ?? [])],
          stage: flags.stage === 'audit' ? 'AUDIT' : 'ENFORCE',
        };
        const asked = { cluster: recorded, window, paint: run.paint };
        await run.print(tightens === undefined
          ? recommendAnswer(await recommend(input), flags.output, asked)
          : tightenAnswer(tighten(input), tightens, asked));
      } finally {
        await store.close();
      }
    });
}

/** Manifests are optional here: undefined where nothing names any. */
async function readManifests(paths: readonly string[], flags: RecommendFlags, run: Run): Promise<ReadCluster | undefined> {
  const isNamed = paths.length > 0 || flags.context !== undefined || flags.cluster !== undefined;
  if (!isNamed && flags.inventory === undefined) return undefined;
  const read = isNamed ? await readCluster(paths, flags, run) : await readCluster(flags.inventory!, { ...flags, inventory: [] }, run);
  // refuses what cannot be read, with its place
  analyse(read.objects, read.profile, flags, run);
  return read;
}

/** The form of an answer about policies, which there have to be. */
function tightenForm({ output }: RecommendFlags, read: ReadCluster | undefined): 'table' | 'json' {
  if (read === undefined) throw new UsageError('--tighten compares the record with policies: give their manifests as PATHs, or --context');
  if (output !== 'table' && output !== 'json') throw new UsageError(`--tighten gives findings and no ${output}. Instead: -o table or json`);
  return output;
}
