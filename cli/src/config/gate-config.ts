import { durationOf } from '../flows/durations';
import { shareOf } from '../number-option';
import { ConfigReader } from './config-reader';

/** Something that a person answers for, until a day. */
export interface Waiver {
  /** What it is about: `shop/web -> pay/api 8080/TCP` (each part may have `*`), or `NAMESPACE/NAME`. */
  readonly subject: string;
  readonly kind: WaiverKind;
  readonly reason: string;
  /** The last day on which it holds. */
  readonly until: string;
}

/** A connection that may be dropped, stay undecided or be opened; a CronJob that was not seen; a workload that was not restarted. */
export const WAIVER_KINDS = ['connection', 'cronJob', 'workload'] as const;
export type WaiverKind = (typeof WAIVER_KINDS)[number];

/** What has to be so before a namespace may go to ENFORCE. */
export interface GateConfig {
  /** How long traffic has to have been observed, in milliseconds: a business cycle. */
  readonly window: number;
  /** The share of hours and nodes that has to be complete. */
  readonly completeness: number;
  /** The share of events that may be lost. */
  readonly maxLoss: number;
  /** An hour in which a node was silent for longer is not complete, in milliseconds. */
  readonly maxSilence: number;
  /** The share of connections that may stay undecided. */
  readonly maxUndecided: number;
  /** The share of connections that has to be exercised in the other environment, where one is named. */
  readonly minRehearsed: number;
  /** How long evidence holds, in milliseconds. */
  readonly evidenceHolds: number;
  readonly waivers: readonly Waiver[];
}

const KEYS = ['window', 'completeness', 'maxLoss', 'maxSilence', 'maxUndecided', 'minRehearsed', 'evidenceHolds', 'waivers'];

export const GATE_DEFAULTS: GateConfig = {
  window: durationOf('14d'),
  completeness: 0.95,
  maxLoss: 0.01,
  maxSilence: durationOf('30m'),
  maxUndecided: 0,
  minRehearsed: 0,
  evidenceHolds: durationOf('7d'),
  waivers: [],
};

export function readGate(reader: ConfigReader, value: unknown): GateConfig {
  if (value === undefined || value === '') return GATE_DEFAULTS;
  const fields = reader.mapping(value, 'gate', KEYS);
  const duration = (name: 'window' | 'maxSilence' | 'evidenceHolds'): number => {
    const text = reader.text(fields[name], `gate.${name}`);
    return text === undefined ? GATE_DEFAULTS[name] : reader.guard(`gate.${name}`, () => durationOf(text));
  };
  const share = (name: 'completeness' | 'maxLoss' | 'maxUndecided' | 'minRehearsed'): number => {
    const text = reader.text(fields[name], `gate.${name}`);
    return text === undefined ? GATE_DEFAULTS[name] : reader.guard(`gate.${name}`, () => shareOf(text));
  };
  return {
    window: duration('window'),
    completeness: share('completeness'),
    maxLoss: share('maxLoss'),
    maxSilence: duration('maxSilence'),
    maxUndecided: share('maxUndecided'),
    minRehearsed: share('minRehearsed'),
    evidenceHolds: duration('evidenceHolds'),
    waivers: reader.items(fields.waivers, 'gate.waivers').map((item, index) => readWaiver(reader, item, `gate.waivers[${index}]`)),
  };
}

function readWaiver(reader: ConfigReader, value: unknown, path: string): Waiver {
  const fields = reader.mapping(value, path, [...WAIVER_KINDS, 'reason', 'until']);
  const wanted = (name: string): string => reader.text(fields[name], `${path}.${name}`) ?? reader.refuse(path, `has no ${name}`);
  const kinds = WAIVER_KINDS.filter((kind) => fields[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) return reader.refuse(path, `is about ${kinds.length === 0 ? 'nothing' : 'several things'}. Instead: one of ${WAIVER_KINDS.join(', ')}`);
  const until = wanted('until');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || Number.isNaN(Date.parse(until))) reader.refuse(`${path}.until`, `"${until}" is no day. Instead: 2026-12-31`);
  const subject = wanted(kind);
  if (kind === 'connection' && !CONNECTION.test(subject)) reader.refuse(`${path}.connection`, `"${subject}" is no connection. Instead: shop/web -> pay/api 8080/TCP, in which * stands for any text`);
  return { kind, subject, reason: wanted('reason'), until };
}

export const CONNECTION = /^(\S+) -> (\S+) (\S+)$/;
