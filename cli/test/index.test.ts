import manifest from '../package.json';
import { main, program } from '../src/index';

const outcome = async (args: string[], command = program()) => {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }));
  try {
    return { code: await main(['node', 'netpol', ...args], command), ...written };
  } finally {
    spies.forEach((spy) => spy.mockRestore());
  }
};

test('--version prints the version of the package on stdout', async () => {
  expect(await outcome(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

test('--help says what the command is for', async () => {
  const { code, stdout, stderr } = await outcome(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('What can talk to what');
});

test.each([['--no-such-flag'], ['no-such-verb']])('wrong usage, %s, is exit code 2 with the reason on stderr', async (argument) => {
  const { code, stdout, stderr } = await outcome([argument]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: /);
});

test('an error of a verb is exit code 2 with its message on stderr', async () => {
  const failing = program().action(() => {
    throw new Error('shop.yaml:3:1: not a mapping');
  });
  expect(await outcome([], failing)).toEqual({ code: 2, stdout: '', stderr: 'netpol: shop.yaml:3:1: not a mapping\n' });
});
