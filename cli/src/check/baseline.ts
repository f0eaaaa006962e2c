import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { objectText } from 'cdk8s-netpol/analysis';
import { UsageError } from '../usage-error';
import { ShownFinding } from './shown-finding';

const VERSION = 1;

interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  /** For people who read the file; the fingerprint decides. */
  readonly object: string;
  readonly message: string;
}

/** Writes what there is now, so that a repository with a past can begin with what is new. In order, for small diffs. */
export function writeBaseline(file: string, findings: readonly ShownFinding[]): void {
  const entries = findings
    .map(({ fingerprint, finding }): BaselineEntry => ({ fingerprint, rule: finding.rule, object: objectText(finding.object), message: finding.message }))
    .sort((a, b) => compare(a.object, b.object) || compare(a.rule, b.rule) || compare(a.fingerprint, b.fingerprint));
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`);
  writeFileSync(file, `{\n  "schemaVersion": ${VERSION},\n  "findings": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]\n}\n`);
}

/** The fingerprints of a baseline. One that cannot be read is an error: without it everything, or nothing, would be new. */
export function readBaseline(file: string): ReadonlySet<string> {
  if (!existsSync(file)) throw new UsageError(`the baseline ${file} is not there. Instead: --write-baseline ${file}, once`);
  let content: { readonly schemaVersion?: unknown; readonly findings?: unknown };
  try {
    content = JSON.parse(readFileSync(file, 'utf8')) as typeof content;
  } catch (error) {
    throw new UsageError(`the baseline ${file} is not JSON: ${(error as Error).message}`);
  }
  if (typeof content !== 'object' || content === null || content.schemaVersion !== VERSION || !Array.isArray(content.findings)) {
    throw new UsageError(`${file} is not a baseline of version ${VERSION}. Instead: what --write-baseline has written`);
  }
  return new Set((content.findings as readonly Partial<BaselineEntry>[]).map(({ fingerprint }) => {
    if (typeof fingerprint !== 'string') throw new UsageError(`the baseline ${file} has a finding without a fingerprint`);
    return fingerprint;
  }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
