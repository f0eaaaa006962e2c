import { Cidr } from 'cdk8s-netpol/policy';
import { FlowInventory, InventoryFacts } from '../../../src/flows/inventory/flow-inventory';
import { Observation } from '../../../src/flows/observation';
import { ANTREA_CLICKHOUSE } from '../../../src/flows/sources/antrea-clickhouse';
import { Reading } from '../../../src/flows/sources/flow-source';
import { beginnings, expectAllSound, OTHER_VALUES } from './mangled';
import { NOW, readAll, testSample } from './samples';

const ROW = {
  flowStartSeconds: '2026-09-05 08:00:00',
  flowEndSeconds: '2026-09-05 08:00:30',
  sourceIP: '10.20.1.4',
  destinationIP: '10.20.2.7',
  sourceTransportPort: 51_234,
  destinationTransportPort: 6379,
  protocolIdentifier: 6,
  sourcePodName: 'worker-0',
  sourcePodNamespace: 'jobs',
  sourceNodeName: 'n1',
  sourcePodLabels: '{"app":"worker"}',
  destinationPodName: 'redis-0',
  destinationPodNamespace: 'cache',
  destinationNodeName: 'n2',
  destinationPodLabels: '{"app":"redis"}',
  destinationServicePort: 0,
  destinationServicePortName: '',
  ingressNetworkPolicyName: '',
  ingressNetworkPolicyNamespace: '',
  ingressNetworkPolicyRuleName: '',
  ingressNetworkPolicyRuleAction: 0,
  ingressNetworkPolicyType: 0,
  egressNetworkPolicyName: '',
  egressNetworkPolicyNamespace: '',
  egressNetworkPolicyRuleName: '',
  egressNetworkPolicyRuleAction: 0,
  egressNetworkPolicyType: 0,
};
const NO_SOURCE_POD = { sourcePodName: '', sourcePodNamespace: '', sourcePodLabels: '' };
const NO_DESTINATION_POD = { destinationPodName: '', destinationPodNamespace: '', destinationPodLabels: '' };

function row(overrides: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ ...ROW, ...overrides });
}

function read(overrides: Readonly<Record<string, unknown>> = {}, known?: FlowInventory): Reading {
  return readAll(ANTREA_CLICKHOUSE, [row(overrides)], known)[0]!;
}

function statements(reading: Reading | undefined): readonly string[] {
  return reading!.observations.map(({ direction, verdict, decidedBy }) => `${direction} ${verdict} ${decidedBy?.map(({ kind, name }) => `${kind}/${name}`).join() ?? '-'}`);
}

function inventory(facts: Partial<InventoryFacts>): FlowInventory {
  return new FlowInventory({ podCidrs: [], pods: [], nodes: [], services: [], listeners: [], ...facts });
}

