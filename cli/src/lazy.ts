import { createRequire } from 'node:module';

/**
 * Modules that load when they are needed, so that `--help` does not wait for the engine. Not `import()`: it is asynchronous, and
 * a test runner for CommonJS has none.
 */
const load = createRequire(__filename);

export const lazy = {
  reportError: () => load('./report-error') as typeof import('./report-error'),
  liveCluster: () => load('./config/live-cluster') as typeof import('./config/live-cluster'),
  verb: (name: string) => load(`./commands/${name}`) as { readonly define: DefineVerb },
};

/** Gives a verb its arguments, its help and what it does. */
export type DefineVerb = (command: import('commander').Command, run: import('./run').Run) => void;
