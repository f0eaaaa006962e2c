import { join } from 'node:path';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { locateJson } from '../../src/input/locate-json';
import { locateYaml } from '../../src/input/locate-yaml';
import { temporaryFolder } from '../temporary-folder';
import { read } from './read';

const TEXT = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: p
  labels: &labels
    app.kubernetes.io/name: a
    app: b
spec:
  podSelector:
    matchLabels:
      <<: *labels
      own: c
  ingress:
    - from:
        - ipBlock:
            cidr: 10.0.0.0/8
            except: [10.1.0.0/16, 10.2.0.0/16]
      ports: [{port: 80}, {port: 443}]
    -
    - "ports":
        - port: 1
`;

const placeIn = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
};

test.each([
  ['', '1:1'],
  ['kind', '2:1'],
  ['metadata.labels.app', '7:5'],
  ['metadata.labels.app.kubernetes.io/name', '6:5'],
  ['spec.podSelector.matchLabels.own', '12:7'],
  ['spec.podSelector.matchLabels.app', '7:5'],
  ['spec.ingress[0].from[0].ipBlock.cidr', '16:13'],
  ['spec.ingress[0].from[0].ipBlock.except[1]', '17:35'],
  ['spec.ingress[0].ports[1].port', '18:28'],
  ['spec.ingress[1]', '13:3'],
  ['spec.ingress[2].ports[0].port', '21:11'],
  ['spec.ingress[2].from', '20:7'],
  ['spec.egress', '8:1'],
  ['spec.ingress[9]', '13:3'],
  ['status', '1:1'],
])('YAML: %s stands at %s', (path, place) => {
  expect(placeIn(TEXT, locateYaml(TEXT, path))).toBe(place);
});

test('lines of Windows files, of later documents and of items of Lists', async () => {
  const item = '- apiVersion: v1\r\n  kind: Pod\r\n  metadata: {name: a}\r\n';
  const folder = temporaryFolder({ 'a.yaml': `# first\r\n---\r\napiVersion: v1\r\nkind: List\r\nitems:\r\n${item}${item.replace('name: a', 'name: b')}` });
  const { objects } = await read([folder]);
  expect(objects.map(({ origin }) => JSON.parse(JSON.stringify(origin)) as unknown)).toEqual([
    { file: join(folder, 'a.yaml'), line: 6, column: 3 }, { file: join(folder, 'a.yaml'), line: 9, column: 3 },
  ]);
  expect(objects[1]!.origin.at('metadata.name')).toMatchObject({ line: 11, column: 14 });
});

/** Every path of a value, with the value. */
function* pathsOf(value: unknown, path = ''): Generator<[string, unknown]> {
  yield [path, value];
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* pathsOf(item, `${path}[${index}]`);
  else if (typeof value === 'object' && value !== null) for (const [key, item] of Object.entries(value)) yield* pathsOf(item, path === '' ? key : `${path}.${key}`);
}

const KEY = fc.constantFrom('a', 'b', 'c', 'spec', 'x-y');
const VALUE = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.integer({ min: 100000, max: 999999 }), tie('list'), tie('mapping')),
  list: fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
  mapping: fc.dictionary(KEY, tie('value'), { minKeys: 1, maxKeys: 3 }),
})).mapping;

test('JSON: what stands at the place of a path is its value', () => {
  fc.assert(fc.property(VALUE, fc.constantFrom(0, 2), (value, indent) => {
    const text = ` ${JSON.stringify(value, null, indent)}\n`;
    for (const [path, expected] of pathsOf(value)) {
      const rest = text.slice(locateJson(text, path)).replace(/^"[^"]*":\s*/, '');
      expect(rest.startsWith(JSON.stringify(expected, null, indent).slice(0, 1))).toBe(true);
      if (typeof expected === 'number') expect(rest.startsWith(String(expected))).toBe(true);
    }
  }));
});

test('YAML: what stands at the place of a path is its value', () => {
  fc.assert(fc.property(VALUE, fc.boolean(), (value, flow) => {
    const text = flow ? JSON.stringify(value) : dump(value);
    for (const [path, expected] of pathsOf(value)) {
      if (typeof expected !== 'number') continue;
      expect(text.slice(locateYaml(text, path))).toMatch(new RegExp(`^("?[\\w-]+"?: ?)?${expected}`));
    }
  }));
});