describe('antrea-clickhouse', () => {
  testSample(ANTREA_CLICKHOUSE, 'antrea-clickhouse/flows.ndjson');

  describe('which end speaks', () => {
    it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
      ['both, where nobody decided', {}, ['egress allowed -', 'ingress allowed -']],
      ['the client, where the server is outside', NO_DESTINATION_POD, ['egress allowed -']],
      ['the server, where the client is outside', NO_SOURCE_POD, ['ingress allowed -']],
      ['the server alone, where it dropped', { ingressNetworkPolicyRuleAction: 2, ingressNetworkPolicyType: 1 }, ['ingress denied -']],
      ['the client alone, where it rejected', { egressNetworkPolicyRuleAction: 3, egressNetworkPolicyType: 3, egressNetworkPolicyName: 'p' }, ['egress denied AntreaClusterNetworkPolicy/p']],
      ['both, where a policy let out what another one dropped', {
        egressNetworkPolicyRuleAction: 1, egressNetworkPolicyType: 1, egressNetworkPolicyName: 'out',
        ingressNetworkPolicyRuleAction: 2, ingressNetworkPolicyType: 2, ingressNetworkPolicyName: 'in',
      }, ['egress allowed NetworkPolicy/out', 'ingress denied AntreaNetworkPolicy/in']],
      ['the end of a decision, even where its pod is not named', {
        ...NO_DESTINATION_POD, ingressNetworkPolicyRuleAction: 2, ingressNetworkPolicyType: 2, ingressNetworkPolicyName: 'in',
      }, ['ingress denied AntreaNetworkPolicy/in']],
    ])('%s', (_, overrides, wanted) => expect(statements(read(overrides))).toEqual(wanted));

    it('neither, where no pod is named', () => expect(read({ ...NO_SOURCE_POD, ...NO_DESTINATION_POD })).toMatchObject({ skipped: 'missing-fields' }));
  });

  describe('decisions', () => {
    it.each<[string, Readonly<Record<string, unknown>>, string]>([
      ['a policy without an action let through', { ingressNetworkPolicyName: 'p', ingressNetworkPolicyType: 1 }, 'ingress allowed NetworkPolicy/p'],
      ['a policy of an unknown type has no kind', { ingressNetworkPolicyName: 'p', ingressNetworkPolicyType: 9, ingressNetworkPolicyRuleAction: 1 }, 'ingress allowed null/p'],
      ['a ClusterNetworkPolicy is type 4', { ingressNetworkPolicyName: 'p', ingressNetworkPolicyType: 4, ingressNetworkPolicyRuleAction: 1 }, 'ingress allowed ClusterNetworkPolicy/p'],
      ['an action that is not known is no permission', { ingressNetworkPolicyName: 'p', ingressNetworkPolicyType: 1, ingressNetworkPolicyRuleAction: 7 }, 'ingress unknown -'],
      ['an action in words', { ingressNetworkPolicyRuleAction: 'Reject' }, 'ingress denied -'],
      ['the marker may deny', { ingressNetworkPolicyName: 'netpol-audit', ingressNetworkPolicyType: 3, ingressNetworkPolicyRuleAction: 2 }, 'ingress denied AntreaClusterNetworkPolicy/netpol-audit'],
      ['what the marker allows would be denied', {
        ingressNetworkPolicyName: 'netpol-audit', ingressNetworkPolicyType: 3, ingressNetworkPolicyRuleAction: 1,
      }, 'ingress would-deny AntreaClusterNetworkPolicy/netpol-audit'],
    ])('%s', (_, overrides, wanted) => expect(statements(read({ ...NO_SOURCE_POD, ...overrides }))).toEqual([wanted]));

    it('does not take a list for the action in it', () => expect(statements(read({ ...NO_SOURCE_POD, ingressNetworkPolicyRuleAction: ['1'] }))).toEqual(['ingress unknown -']));
  });

  describe('one connection', () => {
    it('is not told by its ports alone, which are used again', () => {
      const readings = readAll(ANTREA_CLICKHOUSE, [row(), row({ flowStartSeconds: '2026-09-05 09:00:00' })]);
      expect(readings.map(({ skipped }) => skipped)).toEqual([undefined, undefined]);
    });

    it('says the same only once, though it goes on', () => {
      const readings = readAll(ANTREA_CLICKHOUSE, [row(), row({ flowEndSeconds: '2026-09-05 08:01:30' })]);
      expect(readings[1]).toMatchObject({ skipped: 'same-connection', time: Date.UTC(2026, 8, 5, 8, 1, 30), node: 'n1' });
    });

    it('says what it did not say before', () => {
      const decided = { ingressNetworkPolicyName: 'p', ingressNetworkPolicyType: 1, ingressNetworkPolicyRuleAction: 1 };
      expect(statements(readAll(ANTREA_CLICKHOUSE, [row(), row(decided)])[1])).toEqual(['ingress allowed NetworkPolicy/p']);
    });
  });

  describe('peers', () => {
    const [labelled] = read().observations as readonly [Observation];

    it('have their address, for the history of addresses', () => expect([labelled.src, labelled.dst]).toMatchObject([{ ip: '10.20.1.4' }, { ip: '10.20.2.7' }]));

    it('are the Deployment that the hash says, however long it is', () => {
      const { observations } = read({ sourcePodName: 'mailer-7b9f4-qq8zt', sourcePodLabels: '{"app":"mailer","pod-template-hash":"7b9f4"}' });
      expect(observations[0]!.src).toMatchObject({ workload: { kind: 'Deployment', name: 'mailer' }, labels: { app: 'mailer' } });
    });

    it('have the labels that are known of them, where the record has none', () => {
      const pod = { namespace: 'cache', name: 'redis-0', workload: { kind: 'StatefulSet', name: 'redis' }, labels: { app: 'redis' }, from: null, until: null };
      const { observations } = read({ destinationPodLabels: '' }, inventory({ pods: [pod] }));
      expect(observations[0]!.dst).toMatchObject({ labels: { app: 'redis' }, workload: { kind: 'StatefulSet', name: 'redis' } });
    });

    it('are the node, where a pod is named at its address', () => {
      const { observations } = read({ destinationPodName: 'kube-proxy-x7k2p', destinationIP: '192.168.0.5' }, inventory({ nodes: [{ name: 'n2', ips: ['192.168.0.5'] }] }));
      expect(observations.map(({ direction, dst }) => [direction, dst])).toEqual([['egress', { kind: 'entity', entity: 'node', ip: '192.168.0.5', name: 'n2' }]]);
    });

    it('are looked up by address, where no pod is named', () => {
      const { observations } = read(NO_DESTINATION_POD, inventory({ podCidrs: [Cidr.parse('10.20.0.0/16')] }));
      expect(observations[0]!.dst).toEqual({ kind: 'unknown', ip: '10.20.2.7' });
    });

    it.each([['', {}], ['null', {}], [null, {}], [{ app: 'redis' }, { app: 'redis' }], ['{"app":"redis","n":1}', { app: 'redis' }]])('take %j for labels', (value, labels) => {
      expect(read({ destinationPodLabels: value }).observations[0]!.dst).toMatchObject({ labels });
    });

    it.each(['{"app":', '[]', 'app=redis'])('do not take %j for labels', (value) => {
      expect(read({ destinationPodLabels: value })).toMatchObject({ skipped: 'malformed', detail: 'has destinationPodLabels that are no JSON object' });
    });
  });

  describe('Services', () => {
    it.each<[string, number, unknown]>([
      ['cache/redis:tcp', 6380, { namespace: 'cache', name: 'redis', port: 6380, portName: 'tcp' }],
      ['cache/redis', 6380, { namespace: 'cache', name: 'redis', port: 6380 }],
      ['cache/redis:tcp', 0, { namespace: 'cache', name: 'redis', portName: 'tcp' }],
      ['redis', 6380, undefined],
      ['', 0, undefined],
    ])('%j, port %i', (destinationServicePortName, destinationServicePort, wanted) => {
      expect(read({ destinationServicePortName, destinationServicePort }).observations[0]!.service).toEqual(wanted);
    });
  });

  describe('time', () => {
    it.each<[string, unknown, number]>([
      ['of ClickHouse is UTC', '2026-09-05 08:00:00', Date.UTC(2026, 8, 5, 8)],
      ['in ISO', '2026-09-05T08:00:00Z', Date.UTC(2026, 8, 5, 8)],
      ['in seconds', 1_788_595_200, 1_788_595_200_000],
      ['in seconds as text', '1788595200', 1_788_595_200_000],
    ])('%s', (_, flowStartSeconds, wanted) => expect(read({ flowStartSeconds }).observations[0]!.time).toBe(wanted));

    it('at which it was written is that of its end', () => {
      expect(read()).toMatchObject({ time: Date.UTC(2026, 8, 5, 8, 0, 30), observations: [{ time: Date.UTC(2026, 8, 5, 8) }, {}] });
      expect(read({ flowEndSeconds: '' })).toMatchObject({ time: Date.UTC(2026, 8, 5, 8) });
    });

    it('has no end before its beginning', () => expect(read({ flowEndSeconds: '1970-01-01 00:00:00' }).observations[0]!.until).toBeUndefined());

    it('that is ahead of ours is refused, be it only that of the end', () => {
      const end = new Date(NOW + 6 * 60_000).toISOString();
      expect(read({ flowEndSeconds: end }).skipped).toBe('clock');
      expect(read({ flowEndSeconds: new Date(NOW + 4 * 60_000).toISOString() }).skipped).toBeUndefined();
    });
  });

  describe('fields', () => {
    it.each<[string, Readonly<Record<string, unknown>>, string, string]>([
      ['no beginning', { flowStartSeconds: '1970-01-01 00:00:00' }, 'missing-fields', 'has no flowStartSeconds'],
      ['no address', { sourceIP: '' }, 'missing-fields', 'has no sourceIP'],
      ['no protocol', { protocolIdentifier: null }, 'missing-fields', 'has no protocolIdentifier'],
      ['no port', { destinationTransportPort: undefined }, 'missing-fields', 'has no destinationTransportPort'],
      ['no such port', { destinationTransportPort: 70_000 }, 'malformed', 'has a destinationTransportPort that is no port'],
      ['port 0', { destinationTransportPort: 0 }, 'malformed', 'has a destinationTransportPort that is no port'],
      ['no such address', { destinationIP: '10.20.2.300' }, 'malformed', 'has a destinationIP that is no address'],
      ['no such protocol', { protocolIdentifier: 256 }, 'malformed', 'has a protocolIdentifier that is none'],
      ['no such time', { flowStartSeconds: '2026-13-05 08:00:00' }, 'malformed', 'has a flowStartSeconds that is no time'],
    ])('%s', (_, overrides, skipped, detail) => expect(read(overrides)).toMatchObject({ observations: [], skipped, detail }));

    it.each([[58, 'ICMPv6', null], [2, 'unknown', null], [47, 'unknown', null], [132, 'SCTP', 6379], ['17', 'UDP', 6379]])('protocol %j is %s', (protocolIdentifier, protocol, port) => {
      expect(read({ protocolIdentifier }).observations[0]).toMatchObject({ protocol, port });
    });

    it('says when and where a record is from that it does not take', () => {
      expect(read({ sourceIP: 'x' })).toMatchObject({ time: Date.UTC(2026, 8, 5, 8, 0, 30), node: 'n1' });
      expect(read({ sourceIP: 'x', sourceNodeName: '' })).toMatchObject({ node: 'n2' });
    });
  });

  it('skips an answer that was taken for a request', () => {
    const known = inventory({ listeners: [{ ip: '10.20.1.4', port: 51_234, protocol: 'TCP' }] });
    expect(read({}, known).skipped).toBe('reply');
  });

  it('is not recognised by JSON of others', () => {
    expect(ANTREA_CLICKHOUSE.recognises(['{"flow":{}}', '{"sourceIP":"10.0.0.1","destinationIP":"10.0.0.2"}', 'null', '[]'])).toBe(false);
    expect(ANTREA_CLICKHOUSE.recognises(['Code: 159. DB::Exception', row()])).toBe(true);
  });

  it('reads anything without failing', () => {
    expectAllSound(ANTREA_CLICKHOUSE, beginnings(row({ ingressNetworkPolicyRuleAction: 1, ingressNetworkPolicyName: 'p', ingressNetworkPolicyType: 1 })));
    expectAllSound(ANTREA_CLICKHOUSE, Object.keys(ROW).flatMap((key) => OTHER_VALUES.map((value) => row({ [key]: value }))));
    expectAllSound(ANTREA_CLICKHOUSE, [...OTHER_VALUES, ...OTHER_VALUES.map((value) => JSON.stringify(value))]);
  });
});
