import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Finding } from 'cdk8s-netpol/rules';
import { relativePath } from '../file-pattern';
import { Fix, FIXERS, Json } from './fixers';
import { ManifestText } from './manifest-text';
import { applyEdits, unifiedDiff } from './text-edit';

/** What would be written into one file. */
export interface FilePlan {
  readonly path: string;
  readonly text: string;
  readonly diff: string;
  readonly fixed: readonly Finding[];
}

/** The findings that have one safe answer, as edits of their files. Comments and layout stay; a file that cannot be edited so is left alone. */
export function planFixes(findings: readonly Finding[]): FilePlan[] {
  const byFile = new Map<string, Finding[]>();
  for (const finding of findings) {
    const file = finding.origin?.file;
    if (!Object.hasOwn(FIXERS, finding.rule) || file === undefined || finding.origin?.line === undefined || file.startsWith('<')) continue;
    const known = byFile.get(file);
    if (known === undefined) byFile.set(file, [finding]);
    else known.push(finding);
  }
  return [...byFile].flatMap(([path, own]) => planFile(path, own) ?? []);
}

function planFile(path: string, findings: readonly Finding[]): FilePlan | undefined {
  const bytes = readFileSync(path);
  if (!isUtf8(bytes)) return undefined;
  const file = new ManifestText(bytes.toString('utf8'));
  if (!file.isReadable) return undefined;
  const planned = findings.flatMap((finding) => {
    const object = file.object(finding.object);
    const fix = object === undefined ? undefined : FIXERS[finding.rule]!(file, object.node, finding);
    return object === undefined || fix === undefined ? [] : [{ finding, fix, at: object.path }];
  });
  const kept = planned.filter((each, index) => !planned.slice(0, index).some((before) => overlap(before.fix, each.fix)));
  const proved = provedTogether(file, kept) ? kept : kept.filter((each) => provedTogether(file, [each])).slice(0, 1);
  if (proved.length === 0) return undefined;
  const edits = proved.map(({ fix }) => fix.edit);
  return { path, text: applyEdits(file.text, edits), diff: [...unifiedDiff(relativePath(path), file.text, edits)].join(''), fixed: proved.map(({ finding }) => finding) };
}

/** Whether the edited text reads as the values with the same changes: an edit that says anything else is not made. */
function provedTogether(file: ManifestText, fixes: ReadonlyArray<{ readonly fix: Fix; readonly at: ReadonlyArray<string | number> }>): boolean {
  // without aliases: an edit below an anchor changes what it stands for elsewhere, too
  const expected = JSON.parse(JSON.stringify(file.values)) as unknown[];
  for (const { fix, at } of fixes) fix.apply(at.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], expected) as Json);
  const edited = new ManifestText(applyEdits(file.text, fixes.map(({ fix }) => fix.edit)));
  return edited.isReadable && isDeepStrictEqual(edited.values, expected);
}

function overlap({ edit: one }: Fix, { edit: other }: Fix): boolean {
  return (one.start < other.end && other.start < one.end) || (one.start === other.start && one.end === other.end);
}
