import { Fields, fieldsOf, jsonOf } from './fields';
import { Reading } from './flow-source';
import { orientationOf, hubbleL4, eventType } from './hubble-flow';
import { LineShape, Span, Variable } from './repeated-lines';

const SPACE = 0x20;
const QUOTE = 0x22;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;
const TIME = Buffer.from('"time":"');
const UUID = Buffer.from('"uuid":"');
const SOURCE_PORT = Buffer.from('"source_port":');
const DESTINATION_PORT = Buffer.from('"destination_port":');
/** A reply is one whatever its ports are, and that of the client is the one it goes to. */
const IS_REPLY = Buffer.from('"is_reply":true');
const NODE_NAME = Buffer.from('"node_name":"');
/** How far into a record its time and its identifier are. */
const HEAD = 200;

/** The lines of Hubble: `{"flow":{"time":"…","uuid":"…",…,"source_port":…,…},…,"time":"…"}`. */
export function hubbleLines(read: (record: Fields | undefined) => Reading, trustsFalse: boolean): LineShape<Fields> {
  return {
    variableParts,
    parse: jsonOf,
    read,
    confirms: (record, { observations, skipped }, { time, others }) => {
      const flow = fieldsOf(record.flow);
      if (flow === undefined || flow.time !== time) return false;
      // an address that only the inventory explains may be somebody else's at another time
      if (observations.some(({ src, dst }) => [src, dst].some((peer) => peer.kind === 'unknown' || peer.kind === 'service'))) return false;
      if (skipped === 'clock' || skipped === 'malformed' || skipped === 'missing-fields') return false;
      const [source, destination] = [portOf(flow, 'source_port'), portOf(flow, 'destination_port')];
      const values = [flow.uuid, source, flow.is_reply === true ? destination : undefined, record.time];
      return values.every((value, index) => String(value ?? '') === others[index]) && isToldByItself(flow, trustsFalse);
    },
  };
}

/** The port of the client has a meaning only where nothing else tells who asks. */
function isToldByItself(flow: Fields, trustsFalse: boolean): boolean {
  const l4 = hubbleL4(flow.l4);
  return l4 !== undefined && orientationOf(flow, eventType(flow), l4, trustsFalse) !== 'undecided' && [flow.source, flow.destination].every(isNamed);
}

/** Who it is stands in the record itself. */
function isNamed(endpoint: unknown): boolean {
  const fields = fieldsOf(endpoint);
  return fields !== undefined && (typeof fields.namespace === 'string' || (Array.isArray(fields.labels) && fields.labels.length > 0));
}

function portOf(flow: Fields, key: string): unknown {
  return Object.values(fieldsOf(flow.l4) ?? {}).map((fields) => fieldsOf(fields)?.[key]).find((port) => port !== undefined);
}

function variableParts(buffer: Buffer, start: number, end: number): Variable | undefined {
  const time = valueAfter(buffer, TIME, start, Math.min(end, start + HEAD));
  if (time === undefined) return undefined;
  const uuid = valueAfter(buffer, UUID, time[1], Math.min(end, time[1] + HEAD)) ?? [time[1], time[1]];
  const port = digitsAfter(buffer, SOURCE_PORT, uuid[1], end) ?? [uuid[1], uuid[1]];
  const isReply = buffer.subarray(port[1], end).includes(IS_REPLY);
  const called = (isReply ? digitsAfter(buffer, DESTINATION_PORT, port[1], end) : undefined) ?? [port[1], port[1]];
  const node = buffer.subarray(called[1], end).lastIndexOf(NODE_NAME);
  const last = node < 0 ? undefined : valueAfter(buffer, TIME, called[1] + node, end);
  return { time, others: [uuid, port, called, last ?? [end, end]] };
}

/** The value of a key, if it is plain text: without its quotes, and without any sign that JSON would have escaped. */
function valueAfter(buffer: Buffer, key: Buffer, from: number, limit: number): Span | undefined {
  const start = positionAfter(buffer, key, from, limit);
  if (start === undefined) return undefined;
  let end = start;
  while (end < limit && isPlain(buffer[end]!)) end++;
  return buffer[end] === QUOTE ? [start, end] : undefined;
}

function isPlain(byte: number): boolean {
  return byte >= SPACE && byte < DELETE && byte !== QUOTE && byte !== BACKSLASH;
}

function digitsAfter(buffer: Buffer, key: Buffer, from: number, limit: number): Span | undefined {
  const start = positionAfter(buffer, key, from, limit);
  if (start === undefined) return undefined;
  let end = start;
  while (end < limit && buffer[end]! >= ZERO && buffer[end]! <= NINE) end++;
  return end === start || (buffer[start] === ZERO && end > start + 1) ? undefined : [start, end];
}

/** Looks no further than the line. */
function positionAfter(buffer: Buffer, key: Buffer, from: number, limit: number): number | undefined {
  const at = buffer.subarray(from, limit).indexOf(key);
  return at < 0 ? undefined : from + at + key.length;
}
