import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { VERBS } from '../../src/program';
import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';

const script = async (shell: string): Promise<string> => {
  const { code, stdout, stderr } = await netpol(['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

describe('bash', () => {
  const complete = async (...words: string[]): Promise<string[]> => {
    const file = join(temporaryFolder({ 'netpol.bash': await script('bash'), 'manifests/a.yaml': '' }), 'netpol.bash');
    const line = words.map((word) => `'${word}'`).join(' ');
    const command = `source '${file}'; cd "$(dirname '${file}')"; COMP_WORDS=(netpol ${line}); COMP_CWORD=${words.length}; _netpol; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', command], { encoding: 'utf8' }).trim().split('\n').filter((word) => word !== '');
  };

  test('verbs', async () => {
    expect(await complete('')).toEqual([...Object.keys(VERBS), 'help', '--help', '--version']);
    expect(await complete('ex')).toEqual(['explain']);
  });

  test('flags of a verb', async () => {
    expect(await complete('diff', '--f')).toEqual(['--fail-on']);
    expect(await complete('list', '--f')).toEqual(['--from']);
    expect(await complete('migrate', '--f')).toEqual(['--force']);
    expect(await complete('migrate', '--n')).toEqual(['--namespace']);
  });

  test('values of a flag', async () => {
    expect(await complete('diff', '--fail-on', '')).toEqual(['any', 'wider', 'never']);
    expect(await complete('list', '-o', 'm')).toEqual(['markdown', 'mermaid']);
    for (const verb of ['list', 'explain', 'diff', 'test']) expect(await complete(verb, '--staged', '')).toEqual(['ignored', 'enforced']);
    expect(await complete('migrate', '-o', '')).toEqual(['table', 'json']);
  });

  test('words of a verb, and else paths', async () => {
    expect(await complete('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await complete('list', 'man')).toEqual(['manifests']);
  });
});

test.each(['zsh', 'fish'])('%s names every verb and its flags', async (shell) => {
  const text = await script(shell);
  for (const verb of Object.keys(VERBS)) expect(text).toContain(verb);
  expect(text).toMatch(/fail-on/);
  expect(text).toMatch(/any wider never/);
});

test.each(['zsh', 'fish'])('%s takes the script, where that shell is installed', async (shell) => {
  const text = await script(shell);
  const file = join(temporaryFolder({ script: text }), 'script');
  const { error, status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
  if (error !== undefined) process.stderr.write(`not checked: ${shell} is not installed\n`);
  else expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(text).toMatch(/^#/);
});
