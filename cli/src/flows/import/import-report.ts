import { Sheet } from '../../output/sheet';
import { Run } from '../../run';
import { ImportedFile } from './run-import';

/** What became of each file, for people. */
export function reportSheet(files: readonly ImportedFile[]): Sheet {
  return {
    columns: ['file', 'source', 'records', 'observations', 'skipped', 'lost events', 'from', 'until'],
    rows: files.map(({ file, source, records, observations, skipped, lostEvents, from, until, knownBytes }) => [
      file, source, String(records), String(observations), skippedText(skipped) || (records === 0 && knownBytes > 0 ? 'imported before' : ''), String(lostEvents),
      shownTime(from), shownTime(until),
    ]),
  };
}

export function warnOfMalformed({ file, malformed, skipped }: Pick<ImportedFile, 'file' | 'malformed' | 'skipped'>, run: Run): void {
  if (malformed.length === 0) return;
  const samples = malformed.map(({ line, detail }) => `line ${line} ${detail}`).join('; ');
  run.warn(`${file}: ${skipped.malformed} malformed record${skipped.malformed === 1 ? '' : 's'} (${samples})`);
}

export function skippedText(skipped: Readonly<Record<string, number>>): string {
  return Object.entries(skipped).map(([reason, count]) => `${reason} ${count}`).join(', ');
}

function shownTime(time: string | null): string {
  return time === null ? '-' : time.slice(0, 16).replace('T', ' ');
}
