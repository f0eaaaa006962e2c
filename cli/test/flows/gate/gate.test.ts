import { readInventory } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { GATE_DEFAULTS, GateConfig, Waiver } from '../../../src/config/gate-config';
import { coverageOf } from '../../../src/flows/coverage/coverage';
import { Judge } from '../../../src/flows/coverage/judge';
import { ObservedWorkloads } from '../../../src/flows/coverage/observed-workloads';
import { gate, GateQuestion, GateResult } from '../../../src/flows/gate/gate';
import { observationOf } from '../../../src/flows/gate/observation-window';
import { rehearsalOf } from '../../../src/flows/gate/rehearsal';
import { CoverageHour, ObservedConnection, PodSighting } from '../../../src/flows/store/flow-store';
import { analysisOf, deployment, objectsOf, policy } from '../manifests';
import { pod, seen } from '../observed';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 8, 15);
const WINDOW = { from: NOW - 14 * DAY, until: NOW };
const POLICIES = policy('pay/default-deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }')
  + policy('pay/allow-api', '{ podSelector: { matchLabels: { app: api } }, policyTypes: [Ingress], ingress: [{ ports: [{ port: 8080 }] }] }');
const CRON_JOB = `apiVersion: batch/v1
kind: CronJob
metadata: { name: settle, namespace: pay }
spec: { schedule: "0 3 * * 0", jobTemplate: { spec: { template: { metadata: { labels: { app: settle } }, spec: { containers: [{ name: main, image: main }] } } } } }
---
`;
const COVERED = seen(pod('shop/web'), pod('pay/api'));

interface Asked {
  readonly manifests?: string;
  readonly observed?: readonly ObservedConnection[];
  readonly hours?: readonly CoverageHour[];
  readonly pods?: readonly PodSighting[];
  readonly config?: Partial<GateConfig>;
  readonly more?: Partial<GateQuestion>;
}

/** Two nodes, each hour of the window. */
function hours(change: (hour: CoverageHour) => Partial<CoverageHour> | undefined = () => ({})): CoverageHour[] {
  return ['prod/n1', 'prod/n2'].flatMap((node) => Array.from({ length: 14 * 24 }, (_, index) => {
    const hour = { hour: WINDOW.from + index * HOUR, node, source: 'hubble', events: 100, lost: 0, sampled: 1, silentMinutes: 0, longestSilence: 0 };
    const changed = change(hour);
    return changed === undefined ? [] : [{ ...hour, ...changed }];
  }).flat());
}

function ask({ manifests = POLICIES, observed = [COVERED], hours: watched = hours(), pods = [], config = {}, more = {} }: Asked = {}): GateResult {
  const objects = objectsOf(manifests);
  const workloads = new ObservedWorkloads(readInventory(objects, { readers: POLICY_READERS }));
  for (const { src, dst } of observed) for (const peer of [src, dst]) if (peer.kind === 'pod') workloads.end(peer);
  const whole = { ...GATE_DEFAULTS, ...config };
  return gate({
    namespace: 'pay', config: whole, today: '2026-09-15', recordedSince: WINDOW.from, observed, pods, objects,
    observation: observationOf(watched, WINDOW, whole),
    report: coverageOf(new Judge(analysisOf([...objects, ...workloads.made]), workloads), observed, ['pay']),
    ...more,
  });
}

const failing = (result: GateResult) => result.criteria.filter(({ passed }) => !passed).map(({ id }) => id);
const itemsOf = (result: GateResult, wanted: string) => result.criteria.find(({ id }) => id === wanted)!.items;

test('PASS where everything that was recorded is covered, and everything was recorded', () => {
  expect(ask()).toMatchObject({ verdict: 'PASS', waivers: [], counts: { covered: 1 } });
});

