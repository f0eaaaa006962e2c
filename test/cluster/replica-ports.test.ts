import { REPLICA_PORTS } from '../../lib/cluster/replica-ports';

test('every port among replicas stands in the table once, with a name and a source', () => {
  const keys = REPLICA_PORTS.map(({ number, protocol }) => `${number}/${protocol}`);
  expect(keys).toEqual([...new Set(keys)]);
  for (const { names, source } of REPLICA_PORTS) {
    expect(names).not.toEqual([]);
    expect(source).toMatch(/^https:\/\//);
  }
});

test('no port on which clients come in is among them', () => {
  const clients = [2379, 2181, 9200, 5672, 9042, 6379, 4222, 3306, 8500, 8200, 9093, 27017, 5432];
  expect(REPLICA_PORTS.filter(({ number }) => clients.includes(number))).toEqual([]);
});
