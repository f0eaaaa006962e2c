import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as synthesis from '../../src/migrate/synthesize';
import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';

const POLICIES = join(__dirname, 'estate', 'policies');

// No input is known that becomes an app which is not equal. What would happen shows where the synthesis loses a policy.
jest.mock('../../src/migrate/synthesize', () => {
  const actual = jest.requireActual<typeof synthesis>('../../src/migrate/synthesize');
  return { ...actual, synthesize: (files: never) => actual.synthesize(files).split('---\n').filter((document) => !document.includes('name: allow-redis')).join('---\n') };
});

test('an app that is not equal is written with a warning in each file, the differences are a table, and the exit code is 1', async () => {
  const out = join(temporaryFolder(), 'app');
  const { code, stdout } = await netpol(['migrate', POLICIES, '--out', out]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^Not equal/);
  expect(stdout).toMatch(/removed +shop\/possible-\S+-app-cart\[Deployment\] +shop\/possible-\S+-app-redis\[Deployment\] +TCP 6379 +-/);
  for (const file of ['main.ts', 'owners.ts', 'namespaces/shop.ts']) expect(readFileSync(join(out, file), 'utf8')).toMatch(/^\/\/ NOT EQUAL: /);
});
