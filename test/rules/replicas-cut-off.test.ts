import { found, lines, missing, policy } from './check';

const rule = 'replicas-cut-off';
const only = { only: [rule] };
const workload = (kind: string, name: string, ports: string, replicas = '3') => `apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: data }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: a, image: a, ports: ${ports} }] }
---
`;
const ETCD = workload('StatefulSet', 'etcd', '[{ name: client, containerPort: 2379 }, { name: peer, containerPort: 2380 }]');
const DENY = policy('data/deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }');
const within = (ports: string) => policy('data/within', `{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ podSelector: {} }], ports: ${ports} }], egress: [{ to: [{ podSelector: {} }], ports: ${ports} }] }`);

describe('reports', () => {
  test('etcd under a default deny, with the connection that shows it', () => {
    expect(lines(rule, ETCD + DENY, only)).toEqual([
      'warning NetworkPolicy data/deny: replicas of StatefulSet data/etcd cannot reach one another on 2380/TCP (etcd): their ingress and egress is closed to them',
    ]);
    expect(found(rule, ETCD + DENY, only)[0]?.evidence).toEqual({ from: 'data/etcd', to: 'data/etcd', port: '2380/TCP' });
  });

  test('one direction of two', () => {
    const egress = policy('data/out', '{ podSelector: {}, policyTypes: [Egress], egress: [{ ports: [{ port: 53, protocol: UDP }] }] }');
    expect(lines(rule, ETCD + egress, only)).toEqual([expect.stringContaining('their egress is closed') as unknown]);
  });

  test.each([
    ['RabbitMQ', '[{ name: amqp, containerPort: 5672 }, { name: dist, containerPort: 25672 }, { name: epmd, containerPort: 4369 }]', '25672/TCP (RabbitMQ), 4369/TCP (RabbitMQ)'],
    ['Elasticsearch', '[{ containerPort: 9200 }, { containerPort: 9300 }]', '9300/TCP (Elasticsearch, OpenSearch)'],
    ['Cassandra', '[{ name: intra, containerPort: 7000 }, { name: cql, containerPort: 9042 }]', '7000/TCP (Cassandra)'],
  ])('%s', (_, ports, told) => {
    expect(lines(rule, workload('StatefulSet', 'db', ports) + DENY, only)).toEqual([expect.stringContaining(`on ${told}: `) as unknown]);
  });

  test('a Deployment whose port says so by its name', () => {
    expect(lines(rule, workload('Deployment', 'ring', '[{ name: http-memberlist, containerPort: 7946 }]') + DENY, only)).toHaveLength(1);
  });

  test('a rule for clients, which the replicas are as well, but not on their own port', () => {
    expect(lines(rule, ETCD + within('[{ port: 2379 }]'), only)).toHaveLength(1);
  });

  test('replicas that a policy tells apart by their number', () => {
    const first = policy('data/first', '{ podSelector: { matchLabels: { statefulset.kubernetes.io/pod-name: etcd-0 } }, policyTypes: [Ingress] }');
    expect(lines(rule, ETCD + DENY + first, only)).toHaveLength(1);
  });
});

describe('does not report', () => {
  test.each([
    ['replicas that are open to one another', ETCD + DENY + within('[{ port: 2380 }]')],
    ['a rule for the whole namespace', ETCD + DENY + policy('data/within', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ podSelector: {} }] }], egress: [{ to: [{ podSelector: {} }] }] }')],
    ['pods without policies', ETCD],
    ['one replica alone', workload('StatefulSet', 'etcd', '[{ name: peer, containerPort: 2380 }]', '1') + DENY],
    ['a Deployment of a web server, as most closed workloads are', workload('Deployment', 'web', '[{ name: http, containerPort: 8080 }]') + DENY],
    ['a StatefulSet that replicates on the port of its clients, if at all', workload('StatefulSet', 'mongo', '[{ name: mongodb, containerPort: 27017 }]') + DENY],
    ['a common number without a name that says so', workload('StatefulSet', 'app', '[{ containerPort: 7000 }]') + DENY],
    ['a number in a Deployment that says nothing', workload('Deployment', 'proxy', '[{ name: http, containerPort: 9300 }]') + DENY],
    ['the same number of another protocol', workload('StatefulSet', 'app', '[{ containerPort: 2380, protocol: UDP }]') + DENY],
  ])('%s', (_, manifests) => {
    expect(lines(rule, manifests, only)).toEqual([]);
  });

  test('what depends on the CNI', () => {
    const block = policy('data/block', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }');
    expect(lines(rule, ETCD + block, only)).toEqual([]);
    expect(lines(rule, ETCD + block, { ...only, cni: 'cilium' })).toHaveLength(1);
  });
});

test('is not evaluated where nobody said which CNI reads the policies', () => {
  const manifests = `${ETCD}${DENY}apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: data }\nspec: { endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] }\n`;
  expect(lines(rule, manifests, { ...only, profileIsAssumed: true })).toEqual([]);
  expect(missing(rule, manifests, { ...only, profileIsAssumed: true })).toEqual([expect.stringMatching(/^data: cilium\.io\/v2 CiliumNetworkPolicy/) as unknown]);
});
