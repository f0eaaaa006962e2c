/** Why a part of the input was left out. Nothing is left out without being counted. */
export type SkipReason = 'other-document' | 'empty-document' | 'other-file' | 'hidden-folder';

const WORDS: Readonly<Record<SkipReason, readonly [string, string]>> = {
  'other-document': ['document that is no Kubernetes object', 'documents that are no Kubernetes objects'],
  'empty-document': ['empty document', 'empty documents'],
  'other-file': ['file that is neither YAML nor JSON', 'files that are neither YAML nor JSON'],
  'hidden-folder': ['hidden or vendored folder', 'hidden or vendored folders'],
};
const EXAMPLES = 3;

/** Counts what was left out, by reason, with the first places of each. */
export class Skipped {
  private readonly byReason = new Map<SkipReason, { count: number; readonly examples: string[] }>();

  public add(reason: SkipReason, place: () => string): void {
    let entry = this.byReason.get(reason);
    if (entry === undefined) this.byReason.set(reason, (entry = { count: 0, examples: [] }));
    entry.count++;
    if (entry.examples.length < EXAMPLES) entry.examples.push(place());
  }

  public count(reason: SkipReason): number {
    return this.byReason.get(reason)?.count ?? 0;
  }

  /** One line for people, or undefined where everything was read. */
  public get summary(): string | undefined {
    const parts = (Object.keys(WORDS) as SkipReason[]).flatMap((reason) => {
      const entry = this.byReason.get(reason);
      if (entry === undefined) return [];
      const [one, many] = WORDS[reason];
      const rest = entry.count - entry.examples.length;
      const places = reason === 'empty-document' ? '' : ` (${entry.examples.join(', ')}${rest > 0 ? `, and ${rest} more` : ''})`;
      return [`${entry.count} ${entry.count === 1 ? one : many}${places}`];
    });
    return parts.length === 0 ? undefined : `skipped: ${parts.join(', ')}`;
  }
}
