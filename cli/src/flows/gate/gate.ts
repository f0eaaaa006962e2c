import { GateConfig, Waiver } from '../../config/gate-config';
import { InputObject } from '../../input';
import { countsOf, CoverageReport, JudgedConnection } from '../coverage/coverage';
import { DAY, HOUR, durationText } from '../durations';
import { observedPortText, shownPeer } from '../peer-text';
import { ObservedConnection, PodSighting } from '../store/flow-store';
import { minuteText } from '../timestamps';
import { cronJobsOf, seenWorkloads } from './cron-jobs';
import { WindowObservation } from './observation-window';
import { notRestarted, showsOldConnections } from './old-connections';
import { Rehearsal } from './rehearsal';
import { Waivers } from './waivers';

/** One thing that has to be so, and whether it is. */
export interface Criterion {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  /** The figures. */
  readonly detail: string;
  /** What stands in the way, one by one. */
  readonly items: readonly string[];
}

export interface GateResult {
  readonly namespace: string;
  readonly verdict: 'PASS' | 'FAIL';
  readonly criteria: readonly Criterion[];
  /** Those that were needed. */
  readonly waivers: readonly Waiver[];
  /** Connections by what the policies do with them. */
  readonly counts: Readonly<Record<JudgedConnection['outcome'], number>>;
}

/** What is known when the gate is asked about one namespace. */
export interface GateQuestion {
  readonly namespace: string;
  readonly config: GateConfig;
  readonly today: string;
  readonly observation: WindowObservation;
  /** The first hour that the store has of the cluster. */
  readonly recordedSince: number | null;
  readonly report: CoverageReport;
  readonly observed: readonly ObservedConnection[];
  readonly pods: readonly PodSighting[];
  /** The manifests: CronJobs, pods. */
  readonly objects: readonly InputObject[];
  /** Connections that the policies open and those of today do not, in words; undefined where nobody named today's. */
  readonly opened?: readonly string[];
  readonly rehearsal?: Rehearsal;
}

/** May this namespace go to ENFORCE? */
export function gate(question: GateQuestion): GateResult {
  const waivers = new Waivers(question.config.waivers, question.today);
  const criteria = [
    windowCriterion(question),
    completenessCriterion(question),
    lossCriterion(question),
    cronJobCriterion(question, waivers),
    restartCriterion(question, waivers),
    isolationCriterion(question),
    dropCriterion(question, waivers),
    undecidedCriterion(question, waivers),
    openingCriterion(question, waivers),
    ...(question.rehearsal === undefined ? [] : [rehearsalCriterion(question, question.rehearsal)]),
  ];
  return {
    namespace: question.namespace,
    verdict: criteria.every(({ passed }) => passed) ? 'PASS' : 'FAIL',
    criteria,
    waivers: waivers.used,
    counts: countsOf(question.report),
  };
}

function windowCriterion({ config, observation: { firstHour, lastHour, window } }: GateQuestion): Criterion {
  const base = { id: 'window', title: 'traffic was observed for a whole business cycle', items: [] };
  if (firstHour === null || lastHour === null) return { ...base, passed: false, detail: `nothing was recorded in the last ${durationText(config.window)}` };
  // the hour that has just begun need not be imported yet, and neither need be the day: imports run at night
  const late = window.until - (lastHour + HOUR);
  const missing = firstHour - Math.ceil(window.from / HOUR) * HOUR;
  return {
    ...base,
    passed: missing <= HOUR && late <= DAY,
    detail: `${minuteText(firstHour)} to ${minuteText(lastHour)}: ${durationText(lastHour + HOUR - firstHour)} of ${durationText(config.window)}`,
    items: late > DAY ? [`the record ends ${durationText(late)} ago`] : [],
  };
}

function completenessCriterion({ config, observation }: GateQuestion): Criterion {
  const { nodeHours, completeHours, nodes, ended } = observation;
  const share = nodeHours === 0 ? 0 : completeHours / nodeHours;
  return {
    id: 'completeness',
    title: 'the record is complete',
    passed: share >= config.completeness,
    detail: `${completeHours} of ${nodeHours} hours of ${nodes.length} node${nodes.length === 1 ? '' : 's'} are complete: ${percent(share)} of ${percent(config.completeness)}`,
    items: ended.map(({ name, last }) => `node ${name} has no record since ${minuteText(last)}: has it left, or does nobody watch it?`),
  };
}

function lossCriterion({ config, observation: { events, lost, sampled } }: GateQuestion): Criterion {
  const share = events + lost === 0 ? 0 : lost / (events + lost);
  return {
    id: 'loss',
    title: 'no event is missing that would tell more',
    passed: share <= config.maxLoss && sampled === 1,
    detail: `${lost} of ${events + lost} events are lost: ${percent(share)}, and ${percent(config.maxLoss)} may be`,
    items: sampled === 1 ? [] : [`only one event of ${sampled} was recorded: what was not seen may have been`],
  };
}

