import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A folder with these files, which goes away when the tests of the file are done. */
export function temporaryFolder(files: Files = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'netpol-test-'));
  afterAllOnce(() => rmSync(folder, { recursive: true, force: true }));
  write(folder, files);
  return folder;
}

export function write(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

const cleanups: Array<() => void> = [];

function afterAllOnce(cleanup: () => void): void {
  cleanups.push(cleanup);
}

afterAll(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});
