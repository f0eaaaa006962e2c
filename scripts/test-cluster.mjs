// The tests of test/api-server against a real kube-apiserver, which they start and stop on loopback. Arguments go to jest.
// Where the programs cannot be had this fails: a check that is skipped in silence is none.
import { apiServerBinaries } from './api-server.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { run } from './run.mjs';

ensureInstalled();
run('jest', ['--config', 'jest.cluster.config.mjs', '--runInBand', ...process.argv.slice(2)], { env: apiServerBinaries() });
