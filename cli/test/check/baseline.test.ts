import { readFileSync, writeFileSync } from 'node:fs';
import { netpol } from '../run-netpol';
import { temporaryFolder, write } from '../temporary-folder';

const wide = (name: string, rules = 1) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: pay, labels: { team: a } }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress:
${Array.from({ length: rules }, (_, index) => `    - from: [{ podSelector: { matchLabels: { app: c${index} } } }]\n`).join('')}`;

const here = process.cwd();
let folder = '';
beforeEach(() => process.chdir(folder = temporaryFolder({ 'm/a.yaml': wide('a') })));
afterEach(() => process.chdir(here));
const check = (...args: string[]) => netpol(['check', 'm', ...args]);

test('what there is when it is written fails no more; what is new does, and alone is told', async () => {
  expect((await check()).code).toBe(1);
  expect(await check('--write-baseline', 'b.json')).toMatchObject({ code: 0, stdout: expect.stringMatching(/0 errors, 0 warnings, 1 in the baseline\n$/) as unknown, stderr: '1 finding written to b.json\n' });
  expect(await check('--baseline', 'b.json')).toMatchObject({ code: 0, stderr: '' });
  write(folder, { 'm/a.yaml': `# moved\n\n${wide('a', 2)}`, 'm/b.yaml': wide('b') });
  const { code, stdout } = await check('--baseline', 'b.json', '-o', 'json');
  expect(code).toBe(1);
  expect((JSON.parse(stdout) as { findings: Array<{ object: { name: string }; line: number }> }).findings.map(({ object, line }) => [object.name, line])).toEqual([['a', 11], ['b', 8]]);
});

test('it is in order and says what it accepts', async () => {
  write(folder, { 'm/0.yaml': wide('z') });
  await check('--write-baseline', 'b.json');
  const { findings } = JSON.parse(readFileSync('b.json', 'utf8')) as { findings: Array<{ object: string; rule: string; message: string }> };
  expect(findings.map(({ object, rule }) => [object, rule])).toEqual([['NetworkPolicy pay/a', 'no-all-ports'], ['NetworkPolicy pay/z', 'no-all-ports']]);
  expect(findings[0]!.message).toMatch(/opens every port/);
});

test('what is mended is told, so that it does not come back unseen', async () => {
  await check('--write-baseline', 'b.json');
  write(folder, { 'm/a.yaml': wide('a').replace('} } }]', '} } }]\n      ports: [{ port: 80 }]') });
  expect(await check('--baseline', 'b.json')).toMatchObject({ code: 0, stderr: '1 finding of b.json is mended: --write-baseline b.json takes it out\n' });
});

test.each([['nothing', undefined, /is not there/], ['no JSON', '{', /is not JSON/], ['another file', '{"a": 1}', /is not a baseline of version 1/], ['no fingerprint', '{"schemaVersion": 1, "findings": [{}]}', /without a fingerprint/]])(
  'refuses a baseline that is %s', async (_, text, message) => {
    if (text !== undefined) writeFileSync('b.json', text);
    expect(await check('--baseline', 'b.json')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) as unknown });
  });
