// The types of everything (lib, cli, test, examples, bench) and the rules of eslint.config.mjs; nothing is fixed on the way.
import { ensureInstalled } from './ensure-installed.mjs';
import { attempt } from './run.mjs';

ensureInstalled();
const statuses = [attempt('tsc', ['--noEmit']).status, attempt('eslint', ['.']).status];
process.exitCode = Math.max(...statuses);
