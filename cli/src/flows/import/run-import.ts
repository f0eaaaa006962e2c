import { statSync } from 'node:fs';
import { Progress } from '../../progress';
import { Run } from '../../run';
import { durationText } from '../durations';
import { FlowSource, SourceContext } from '../sources/flow-source';
import { FlowSink } from '../store/flow-sink';
import { isoText } from '../timestamps';
import { AlikeImport } from './alike-import';
import { findFlowFiles, STDIN } from './find-flow-files';
import { ContentImport, ImportedContent } from './import-content';
import { openContent, streamContent } from './open-content';
import { MalformedSample } from './tally';

export interface ImportSettings {
  /** Those that the files may be of. */
  readonly sources: readonly FlowSource[];
  readonly context: SourceContext;
  readonly maxMalformed: number;
  readonly cluster: string;
  readonly sampled: number;
}

/** What became of one file, as `-o json` has it. */
export interface ImportedFile {
  readonly file: string;
  readonly source: string;
  readonly records: number;
  readonly observations: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly lostEvents: number;
  readonly from: string | null;
  readonly until: string | null;
  /** Bytes of it that had been imported before. */
  readonly knownBytes: number;
  readonly malformed: readonly MalformedSample[];
}

/** What a stream has brought is kept once a minute: it may never end. */
const STREAM_COMMIT = 60_000;

/** Imports files one after the other; each counts when it is done. */
export async function* importInto(sink: FlowSink, names: readonly string[], settings: ImportSettings, run: Run): AsyncGenerator<ImportedFile> {
  for (const name of findFlowFiles(names)) {
    const progress = new Progress(run.terminal);
    let records = 0;
    try {
      const session = await sink.begin(settings.cluster, settings.sampled);
      const step = (done: number, total: number): void => progress.step(`reading ${name}`, done, total, speedOf(progress, records, done, total));
      const onRecords = (count: number): void => void (records = count);
      const onProgress = (share: number, count: number): void => {
        onRecords(count);
        step(share, 1);
      };
      const atOnce = name === STDIN ? undefined : await new AlikeImport({ path: name, ...settings, onProgress }, session).run();
      const outcome = atOnce ?? await new ContentImport(contentOf(name, settings, run, step), session, { onRecords }).run();
      const { source, tally, knownBytes } = outcome;
      yield {
        file: name,
        source: source.id,
        records: tally.records,
        observations: tally.observations,
        skipped: Object.fromEntries([...tally.skipped].sort()),
        lostEvents: tally.lost,
        from: isoText(tally.firstSeen),
        until: isoText(tally.lastSeen),
        knownBytes,
        malformed: tally.malformed,
      };
    } finally {
      progress.end();
    }
  }
}

/** The content of a name of the command line, with its progress by bytes as they are on disk. */
export function contentOf(name: string, settings: Omit<ImportSettings, 'cluster' | 'sampled'>, run: Run, onProgress: (done: number, total: number) => void): ImportedContent {
  let done = 0;
  const { sources, context, maxMalformed } = settings;
  const shared = { name: name === STDIN ? '<stdin>' : name, sources, context, maxMalformed };
  if (name === STDIN) return { ...shared, chunks: streamContent(run.terminal.stdin, () => undefined), commitAfter: STREAM_COMMIT };
  const { size } = statSync(name);
  return { ...shared, chunks: openContent(name, (bytes) => onProgress((done += bytes), size)) };
}

function speedOf(progress: Progress, records: number, done: number, total: number): string {
  const remaining = progress.remaining(done, total);
  return remaining === undefined ? '' : ` ${Math.round(progress.rate(records)).toLocaleString('en')} records/s, ${remaining < 60_000 ? `${Math.ceil(remaining / 1000)} s` : durationText(remaining)} left`;
}
