import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const MAIN = join(__dirname, '..', '..', 'action', 'main.mjs');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly summary: string;
  /** The command lines with which netpol was run. */
  readonly asked: readonly string[][];
}

/** What the stand-in for netpol prints, by verb and form; and with which exit code. */
export interface StandIn {
  readonly diff?: string;
  readonly check?: Readonly<Record<string, string>>;
  readonly checkCode?: number;
  readonly stderr?: string;
  readonly code?: number;
}

/** A checkout on a runner, with a netpol that says what it is told to. */
export class Runner {
  public readonly folder = mkdtempSync(join(tmpdir(), 'netpol-action-'));
  private readonly netpol = join(this.folder, 'netpol');

  public constructor(standIn: StandIn = {}) {
    const script = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const said = ${JSON.stringify(standIn)};
const [verb, ...rest] = process.argv.slice(2);
appendFileSync(${JSON.stringify(join(this.folder, 'asked'))}, JSON.stringify([verb, ...rest]) + '\\n');
process.stderr.write(said.stderr ?? '');
process.stdout.write(verb === 'diff' ? said.diff ?? '' : said.check?.[rest[rest.indexOf('-o') + 1]] ?? '');
process.exitCode = said.code ?? (verb === 'check' ? said.checkCode ?? 0 : 0);
`;
    writeFileSync(this.netpol, script);
    chmodSync(this.netpol, 0o755);
    this.git('init', '--quiet', '--initial-branch', 'main');
    this.commit({ 'netpol.yaml': 'clusters: [{ name: prod, paths: [dist] }]\n', 'dist/a.yaml': '', 'a b/$(id)': '' });
  }

  public git(...args: string[]): string {
    return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'core.hooksPath=/dev/null', ...args], { cwd: this.folder, encoding: 'utf8' }).trim();
  }

  /** Writes files and commits them. @returns the commit */
  public commit(files: Readonly<Record<string, string>>): string {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
      this.git('add', '--', name);
    }
    this.git('commit', '--quiet', '--message', 'change');
    return this.git('rev-parse', 'HEAD');
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  public async run(env: Readonly<Record<string, string>>, event: object = { pull_request: { number: 7, base: { sha: this.git('rev-parse', 'HEAD') } } }): Promise<Outcome> {
    const path = (name: string): string => join(this.folder, name);
    const read = (name: string): string => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : '');
    for (const name of ['asked', 'summary', 'output']) rmSync(path(name), { force: true });
    writeFileSync(path('event.json'), JSON.stringify(event));
    const child = spawn(process.execPath, [MAIN], {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH, HOME: this.folder, RUNNER_TEMP: this.folder, NETPOL: this.netpol, NETPOL_TOKEN: 'secret', NODE_ENV: 'test',
        GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: path('event.json'), GITHUB_REPOSITORY: 'example/infra', GITHUB_SHA: 'f'.repeat(40),
        GITHUB_REF: 'refs/pull/7/merge', GITHUB_STEP_SUMMARY: path('summary'), GITHUB_OUTPUT: path('output'), ...env,
      },
    });
    const deadline = setTimeout(() => child.kill('SIGKILL'), 30_000);
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)));
    clearTimeout(deadline);
    return { code, stdout, summary: read('summary'), asked: read('asked').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as string[]) };
  }
}
