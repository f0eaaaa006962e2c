import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BINARY, spawnNetpol } from '../../spawn-netpol';
import { temporaryFolder, write } from '../../temporary-folder';
import { hubbleLines, NOW, START } from './hubble-records';
import { inStore, stored, totalOf } from './stored';

const KILLS = 50;
/** Each file has hours, connections and pods of those before it, and some of its own. */
const RECORDS = 1500;
/** Large enough to be read by DuckDB. */
const LARGE = 12_000;
const folder = temporaryFolder();
const FILES = Array.from({ length: KILLS }, (_, file) => {
  const name = `${String(file).padStart(2, '0')}.ndjson`;
  const count = file % 10 === 9 ? LARGE : RECORDS;
  write(folder, {
    [name]: hubbleLines(count, (index) => ({
      time: START + (file % 7) * 1_800_000 + index * 400,
      dst: `shop/db-${index % 40 === 0 ? `of-${file}` : index % 11}`,
      pod: (file + index) % 5,
      node: `n${index % 3}`,
      uuid: file * 100_000 + index,
    })),
  });
  return join(folder, name);
});

let random = 20_260_901;
/** From 0 to 1, the same in each run. */
function nextRandom(): number {
  random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
  return random / 0x7fffffff;
}

const argsOf = (store: string, files: readonly string[]): string[] => ['flows', 'import', ...files, '--store', store, '--now', NOW];

/** Starts an import, and ends it without any notice. Says whether it was sooner. */
async function kill(store: string, file: string, after: number): Promise<boolean> {
  const child = spawn(process.execPath, [BINARY, ...argsOf(store, [file])], { stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), after);
  const signal = await new Promise<string | null>((resolve) => child.on('exit', (_, name) => resolve(name)));
  clearTimeout(timer);
  return signal === 'SIGKILL';
}

test('an import that is killed, at any time, leaves the store as it was, and counts once when it is done again', async () => {
  const [undisturbed, store] = [join(folder, 'undisturbed.duckdb'), join(folder, 'killed.duckdb')];
  expect((await spawnNetpol(argsOf(undisturbed, FILES))).code).toBe(0);
  const begun = Date.now();
  expect((await spawnNetpol(argsOf(join(folder, 'timed.duckdb'), FILES.slice(0, 1)))).code).toBe(0);
  const usual = Date.now() - begun;
  let killed = 0;
  let whole = 0;
  for (const file of FILES) {
    // the second half of the time is that of the store
    const wasKilled = await kill(store, file, usual * (0.3 + 0.7 * nextRandom()));
    if (wasKilled) killed++;
    if (!existsSync(store)) continue;
    const entries = await inStore(store, (opened) => opened.imports());
    const counted = entries.reduce((total, { observations }) => total + observations, 0);
    expect(totalOf(await stored(store))).toBe(counted);
    expect(entries.length - whole).toBeLessThanOrEqual(1);
    if (!wasKilled) expect(entries.at(-1)!.name).toBe(file);
    whole = entries.length;
  }
  // most of them were killed while they were at it
  expect(killed).toBeGreaterThan(KILLS / 2);
  expect((await spawnNetpol(argsOf(store, FILES))).code).toBe(0);
  expect(await stored(store)).toEqual(await stored(undisturbed));
  expect(totalOf(await stored(store))).toBe(45 * RECORDS + 5 * LARGE);
}, 180_000);
