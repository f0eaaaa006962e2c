import { FlowInventory } from '../../../src/flows/inventory/flow-inventory';
import { FlowSource, Reading } from '../../../src/flows/sources/flow-source';
import { MARKER, NOW } from './samples';

/** What a field may hold instead of what it should. */
const INSTEAD: readonly unknown[] = [
  null, true, -1, 0, 65_536, 1.5, 1e300, '', 'constructor', '__proto__', '999.1.1.1', 'fe80::1%eth0', '::ffff:0a00:0001', [], [null], {}, { name: {} }, undefined,
];

/** Asserts that a source reads all of these lines, however they are damaged, without failing and without inventing a value. */
export function expectToSurviveDamage(source: FlowSource, lines: readonly string[], inventory = FlowInventory.NONE): void {
  const reader = source.reader({ inventory, now: NOW, marker: MARKER });
  for (const line of lines) {
    for (let length = 0; length <= line.length; length++) expectSound(reader.read(line.slice(0, length)), line.slice(0, length));
    for (const damaged of damagedJson(line)) expectSound(reader.read(damaged), damaged);
  }
  for (const instead of [...INSTEAD, 7]) expectSound(reader.read(instead), instead);
}

/** The line with each of its fields replaced by each of other kinds. */
function* damagedJson(line: string): Generator<string> {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return;
  }
  for (const path of pathsOf(record)) for (const instead of INSTEAD) yield JSON.stringify(replaced(record, path, instead));
}

function pathsOf(value: unknown): ReadonlyArray<readonly string[]> {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...pathsOf(inner).map((path) => [key, ...path])]);
}

function replaced(value: unknown, [key, ...rest]: readonly string[], instead: unknown): unknown {
  if (key === undefined) return instead;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, instead);
  return copy;
}

function expectSound({ observations, skipped, time, node }: Reading, line: unknown): void {
  const problems = [
    ...(observations.length === 0 && skipped === undefined ? ['neither read nor skipped'] : []),
    ...(time === undefined || Number.isFinite(time) ? [] : ['time of the reading']),
    ...(node === undefined || (typeof node === 'string' && node !== '') ? [] : ['node']),
    ...observations.flatMap((each) => [
      ...(each.time === null || Number.isFinite(each.time) ? [] : ['time']),
      ...(each.port === null || (Number.isInteger(each.port) && each.port >= 1 && each.port <= 65_535) ? [] : ['port']),
      ...(Number.isSafeInteger(each.count) && each.count >= 1 ? [] : ['count']),
      ...(['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6', 'unknown'].includes(each.protocol) ? [] : ['protocol']),
      ...(['allowed', 'denied', 'would-deny', 'unknown'].includes(each.verdict) ? [] : ['verdict']),
      ...(['ingress', 'egress', 'unknown'].includes(each.direction) ? [] : ['direction']),
      ...(each.decidedBy === null || each.decidedBy.every(({ name, tier }) => [name, tier].some((word) => typeof word === 'string' && word !== '')) ? [] : ['decidedBy']),
      ...[each.src, each.dst].flatMap((peer) => (hasHoles(peer) ? ['peer'] : [])),
    ]),
  ];
  // the line is shown for whoever has to find the damage
  if (problems.length > 0) throw new Error(`${problems.join(', ')}: ${JSON.stringify(line)} gives ${JSON.stringify(observations)}`);
}

/** No empty text, no number and nothing undefined anywhere in a peer. */
function hasHoles(value: unknown, key = ''): boolean {
  if (typeof value === 'object' && value !== null) return Object.entries(value).some(([inner, each]) => hasHoles(each, key === 'labels' ? 'label' : inner));
  return value === null ? !['workload', 'kind', 'ip'].includes(key) : typeof value !== 'string' || (value === '' && key !== 'label');
}
