import { InputProblem, placeText } from './input-problem';
import { InputObject } from './kubernetes-object';

type Metadata = Readonly<Record<string, unknown>> | null | undefined;

/** The objects of `first`, and those of `second` that it does not have. */
export function firstOfEach(first: readonly InputObject[], second: readonly InputObject[]): InputObject[] {
  const known = new Set(first.map((each) => identity(each)?.key));
  return [...first, ...second.filter((each) => {
    const key = identity(each)?.key;
    return key === undefined || !known.has(key);
  })];
}

/** Objects that the input has twice: which of the two is in the cluster is anybody's guess. */
export function duplicateObjects(objects: readonly InputObject[]): InputProblem[] {
  const first = new Map<string, InputObject>();
  const problems: InputProblem[] = [];
  for (const each of objects) {
    const id = identity(each);
    if (id === undefined) continue;
    const other = first.get(id.key);
    if (other === undefined) first.set(id.key, each);
    else problems.push(each.origin.problemIn('', `${id.text} is in the input twice: here and at ${placeText(other.origin.at(''))}. Instead: the objects of one cluster; for several of them, clusters in netpol.yaml`));
  }
  return problems;
}

/** The version of the API does not tell objects apart: the API server keeps one object and shows it in all versions. */
function identity({ object: { apiVersion, kind, metadata } }: InputObject): { readonly key: string; readonly text: string } | undefined {
  const { name, namespace } = (typeof metadata === 'object' ? metadata as Metadata : undefined) ?? {};
  if (typeof name !== 'string' || name === '') return undefined;
  const space = typeof namespace === 'string' && namespace !== '' ? namespace : undefined;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return { key: `${group} ${kind} ${space ?? 'default'}/${name}`, text: `${kind} ${space === undefined ? '' : `${space}/`}${name}` };
}
