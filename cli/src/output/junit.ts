/** One test of a JUnit report. */
export interface JunitCase {
  readonly name: string;
  readonly suite: string;
  /** Why it failed; undefined where it passed. */
  readonly failure?: { readonly message: string; readonly details: string };
}

/** The form that CI systems read. @see https://github.com/testmoapp/junitxml */
export function* junit(suiteName: string, cases: readonly JunitCase[]): Generator<string> {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0"`;
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n  <testsuite name="${escape(suiteName)}" ${counts}>\n`;
  for (const { name, suite, failure } of cases) {
    const start = `    <testcase name="${escape(name)}" classname="${escape(suite)}"`;
    yield failure === undefined
      ? `${start}/>\n`
      : `${start}>\n      <failure message="${escape(failure.message)}">${escape(failure.details)}</failure>\n    </testcase>\n`;
  }
  yield '  </testsuite>\n</testsuites>\n';
}

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };

/** Control characters may not stand in XML at all, not even escaped. */
function escape(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}|[\ufffe\uffff]/gu, '\ufffd').replace(/[<>&"\n\t]/g, (character) => ENTITIES[character]!);
}
