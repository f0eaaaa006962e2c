import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { readInputs } from './read-inputs';

const ROOT = join(__dirname, '..', '..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const version = (JSON.parse(read('cli/package.json')) as { version: string }).version;

/** What GitHub's parser refuses. */
function problems(kind: 'action' | 'workflow', content: string): string[] {
  const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
  return JSON.parse(execFileSync(tsx, [join(__dirname, 'github-schema.mjs'), kind], { input: content, encoding: 'utf8', timeout: 60_000 })) as string[];
}

jest.setTimeout(60_000);

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly steps: ReadonlyArray<{ readonly run?: string; readonly uses?: string; readonly env?: Readonly<Record<string, string>> }> };
}

interface Workflow {
  readonly on: string;
  readonly permissions: object;
  readonly jobs: { readonly netpol: { readonly permissions: object; readonly steps: ReadonlyArray<{ readonly uses: string; readonly with: object }> } };
}

interface GitLabJob {
  readonly script: readonly string[];
  readonly rules: unknown;
  readonly artifacts: unknown;
}

describe('action.yml', () => {
  const action = parse(read('action.yml')) as Action;

  test('GitHub takes it', () => {
    expect(problems('action', read('action.yml'))).toEqual([]);
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ['a misspelt key', (text) => text.replace('shell: bash', 'shel: bash'), /Unexpected value 'shel'/],
    ['a context that is none', (text) => text.replace('inputs.token', 'input.token'), /Unrecognized named-value: 'input'/],
  ])('and would not take %s', (_, break_, message) => {
    expect(problems('action', break_(read('action.yml'))).join('\n')).toMatch(message);
  });

  test('every input reaches a step, and every step asks for inputs that there are', () => {
    const asked = [...read('action.yml').matchAll(/\binputs\.([\w-]+)/g)].map(([, name]) => name!);
    expect([...new Set(asked)].sort()).toEqual(Object.keys(action.inputs).sort());
  });

  test('no expression stands within a script, where it would be code', () => {
    for (const { run } of action.runs.steps) expect(run ?? '').not.toMatch(/\$\{\{/);
  });

  test('no other action has to be trusted', () => {
    expect(action.runs.steps.flatMap(({ uses }) => uses ?? [])).toEqual([]);
  });

  test('the script gets what it reads, with the defaults that action.yml names', () => {
    const env = Object.fromEntries(Object.entries(action.runs.steps[1]!.env!).map(([name, value]) => {
      const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1];
      return [name, input === undefined ? '' : action.inputs[input]!.default];
    }));
    expect(readInputs(env)).toEqual({
      netpol: '', paths: [], inventory: [], base: '', cluster: '', cni: '', failOn: 'never', check: true, checkFailOn: 'error', baseline: '', sarif: false, comment: true,
      token: '${{ github.token }}',
    });
    const used = [...read('action/inputs.mjs').matchAll(/env\.(NETPOL\w*)/g)].map(([, name]) => name);
    expect(Object.keys(env).sort()).toEqual(used.sort());
  });
});

describe('the workflow for GitHub', () => {
  const text = read('templates/github-pull-request.yml');

  test('GitHub takes it, and not one with a misspelt permission', () => {
    expect(problems('workflow', text)).toEqual([]);
    expect(problems('workflow', text.replace('pull-requests: write', 'pull-request: write')).join('\n')).toMatch(/Unexpected value 'pull-request'/);
  });

  test('asks for no more than it needs, runs with no token of strangers, and gives inputs that there are', () => {
    const workflow = parse(text) as Workflow;
    expect(workflow.on).toBe('pull_request');
    expect(workflow.permissions).toEqual({});
    expect(workflow.jobs.netpol.permissions).toEqual({ 'contents': 'read', 'pull-requests': 'write' });
    const [checkout, own, ...more] = workflow.jobs.netpol.steps;
    expect(checkout).toEqual({ uses: 'actions/checkout@v4', with: { 'persist-credentials': false } });
    expect(own!.uses).toBe(`cdk8s-netpol/cdk8s-netpol@v${version}`);
    for (const input of Object.keys(own!.with)) expect(Object.keys((parse(read('action.yml')) as Action).inputs)).toContain(input);
    expect(more).toEqual([]);
  });
});

describe('the template for GitLab', () => {
  const [head, body, ...more] = parseAllDocuments(read('templates/gitlab-ci.yml')).map((document) => document.toJS() as unknown);

  test('has its inputs in a header, and uses each of them', () => {
    expect(more).toEqual([]);
    const { spec } = head as { readonly spec: { readonly inputs: Readonly<Record<string, { readonly default: string }>> } };
    const used = [...read('templates/gitlab-ci.yml').matchAll(/\$\[\[ inputs\.([\w-]+) \]\]/g)].map(([, name]) => name!);
    expect(used.sort()).toEqual(Object.keys(spec.inputs).sort());
    expect(spec.inputs.version!.default).toBe(version);
  });

  test('its job runs in merge requests, asks netpol as netpol is asked, and keeps the exit code', () => {
    const { netpol, ...others } = body as Readonly<Record<string, GitLabJob>>;
    expect(others).toEqual({});
    expect(netpol!.rules).toEqual([{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]);
    expect(netpol!.artifacts).toEqual({ expose_as: 'netpol', paths: ['netpol.md'], when: 'always' });
    expect(run(netpol!.script, { check: 0, diff: 1 })).toEqual({
      status: 1,
      asked: [
        ['check', 'a', '*.yaml', '--cni', 'calico@3.31', '--since', 'abc', '-o', 'markdown', '--fail-on', 'error'],
        ['diff', 'abc..HEAD', 'a', '*.yaml', '--cni', 'calico@3.31', '--allow-unknown', '-o', 'markdown', '--max-length', '1000000', '--fail-on', 'wider'],
      ].map((words) => ['--yes', `netpol@${version}`, ...words]),
      printed: '### diff\n### check',
    });
    expect(run(netpol!.script, { check: 1, diff: 0 }).status).toBe(1);
    expect(run(netpol!.script, { check: 2, diff: 1 }).status).toBe(2);
    expect(run(netpol!.script, { check: 1, diff: 2 }).status).toBe(2);
    expect(run(netpol!.script, { check: 0, diff: 0 }).status).toBe(0);
  });

  test('the check can be left out', () => {
    const { netpol } = body as Readonly<Record<string, GitLabJob>>;
    expect(run(netpol!.script, { check: 2, diff: 0 }, 'off')).toMatchObject({ status: 0, printed: '### diff', asked: [expect.not.arrayContaining(['--allow-unknown'])] });
  });

  interface Codes { readonly check: number; readonly diff: number }

  /** Runs the script as the runner does, with stand-ins for git and npx. */
  function run(script: readonly string[], codes: Codes, failOn = 'error'): { readonly status: number; readonly asked: readonly string[][]; readonly printed: string } {
    const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
    const stand = 'git() { :; }\nnpx() { (IFS=$\'\\t\'; echo "$*" >> asked); echo "### $3"; [ "$3" = check ] && return "$CHECK"; return "$DIFF"; }\n';
    const bash = ['--norc', '-c', `set -eo pipefail\n${stand}${script.join('\n')}`];
    const env = {
      PATH: process.env.PATH, CHECK: String(codes.check), DIFF: String(codes.diff), CI_MERGE_REQUEST_DIFF_BASE_SHA: 'abc', NETPOL_PATHS: 'a *.yaml', NETPOL_FLAGS: '--cni calico@3.31',
      NETPOL_FAIL_ON: 'wider', NETPOL_CHECK_FAIL_ON: failOn, NETPOL_VERSION: version, NODE_ENV: 'test' as const,
    };
    let [code, printed] = [0, ''];
    try {
      printed = execFileSync('bash', bash, { cwd: folder, env, encoding: 'utf8' });
    } catch (error) {
      ({ status: code, stdout: printed } = error as { status: number; stdout: string });
    }
    const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n').map((line) => line.split('\t'));
    execFileSync('rm', ['-r', folder]);
    return { status: code, asked, printed: printed.trim() };
  }
});

describe('.pre-commit-hooks.yaml', () => {
  const hooks = parse(read('.pre-commit-hooks.yaml')) as ReadonlyArray<Readonly<Record<string, unknown>> & { readonly entry: string; readonly files: string }>;

  // @see https://pre-commit.com/#creating-new-hooks
  test('each hook has what pre-commit asks for, and runs a verb that there is, of this version', () => {
    expect(hooks.map(({ id }) => id)).toEqual(['netpol-diff', 'netpol-check', 'netpol-test', 'netpol-codeowners']);
    for (const hook of hooks) {
      expect(Object.keys(hook).sort()).toEqual(['description', 'entry', 'files', 'id', 'language', 'name', 'pass_filenames']);
      const [, released, verb] = /^npx --yes netpol@(\S+) ([a-z]+)/.exec(hook.entry)!;
      expect(released).toBe(version);
      expect(existsSync(join(ROOT, 'cli', 'src', 'commands', `${verb}.ts`))).toBe(true);
      expect(new RegExp(hook.files).test('manifests/a.yaml')).toBe(true);
      expect(new RegExp(hook.files).test('main.ts')).toBe(false);
    }
  });
});
