import { Progress } from '../src/progress';
import { paintFor } from '../src/terminal';

const BOLD = '\u001b[1mx\u001b[22m';

test.each<[string, boolean, Record<string, string>, string]>([
  ['a terminal', true, {}, BOLD],
  ['a file', false, {}, 'x'],
  ['a terminal and NO_COLOR', true, { NO_COLOR: '1' }, 'x'],
  ['a terminal and an empty NO_COLOR, which says nothing', true, { NO_COLOR: '' }, BOLD],
  ['a dumb terminal', true, { TERM: 'dumb' }, 'x'],
  ['a file and FORCE_COLOR', false, { FORCE_COLOR: '1' }, BOLD],
  ['a terminal and FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, 'x'],
])('%s', (_, isTTY, env, painted) => {
  expect(paintFor({ isTTY, write: () => true }, env)('bold', 'x')).toBe(painted);
});

describe('progress', () => {
  const watch = (isTTY: boolean) => {
    let [written, time] = ['', 0];
    const sink = { isTTY, columns: 60, write: (text: string) => (written += text) !== '' };
    const progress = new Progress({ stdin: process.stdin, stdout: sink, stderr: sink, env: {} }, () => time);
    return { progress, wait: (ms: number) => (time += ms), written: () => written };
  };

  test('nothing for a second, then a bar, at most ten times a second, and nothing at the end', () => {
    const { progress, wait, written } = watch(true);
    progress.step('reading', 0, 4);
    wait(999);
    progress.step('reading', 1, 4);
    expect(written()).toBe('');
    wait(1);
    progress.step('reading', 2, 4);
    const bar = '\r\u001b[Kreading [===============               ] 50%';
    expect(written()).toBe(bar);
    wait(99);
    progress.step('reading', 3, 4);
    expect(written()).toBe(bar);
    progress.end();
    expect(written()).toBe(`${bar}\r\u001b[K`);
  });

  test('nothing where no person watches', () => {
    const { progress, wait, written } = watch(false);
    wait(5000);
    progress.step('reading', 1, 4);
    progress.end();
    expect(written()).toBe('');
  });
});
