import * as fc from 'fast-check';
import { RecurringJson } from '../../../src/flows/sources/recurring-json';

const KEYS = ['time', 'uuid', 'source', 'destination', 'source_port'];

function parser(): (line: string | Buffer) => unknown {
  const lines = new RecurringJson(KEYS, () => undefined);
  return (line) => {
    const bytes = Buffer.from(line);
    // as a part of something longer, which it must not look into
    const around = Buffer.concat([Buffer.from('{"time":"1"}\n'), bytes, Buffer.from('\n"x"}')]);
    const found = lines.parse(around, 13, 13 + bytes.length);
    return found === undefined ? undefined : structuredClone(JSON.parse(JSON.stringify(found.value)) as unknown);
  };
}

function plain(line: string | Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}

const scalar = fc.constantFrom(
  '"a"', '"b"', '""', '"2026-09-01T00:00:00Z"', '"ä"', '"a\\"b"', '"\\u0000"', '"\\u00000"', '"time\\":"', '"source"', '0', '7', '08', '-1', '1.5', '1e3', '12345',
  '9007199254740993', '99999999999999999999', 'true', 'null', '"\u007f"', '"a', '{', '[]',
);
const key = fc.constantFrom(...KEYS.map((name) => `"${name}"`), '"name"', '"\\u0074ime"', '"__proto__"', '"labels"', '"source\\""');
const gap = fc.constantFrom('', '', '', '', ' ', '\t');
const { value } = fc.letrec<{ value: string; object: string; list: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, tie('object'), tie('list')),
  object: fc.array(fc.tuple(key, gap, gap, tie('value')), { maxLength: 5 }).map((fields) => `{${fields.map(([name, before, after, inner]) => `${name}${before}:${after}${inner}`).join(',')}}`),
  list: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
}));

test('whatever the line is, and whatever came before, the answer is that of JSON.parse', () => {
  fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 12 }), (lines) => {
    const parse = parser();
    for (const line of [...lines, ...lines, ...lines]) expect(parse(line)).toEqual(plain(line));
  }), { numRuns: 400 });
});

test('the same for lines that are alike, with other values and with damage', () => {
  const address = fc.tuple(fc.nat(3), fc.nat(3)).map(([a, b]) => `10.0.${a}.${b}`);
  const endpoint = fc.tuple(fc.nat(3), fc.boolean()).map(([pod, hasName]) => `{"labels":["app=${pod}"]${hasName ? `,"pod_name":"p-${pod}"` : ''}}`);
  const fields = fc.record({ time: fc.nat(99), ip: address, source: endpoint, destination: fc.oneof(endpoint, fc.constantFrom('null', '{}', '"x"')), port: fc.nat(70_000), node: fc.nat(2) });
  const damage = fc.option(fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), byte: fc.nat(255) }), { nil: undefined, freq: 6 });
  const line = fc.tuple(fields, damage).map(([{ time, ip, source, destination, port, node }, broken]) => {
    const text = `{"flow":{"time":"${time}","IP":{"source":"${ip}"},"source":${source},"destination":${destination},"l4":{"source_port":${port}},"node":"n${node}"},"time":"${time}"}`;
    const bytes = Buffer.from(text);
    if (broken !== undefined) bytes[Math.floor(broken.at * bytes.length)] = broken.byte;
    return bytes;
  });
  fc.assert(fc.property(fc.array(line, { minLength: 30, maxLength: 60 }), (lines) => {
    const parse = parser();
    for (const each of lines) expect(parse(each)).toEqual(plain(each));
  }), { numRuns: 200 });
});

test('what is deeper than the stack is parsed as well', () => {
  const parse = parser();
  const deep = `{"a":${'['.repeat(8000)}${']'.repeat(8000)},"time":"1"}`;
  const lines = new RecurringJson(KEYS, () => undefined);
  for (let time = 0; time < 3; time++) expect(lines.parse(Buffer.from(deep), 0, deep.length)).toBeDefined();
  expect(parse('{"time":"1"}')).toEqual({ time: '1' });
});

test('what lines have in common is found out once, and may not look at what is variable', () => {
  let asked = 0;
  const lines = new RecurringJson(KEYS, (found) => {
    asked++;
    return (found as { kind: string }).kind;
  });
  const parse = (text: string) => lines.parse(Buffer.from(text), 0, text.length);
  for (let time = 0; time < 10; time++) expect(parse(`{"kind":"a","time":"${time}"}`)).toMatchObject({ facts: 'a', value: { time: String(time) } });
  // the first line is not remembered, as it may never come again
  expect(asked).toBe(2);
  const curious = new RecurringJson(KEYS, (found) => (found as { time: string }).time);
  expect(() => ['1', '2'].map((time) => curious.parse(Buffer.from(`{"time":"${time}"}`), 0, 12))).toThrow('may not depend on what is variable');
});
