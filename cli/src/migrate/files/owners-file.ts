import { text } from '../code';
import { MigrationPlan } from '../plan';
import { linesOf } from './lines';

/** The owners of the namespaces, a line each, so that what the manifests do not say is filled in at one place. */
export function ownersFile(plan: MigrationPlan): string {
  const isOpen = plan.namespaces.some(({ form, owner }) => form.kind === 'denied' && owner.missing.length > 0);
  return linesOf(
    "import type { Owner } from 'cdk8s-netpol';",
    '',
    ...(isOpen ? ['// FILL-IN stands where the manifests do not say it: write the team and its channel there before anybody applies this.', ''] : []),
    '/** Who answers for each namespace: the team that reviews its policies, and how to reach it. */',
    'export const owners = {',
    ...ownerLines(plan).map((line) => `  ${line}`),
    '} as const satisfies Record<string, Owner>;',
  );
}

/** A line for each namespace that has to have an owner. */
export function ownerLines({ namespaces }: MigrationPlan): string[] {
  return namespaces.filter(({ form }) => form.kind === 'denied')
    .map(({ name, owner: { team, contact } }) => `${isWord(name) ? name : text(name)}: { team: ${text(team)}, contact: ${text(contact)} },`);
}

export function ownerCode(namespace: string): string {
  return isWord(namespace) ? `owners.${namespace}` : `owners[${text(namespace)}]`;
}

function isWord(namespace: string): boolean {
  return /^[a-z][a-z0-9]*$/.test(namespace);
}
