import { AskedPort, PortsJson } from 'cdk8s-netpol/analysis';

/** The one port, if it is among these; ICMP is only where all ports are. */
export function onlyPort(ports: PortsJson, { protocol, port }: AskedPort): PortsJson | undefined {
  if (protocol === 'OTHER') return ports === 'all' ? 'all' : undefined;
  const intervals = ports === 'all' ? 'all' : ports[protocol];
  return intervals !== undefined && (intervals === 'all' || isWithin(intervals, port)) ? { [protocol]: String(port) } : undefined;
}

function isWithin(intervals: string, port: number): boolean {
  return intervals.split(',').some((interval) => {
    const [first = '', last = first] = interval.split('-');
    return Number(first) <= port && port <= Number(last);
  });
}
