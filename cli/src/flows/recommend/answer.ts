import { json, Sheet, table } from '../../output';
import { Paint } from '../../terminal';
import { durationText } from '../durations';
import { Window } from '../store/flow-store';
import { isoText } from '../timestamps';
import { doubtsOf } from './confidence';
import { openedUnseenSheet, othersSheet, ruleJson, ruleSheet, tightenSheet, unopenedJson, unopenedSheet, unseenSheet } from './forms';
import { openedOf } from './prove';
import { Recommendation, tighten } from './recommend';

export const RECOMMEND_FORMS = ['table', 'typescript', 'yaml', 'json'] as const;
export type RecommendForm = (typeof RECOMMEND_FORMS)[number];

/** What was asked about, and how it is shown. */
interface Asked {
  readonly cluster: string;
  readonly window: Window;
  readonly paint: Paint;
}

/** What the policies open and nobody was seen to use. */
export function* tightenAnswer({ findings, judged, notJudged, watched }: ReturnType<typeof tighten>, output: 'table' | 'json', { cluster, window, paint }: Asked): Generator<string> {
  if (output === 'json') {
    yield* json({ cluster, window: windowJson(window), coverage: coverageJson(watched), judgedRules: judged }, { findings, notJudged });
    return;
  }
  if (findings.length > 0) yield* table(tightenSheet(findings), paint);
  yield `${findings.length > 0 ? '\n' : ''}${judged} rules were compared with ${durationText(window.until - window.from)} of records${findings.length > 0 ? '' : ': each of them was used as far as it goes'}.\n`;
  yield `What is used once a quarter shows in no shorter window. ${doubtsOf(watched).map((doubt) => `And ${doubt}: `).join('')}that nothing was seen is a hint, and a proof only where the record is whole.\n`;
  if (notJudged.length > 0) yield `\nNot judged:\n${notJudged.map((each) => `- ${each}\n`).join('')}`;
}

/** The rules that the record supports, in the form that is asked for. */
export function recommendAnswer(recommendation: Recommendation, output: RecommendForm, asked: Asked): Iterable<string> {
  switch (output) {
    case 'typescript':
      return [recommendation.typescript];
    case 'yaml':
      return [recommendation.yaml];
    case 'json':
      return asJson(recommendation, asked);
    case 'table':
      return asText(recommendation, asked);
  }
}

function asJson({ rules, unopened, others, unseen, proof, watched }: Recommendation, { cluster, window }: Asked): Iterable<string> {
  return json({
    cluster, window: windowJson(window), coverage: coverageJson(watched),
    proof: { covered: proof.covered, openedUnseen: openedOf(proof) },
  }, { rules: rules.map(ruleJson), openedUnseen: proof.openedUnseen, notOpened: unopened.map(unopenedJson), otherNamespaces: others, neverSeen: unseen });
}

function windowJson({ from, until }: Window): unknown {
  return { from: isoText(from), until: isoText(until) };
}

function coverageJson({ watchedHours, windowHours, lost, events, sampled }: Recommendation['watched']): unknown {
  return { watchedHours, windowHours, lost, events, sampled };
}

function* asText(recommendation: Recommendation, { window, paint }: Asked): Generator<string> {
  const { rules, unopened, others, unseen, proof, watched } = recommendation;
  yield* table(ruleSheet(rules), paint);
  const { connections, addresses } = openedOf(proof);
  const more = [connections > 0 ? `${connections} connections` : '', addresses > 0 ? `${addresses} addresses of known ranges` : ''].filter((each) => each !== '');
  yield `\nEvaluated: all ${proof.covered} connections of these rules pass. Opened and never seen: ${more.join(', ') || 'nothing'}.\n`;
  yield `Window: ${durationText(window.until - window.from)}${doubtsOf(watched).map((doubt) => `; ${doubt}`).join('')}.\n`;
  const part = function* (title: string, sheet: Sheet): Generator<string> {
    if (sheet.rows.length === 0) return;
    yield `\n${title}\n`;
    yield* table(sheet, paint);
  };
  yield* part('Opened, and never seen:', openedUnseenSheet(recommendation));
  yield* part('Seen, and not opened:', unopenedSheet(unopened));
  if (others.length > 0) yield* part('Other namespaces need at their end, where they deny by default:', othersSheet(recommendation));
  if (unseen.length > 0) yield* part('Never seen, and closed by the default-deny, DNS aside:', unseenSheet(recommendation));
}
