import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { git } from '../diff/git';
import { InputObject } from '../input';

interface ManagedField {
  readonly time?: unknown;
  readonly fieldsV1?: { readonly 'f:data'?: object };
}

/** The day on which a namespace got its stage: the API server tells of a live one, git of the line in a file that it tracks. */
export function stageSince({ object, origin }: InputObject): string | undefined {
  const { managedFields } = object.metadata as { readonly managedFields?: readonly ManagedField[] };
  if (Array.isArray(managedFields)) {
    const writer = (managedFields as readonly ManagedField[]).find(({ fieldsV1 }) => 'f:stage' in (fieldsV1?.['f:data'] ?? {}));
    return typeof writer?.time === 'string' ? writer.time.slice(0, 10) : undefined;
  }
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
