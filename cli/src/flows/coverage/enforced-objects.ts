import { ROLLBACK_POLICY } from 'cdk8s-netpol/policy';
import { InputObject } from '../../input';
import { metadataOf } from '../../owners/object-metadata';

/** The input as it will be once it is enforced, and what was left out for that. */
export interface EnforcedObjects {
  readonly objects: readonly InputObject[];
  readonly leftOut: readonly string[];
}

/** Takes the openers out: what they alone let through is what ENFORCE would drop. */
export function asEnforced(objects: readonly InputObject[], marker: string): EnforcedObjects {
  const isOpener = ({ object }: InputObject) => [marker, ROLLBACK_POLICY].includes(metadataOf(object).name ?? '') && object.kind.endsWith('Policy');
  const leftOut = objects.filter(isOpener).map(({ object }) => {
    const { name, namespace } = metadataOf(object);
    return `${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  });
  return { objects: leftOut.length === 0 ? objects : objects.filter((each) => !isOpener(each)), leftOut: [...new Set(leftOut)].sort() };
}
