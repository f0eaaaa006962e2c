import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What a thread runs, which knows nothing of TypeScript. Undefined where it is not compiled, as in tests, and this thread must do. */
export function compiledScript(name: string): string | undefined {
  const script = join(__dirname, `${name}.js`);
  return existsSync(script) ? script : undefined;
}
