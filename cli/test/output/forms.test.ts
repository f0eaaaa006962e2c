import fc from 'fast-check';
import { csv, dot, Edge, json, junit, markdown, mermaid, sentence, table, withoutEmptyColumns } from '../../src/output';

const text = (pieces: Iterable<string>): string => [...pieces].join('');
const plain = (_: string, words: string): string => words;

test('a table has no borders and no blanks at the end of a line', () => {
  expect(text(table({ columns: ['name', 'ports', 'why'], rows: [['shop/web', 'TCP 80', ''], ['a', 'all', 'x']] }, plain))).toBe([
    'NAME       PORTS    WHY',
    'shop/web   TCP 80',
    'a          all      x',
    '',
  ].join('\n'));
});

test('columns in which nothing stands are left out, but for those that are wanted', () => {
  const sheet = { columns: ['a', 'b', 'c'], rows: [['', '', '1']] };
  expect(withoutEmptyColumns(sheet, ['a'])).toEqual({ columns: ['a', 'c'], rows: [['', '1']] });
});

test('CSV quotes what would be taken for its own signs', () => {
  expect(text(csv({ columns: ['a', 'b'], rows: [['1,2', 'x'], ['say "hi"', 'two\nlines']] }))).toBe('a,b\r\n"1,2",x\r\n"say ""hi""","two\nlines"\r\n');
});

test('Markdown shows text as it is', () => {
  expect(text(markdown({ columns: ['a'], rows: [['shop/web[Deployment] | *']] }))).toBe('| a |\n| --- |\n| shop/web\\[Deployment\\] \\| \\* |\n');
});

const EDGES: readonly Edge[] = [
  { from: 'a', to: 'b "x"', label: 'TCP 80', unsure: false },
  { from: 'b "x"', to: 'a', label: '<all>', unsure: true },
];

test('Mermaid', () => {
  expect(text(mermaid(EDGES))).toBe([
    'flowchart LR', '  n0["a"]', '  n1["b #34;x#34;"]', '  n0 -->|"TCP 80"| n1', '  n1 -.->|"#60;all#62;"| n0', '',
  ].join('\n'));
});

test('a line of a Mermaid picture can have a colour, and a backtick ends no fence', () => {
  expect(text(mermaid([{ ...EDGES[0]!, to: '```', colour: '#cf222e' }]))).toBe([
    'flowchart LR', '  n0["a"]', '  n1["#96;#96;#96;"]', '  n0 -->|"TCP 80"| n1', '  linkStyle 0 stroke:#cf222e', '',
  ].join('\n'));
});

test('a sentence mentions nobody and links no issue', () => {
  expect(sentence('*see* @org/team #12')).toBe('\\*see\\* @<!-- -->org/team \\#<!-- -->12');
  expect(sentence('https://a.example www.b.example GH-7 a@b.example')).toBe('https:<!-- -->//a.example www<!-- -->.b.example GH<!-- -->-7 a@<!-- -->b.example');
});

test('DOT', () => {
  expect(text(dot(EDGES))).toBe([
    'digraph connections {', '  rankdir=LR;', '  node [shape=box];', '  n0 [label="a"];', '  n1 [label="b \\"x\\""];',
    '  n0 -> n1 [label="TCP 80"];', '  n1 -> n0 [label="<all>", style=dashed];', '}', '',
  ].join('\n'));
});

test('JSON is what its parts are, whatever they are', () => {
  fc.assert(fc.property(fc.dictionary(fc.string().filter((key) => key !== '__proto__' && key !== 'list'), fc.jsonValue()), fc.array(fc.jsonValue()), (head, list) => {
    expect(JSON.parse(text(json(head, { list })))).toEqual(JSON.parse(JSON.stringify({ schemaVersion: 1, ...head, list })));
  }));
});

describe('JUnit', () => {
  test('a report', () => {
    expect(text(junit('suite', [{ name: 'good', suite: 'a.yaml' }, { name: 'bad', suite: 'a.yaml', failure: { message: 'no', details: 'because' } }]))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0" skipped="0">
  <testsuite name="suite" tests="2" failures="1" errors="0" skipped="0">
    <testcase name="good" classname="a.yaml"/>
    <testcase name="bad" classname="a.yaml">
      <failure message="no">because</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  test('no text breaks out of its place', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => {
      const line = text(junit('s', [{ name, suite: 'x' }])).split('\n')[3]!;
      const inside = /^ {4}<testcase name="(.*)" classname="x"\/>$/.exec(line)?.[1];
      expect(inside).not.toMatch(/[<>"]|&(?!(?:lt|gt|amp|quot|#10|#9);)|(?!\t)\p{Cc}/u);
    }));
  });
});
