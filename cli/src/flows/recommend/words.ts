import { dayText } from '../timestamps';
import { portsText, RecommendedRule, Unopened } from './recommendation';
import { Seen } from './seen';

/** `1204 times, 2026-09-01 to 2026-09-14`. */
export function seenText({ count, firstSeen, lastSeen }: Seen): string {
  const [first, last] = [dayText(firstSeen), dayText(lastSeen)];
  return `${count} ${count === 1 ? 'time' : 'times'}, ${first === last ? first : `${first} to ${last}`}`;
}

/** What stands above a construct: who, how often, when, and how sure it is. */
export function ruleEvidence({ needs, ports, seen, confidence, notes }: RecommendedRule): string[] {
  const pairs = [...new Set(needs.map(({ src, dst }) => `${src.text} to ${dst.text}`))].sort();
  const shown = pairs.slice(0, SHOWN_PAIRS).join('; ');
  const more = pairs.length > SHOWN_PAIRS ? `; and ${pairs.length - SHOWN_PAIRS} more` : '';
  return [
    `${shown}${more}, ${portsText(ports)}: ${seen === undefined ? 'not seen' : seenText(seen)}`,
    `confidence ${confidence.level}: ${confidence.reason}`,
    ...notes.map((note) => `NOTE: ${note}`),
  ];
}

const SHOWN_PAIRS = 4;

export function unopenedText({ from, to, port, seen, reason }: Unopened): string {
  return `${from} to ${to}, ${port} (${seenText(seen)}): ${reason}`;
}
