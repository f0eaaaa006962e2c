import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { hasManagedFields, stageWrittenAt } from 'cdk8s-netpol/rules';
import { git } from '../diff/git';
import { InputObject } from '../input';

/** The day on which a namespace got its stage: the API server tells of a live one, git of the line in a file that it tracks. */
export function stageSince({ object, origin }: InputObject): string | undefined {
  if (hasManagedFields(object)) return stageWrittenAt(object);
  const { file, line } = origin.at('data.stage');
  return line === undefined || !existsSync(file) ? undefined : blamed(resolve(file), line);
}

function blamed(path: string, line: number): string | undefined {
  const { status, stdout } = git(['-C', dirname(path), 'blame', '--porcelain', '-L', `${line},${line}`, '--', basename(path)]);
  const [, seconds] = /^author-time (\d+)$/m.exec(stdout) ?? [];
  // what is not committed yet has no date that means anything
  const isCommitted = status === 0 && !stdout.startsWith('0000000');
  return isCommitted && seconds !== undefined ? new Date(Number(seconds) * 1000).toISOString().slice(0, 10) : undefined;
}
