import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Test data that lies beside the checkout: conformance cases, flow samples, published schemas. */
const SHARED = join(__dirname, '..', '..', 'shared');

/** `sharedPath('conformance', 'index.json')` is the absolute path, whether it exists or not. */
export function sharedPath(...segments: readonly string[]): string {
  return join(SHARED, ...segments);
}

export function hasShared(...segments: readonly string[]): boolean {
  return existsSync(sharedPath(...segments));
}

/** `describe` where the folder of test data exists; elsewhere one skipped test, and a line on stderr that says why. */
export function describeWithShared(folder: string, title: string, define: () => void): void {
  if (hasShared(folder)) {
    describe(title, define);
    return;
  }
  process.stderr.write(`skipped: ${title} (needs the test data in ../shared/${folder})\n`);
  const skippedTest = test['skip'];
  skippedTest(`${title}: needs ../shared/${folder}`, () => undefined);
}
