import { Command } from 'commander';
import { ClusterFlags, withClusterFlags } from '../../cluster-flags';
import { GENERIC, parseCni, profileFor } from '../../config/cni-flag';
import { findConfig } from '../../config/netpol-yaml';
import { durationOf, durationText } from '../../flows/durations';
import { splitArguments } from '../../flows/recommend/arguments';
import { doubtsOf } from '../../flows/recommend/confidence';
import { openedUnseenSheet, othersSheet, ruleJson, ruleSheet, tightenSheet, unopenedJson, unopenedSheet, unseenSheet } from '../../flows/recommend/forms';
import { readRanges, trustedRanges } from '../../flows/recommend/known-ranges';
import { openedOf } from '../../flows/recommend/prove';
import { recommend, Recommendation, RecommendInput, tighten } from '../../flows/recommend/recommend';
import { DuckDbStore } from '../../flows/store/duckdb/duckdb-store';
import { Window } from '../../flows/store/flow-store';
import { nowOf, recordedCluster, StoreFlags, storePath, withRecorded } from '../../flows/store-flags';
import { dayText, isoText } from '../../flows/timestamps';
import { InputObject } from '../../input';
import { analyse, ReadCluster, readCluster } from '../../load-cluster';
import { ownerOf } from '../../migrate/owners';
import { json, Sheet, table } from '../../output';
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
  readonly output: 'table' | 'typescript' | 'yaml' | 'json';
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
    .addOption(formOption(['table', 'typescript', 'yaml', 'json']))
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
        if (flags.tighten === true) checkTighten(flags, read);
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
        await run.print(flags.tighten === true ? tightened(input, flags, recorded, run) : written(await recommend(input), flags, recorded, window, run));
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

function checkTighten({ output }: RecommendFlags, read: ReadCluster | undefined): void {
  if (read === undefined) throw new UsageError('--tighten compares the record with policies: give their manifests as PATHs, or --context');
  if (output !== 'table' && output !== 'json') throw new UsageError(`--tighten gives findings and no ${output}. Instead: -o table or json`);
}

function* tightened(input: RecommendInput, { output }: RecommendFlags, cluster: string, run: Run): Generator<string> {
  const { window } = input;
  const { findings, judged, notJudged, watched } = tighten(input);
  if (output === 'json') {
    yield* json({ cluster, window: windowJson(window), coverage: coverageJson(watched), judgedRules: judged }, { findings, notJudged });
    return;
  }
  if (findings.length > 0) yield* table(tightenSheet(findings), run.paint);
  yield `${findings.length > 0 ? '\n' : ''}${judged} rules were compared with ${durationText(window.until - window.from)} of records${findings.length > 0 ? '' : ': each of them was used as far as it goes'}.\n`;
  yield `What is used once a quarter shows in no shorter window. ${doubtsOf(watched).map((doubt) => `And ${doubt}: `).join('')}that nothing was seen is a hint, and a proof only where the record is whole.\n`;
  if (notJudged.length > 0) yield `\nNot judged:\n${notJudged.map((each) => `- ${each}\n`).join('')}`;
}

function written(recommendation: Recommendation, flags: RecommendFlags, recorded: string, window: Window, run: Run): Iterable<string> {
  switch (flags.output) {
    case 'typescript':
      return [recommendation.typescript];
    case 'yaml':
      return [recommendation.yaml];
    case 'json':
      return asJson(recommendation, recorded, window);
    case 'table':
      return asText(recommendation, window, run);
  }
}

function asJson({ rules, unopened, others, unseen, proof, watched }: Recommendation, cluster: string, window: Window): Iterable<string> {
  return json({
    cluster, window: windowJson(window), coverage: coverageJson(watched),
    proof: { covered: proof.covered, openedUnseen: openedOf(proof) },
  }, { rules: rules.map(ruleJson), openedUnseen: proof.openedUnseen, notOpened: unopened.map(unopenedJson), otherNamespaces: others, neverSeen: unseen });
}

function windowJson({ from, until }: Window): unknown {
  return { from: isoText(from), until: isoText(until) };
}

function coverageJson({ watchedHours, windowHours, lost, events, sampled }: Recommendation['watched']): unknown {
  return { watchedHours, windowHours, lost, events, sampled };
}

function* asText(recommendation: Recommendation, window: Window, run: Run): Generator<string> {
  const { rules, unopened, others, unseen, proof, watched } = recommendation;
  yield* table(ruleSheet(rules), run.paint);
  const { connections, addresses } = openedOf(proof);
  const more = [connections > 0 ? `${connections} connections` : '', addresses > 0 ? `${addresses} addresses of known ranges` : ''].filter((each) => each !== '');
  yield `\nEvaluated: all ${proof.covered} connections of these rules pass. Opened and never seen: ${more.join(', ') || 'nothing'}.\n`;
  yield `Window: ${durationText(window.until - window.from)}${doubtsOf(watched).map((doubt) => `; ${doubt}`).join('')}.\n`;
  const part = function* (title: string, sheet: Sheet): Generator<string> {
    if (sheet.rows.length === 0) return;
    yield `\n${title}\n`;
    yield* table(sheet, run.paint);
  };
  yield* part('Opened, and never seen:', openedUnseenSheet(recommendation));
  yield* part('Seen, and not opened:', unopenedSheet(unopened));
  if (others.length > 0) yield* part('Other namespaces need at their end, where they deny by default:', othersSheet(recommendation));
  if (unseen.length > 0) yield* part('Never seen, and closed by the default-deny, DNS aside:', unseenSheet(recommendation));
}
