/** A port on which the replicas of one program talk to one another, and clients do not. */
export interface ReplicaPort {
  readonly program: string;
  readonly number: number;
  readonly protocol: 'TCP' | 'UDP';
  /** What charts and operators call it. */
  readonly names: readonly string[];
  /** Whether other programs have that number for clients: then its name has to say so too. */
  readonly isCommon?: true;
  readonly source: string;
}

export const REPLICA_PORTS: readonly ReplicaPort[] = [
  { program: 'etcd', number: 2380, protocol: 'TCP', names: ['peer', 'server', 'etcd-peer'], source: 'https://etcd.io/docs/v3.5/op-guide/configuration/' },
  { program: 'ZooKeeper', number: 2888, protocol: 'TCP', names: ['follower', 'server', 'tcp-follower'], source: 'https://zookeeper.apache.org/doc/current/zookeeperAdmin.html' },
  { program: 'ZooKeeper', number: 3888, protocol: 'TCP', names: ['election', 'leader-election', 'tcp-election'], source: 'https://zookeeper.apache.org/doc/current/zookeeperAdmin.html' },
  { program: 'Elasticsearch, OpenSearch', number: 9300, protocol: 'TCP', names: ['transport', 'tcp-transport', 'rest-transport'], source: 'https://www.elastic.co/guide/en/elasticsearch/reference/current/modules-network.html' },
  { program: 'RabbitMQ', number: 25672, protocol: 'TCP', names: ['dist', 'clustering'], source: 'https://www.rabbitmq.com/docs/networking' },
  { program: 'RabbitMQ', number: 4369, protocol: 'TCP', names: ['epmd'], source: 'https://www.rabbitmq.com/docs/networking' },
  { program: 'Cassandra', number: 7000, protocol: 'TCP', names: ['intra', 'intra-node', 'internode', 'cql-intra'], isCommon: true, source: 'https://cassandra.apache.org/doc/latest/cassandra/overview/faq/index.html' },
  { program: 'Redis Cluster', number: 16379, protocol: 'TCP', names: ['bus', 'redis-bus', 'tcp-redis-bus', 'gossip'], source: 'https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/' },
  { program: 'NATS', number: 6222, protocol: 'TCP', names: ['cluster', 'tcp-cluster'], source: 'https://docs.nats.io/running-a-nats-service/configuration/clustering' },
  { program: 'Galera', number: 4567, protocol: 'TCP', names: ['galera', 'tcp-galera', 'cluster'], isCommon: true, source: 'https://galeracluster.com/library/documentation/firewall-settings.html' },
  { program: 'Consul', number: 8301, protocol: 'TCP', names: ['serflan-tcp', 'serflan', 'tcp-serf-lan'], source: 'https://developer.hashicorp.com/consul/docs/install/ports' },
  { program: 'Vault', number: 8201, protocol: 'TCP', names: ['https-internal', 'http-internal', 'internal'], source: 'https://developer.hashicorp.com/vault/docs/concepts/ha' },
  { program: 'Alertmanager', number: 9094, protocol: 'TCP', names: ['mesh-tcp', 'cluster-tcp', 'clusterpeer-tcp'], isCommon: true, source: 'https://github.com/prometheus/alertmanager#high-availability' },
  { program: 'memberlist', number: 7946, protocol: 'TCP', names: ['memberlist', 'http-memberlist', 'tcp-memberlist', 'gossip-ring'], source: 'https://grafana.com/docs/loki/latest/configure/#memberlist' },
];
