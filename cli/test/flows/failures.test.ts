import { join } from 'node:path';
import { DuckDbStore } from '../../src/flows/store/duckdb/duckdb-store';
import { ObservedConnection, Window } from '../../src/flows/store/flow-store';
import { netpol } from '../run-netpol';
import { temporaryFolder, write } from '../temporary-folder';

/** What other tools that turn traffic into policies got wrong, and how an import of ours comes out of it. */

// the first import loads the database
jest.setTimeout(60_000);

type Part = Readonly<Record<string, unknown>>;

const DAY: Window = { from: Date.UTC(2026, 2, 4), until: Date.UTC(2026, 2, 5) };
const VERDICT = { event_type: { type: 5 } };
const TRACE = { event_type: { type: 4 } };

interface Recorded {
  /** Name of the file, which is imported as `source`. */
  readonly source: string;
  readonly lines: readonly unknown[];
  readonly inventory?: Part;
  readonly flags?: readonly string[];
}

/** Imports records one after the other, as on many nights, and asks the store. */
async function stored<T>(question: (store: DuckDbStore) => Promise<T>, ...nights: readonly Recorded[]): Promise<T> {
  const folder = temporaryFolder();
  const path = join(folder, 'flows.duckdb');
  for (const [index, { source, lines, inventory, flags = [] }] of nights.entries()) {
    const [log, known] = [`${index}.log`, `${index}.json`];
    write(folder, { [log]: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'), [known]: JSON.stringify(inventory ?? {}) });
    const { code, stderr } = await netpol([
      'flows', 'import', join(folder, log), '--source', source, '--store', path, '--inventory', join(folder, known), '--now', '2026-03-05T00:00:00Z', ...flags,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }
  const store = await DuckDbStore.read(path);
  try {
    return await question(store);
  } finally {
    await store.close();
  }
}

async function connectionsOf(...nights: readonly Recorded[]): Promise<readonly ObservedConnection[]> {
  return stored((store) => store.connections('default', DAY), ...nights);
}

function endpoint(name: string, more: Part = {}): Part {
  return {
    ID: 1, identity: 20_000 + name.length, cluster_name: 'east', namespace: 'store', labels: [`k8s:app=${name}`], pod_name: `${name}-6d4cf56db6-x7k2p`,
    workloads: [{ name, kind: 'Deployment' }], ...more,
  };
}

function flow(fields: Part = {}, time = '2026-03-04T05:06:07Z'): Part {
  return {
    flow: {
      time, uuid: 'e1', verdict: 'FORWARDED', IP: { source: '10.8.0.4', destination: '10.8.1.9' }, l4: tcp(45_000, 6379, 'SYN'), source: endpoint('cart'),
      destination: endpoint('redis'), Type: 'L3_L4', traffic_direction: 'EGRESS', is_reply: false, ...TRACE, ...fields,
    },
    node_name: 'east/n1',
    time,
  };
}

function tcp(source: number | undefined, destination: number, ...flags: readonly string[]): Part {
  return { TCP: { source_port: source, destination_port: destination, flags: Object.fromEntries(flags.map((flag) => [flag, true])) } };
}

const answer = (fields: Part): Part => flow({ source: endpoint('redis'), destination: endpoint('cart'), IP: { source: '10.8.1.9', destination: '10.8.0.4' }, ...fields });
const REDIS_LISTENS = { listeners: [{ namespace: 'store', workload: { kind: 'Deployment', name: 'redis' }, protocol: 'TCP', port: 6379 }] };

function awsFlow(from: string, to: string, port: number, time: string, verdict = 'ACCEPT'): Part {
  return { level: 'debug', ts: time, logger: 'ebpf-client', msg: `Flow Info: Src IP: ${from} Src Port: 45000 Dest IP: ${to} Dest Port: ${port} Proto TCP Verdict ${verdict} Direction egress, Tier DEFAULT` };
}

function aclLine(rest: string): string {
  return `2026-03-04T05:06:07.123Z|00042|acl_log(ovn_pinctrl0)|INFO|${rest}`;
}

function packet(from: string, to: string, sport: number, dport: number, flags: string): string {
  return aclLine(`name="NP:store:in:Ingress:0", verdict=allow, severity=info, direction=to-lport: tcp,vlan_tci=0x0000,nw_src=${from},nw_dst=${to},tp_src=${sport},tp_dst=${dport},tcp_flags=${flags}`);
}

describe('1. a reply is seen as a request, and a policy opens ephemeral ports', () => {
  const ports = async (recorded: Recorded): Promise<readonly unknown[]> => (await connectionsOf(recorded)).map(({ src, port }) => [src.kind === 'pod' ? src.workload?.name : src.kind, port]);

  it('not where a record says that it is one, nor where nothing tells', async () => {
    expect(await ports({
      source: 'hubble',
      lines: [
        flow(),
        answer({ is_reply: true, l4: tcp(6379, 45_000, 'ACK') }),
        answer({ l4: tcp(6379, 45_001, 'SYN', 'ACK') }),
        answer({ is_reply: undefined, l4: tcp(6379, 45_002, 'ACK') }),
        answer({ is_reply: undefined, verdict: 'DROPPED', drop_reason: 133, event_type: { type: 1 }, l4: tcp(6379, 45_003, 'ACK', 'RST') }),
      ],
    })).toEqual([['cart', 6379]]);
  });

  it('not where the exporter was told to leave out is_reply and the port of the client', async () => {
    expect(await ports({ source: 'hubble-exporter', lines: [6379, 45_000].map((port) => (port === 6379 ? flow : answer)({ is_reply: undefined, l4: tcp(undefined, port) })) })).toEqual([['cart', 6379]]);
  });

  it('not where a node forgot the connection, and takes the rest of it for a new one', async () => {
    expect(await ports({ source: 'hubble', inventory: REDIS_LISTENS, lines: [flow(VERDICT), answer({ ...VERDICT, l4: tcp(6379, 45_000, 'ACK') })] })).toEqual([['cart', 6379]]);
  });

  it('not where is_reply is false for all that is not known', async () => {
    expect(await ports({ source: 'retina', lines: [flow(), answer({ l4: tcp(6379, 45_000, 'ACK', 'PSH') })] })).toEqual([['cart', 6379]]);
  });

  it('not where a log has packets and no connections', async () => {
    const lines = [packet('10.8.0.4', '10.8.1.9', 45_000, 6379, 'syn'), packet('10.8.1.9', '10.8.0.4', 6379, 45_000, 'syn|ack'), packet('10.8.1.9', '10.8.0.4', 6379, 45_000, 'ack')];
    expect(await ports({ source: 'ovn-kubernetes', lines })).toEqual([['external', 6379]]);
  });
});

describe('2. the port of a Service is taken for that of its pods', () => {
  const port = async (recorded: Recorded): Promise<unknown> => (
    (await connectionsOf(recorded)).map(({ dst, port: called, service }) => ({ dst: dst.kind, port: called, service }))
  );

  it('not where the record has the pod: its port is the one behind the Service', async () => {
    expect(await port({ source: 'hubble', lines: [flow()] })).toEqual([{ dst: 'pod', port: 6379 }]);
  });

  it('not where the record has both: the Service is kept beside the pod', async () => {
    const Key = {
      source_name: 'cart-6d4cf56db6-*', source_namespace: 'store', source_type: 1, dest_name: 'redis-6d4cf56db6-*', dest_namespace: 'store', dest_type: 1, dest_port: 6379,
      dest_service_name: 'redis', dest_service_namespace: 'store', dest_service_port: 80, proto: 'tcp', reporter: 1, action: 1, policies: {},
    };
    const start = DAY.from / 1000 + 3600;
    expect(await port({ source: 'calico-goldmane', lines: [{ Key, start_time: start, end_time: start + 300, num_connections_started: 1 }] }))
      .toEqual([{ dst: 'pod', port: 6379, service: { namespace: 'store', name: 'redis', port: 80 } }]);
  });

  it.each<[string, Recorded]>([
    ['the record knows nothing but the Service', {
      source: 'inspektor-gadget',
      lines: [{
        timestamp: '2026-03-04T05:06:07Z',
        k8s: { namespace: 'store', podName: 'cart-6d4cf56db6-x7k2p', podLabels: 'app=cart', owner: { kind: 'Deployment', name: 'cart' }, node: 'n1' },
        src: { addr: '10.8.0.4', port: 45_000, proto: 'TCP', k8s: { kind: 'pod', name: 'cart-6d4cf56db6-x7k2p', namespace: 'store' } },
        dst: { addr: '10.96.0.7', port: 80, proto: 'TCP', k8s: { kind: 'svc', name: 'redis', namespace: 'store' } }, type: 'connect', error: '',
      }],
    }],
    ['egress is judged before the Service is replaced', {
      source: 'aws-npa', lines: [awsFlow('10.8.0.4', '10.96.0.7', 80, '2026-03-04T05:06:07Z')], inventory: { services: [{ ip: '10.96.0.7', namespace: 'store', name: 'redis' }] },
    }],
    ['the flow was seen on its way to the address of the Service', {
      source: 'hubble', lines: [flow({ destination: { identity: 2, labels: ['reserved:world'] }, destination_service: { name: 'redis', namespace: 'store' }, l4: tcp(45_000, 80, 'SYN') })],
    }],
  ])('not where %s: the end is a Service, and no pod has that port', async (_, recorded) => {
    expect(await port(recorded)).toEqual([{ dst: 'service', port: 80 }]);
  });
});

describe('3. rare flows, such as those of a CronJob, are lost', () => {
  const runs = [['29512345', '2026-03-04T01:00:00Z'], ['29512825', '2026-03-04T09:00:00Z']] as const;

  it('not where their runs are one workload: the CronJob, seen in each hour that it ran', async () => {
    const lines = runs.map(([due, time]) => flow({ source: endpoint('report', { workloads: [{ name: `report-${due}`, kind: 'Job' }], pod_name: `report-${due}-x7k2p` }) }, time));
    expect(await connectionsOf({ source: 'hubble', lines })).toMatchObject([{ src: { workload: { kind: 'CronJob', name: 'report' } }, hours: 2, count: 2 }]);
  });

  it('not where the name of a pod is all there is', async () => {
    const row = ([due, time]: typeof runs[number]): Part => ({
      flowStartSeconds: time.slice(0, 19).replace('T', ' '), flowEndSeconds: time.slice(0, 19).replace('T', ' '), sourceIP: '10.8.0.4', destinationIP: '10.8.1.9', sourceTransportPort: 45_000,
      destinationTransportPort: 6379, protocolIdentifier: 6, sourcePodName: `report-${due}-x7k2p`, sourcePodNamespace: 'store', sourceNodeName: 'n1', destinationPodName: 'redis-0',
      destinationPodNamespace: 'store', destinationNodeName: 'n2', flowType: 2, ingressNetworkPolicyName: '', egressNetworkPolicyName: '',
    });
    const connections = await connectionsOf({ source: 'antrea-clickhouse', lines: runs.map(row) });
    expect(connections.length).toBeGreaterThan(0);
    for (const each of connections) expect(each).toMatchObject({ src: { workload: { kind: 'CronJob', name: 'report' } }, hours: 2, firstSeen: Date.parse(runs[0][1]), lastSeen: Date.parse(runs[1][1]) });
  });
});

describe('4. an address is somebody else\'s by now, and labels of a run are taken for those of a workload', () => {
  const pod = (name: string, from: string | null, until: string | null): Part => ({ ip: '10.8.0.4', namespace: 'store', name, workload: { kind: 'StatefulSet', name }, labels: { app: name }, from, until });

  it('not where an address is read at the time of the record, and never again', async () => {
    const early = awsFlow('10.8.0.4', '198.51.100.7', 443, '2026-03-04T01:00:00Z');
    const late = awsFlow('10.8.0.4', '198.51.100.7', 443, '2026-03-04T09:00:00Z');
    const lost = awsFlow('10.8.0.4', '198.51.100.7', 443, '2026-03-04T05:00:00Z');
    const connections = await connectionsOf(
      { source: 'aws-npa', lines: [early, lost], inventory: { podCIDRs: ['10.8.0.0/16'], pods: [pod('first', null, '2026-03-04T02:00:00Z')] } },
      // the next night nobody remembers the first pod
      { source: 'aws-npa', lines: [late], inventory: { podCIDRs: ['10.8.0.0/16'], pods: [pod('second', '2026-03-04T08:00:00Z', null)] } },
    );
    expect(connections.map(({ src, firstSeen }) => [src.kind === 'pod' ? src.workload?.name : src.kind, new Date(firstSeen).getUTCHours()])).toEqual([['first', 1], ['second', 9], ['unknown', 5]]);
  });

  it('not where what differs from pod to pod is no label', async () => {
    const labels = (run: string): readonly string[] => [
      'app=report', `job-name=report-${run}`, `controller-uid=${run}`, `batch.kubernetes.io/job-name=report-${run}`, `pod-template-hash=${run}`, `rollouts-pod-template-hash=${run}`,
      `controller-revision-hash=${run}`, `statefulset.kubernetes.io/pod-name=report-${run}`, `apps.kubernetes.io/pod-index=${run}`,
    ].map((label) => `k8s:${label}`);
    const lines = ['1', '2'].map((run) => flow({ source: endpoint('report', { labels: labels(run), pod_name: `report-${run}` }) }));
    const [connections, pods] = await stored(async (store) => [await store.connections('default', DAY), await store.pods('default', DAY)] as const, { source: 'hubble', lines });
    expect(connections).toMatchObject([{ src: { labels: { app: 'report' } }, count: 2 }]);
    expect(pods.filter(({ pod: name }) => name.startsWith('report')).map((each) => each.labels)).toEqual([{ app: 'report' }, { app: 'report' }]);
  });
});

describe('5. a direction that was never seen is isolated all the same', () => {
  it('not where each observation keeps the end that it speaks for', async () => {
    const lines = [flow({ traffic_direction: 'EGRESS' }), flow({ traffic_direction: 'INGRESS', l4: tcp(45_000, 6380, 'SYN') }), flow({ traffic_direction: undefined, l4: tcp(45_000, 6381, 'SYN') })];
    expect((await connectionsOf({ source: 'hubble', lines })).map(({ port, direction }) => [port, direction])).toEqual([[6379, 'egress'], [6380, 'ingress'], [6381, 'unknown']]);
  });

  it('not where a source cannot tell which end a line is of', async () => {
    const line = '2026-03-04T05:06:07.123Z Node: n1;SIP: 10.8.0.4;SPORT: 45000;DIP: 10.8.1.9;DPORT: 6379;PROTOCOL: TCP;PolicyVerdict: DENY;Tier: DEFAULT';
    expect(await connectionsOf({ source: 'aws-npa', lines: [line] })).toMatchObject([{ direction: 'unknown', verdict: 'denied' }]);
  });
});

describe('6. processes of a node are taken for pods, or for the world', () => {
  const sources = async (recorded: Recorded): Promise<readonly unknown[]> => (await connectionsOf(recorded)).map(({ src }) => (src.kind === 'entity' ? src.entity : src.kind));

  it('not where a node goes by its identity, also by the number alone', async () => {
    const ends = [{ identity: 1, labels: ['reserved:host'] }, { identity: 6 }, { identity: 33_554_440 }, { identity: 7, labels: ['reserved:remote-node', 'reserved:kube-apiserver'] }];
    expect(new Set(await sources({ source: 'hubble', lines: ends.map((source, index) => flow({ source, IP: { source: `192.168.0.${index}`, destination: '10.8.1.9' } })) })))
      .toEqual(new Set(['host', 'remote-node', 'kube-apiserver']));
  });

  it('not where a pod shares the network of its node', async () => {
    expect(await sources({ source: 'hubble', lines: [flow({ source: endpoint('agent', { identity: 1, labels: ['reserved:host'] }) })] })).toEqual(['host']);
    const k8s = { namespace: 'store', podName: 'agent-x7k2p', hostnetwork: true, owner: { kind: 'DaemonSet', name: 'agent' }, node: 'n1' };
    const lines = [{
      timestamp: '2026-03-04T05:06:07Z', k8s, type: 'connect', error: '', src: { addr: '192.168.0.1', port: 45_000, proto: 'TCP', k8s: { kind: 'pod', name: 'agent-x7k2p', namespace: 'store' } },
      dst: { addr: '10.8.1.9', port: 6379, proto: 'TCP', k8s: { kind: 'pod', name: 'redis-0', namespace: 'store' } },
    }];
    expect(await sources({ source: 'inspektor-gadget', lines })).toEqual(['host']);
  });

  it('not where the inventory of the cluster has the address', async () => {
    const agent = { kind: 'Pod', metadata: { namespace: 'store', name: 'agent-x7k2p' }, spec: { nodeName: 'n1', hostNetwork: true }, status: { podIPs: [{ ip: '192.168.0.1' }], startTime: '2026-03-01T00:00:00Z' } };
    const lines = [awsFlow('192.168.0.1', '10.8.1.9', 6379, '2026-03-04T05:06:07Z')];
    expect(await sources({ source: 'aws-npa', lines, inventory: { kind: 'List', items: [agent] } })).toEqual(['node']);
  });
});

describe('7. what was lost, or never recorded, is taken for what did not happen', () => {
  const coverage = async (...nights: readonly Recorded[]) => stored((store) => store.coverage('default', DAY), ...nights);

  it('not where a source says how much it lost, on which node and in which hour', async () => {
    const lost = (events: string, minute: string): Part => ({ lost_events: { source: 'HUBBLE_RING_BUFFER', num_events_lost: events }, node_name: 'east/n1', time: `2026-03-04T05:${minute}:00Z` });
    expect(await coverage({ source: 'hubble', lines: [flow(), lost('1200', '10'), lost('34', '20')] }))
      .toMatchObject([{ hour: Date.UTC(2026, 2, 4, 5), node: 'east/n1', lost: 1234, sampled: 1, silentMinutes: 57, longestSilence: 39 }]);
    const dropped = aclLine('Dropped 7 log messages in last 9 seconds (most recently, 1 seconds ago) due to excessive rate');
    expect(await coverage({ source: 'ovn-kubernetes', lines: [packet('10.8.0.4', '10.8.1.9', 45_000, 6379, 'syn'), dropped] })).toMatchObject([{ lost: 7 }]);
  });

  it('not where only one event of many was recorded', async () => {
    expect(await coverage({ source: 'retina', lines: [flow()], flags: ['--sampled', '50'] })).toMatchObject([{ sampled: 50, events: 1 }]);
  });

  it('not where nobody watched: such an hour has no coverage at all', async () => {
    const hours = (await coverage({ source: 'hubble', lines: [flow(), flow({}, '2026-03-04T09:06:07Z')] })).map(({ hour }) => new Date(hour).getUTCHours());
    expect(hours).toEqual([5, 9]);
  });

  it('not where the records of a loss are damaged', async () => {
    const folder = temporaryFolder({ 'a.log': JSON.stringify({ lost_events: { num_events_lost: 'many' }, node_name: 'n', time: '2026-03-04T05:00:00Z' }) });
    const { code, stderr } = await netpol(['flows', 'import', join(folder, 'a.log'), '--source', 'hubble', '--store', join(folder, 'flows.duckdb')]);
    expect(code).toBe(2);
    expect(stderr).toContain('says that "many" events were lost');
  });
});
