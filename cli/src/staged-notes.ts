import { InventoryIssue, objectText } from 'cdk8s-netpol/analysis';

const SHOWN = 10;

/** What became of staged policies, in a line each for those left out and those evaluated. */
export function stagedNotes(issues: readonly InventoryIssue[]): string[] {
  const line = (code: string, text: string): string[] => {
    const names = issues.flatMap((issue) => (issue.code === code && issue.object !== undefined ? [objectText(issue.object)] : []));
    if (names.length === 0) return [];
    const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : '';
    return [`${text}: ${names.slice(0, SHOWN).join(', ')}${more}`];
  };
  return [
    ...line('staged-enforced', 'staged, evaluated as if enforced'),
    ...line('staged-ignored', 'staged, left out (--staged enforced evaluates staged policies as if they were enforced)'),
  ];
}
