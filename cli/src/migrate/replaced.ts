import { kubernetes } from 'cdk8s-netpol/dialects';
import { Policy, policyId } from 'cdk8s-netpol/policy';
import { InputObject } from '../input';
import { NamespacePlan } from './plan';
import { portsWithin, statementsOf } from './statement';

/**
 * Policies of the app that have the name of a hand-written one and do not say all of it. Applied, they replace it in place; what
 * it said besides is in other objects of the file, and until these are applied, too, it is closed.
 */
export function replacedInPlace(namespaces: readonly NamespacePlan[], manifests: readonly InputObject[]): string[] {
  const after = new Map(manifests.filter(({ object }) => kubernetes.isNetworkPolicy(object)).map(({ object }) => {
    const { policy } = kubernetes.readNetworkPolicy(object);
    return [policyId(policy), policy] as const;
  }));
  return namespaces.flatMap(({ policies, form }) => policies.filter((old) => {
    const now = after.get(policyId(old));
    // behind a default-deny the pods stay closed whichever policy closes them
    return now !== undefined && !(saysAsMuch(now, old) && (form.kind === 'denied' || closesAsMuch(now, old)));
  })).map(policyId);
}

function saysAsMuch(now: Policy, old: Policy): boolean {
  if (!old.subject.pods.sameAs(now.subject.pods)) return old.rules.length === 0;
  const said = statementsOf([now]);
  return statementsOf([old]).every((each) => said.some((own) => own.direction === each.direction
    && own.peerKey === each.peerKey && portsWithin(each.ports, own.ports)));
}

function closesAsMuch(now: Policy, old: Policy): boolean {
  return old.subject.pods.sameAs(now.subject.pods) && old.isolates.every((direction) => now.isolates.includes(direction));
}
