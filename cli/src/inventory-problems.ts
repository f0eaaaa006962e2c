import { InventoryIssue } from 'cdk8s-netpol/analysis';
import { Origin } from 'cdk8s-netpol/policy';
import { InputProblem } from './input/input-problem';
import { InputOrigin } from './input/source-document';

/** What the engine found about the input, with the line of each field. */
export function inventoryProblems(issues: readonly InventoryIssue[]): InputProblem[] {
  return issues.map(({ message, origin, path }) => {
    if (isInputOrigin(origin)) return origin.problemIn(path ?? '', message);
    return { place: { file: origin?.file ?? 'input', ...(origin?.line === undefined ? {} : { line: origin.line }) }, reason: message };
  });
}

export function isInputOrigin(origin: Origin | undefined): origin is InputOrigin {
  return origin !== undefined && 'problemIn' in origin;
}