describe('the window', () => {
  test('fails where the record began later', () => {
    expect(failing(ask({ hours: hours(({ hour }) => (hour < NOW - 10 * DAY ? undefined : {})) }))).toContain('window');
  });

  test('fails where it ended days ago', () => {
    const ended = ask({ hours: hours(({ hour }) => (hour >= NOW - 3 * DAY ? undefined : {})) });
    expect(failing(ended)).toContain('window');
    expect(itemsOf(ended, 'window')).toEqual(['the record ends 3 d ago']);
  });

  test('fails where nothing was recorded', () => expect(failing(ask({ hours: [] }))).toEqual(['window', 'completeness']));

  test('passes where last night\'s import is the newest', () => {
    expect(failing(ask({ hours: hours(({ hour }) => (hour >= NOW - 10 * HOUR ? undefined : {})) }))).toEqual([]);
  });
});

describe('the record is not complete', () => {
  const share = (result: GateResult) => result.criteria.find(({ id }) => id === 'completeness')!.detail;

  test('where one node was not watched for days', () => {
    const result = ask({ hours: hours(({ hour, node }) => (node === 'prod/n2' && hour >= NOW - 5 * DAY && hour < NOW - 2 * DAY ? undefined : {})) });
    expect([failing(result), share(result)]).toEqual([['completeness'], '600 of 672 hours of 2 nodes are complete: 89.2 % of 95 %']);
  });

  test('where nobody watched at all for days', () => {
    const result = ask({ hours: hours(({ hour }) => (hour >= NOW - 5 * DAY && hour < NOW - 4 * DAY ? undefined : {})) });
    expect([failing(result), share(result)]).toEqual([['completeness'], '624 of 672 hours of 2 nodes are complete: 92.8 % of 95 %']);
  });

  test('where hours have long silences, or lost too much', () => {
    expect(failing(ask({ hours: hours(() => ({ longestSilence: 31 })) }))).toEqual(['completeness']);
    expect(failing(ask({ hours: hours(() => ({ lost: 2 })) }))).toEqual(['completeness', 'loss']);
  });

  test('a node that left is named; one that is still there counts to the end', () => {
    const half = hours(({ hour, node }) => (node === 'prod/n2' && hour >= NOW - 7 * DAY ? undefined : {}));
    expect(itemsOf(ask({ hours: half }), 'completeness')).toEqual(['node prod/n2 has no record since 2026-09-07 23:00: has it left, or does nobody watch it?']);
    expect(failing(ask({ hours: half }))).toEqual([]);
    expect(failing(ask({ hours: half, more: { observation: observationOf(half, WINDOW, GATE_DEFAULTS, ['n2']) } }))).toEqual(['completeness']);
  });
});

test('a sampled record proves nothing by what it does not show', () => {
  const result = ask({ hours: hours(() => ({ sampled: 50 })) });
  expect([failing(result), itemsOf(result, 'loss')]).toEqual([['loss'], ['only one event of 50 was recorded: what was not seen may have been']]);
});

describe('a CronJob', () => {
  const run = seen(pod('pay/settle[CronJob]'), pod('pay/api'));

  test('fails the gate until it was seen', () => {
    const result = ask({ manifests: POLICIES + CRON_JOB });
    expect([result.verdict, failing(result)]).toEqual(['FAIL', ['cron-jobs']]);
    expect(itemsOf(result, 'cron-jobs')[0]).toMatch(/^CronJob pay\/settle \("0 3 \* \* 0"\) was not seen/);
  });

  test('is seen by its connections, or by its pods', () => {
    const manifests = POLICIES + CRON_JOB + policy('pay/allow-settle', '{ podSelector: { matchLabels: { app: settle } }, policyTypes: [Egress], egress: [{ ports: [{ port: 8080 }] }] }');
    expect(failing(ask({ manifests, observed: [COVERED, run] }))).toEqual([]);
    const sighting = { namespace: 'pay', pod: 'settle-29384760-7xk2p', ip: null, workload: { kind: 'CronJob', name: 'settle' }, labels: {}, firstSeen: NOW - DAY, lastSeen: NOW - DAY };
    expect(failing(ask({ manifests, pods: [sighting] }))).toEqual([]);
    expect(failing(ask({ manifests, pods: [{ ...sighting, namespace: 'shop' }] }))).toEqual(['cron-jobs']);
  });

  test('of another namespace, or a suspended one, does not matter', () => {
    expect(failing(ask({ manifests: POLICIES + CRON_JOB.replace('namespace: pay', 'namespace: shop') }))).toEqual([]);
    expect(failing(ask({ manifests: POLICIES + CRON_JOB.replace('schedule:', 'suspend: true, schedule:') }))).toEqual([]);
  });
});

