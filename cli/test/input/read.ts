import { Readable } from 'node:stream';
import { Input, InputError, InputSource, readInput } from '../../src/input';

export function read(paths: readonly InputSource[], stdin: string | Buffer = ''): Promise<Input> {
  return readInput(paths, { stdin: Readable.from([Buffer.from(stdin)]) });
}

/** What is told about paths that cannot be read. */
export async function refusal(paths: readonly InputSource[]): Promise<string> {
  try {
    await read(paths);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error(`${paths.join(', ')} were read`);
}

/** `Pod shop/web` for each object, in order. */
export function names({ objects }: Input): string[] {
  return objects.map(({ object: { kind, metadata } }) => {
    const { name, namespace } = metadata as { readonly name: string; readonly namespace?: string };
    return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  });
}

export function pod(name: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\n`;
}
