import { Condition, ConnectionDiff, pairChanges, portsText, SidePorts, Workload } from 'cdk8s-netpol/analysis';
import { codeCell, codeSpan, Edge, mermaid, sentence } from '../../output';
import { Owners } from '../../owners/read-owners';
import { ChangeRow, foldRows } from './fold-rows';
import { verdictLine } from './verdict-line';
import { endCell, endText, namespaceOf } from './wide-end';
import { widestFirst } from './width';

/** What a comment on a pull request is made from. */
export interface CommentSubject {
  readonly diff: ConnectionDiff;
  readonly before: { readonly workloads: readonly Workload[]; readonly owners: Owners };
  readonly after: { readonly workloads: readonly Workload[]; readonly owners: Owners; readonly namespaces: readonly string[] };
  /** What was compared, as the command line named it. */
  readonly compared: { readonly base: string; readonly head: string };
  /** The cluster of netpol.yaml: a pull request that changes several has a comment for each. */
  readonly cluster?: string;
  /** The profile by whose rules policies were evaluated. */
  readonly profile: string;
  /** The command line that shows all rows. */
  readonly command: string;
}

/** GitHub refuses a comment beyond this, GitLab one beyond a million. @see https://github.com/dead-claudia/github-limits */
export const COMMENT_LIMIT = 65_536;
/** Below this not even the verdict and the line about what was left out are sure to fit. */
export const LEAST_LIMIT = 2_000;
/** More lines than a dozen are a knot, not a picture. */
const PICTURE_ROWS = 12;
/** GitLab draws pictures beyond this only when they are clicked. @see https://gitlab.com/gitlab-org/gitlab/-/merge_requests/60490 */
const PICTURE_CHARACTERS = 2_000;

const HEAD = '| from | to | before | after | depends on |\n| --- | --- | --- | --- | --- |\n';
const COLOURS = { opened: '#cf222e', closed: '#6e7781' } as const;

/**
 * The difference as a comment: the verdict, then what opened and what closed, by namespace and owner. Where not all fits into
 * `limit` characters, the widest rows stay, whole ones, and a line says what is missing.
 */
export function diffComment(subject: CommentSubject, limit = COMMENT_LIMIT): string {
  const { diff, before, after, compared, cluster, profile, command } = subject;
  const changes = pairChanges(diff);
  const rows = widestFirst(foldRows(changes, before.workloads, after.workloads));
  const head = `${markerOf(cluster)}\n### ${cluster === undefined ? '' : `${codeSpan(cluster)}: `}${verdictLine(diff.verdict, changes)}\n\n`
    + `${codeSpan(compared.base)} compared with ${codeSpan(compared.head)}, as ${codeSpan(profile)} enforces policies.\n`;
  const leftOut = (count: number): string => `\n${count} of ${rows.length} rows are left out here, the narrowest. All of them: ${codeSpan(command)}\n`;
  const titled = rows.map((row) => ({ row, title: titleOf(row, subject) }));

  const all = tables(titled);
  const room = limit - head.length;
  const picture = pictureOf(rows);
  let text = head;
  if (all.length <= room) {
    text += all;
    if (text.length + picture.length <= limit) text += picture;
  } else {
    const kept = fitting(titled, room - leftOut(rows.length).length);
    text += tables(kept) + leftOut(rows.length - kept.length);
  }
  for (const details of [conditionDetails(rows), untouchedDetails(rows, after)]) {
    if (text.length + details.length <= limit) text += details;
  }
  return text;
}

/** The first line, which nobody sees: by it the comment is found when it is to be brought up to date. */
export function markerOf(cluster: string | undefined): string {
  // two hyphens would end the comment early in some parsers
  return `<!-- netpol diff${cluster === undefined ? '' : ` cluster=${encodeURIComponent(cluster).replaceAll('-', '%2D')}`} -->`;
}

interface TitledRow {
  readonly row: ChangeRow;
  readonly title: string;
}

/** The widest rows that fit, with the headings that they bring along. */
function fitting(titled: readonly TitledRow[], room: number): TitledRow[] {
  const [kept, headings] = [new Array<TitledRow>(), new Set<string>()];
  let left = room;
  for (const each of titled) {
    const section = sectionOf(each.row);
    const needed = [section, `${section}${each.title}`].filter((heading) => !headings.has(heading));
    const size = rowText(each.row).length + (needed.includes(section) ? section.length : 0) + (needed.includes(`${section}${each.title}`) ? each.title.length : 0);
    if (size > left) break;
    for (const heading of needed) headings.add(heading);
    kept.push(each);
    left -= size;
  }
  return kept;
}

