import { SCHEMA_VERSION } from '../../output/json';
import { Sheet } from '../../output/sheet';
import { table } from '../../output/table';
import { Run } from '../../run';
import { observationJson } from '../observation-json';
import { Reading } from '../sources/flow-source';
import { ImportSession } from '../store/flow-sink';
import { isoText } from '../timestamps';
import { findFlowFiles } from './find-flow-files';
import { ContentImport } from './import-content';
import { skippedText, warnOfMalformed } from './import-report';
import { contentOf, ImportSettings } from './run-import';

/** A session that keeps nothing. */
const NOTHING: ImportSession = {
  known: [],
  write: () => Promise.resolve(),
  forget: () => Promise.resolve(),
  commit: () => Promise.resolve(),
};

/** Shows what each record gives, while it reads: the answer need not fit into memory. */
export class DryRun {
  public constructor(private readonly run: Run, private readonly settings: Omit<ImportSettings, 'cluster' | 'sampled'>, private readonly form: 'table' | 'json') {}

  public async show(names: readonly string[]): Promise<void> {
    const files = findFlowFiles(names);
    if (this.form === 'json' && files.length > 1) await this.run.print([`{"schemaVersion": ${SCHEMA_VERSION}, "files": [\n`]);
    for (const [index, file] of files.entries()) {
      if (this.form === 'json' && index > 0) await this.run.print([',\n']);
      await (this.form === 'json' ? this.showJson(file, files.length > 1) : this.showTable(file));
    }
    if (this.form === 'json' && files.length > 1) await this.run.print([']}\n']);
  }

  private async showJson(file: string, isOneOfMany: boolean): Promise<void> {
    const { context: { now }, maxMalformed } = this.settings;
    const skipped: Array<{ readonly line: number; readonly reason: string }> = [];
    let pieces: string[] = [];
    let separator = '\n  ';
    await this.run.print([`{${isOneOfMany ? `"file": ${JSON.stringify(file)}` : `"schemaVersion": ${SCHEMA_VERSION}`}, "now": ${JSON.stringify(isoText(now))}, "observations": [`]);
    const { source, tally } = await this.read(file, (reading, line) => {
      if (reading.skipped !== undefined) skipped.push({ line, reason: reading.skipped });
      for (const observation of reading.observations) {
        pieces.push(separator, JSON.stringify(observationJson(observation, line)));
        separator = ',\n  ';
      }
    }, async () => {
      await this.run.print(pieces);
      pieces = [];
    });
    await this.run.print(pieces);
    await this.run.print([`], "skipped": [${skipped.map((each) => JSON.stringify(each)).join(', ')}], "lostEvents": ${tally.lost}, "source": ${JSON.stringify(source.id)}}\n`]);
    if (tally.malformedShare > maxMalformed) this.run.warn(`${file}: an import would fail: ${tally.skippedFor('malformed')} of ${tally.records} records are malformed`);
  }

  private async showTable(file: string): Promise<void> {
    const { source, tally } = await this.read(file, () => undefined, () => Promise.resolve());
    const skipped = Object.fromEntries(tally.skipped);
    const sheet: Sheet = {
      columns: ['file', 'source', 'records', 'observations', 'skipped', 'lost events'],
      rows: [[file, source.id, String(tally.records), String(tally.observations), skippedText(skipped), String(tally.lost)]],
    };
    warnOfMalformed({ file, malformed: tally.malformed, skipped }, this.run);
    await this.run.print(table(sheet, this.run.paint));
  }

  private read(file: string, onReading: (reading: Reading, line: number) => void, onChunk: () => Promise<void>) {
    const content = { ...contentOf(file, this.settings, this.run, () => undefined), maxMalformed: 1, commitAfter: undefined };
    return new ContentImport(content, NOTHING, { onReading, onChunk }).run();
  }
}
