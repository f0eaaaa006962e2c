// npm run new:rule NAME: a rule with its test, in the list. The tests refuse it until every part of it is written.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const [id] = process.argv.slice(2);
if (id === undefined || !/^[a-z]+(-[a-z0-9]+)+$/.test(id)) {
  console.error('npm run new:rule NAME, with at least two words in lower case and "-" between them: no-wide-ports');
  process.exit(2);
}
const name = id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const rule = join(root, 'lib', 'rules', `${id}.ts`);
const test = join(root, 'test', 'rules', `${id}.test.ts`);
const list = join(root, 'lib', 'rules', 'built-in.ts');
if (existsSync(rule)) {
  console.error(`lib/rules/${id}.ts is there already`);
  process.exit(2);
}

writeFileSync(rule, `import { policyPlace } from './framework/place';
import { defineRule } from './framework/policy-rule';

export const ${name} = defineRule({
  id: '${id}',
  title: '',
  severity: 'warning',
  rationale: '',
  bad: '',
  good: '',
  fix: { summary: '', yaml: '', construct: '' },
  controls: [],
  onByDefault: false,
  check({ policies }, report) {
    for (const document of policies) report.finding({ ...policyPlace(document), message: '' });
  },
});
`);
writeFileSync(test, `import { lines, policy } from './check';

const rule = '${id}';
const only = { only: [rule] };

describe('reports', () => {
  test('what it is about', () => {
    expect(lines(rule, policy('shop/a', '{ podSelector: {}, policyTypes: [Ingress] }'), only)).toEqual(['']);
  });
});

describe('does not report', () => {
  test('what looks like it', () => {
    expect(lines(rule, policy('shop/a', '{ podSelector: {}, policyTypes: [Ingress] }'), only)).toEqual([]);
  });
});
`);

const text = readFileSync(list, 'utf8');
const imports = [...text.matchAll(/^import \{ (\w+) \} from '\.\/([a-z0-9-]+)';$/gm)].map(([, each, from]) => ({ name: each, from }));
const rules = [...imports, { name, from: id }].sort((a, b) => (a.from < b.from ? -1 : 1));
const framework = "import { PolicyRule } from './framework/policy-rule';";
const importLines = [...rules.map((each) => `import { ${each.name} } from './${each.from}';`), framework]
  .sort((a, b) => (fromOf(a) < fromOf(b) ? -1 : 1));
const tail = text.slice(text.indexOf('\n/**'), text.indexOf('[\n') + 2);
writeFileSync(list, `${importLines.join('\n')}\n${tail}${rules.map((each) => `  ${each.name},\n`).join('')}];\n`);

console.log(`lib/rules/${id}.ts, test/rules/${id}.test.ts, and its place in lib/rules/built-in.ts
Then: npm test -- test/rules, and npm run docs:rules for its page and the schema of netpol.yaml`);

function fromOf(line) {
  return /'(.*)'/.exec(line)[1];
}
