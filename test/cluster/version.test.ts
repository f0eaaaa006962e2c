import { isAtLeast, isVersion } from '../../lib/cluster';

test.each([
  ['1.20', '1.20', true],
  ['1.20', '1.20.0', true],
  ['1.20.3', '1.20', true],
  ['1.19.9', '1.20', false],
  ['2', '1.20', true],
  ['v1.20', '1.20', true],
  ['1.9', '1.10', false],
  ['1.20.0-rc.1', '1.20', true],
  ['1.28.6-gke.1010000', '1.28.6', true],
  ['1.36.0-gke.4446999', '1.36.0-gke.4447000', false],
  ['1.36.0-gke.4447000', '1.36.0-gke.4447000', true],
  ['1.36.1', '1.36.0-gke.4447000', true],
  ['1.35', '1.36.0-gke.4447000', false],
])('version %s against %s: %s', (version, since, expected) => {
  expect(isAtLeast(version, since)).toBe(expected);
});

test.each([
  [undefined, '1.20'],
  ['1', '1.20'],
  ['1.36', '1.36.0-gke.4447000'],
  ['1.36.0', '1.36.0-gke.4447000'],
  ['1.28', '1.28.6'],
])('version %s says too little about %s', (version, since) => {
  expect(isAtLeast(version, since)).toBe('depends');
});

test.each(['1', '1.18', 'v3.32.1', '1.36.0-gke.4447000', '1.20.0-rc.1', '1.18.2+build.5'])('%s is a version', (text) => {
  expect(isVersion(text)).toBe(true);
});

test.each(['', 'latest', '1.', '1.x', '>=1.18', '1.18 ', 'v'])('"%s" is no version', (text) => {
  expect(isVersion(text)).toBe(false);
});
