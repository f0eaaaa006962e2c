import { Direction, DIRECTIONS, Policy } from 'cdk8s-netpol/policy';

/**
 * How a namespace becomes code.
 * - `denied`: a DefaultDenyNamespace. What the input leaves open of a direction as a whole stays open, by a policy that says so.
 * - `open`: a chart with rules; pods that no policy selects are open, and a default-deny would close them.
 */
export type NamespaceForm =
  | { readonly kind: 'denied'; readonly stillOpen: readonly Direction[] }
  | { readonly kind: 'open'; readonly why: string };

/**
 * @param policies the NetworkPolicies of the namespace that become code
 * @param noOpener why nothing may be put beside a default-deny that keeps a direction open; undefined where it may
 */
export function formOf(policies: readonly Policy[], noOpener: string | undefined): NamespaceForm {
  const denied = DIRECTIONS.filter((direction) => policies.some(({ subject, isolates }) => subject.pods.matchesEverything && isolates.includes(direction)));
  const stillOpen = DIRECTIONS.filter((direction) => !denied.includes(direction));
  if (denied.length === 0) return { kind: 'open', why: 'no policy denies by default, and pods that none selects are open' };
  const touched = stillOpen.filter((direction) => policies.some(({ isolates }) => isolates.includes(direction)));
  if (touched.length > 0) return { kind: 'open', why: `${touched.join(' and ')} is denied for some pods and open for the others` };
  if (stillOpen.length > 0 && noOpener !== undefined) return { kind: 'open', why: `no NetworkPolicy denies ${stillOpen.join(' and ')} by default, and ${noOpener}` };
  return { kind: 'denied', stillOpen };
}

/** Whether a policy denies by default and says nothing else. */
export function isBareDefaultDeny({ subject, rules }: Policy): boolean {
  return subject.pods.matchesEverything && rules.length === 0;
}