function tables(titled: readonly TitledRow[]): string {
  const sections = new Map<string, Map<string, string[]>>();
  for (const { row, title } of titled) {
    const groups = entry(sections, sectionOf(row), () => new Map<string, string[]>());
    entry(groups, title, () => []).push(rowText(row));
  }
  return [...sections].map(([section, groups]) => section + [...groups].map(([title, rows]) => title + rows.join('')).join('')).join('');
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function sectionOf({ opened }: ChangeRow): string {
  return opened ? '\n#### Opened\n' : '\n#### Closed\n';
}

/** A group is the namespace that is reached, or for what leaves the cluster, that it comes from. */
function titleOf({ source, destination }: ChangeRow, { before, after }: CommentSubject): string {
  const end = namespaceOf(destination) === undefined ? source : destination;
  const namespace = namespaceOf(end);
  if (namespace === undefined) return `\n**every namespace**\n\n${HEAD}`;
  const owner = ownerOf(after.owners) ?? ownerOf(before.owners);
  return `\n**${codeSpan(namespace)}**, ${owner === undefined ? 'which names no owner' : `owned by ${codeSpan(owner)}`}\n\n${HEAD}`;

  function ownerOf(owners: Owners): string | undefined {
    if (end.kind !== 'endpoint' || end.endpoint.kind !== 'workload') return owners.ofNamespace(namespace!);
    return owners.ofWorkload({ ...end.endpoint, kind: end.endpoint.workload });
  }
}

function rowText({ source, destination, before, after, conditions }: ChangeRow): string {
  return `| ${[endCell(source), endCell(destination), portsCell(before), portsCell(after), conditions.map((each) => codeCell(conditionText(each))).join('<br>')].join(' | ')} |\n`;
}

function portsCell(side: SidePorts): string {
  const cells = [
    ...(side.allowed === undefined ? [] : [codeCell(portsText(side.allowed))]),
    ...(side.depends === undefined ? [] : [`depends: ${codeCell(portsText(side.depends))}`]),
  ];
  return cells.length === 0 ? '-' : cells.join('<br>');
}

function conditionText({ kind, at }: Condition): string {
  return `${kind} (${at})`;
}

function pictureOf(rows: readonly ChangeRow[]): string {
  if (rows.length === 0 || rows.length > PICTURE_ROWS) return '';
  const text = [...mermaid(rows.map(edgeOf))].join('');
  return text.length > PICTURE_CHARACTERS ? '' : `\n\`\`\`mermaid\n${text}\`\`\`\n`;
}

function edgeOf({ source, destination, before, after, opened, closed, conditions }: ChangeRow): Edge {
  const [was, is] = [before, after].map(({ allowed, depends }) => [allowed, depends].flatMap((ports) => (ports === undefined ? [] : [portsText(ports)])).join('; '));
  const label = opened && closed ? `changed: ${was} to ${is}` : opened ? `opened: ${is}` : is === '' ? `closed: ${was}` : `closed but for: ${is}`;
  return { from: endText(source), to: endText(destination), label, unsure: conditions.length > 0, colour: opened ? COLOURS.opened : COLOURS.closed };
}

function conditionDetails(rows: readonly ChangeRow[]): string {
  const lines = new Set(rows.flatMap(({ conditions }) => conditions.map((each) => `- ${codeSpan(conditionText(each))}: ${sentence(each.why)}\n`)));
  return lines.size === 0 ? '' : folded('What it depends on', [...lines].sort().join(''));
}

/** Namespaces in which nothing changed, so that a reader sees that they were looked at. */
function untouchedDetails(rows: readonly ChangeRow[], { owners, namespaces }: CommentSubject['after']): string {
  if (rows.some(({ source, destination }) => source.kind === 'cluster' || destination.kind === 'cluster')) return '';
  const touched = new Set(rows.flatMap(({ source, destination }) => [namespaceOf(source), namespaceOf(destination)]));
  const lines = namespaces.filter((namespace) => !touched.has(namespace)).sort().map((namespace) => {
    const owner = owners.ofNamespace(namespace);
    return `- ${codeSpan(namespace)}${owner === undefined ? '' : `, owned by ${codeSpan(owner)}`}\n`;
  });
  return lines.length === 0 ? '' : folded(`${lines.length} namespace${lines.length === 1 ? '' : 's'} without a change`, lines.join(''));
}

function folded(summary: string, text: string): string {
  return `\n<details><summary>${summary}</summary>\n\n${text}\n</details>\n`;
}