function cronJobCriterion({ namespace, objects, observed, pods }: GateQuestion, waivers: Waivers): Criterion {
  const jobs = cronJobsOf(objects, namespace);
  const seen = seenWorkloads(namespace, observed, pods);
  const missing = jobs.filter(({ name }) => !seen.has(name) && !waivers.covers('cronJob', `${namespace}/${name}`));
  return {
    id: 'cron-jobs',
    title: 'every CronJob has run',
    passed: missing.length === 0,
    detail: jobs.length === 0 ? 'the input has no CronJob of this namespace' : `${jobs.filter(({ name }) => seen.has(name)).length} of ${jobs.length} were seen`,
    items: missing.map(({ name, schedule }) => `CronJob ${namespace}/${name} ("${schedule}") was not seen: wait for it, run it (kubectl create job --from=cronjob/${name}), or waive it`),
  };
}

function restartCriterion({ namespace, observation, objects, pods, observed, recordedSince }: GateQuestion, waivers: Waivers): Criterion {
  const base = { id: 'old-connections', title: 'no connection is older than the record' };
  const sources = [...new Set(observed.flatMap((each) => each.sources))];
  if (observed.length === 0 || showsOldConnections(sources)) {
    return { ...base, passed: true, detail: observed.length === 0 ? 'nothing was recorded' : `${sources.join(', ')} shows connections however old they are`, items: [] };
  }
  const old = notRestarted(namespace, objects, pods, observation.window, recordedSince).filter((name) => !waivers.covers('workload', `${namespace}/${name}`));
  return {
    ...base,
    passed: old.length === 0,
    detail: `${sources.join(', ')} tells of a connection only when it opens`,
    items: old.map((name) => `${namespace}/${name} was not restarted within the window as far as is known: restart it (kubectl rollout restart), give its pods as --inventory, or waive it`),
  };
}

function isolationCriterion({ report }: GateQuestion): Criterion {
  const open = report.connections.filter(({ outcome }) => outcome === 'unprotected');
  return {
    id: 'isolation',
    title: 'the policies isolate what they are for',
    passed: open.length === 0 && report.rules.length > 0,
    detail: report.rules.length === 0 ? 'the input has no rule of this namespace' : `${open.length} connections are of pods that no policy isolates`,
    items: open.map(connectionText),
  };
}

function dropCriterion({ report }: GateQuestion, waivers: Waivers): Criterion {
  const dropped = report.connections.filter(({ outcome }) => outcome === 'would-drop');
  const missing = dropped.filter((each) => !waivers.coversConnection(each));
  return {
    id: 'drops',
    title: 'nothing that was recorded would be dropped',
    passed: missing.length === 0,
    detail: `${dropped.length} of ${report.connections.length} connections would be dropped${dropped.length === missing.length ? '' : `, ${dropped.length - missing.length} of them waived`}`,
    items: missing.map(connectionText),
  };
}

function undecidedCriterion({ report, config }: GateQuestion, waivers: Waivers): Criterion {
  const undecided = report.connections.filter(({ outcome }) => outcome === 'undecided').filter((each) => !waivers.coversConnection(each));
  const share = report.connections.length === 0 ? 0 : undecided.length / report.connections.length;
  return {
    id: 'undecided',
    title: 'what becomes of the rest is known',
    passed: share <= config.maxUndecided,
    detail: `${undecided.length} of ${report.connections.length} connections are undecided: ${percent(share)}, and ${percent(config.maxUndecided)} may be`,
    items: undecided.map((each) => `${connectionText(each)}: ${each.why.join('; ')}`),
  };
}

function openingCriterion({ report, opened }: GateQuestion, waivers: Waivers): Criterion {
  const recorded = report.disagreements.filter(({ recorded: verdict, connection }) => verdict === 'denied' && !waivers.coversConnection(connection));
  return {
    id: 'openings',
    title: 'ENFORCE opens nothing that is closed today',
    passed: recorded.length === 0 && (opened ?? []).length === 0,
    detail: opened === undefined ? `${recorded.length} connections were denied and would pass` : `${recorded.length} connections were denied and would pass, ${opened.length} more could be opened`,
    items: [...recorded.map(({ connection }) => `${connectionText(connection)} was denied, and would pass`), ...opened ?? []],
  };
}

function rehearsalCriterion({ config }: GateQuestion, { cluster, connections, exercised, underLoad }: Rehearsal): Criterion {
  const share = connections === 0 ? 1 : exercised / connections;
  return {
    id: 'rehearsal',
    title: `connections were exercised in ${cluster}`,
    passed: share >= config.minRehearsed,
    detail: `${exercised} of ${connections} were seen there: ${percent(share)}, and ${percent(config.minRehearsed)} have to be; ${underLoad} of them at the peak rate of here or more`,
    items: [],
  };
}

export function connectionText({ src, dst, port, protocol, count }: JudgedConnection): string {
  return `${shownPeer(src)} -> ${shownPeer(dst)} ${observedPortText(port, protocol)} (${count} times)`;
}

function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}
