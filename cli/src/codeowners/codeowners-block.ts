import { UsageError } from '../usage-error';
import { mentionsFor } from './mentions';
import { PolicyFile } from './policy-files';

const BEGIN = '# netpol codeowners: begin (written by netpol codeowners; lines further down take precedence)';
const END = '# netpol codeowners: end';

/** The lines of CODEOWNERS, and what is missing for them to be whole. */
export interface Codeowners {
  readonly block: string;
  readonly gaps: readonly string[];
}

/** A line for each file. A file of which only some owners are known is named with those: nobody would review it otherwise. */
export function codeownersOf(files: readonly PolicyFile[], mapping: ReadonlyMap<string, readonly string[]>): Codeowners {
  const [lines, gaps] = [new Array<string>(), new Map<string, string[]>()];
  const miss = (gap: string, path: string): void => void gaps.set(gap, [...gaps.get(gap) ?? [], path]);
  for (const { path, teams, orphans } of files) {
    const mentions = new Set<string>();
    for (const team of teams) {
      const own = mentionsFor(team, mapping);
      if (own === undefined) miss(`the team "${team}" has no name in CODEOWNERS; give it one with --owner '${team}=@ORG/TEAM', or under owners in netpol.yaml`, path);
      for (const mention of own ?? []) mentions.add(mention);
    }
    for (const orphan of orphans) miss(`"${orphan}" names no owner; label it with cdk8s-netpol/owner, or with a key of ownerKeys in netpol.yaml`, path);
    // a line without an owner would take the file from those whom an earlier line names
    if (mentions.size > 0) lines.push(`/${path.replaceAll(' ', '\\ ')} ${[...mentions].join(' ')}`);
  }
  return { block: [BEGIN, ...lines, END, ''].join('\n'), gaps: [...gaps].map(([gap, paths]) => `${gap} (${paths.join(', ')})`) };
}

/** The text of a CODEOWNERS file with the block in place of the one it has, or behind everything else. */
export function withBlock(text: string, block: string, file: string): string {
  const found = findBlock(text, file);
  if (found === undefined) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${text === '' ? '' : '\n'}${block}`;
  return text.slice(0, found.start) + block + text.slice(found.end);
}

/** What a file lacks of the block, and what it has beyond it; nothing where it is up to date. */
export function staleLines(text: string, block: string, file: string): readonly string[] {
  const found = findBlock(text, file);
  const [is, wanted] = [found === undefined ? [] : text.slice(found.start, found.end).split('\n'), block.split('\n')];
  if (is.join('\n') === block) return [];
  const changes = [...is.filter((line) => !wanted.includes(line)).map((line) => `- ${line}`), ...wanted.filter((line) => !is.includes(line)).map((line) => `+ ${line}`)];
  return changes.length > 0 ? changes : ['the lines stand in another order'];
}

function findBlock(text: string, file: string): { readonly start: number; readonly end: number } | undefined {
  const [begins, ends] = ['begin', 'end'].map((word) => [...text.matchAll(new RegExp(`^# netpol codeowners: ${word}\\b.*\\n?`, 'gm'))]) as [RegExpExecArray[], RegExpExecArray[]];
  if (begins.length === 0 && ends.length === 0) return undefined;
  const [begin, end] = [begins[0], ends[0]];
  if (begins.length !== 1 || ends.length !== 1 || begin === undefined || end === undefined || end.index < begin.index) {
    throw new UsageError(`${file}: the lines "# netpol codeowners: begin" and "# netpol codeowners: end" do not enclose one block. Instead: one of each, in this order, or none`);
  }
  return { start: begin.index, end: end.index + end[0].length };
}
