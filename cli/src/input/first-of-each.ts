import { InputObject } from './kubernetes-object';

type Metadata = Readonly<Record<string, unknown>> | null | undefined;

/** The objects of `first`, and those of `second` that it does not have. */
export function firstOfEach(first: readonly InputObject[], second: readonly InputObject[]): InputObject[] {
  const known = new Set(first.map(identity));
  return [...first, ...second.filter((each) => {
    const id = identity(each);
    return id === undefined || !known.has(id);
  })];
}

/** The version of the API does not tell objects apart: the API server keeps one object and shows it in all versions. */
function identity({ object: { apiVersion, kind, metadata } }: InputObject): string | undefined {
  const { name, namespace } = (typeof metadata === 'object' ? metadata as Metadata : undefined) ?? {};
  if (typeof name !== 'string' || name === '') return undefined;
  const space = typeof namespace === 'string' && namespace !== '' ? namespace : 'default';
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return `${group} ${kind} ${space}/${name}`;
}
