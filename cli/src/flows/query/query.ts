import { csv, json, table } from '../../output';
import { Run } from '../../run';
import { heatStrip, hoursPerSign } from '../heat-strip';
import { ObservedVerdict } from '../observation';
import { printable } from '../printable';
import { CoverageHour, FlowStore, ObservedConnection, Window } from '../store/flow-store';
import { isoText, minuteText } from '../timestamps';
import { sourceObservations, observationText } from './observation-summary';
import { queryCsv, queryJson, queryTable } from './query-forms';
import { newestRecord, queryWindow, WindowFlags } from './query-window';
import { Answer, Question, QuestionFlags } from './question';
import { RecordedEnds } from './recorded-ends';

export interface QueryFlags extends QuestionFlags, WindowFlags {
  readonly verdict?: readonly ObservedVerdict[];
  readonly limit?: number;
  readonly strip?: boolean;
  readonly output: 'table' | 'json' | 'csv';
}

type Namespaces = readonly string[] | undefined;

export const TABLE_LIMIT = 100;
const WIDTH = 80;

/** One question to a store: the answer goes to stdout, and what it rests on to stderr. */
export class Query {
  public constructor(private readonly store: FlowStore, private readonly cluster: string, private readonly flags: QueryFlags, private readonly run: Run) {}

  public async answer(now: number): Promise<void> {
    const { store, cluster, flags, run } = this;
    const newest = newestRecord(await store.imports(cluster));
    const window = queryWindow(flags, now, newest);
    const recorded = await store.connections(cluster, window, flags.verdict === undefined ? {} : { verdicts: flags.verdict });
    const ends = new RecordedEnds(store, cluster, window, recorded, newest, (text) => run.note(text));
    const question = await Question.of(flags, (text) => ends.find(text));
    const answer = question.answer(recorded);
    const coverage = await store.coverage(cluster, window);
    this.sayWindow(window, coverage);
    this.sayUnobserved(recorded, coverage, newest);
    await this.print(answer, window, coverage, question.namespaces(recorded));
    this.sayOpen(answer);
  }

  private sayWindow(window: Window, coverage: readonly CoverageHour[]): void {
    const { flags, run, cluster } = this;
    const why = flags.since === undefined && flags.until === undefined ? ', the day that ends with the newest record' : '';
    run.note(`${windowText(cluster, window)}${why}`);
    for (const source of sourceObservations(coverage, window)) run.note(observationText(source));
  }

  /** An answer of which nobody knows how much is missing. */
  private sayUnobserved(recorded: readonly ObservedConnection[], coverage: readonly CoverageHour[], newest: number): void {
    const missing = 'so what is missing here may have happened';
    const observed = new Set(coverage.map(({ source }) => source));
    const undated = [...new Set(recorded.flatMap(({ sources }) => sources))].filter((source) => !observed.has(source)).sort();
    for (const source of undated) this.run.warn(`${source} is not known to have recorded in this window, ${missing}`);
    if (recorded.length === 0 && coverage.length === 0) this.run.warn(`nobody recorded in this window, ${missing}; the newest record is of ${minuteText(newest)}`);
  }

  private async print({ connections, open }: Answer, window: Window, coverage: readonly CoverageHour[], namespaces: Namespaces): Promise<void> {
    const { flags, run, cluster } = this;
    const limit = flags.limit ?? (flags.output === 'table' ? TABLE_LIMIT : Infinity);
    const shown = connections.slice(0, limit);
    const [from, until] = [isoText(window.from), isoText(window.until)];
    switch (flags.output) {
      case 'json':
        await run.print(json(
          { cluster, from, until, total: connections.length, open: Object.fromEntries(open) },
          { observation: sourceObservations(coverage, window), connections: queryJson(shown) },
        ));
        break;
      case 'csv':
        await run.print(csv(queryCsv(shown)));
        break;
      case 'table':
        if (flags.strip ?? run.terminal.stdout.isTTY === true) await run.print(await this.strip(window, coverage, namespaces));
        if (shown.length > 0) await run.print(table(queryTable(shown), run.paint));
    }
    const more = connections.length - shown.length;
    if (more > 0) run.note(`${more.toLocaleString('en')} more, which are older: --limit ${connections.length} shows them`);
    if (connections.length === 0) run.note('nothing that was recorded fits');
  }

  private async strip(window: Window, coverage: readonly CoverageHour[], namespaces: Namespaces): Promise<readonly string[]> {
    const { store, cluster, run } = this;
    const activity = await store.activity(cluster, window, namespaces === undefined ? {} : { namespaces });
    const width = run.terminal.stdout.columns ?? WIDTH;
    const hours = hoursPerSign(window, width);
    const drops = namespaces === undefined ? '' : `, drops of ${namespaces.map(printable).join(', ') || 'no namespace'}`;
    const title = `${windowText(cluster, window)}${drops}; a sign is ${hours === 1 ? 'an hour' : `${hours} hours`}`;
    return [title, ...heatStrip({ window, coverage, activity }, { width, paint: run.paint }), ''].map((line) => `${line}\n`);
  }

  private sayOpen({ open }: Answer): void {
    const total = [...open.values()].reduce((sum, count) => sum + count, 0);
    if (total === 0) return;
    const what = [...open].map(([unsaid, count]) => `${unsaid} (${count.toLocaleString('en')})`).sort().join(', ');
    this.run.note(`${total.toLocaleString('en')} more may fit: their records do not say the ${what}`);
  }
}

function windowText(cluster: string, { from, until }: Window): string {
  return `${cluster}, ${minuteText(from)} to ${minuteText(until)} UTC`;
}