describe('connections that may be older than the record', () => {
  const setUpOnly = [{ ...COVERED, sources: ['gke'] }];
  const running = (pods: string, start: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${pods}, namespace: pay, labels: { app: api } }\nspec: { containers: [{ name: main, image: main }] }\nstatus: { startTime: "${start}" }\n---\n`;
  const sighting = (firstSeen: number): PodSighting => ({ namespace: 'pay', pod: 'api-5d9c7f6b4d-x2vkq', ip: '10.0.0.1', workload: { kind: 'Deployment', name: 'api' }, labels: { app: 'api' }, firstSeen, lastSeen: NOW });

  test('do not matter where a source shows them', () => expect(failing(ask({ pods: [sighting(WINDOW.from)] }))).toEqual([]));

  test('fail the gate where the source tells of new ones alone, and nobody says when the pod started', () => {
    const result = ask({ observed: setUpOnly, pods: [sighting(NOW - DAY)] });
    expect(failing(result)).toEqual(['old-connections']);
    expect(itemsOf(result, 'old-connections')[0]).toMatch(/^pay\/api was not restarted within the window as far as is known/);
  });

  test('are gone where the pod started within the window, by itself or by an older record', () => {
    expect(failing(ask({ observed: setUpOnly, pods: [sighting(NOW - DAY)], manifests: POLICIES + running('api-5d9c7f6b4d-x2vkq', '2026-09-14T00:00:00Z') }))).toEqual([]);
    expect(failing(ask({ observed: setUpOnly, pods: [sighting(NOW - DAY)], more: { recordedSince: WINDOW.from - 7 * DAY } }))).toEqual([]);
  });

  test('are not where the pod started before', () => {
    expect(failing(ask({ observed: setUpOnly, pods: [sighting(NOW - DAY)], manifests: POLICIES + running('api-5d9c7f6b4d-x2vkq', '2026-08-01T00:00:00Z') }))).toEqual(['old-connections']);
  });
});

describe('what the policies do', () => {
  const dropped = seen(pod('shop/web'), pod('pay/api'), 9090);

  test('fails where something would be dropped, and names it', () => {
    const result = ask({ observed: [COVERED, dropped] });
    expect([failing(result), itemsOf(result, 'drops')]).toEqual([['drops'], ['shop/web -> pay/api 9090/TCP (100 times)']]);
  });

  test('names no end by what would write to a terminal', () => {
    const called = seen(pod('pay/api'), { kind: 'external', ip: '203.0.113.7', names: ['a\u001b[31m\u202eb'] }, 443);
    expect(itemsOf(ask({ observed: [called] }), 'drops')).toEqual(['pay/api -> a\\u001b[31m\\u202eb 443/TCP (100 times)']);
  });

  test('fails where a pod is not isolated, or the namespace has no rule', () => {
    expect(failing(ask({ manifests: POLICIES.slice(POLICIES.indexOf('---') + 4), observed: [COVERED, seen(pod('pay/other'), pod('data/db'), 5432)] }))).toEqual(['isolation']);
    expect(failing(ask({ manifests: deployment('pay/api') }))).toEqual(['isolation']);
  });

  test('fails where more is undecided than may be', () => {
    const unknown = seen({ kind: 'unknown', ip: '10.0.0.9' }, pod('pay/api'));
    expect(failing(ask({ observed: [COVERED, unknown] }))).toEqual(['undecided']);
    expect(failing(ask({ observed: [COVERED, unknown], config: { maxUndecided: 0.5 } }))).toEqual([]);
  });

  test('fails where ENFORCE opens what is closed today', () => {
    expect(failing(ask({ observed: [{ ...COVERED, verdict: 'denied', direction: 'ingress' }] }))).toEqual(['openings']);
    expect(failing(ask({ more: { opened: ['shop/web[Deployment] -> pay/api[Deployment]: TCP 8080, today nothing'] } }))).toEqual(['openings']);
  });
});

describe('a waiver', () => {
  const waiver = (kind: Waiver['kind'], subject: string, until = '2026-09-20'): Waiver => ({ kind, subject, reason: 'agreed', until });
  const dropped = [COVERED, seen(pod('shop/web'), pod('pay/api'), 9090)];

  test('lets a connection, a CronJob or a workload pass, and is told', () => {
    const all = [waiver('connection', 'shop/* -> pay/api 9090/TCP'), waiver('cronJob', 'pay/settle'), waiver('workload', 'pay/*', '2026-10-01')];
    const result = ask({
      manifests: POLICIES + CRON_JOB, observed: dropped.map((each) => ({ ...each, sources: ['gke'] })), config: { waivers: all },
      pods: [{ namespace: 'pay', pod: 'api-1', ip: null, workload: { kind: 'Deployment', name: 'api' }, labels: {}, firstSeen: NOW, lastSeen: NOW }],
    });
    expect([result.verdict, result.waivers]).toEqual(['PASS', all]);
  });

  test('does not hold after its day, for another connection, or for another kind', () => {
    for (const wrong of [
      waiver('connection', 'shop/web -> pay/api 9090/TCP', '2026-09-14'), waiver('connection', 'shop/web -> pay/api 8080/TCP'),
      waiver('connection', 'shop/web -> pay/a 9090/TCP'), waiver('workload', 'shop/web'),
    ]) expect(failing(ask({ observed: dropped, config: { waivers: [wrong] } }))).toEqual(['drops']);
  });

  test('that nobody needs is not told', () => expect(ask({ config: { waivers: [waiver('cronJob', 'pay/settle')] } }).waivers).toEqual([]));
});

describe('another environment', () => {
  const there = (peak: number) => [seen(pod('shop/web', { app: 'web', env: 'staging' }), pod('pay/api'), 8080, { peak })];
  const rehearsed = (peak: number, minRehearsed = 0) => {
    const first = ask();
    const workloads = new ObservedWorkloads(readInventory(objectsOf(deployment('shop/web') + deployment('pay/api')), { readers: POLICY_READERS }));
    const report = coverageOf(new Judge(analysisOf(objectsOf(POLICIES + deployment('shop/web') + deployment('pay/api'))), workloads), [COVERED], ['pay']);
    expect(first.verdict).toBe('PASS');
    return ask({ config: { minRehearsed }, more: { rehearsal: rehearsalOf('staging', report.connections, there(peak)) } });
  };
  const detail = (result: GateResult) => result.criteria.find(({ id }) => id === 'rehearsal')!.detail;

  test('tells how much was exercised there, and how much of it under load', () => {
    expect(detail(rehearsed(10))).toBe('1 of 1 were seen there: 100 %, and 0 % have to be; 1 of them at the peak rate of here or more');
    expect(detail(rehearsed(9))).toMatch(/0 of them at the peak rate of here or more$/);
  });

  test('fails the gate where too little was', () => {
    const report = ask({ config: { minRehearsed: 0.5 }, more: { rehearsal: { cluster: 'staging', connections: 4, exercised: 1, underLoad: 0 } } });
    expect(failing(report)).toEqual(['rehearsal']);
  });
});
