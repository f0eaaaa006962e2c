import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What the script of the action makes of its environment. */
export function readInputs(env: Readonly<Record<string, string>>): unknown {
  const module = JSON.stringify(join(__dirname, '..', '..', 'action', 'inputs.mjs'));
  const script = `import(${module}).then(({ readInputs }) => console.log(JSON.stringify(readInputs(${JSON.stringify(env)}))))`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
}
