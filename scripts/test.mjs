// Build, lint and tests: each runs whatever became of the others, so that one run shows everything that is wrong.
// Arguments go to jest: npm test -- test/policy
import { ensureInstalled } from './ensure-installed.mjs';
import { attempt } from './run.mjs';

ensureInstalled();
const steps = [
  ['node', ['scripts/build.mjs']],
  ['node', ['scripts/lint.mjs']],
  ['jest', ['--coverage', ...process.argv.slice(2)]],
];
const statuses = steps.map(([command, args]) => attempt(command, args).status);
process.exitCode = Math.max(...statuses);
