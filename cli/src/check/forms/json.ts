import { json } from '../../output';
import { CheckReport } from '../report';
import { ShownFinding } from '../shown-finding';

/** The contract: fields are added, never changed. */
export function checkJson({ findings, suppressed, notEvaluated }: CheckReport): Iterable<string> {
  return json({}, {
    findings: findings.map(findingJson),
    notEvaluated,
    suppressed: suppressed.map((each) => ({ ...findingJson(each), reason: each.reason })),
  });
}

function findingJson({ finding, file, line, column, reproduce, fingerprint }: ShownFinding): object {
  const { rule, severity, message, fix, owner, object, path, why, exception } = finding;
  return {
    rule, severity, message, fix, owner: owner ?? null, object,
    file: file ?? null, line: line ?? null, column: column ?? null, path, why, reproduce, exception, fingerprint,
  };
}
