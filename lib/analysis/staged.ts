import { Inventory, InventoryIssue, objectText, PolicyDocument } from './inventory';
import { Profile } from './profile';

/**
 * What becomes of each staged policy: left out, or evaluated as if it were enforced. Where that was asked for and the profile
 * serves no such kind, it is an error: there is nothing that it could be enforced as.
 */
export function stagedIssues({ policies }: Inventory, profile: Profile, unserved: readonly PolicyDocument[]): InventoryIssue[] {
  return policies.filter(({ policy }) => policy.stage !== 'enforced').flatMap((document): InventoryIssue[] => {
    if (profile.staged === 'enforced') return [isServed(document, profile) ? asked(document) : notServed(document, profile)];
    return unserved.includes(document) ? [] : [issue(document, 'note', 'staged-ignored', 'is staged: it drops nothing and is left out')];
  });
}

function isServed({ apiVersion, kind }: PolicyDocument, { stagedKinds = [] }: Profile): boolean {
  return stagedKinds.includes(`${apiVersion} ${kind}`);
}

function asked(document: PolicyDocument): InventoryIssue {
  switch (document.policy.stage) {
    case 'staged-ignored':
      return issue(document, 'note', 'staged-ignored', 'is staged with an action that keeps it for the record: it is left out');
    case 'staged-removal':
      return issue(document, 'note', 'staged-enforced', 'is a staged removal: the policy of its name is taken away');
    default:
      return issue(document, 'note', 'staged-enforced', 'is staged: it is evaluated as if it were enforced');
  }
}

function notServed(document: PolicyDocument, { id, version }: Profile): InventoryIssue {
  const where = `the profile ${id}${version === undefined ? '' : `@${version}`}`;
  return issue(document, 'error', 'staged-not-served', `is to be evaluated as if it were enforced, and ${where} does not serve ${document.apiVersion} ${document.kind}. `
    + 'Instead: staged policies ignored, or the profile of a CNI that serves them');
}

function issue({ kind, policy }: PolicyDocument, severity: InventoryIssue['severity'], code: string, what: string): InventoryIssue {
  const object = { kind, name: policy.name, ...(policy.namespace === undefined ? {} : { namespace: policy.namespace }) };
  return { code, severity, message: `${objectText(object)}: ${what}`, object, ...(policy.origin === undefined ? {} : { origin: policy.origin }) };
}
