import { readFileSync } from 'node:fs';
import { hasShared, sharedPath } from '../../../../test/shared-data';
import { FlowInventory } from '../../../src/flows/inventory/flow-inventory';
import { readFlowInventory } from '../../../src/flows/inventory/read-flow-inventory';
import { observationJson } from '../../../src/flows/observation-json';
import { FlowSource, Reading } from '../../../src/flows/sources/flow-source';
import { timeOf } from '../../../src/flows/timestamps';

interface Sample {
  readonly now: string;
  readonly inventory?: string;
  readonly observations: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly skipped: ReadonlyArray<{ readonly line: number; readonly reason: string }>;
  readonly lostEvents: number;
}

export const MARKER = 'netpol-audit';
export const NOW = Date.UTC(2026, 8, 30);

/** Reads records of one file as an import does. */
export function readAll(source: FlowSource, records: Iterable<unknown>, inventory = FlowInventory.NONE, now = NOW): Reading[] {
  const reader = source.reader({ inventory, now, marker: MARKER });
  return [...records].map((record) => reader.read(record));
}

export function recordsOf(source: FlowSource, text: string): Iterable<unknown> {
  if (source.framing === 'lines') return text.replace(/\n$/, '').split('\n');
  const records = source.documentRecords?.(JSON.parse(text));
  if (records === undefined) throw new Error(`${source.id} does not know its own document`);
  return records;
}

/** One test for each line of a sample in ../shared/flows, and one for what was lost. */
export function testSample(source: FlowSource, file: string): void {
  if (!hasShared('flows', file)) {
    process.stderr.write(`skipped: ${file} (needs the test data in ../shared/flows)\n`);
    test['skip'](`${file}: needs ../shared/flows`, () => undefined);
    return;
  }
  const path = sharedPath('flows', file);
  const sample = JSON.parse(readFileSync(`${path}.expected.json`, 'utf8')) as Sample;
  const inventory = sample.inventory === undefined ? undefined : readFlowInventory(sharedPath('flows', file, '..', sample.inventory));
  const text = readFileSync(path, 'utf8');
  const readings = readAll(source, recordsOf(source, text), inventory, timeOf(sample.now));
  describe(file, () => {
    it('is recognised', () => expect(source.recognises(headOf(source, text))).toBe(true));

    it.each(readings.map((reading, index) => [index + 1, reading] as const))('line %i', (line, reading) => {
      const wanted = sample.observations.filter((each) => each.line === line).map(comparable);
      const reason = sample.skipped.find((each) => each.line === line)?.reason;
      expect(reading.observations.map((each) => comparable(observationJson(each, line)))).toEqual(wanted);
      expect(reading.skipped).toBe(reason);
    });

    it('has no line that is not expected', () => {
      expect(new Set([...sample.observations, ...sample.skipped].map(({ line }) => line)).size).toBe(readings.length);
    });

    it('says what was lost', () => expect(readings.reduce((sum, { lost = 0 }) => sum + lost, 0)).toBe(sample.lostEvents));
  });
}

/** What an import looks at to recognise a file. */
export function headOf(source: FlowSource, text: string): readonly string[] {
  return source.framing === 'lines' ? text.split('\n').slice(0, 20) : [text.slice(0, 4096)];
}

/** Through JSON, which has no undefined. */
function comparable(observation: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify(observation));
}
