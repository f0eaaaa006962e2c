import { Analysis, type Connection, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { GENERIC, plainCluster, type PlainProfile } from '../plain';
import { contains, parseAddress, parseCidr } from '../plain/address';

/** What the two evaluators are told alike. */
export type Settings = Partial<Record<
  'ipBlockMatchesPods' | 'cnpNetworksMatchPods' | 'ipBlockMatchesNodes' | 'cnpNetworksMatchNodes' | 'networkPolicyIsolatesIcmp' | 'rulesWithoutPortsAllowIcmp', boolean
>>;

const PORTS = ['53/UDP', '80/TCP', '443/TCP', '8080/SCTP', '8080/TCP', 'ICMP'];
const ADDRESSES = ['10.1.2.200', '10.9.0.1', '192.0.2.200', '8.8.8.8', 'fd00:1::aaaa', '2001:db8::1'];

export function analysisOf(objects: readonly unknown[], settings: Settings = {}): Analysis {
  const inventory = readInventory(objects.map((object) => ({ object })), { readers: POLICY_READERS });
  const texts = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
  return new Analysis(inventory, profileOf('generic', { settings: texts }));
}

/** Where the engine and the plain evaluator disagree; `exact` demands that the engine never says `depends` without need. */
export function disagreements(objects: readonly unknown[], settings: Settings, exact: boolean): string[] {
  const analysis = analysisOf(objects, settings);
  const profile: PlainProfile = { ...GENERIC, ...settings };
  const plain = plainCluster(objects, profile);
  const pods = plain.workloads();
  const listed = listedPorts(analysis.connections());
  const found: string[] = [];
  for (const from of [...pods, ...ADDRESSES]) {
    for (const to of [...pods, ...ADDRESSES]) {
      if (!pods.includes(from) && !pods.includes(to)) continue;
      for (const port of PORTS) {
        const expected = plain.answer(from, to, port).verdict;
        const actual = analysis.allows(from, to, port).verdict;
        const fits = expected === actual || (!exact && actual === 'depends' && expected !== 'depends');
        if (!fits) found.push(`${from} -> ${to} ${port}: engine ${actual}, plain ${expected}`);
        const row = port === 'ICMP' ? undefined : listed(from, to, port);
        const isSelf = from === to && analysis.inventory.workloads.some(({ namespace, name, replicated }) => from === `${namespace}/${name}` && !replicated);
        if (row !== undefined && !isSelf && row !== actual) found.push(`${from} -> ${to} ${port}: listed ${row}, asked ${actual}`);
      }
    }
  }
  return found;
}

/** Looks a packet up in the rows of the list. */
export function listedPorts(connections: readonly Connection[]): (from: string, to: string, port: string) => 'allowed' | 'denied' | 'depends' {
  const byPair = new Map<string, Connection[]>();
  const add = (key: string, connection: Connection): void => {
    byPair.set(key, [...(byPair.get(key) ?? []), connection]);
  };
  for (const connection of connections) {
    for (const from of namesOf(connection.source)) for (const to of namesOf(connection.destination)) add(`${from} ${to}`, connection);
  }
  return (from, to, port) => {
    const rows = (byPair.get(`${from} ${to}`) ?? []).filter(({ ports }) => {
      const [number, protocol] = port.split('/') as [string, string];
      const intervals = ports === 'all' ? 'all' : ports[protocol] ?? '';
      return intervals === 'all' || intervals.split(',').some((interval) => {
        const [first, last] = interval.split('-').map(Number);
        return first !== undefined && first <= Number(number) && Number(number) <= (last ?? first);
      });
    });
    if (rows.some(({ conditions }) => conditions.length === 0)) return 'allowed';
    return rows.length > 0 ? 'depends' : 'denied';
  };
}

function namesOf(end: Connection['source']): string[] {
  if (end.kind === 'workload') return [`${end.namespace}/${end.name}`];
  if (end.kind !== 'external') return [];
  return ADDRESSES.filter((address) => end.cidrs.some((cidr) => holds(cidr, address)));
}

function holds(cidr: string, address: string): boolean {

  return contains(parseCidr(cidr), parseAddress(address));
}
