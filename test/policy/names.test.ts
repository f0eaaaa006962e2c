import fc from 'fast-check';
import { checkDnsLabel, checkDnsSubdomain, checkLabelKey, checkLabelValue, checkPortName, isDnsSubdomain } from '../../lib/policy';
import { messageOf } from '../cluster/message-of';

/** Whether a check lets a text through; what it lets through it gives back unchanged. */
function valid(check: (text: string) => string, text: string): boolean {
  try {
    expect(check(text)).toBe(text);
    return true;
  } catch {
    return false;
  }
}

const namespace = (text: string): string => checkDnsLabel(text, 'namespace name');
const name = (text: string): string => checkDnsSubdomain(text, 'policy name');
const value = (text: string): string => checkLabelValue(text, 'app');
const A63 = 'a'.repeat(63);

test.each<[string, (text: string) => string, string[], string[]]>([
  ['a namespace (RFC 1123 label)', namespace, ['pay', 'a', '0', 'a-b', 'a--b', '7seas', A63], ['', '-a', 'a-', 'Pay', 'a.b', 'a_b', `${A63}a`, 'a b', 'ä', 'a\n']],
  ['an object (RFC 1123 subdomain)', name, ['pay', 'a.b', 'a-1.b-2', `${A63}a`, 'a'.repeat(253)], ['', '.a', 'a.', 'a..b', 'a.-b', 'A', 'a_b', 'a'.repeat(254), 'a\n']],
  [
    'a label key', checkLabelKey, ['app', 'App_1.x', 'app.kubernetes.io/name', 'a/b', A63, `${'a.'.repeat(126)}a/b`],
    ['', '/', 'a/', '/a', 'a/b/c', 'A.io/b', '-a', 'a-', 'a b', `${A63}a`, 'ä', `${'a'.repeat(254)}/b`, 'a\n'],
  ],
  ['a label value', value, ['', 'web', 'Web_1.x-y', A63, '0'], ['-a', 'a-', '.a', 'a b', 'a/b', `${A63}a`, 'ä', 'a\n']],
  ['a port', checkPortName, ['http', 'a', 'x-1', '1a', 'a1-b2-c3', 'a'.repeat(15)], ['', '80', '1-2', 'HTTP', 'a--b', '-a', 'a-', 'a_b', 'a.b', 'a'.repeat(16), 'a\n']],
])('the name of %s', (_, check, good, bad) => {
  expect(good.filter((text) => !valid(check, text))).toEqual([]);
  expect(bad.filter((text) => valid(check, text))).toEqual([]);
});

test('no value of another type is a name', () => {
  for (const wrong of [undefined, null, 5, {}, ['a'], true]) {
    for (const check of [namespace, name, checkLabelKey, value, checkPortName]) expect(() => check(wrong as never)).toThrow('. Instead: ');
    expect(isDnsSubdomain(wrong as never)).toBe(false);
  }
});

test('a namespace is a name of an object, and a name is labels with dots between them', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '0', '-', '.', 'A', '_'), maxLength: 8 });
  fc.assert(fc.property(text, (each) => {
    if (valid(namespace, each)) expect(isDnsSubdomain(each)).toBe(true);
    expect(isDnsSubdomain(each)).toBe(each.split('.').every((part) => valid(namespace, part)));
    expect(valid(checkLabelKey, each)).toBe(each !== '' && valid(value, each));
    if (valid(checkPortName, each)) expect(valid(namespace, each)).toBe(true);
  }));
});

test('messages quote the text and say what it may be', () => {
  expect(messageOf(() => namespace('Pay'))).toBe('"Pay" is not a valid namespace name. Instead: at most 63 lower-case letters, digits and "-", with a letter or digit at both ends');
  expect(messageOf(() => name('a_b'))).toBe('"a_b" is not a valid policy name. Instead: at most 253 lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part');
  expect(messageOf(() => checkLabelKey('a b'))).toBe('"a b" is not a label key. Instead: a key such as "app" or "app.kubernetes.io/name"');
  expect(messageOf(() => value('-'))).toBe('"-" is not a value that the label "app" can have. Instead: at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends');
});
