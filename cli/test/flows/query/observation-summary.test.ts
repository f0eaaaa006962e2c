import { sourceObservations, observationText } from '../../../src/flows/query/observation-summary';
import { CoverageHour } from '../../../src/flows/store/flow-store';

const HOUR = 3_600_000;
const day = { from: 0, until: 24 * HOUR };

function watched(hour: number, change: Partial<CoverageHour> = {}): CoverageHour {
  return { hour: hour * HOUR, node: 'n1', source: 'hubble', events: 10, lost: 0, sampled: 1, silentMinutes: 0, longestSilence: 0, ...change };
}

function texts(coverage: readonly CoverageHour[], window = day): readonly string[] {
  return sourceObservations(coverage, window).map(observationText);
}

const hours = (count: number, change: Partial<CoverageHour> = {}): readonly CoverageHour[] => Array.from({ length: count }, (_, hour) => watched(hour, change));

test('every source by itself: what one missed another may not have seen', () => {
  expect(texts([...hours(24), ...hours(12, { node: 'n2', lost: 100 }), ...hours(24, { source: 'gke', node: '*', sampled: 10 })])).toEqual([
    'gke has events of 24 of 24 node-hours (100 %, it does not say of which nodes), and lost none that it knows of; it records one event of 10',
    'hubble has events of 36 of 48 node-hours (75 %, 2 nodes), and lost 1,200',
  ]);
});

test('almost all is not all', () => {
  expect(texts(hours(999), { from: 0, until: 1000 * HOUR })).toEqual(['hubble has events of 999 of 1,000 node-hours (99 %, 1 node), and lost none that it knows of']);
});

test('nobody recorded', () => {
  expect(texts([])).toEqual([]);
});
