import { escapeMarkdown, markdown } from '../../output';
import { Paint } from '../../terminal';
import { Criterion, GateResult } from './gate';

const SHOWN = 10;

/** For people: what stands in the way comes with what to do about it. */
export function* gateText(results: readonly GateResult[], paint: Paint): Generator<string> {
  for (const [index, { namespace, verdict, criteria, waivers }] of results.entries()) {
    if (index > 0) yield '\n';
    yield `${paint('bold', namespace)}: ${paint(verdict === 'PASS' ? 'green' : 'red', verdict)}\n`;
    for (const each of criteria) {
      yield `  ${each.passed ? paint('green', 'ok  ') : paint('red', 'FAIL')} ${each.title}: ${each.detail}\n`;
      for (const item of shownItems(each)) yield `         ${item}\n`;
    }
    for (const { kind, subject, reason, until } of waivers) yield `  waived until ${until}: ${kind} ${subject} (${reason})\n`;
  }
}

/** For a pull request. */
export function* gateMarkdown(results: readonly GateResult[]): Generator<string> {
  for (const { namespace, verdict, criteria, waivers } of results) {
    yield `### ${escapeMarkdown(namespace)}: ${verdict}\n\n`;
    yield* markdown({ columns: ['', 'criterion', 'figures'], rows: criteria.map(({ passed, title, detail }) => [passed ? 'ok' : 'FAIL', title, detail]) });
    for (const each of criteria) {
      if (each.items.length === 0) continue;
      yield `\n${escapeMarkdown(each.title)}:\n\n`;
      for (const item of shownItems(each)) yield `- ${escapeMarkdown(item)}\n`;
    }
    if (waivers.length > 0) {
      yield '\n';
      yield* markdown({ columns: ['waived', 'reason', 'until'], rows: waivers.map(({ kind, subject, reason, until }) => [`${kind} ${subject}`, reason, until]) });
    }
    yield '\n';
  }
}

function shownItems({ items }: Criterion): readonly string[] {
  return items.length > SHOWN ? [...items.slice(0, SHOWN), `and ${items.length - SHOWN} more (-o json has all of them)`] : items;
}
