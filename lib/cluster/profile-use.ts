import { IConstruct } from 'constructs';

/** Who first read a profile at or below a scope. */
const USED_BY = Symbol.for('cdk8s-netpol.ClusterProfile.usedBy');

/**
 * Notes that a construct was built with the profile of its cluster. Kind and API version of its objects are then fixed, so
 * that a profile attached later at or above it would only be half true: `ClusterProfile.attach` refuses it.
 */
export function noteProfileUse(construct: IConstruct): void {
  for (const scope of [...construct.node.scopes].reverse()) {
    // Whoever is noted has noted everything above.
    if (USED_BY in scope) return;
    Object.defineProperty(scope, USED_BY, { value: pathOf(construct) });
  }
}

/** The path of the construct that first read a profile at or below a scope. */
export function profileUser(scope: IConstruct): string | undefined {
  return (scope as unknown as Record<symbol, string | undefined>)[USED_BY];
}

/** The path of a construct; the root has none of its own. */
export function pathOf(construct: IConstruct): string {
  return construct.node.path === '' ? 'App' : construct.node.path;
}
