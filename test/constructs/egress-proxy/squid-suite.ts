import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { SPECIAL_RANGES } from '../../../lib/constructs/egress-proxy/special-ranges';
import { Cidr } from '../../../lib/policy';
import { LoopbackDns } from './loopback-dns';
import { LoopbackUpstream } from './loopback-upstream';
import { findSquid, SquidProcess } from './squid-process';

/** Addresses of their own for each run, so that two on one machine do not meet. */
const RUN = `${(process.pid >> 8) & 255}.${process.pid & 255}`;

/** Stands for the Internet: cut out of the loopback block, so that the rest of the deny list is the real one. */
export const INTERNET = '127.200.0.0/15';
export const PUBLIC = `127.200.${RUN}`;
export const PUBLIC_TOO = `127.201.${RUN}`;
/** Denied as 10.0.0.1 is, but here a server can listen and tell whether anybody came. */
export const PRIVATE = `127.66.${RUN}`;
const RESOLVER = `127.53.${RUN}`;

/** What runs on this machine for the tests of one file: a resolver, web servers, and proxies as they are asked for. */
export class Laboratory {
  public static async open(): Promise<Laboratory> {
    const upstream = new LoopbackUpstream();
    for (const address of [PUBLIC, PUBLIC_TOO, PRIVATE]) {
      await upstream.listen(address, 80);
      await upstream.listen(address, 443);
    }
    return new Laboratory(await LoopbackDns.start(RESOLVER), upstream);
  }

  private readonly proxies: SquidProcess[] = [];

  private constructor(public readonly dns: LoopbackDns, public readonly upstream: LoopbackUpstream) {}

  public async proxy(domains: readonly string[], deniedCidrs: readonly string[] = specialRangesWithout(INTERNET), connects = true): Promise<SquidProcess> {
    const proxy = await SquidProcess.start(binary(), { domains, deniedCidrs, nameserver: RESOLVER, shutdownLifetimeSeconds: 1, connects });
    this.proxies.push(proxy);
    return proxy;
  }

  public async close(): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy.stop()));
    await Promise.all([this.upstream.stop(), this.dns.stop()]);
  }
}

/** The real deny list with holes. */
export function specialRangesWithout(...holes: string[]): string[] {
  return SPECIAL_RANGES.flatMap(({ cidr }) => Cidr.parse(cidr).minus(holes.map((hole) => Cidr.parse(hole)))).map(String);
}

export const hasIpv6Loopback = Object.values(networkInterfaces()).flat().some((face) => face?.address === '::1');

/** `describe`, or where Squid or its ports cannot be had, a group that is counted as skipped after a line on stderr. */
export function describeWithSquid(name: string, body: () => void): void {
  const obstacle = findObstacle();
  if (obstacle !== undefined) process.stderr.write(`skipped "${name}": ${obstacle}\n`);
  const declare = obstacle === undefined ? describe : describe['skip'];
  declare(name, body);
}

function findObstacle(): string | undefined {
  if (findSquid() === undefined) return 'no squid on the PATH or in /usr/sbin (apt-get install squid)';
  const script = `
    const tcp = require('node:net').createServer().listen(80, '${PUBLIC}', () => {
      const udp = require('node:dgram').createSocket('udp4').bind(53, '${RESOLVER}', () => { tcp.close(); udp.close(); });
    });`;
  const { status } = spawnSync(process.execPath, ['-e', script], { timeout: 5000 });
  return status === 0 ? undefined : `ports 53 and 80 of loopback cannot be bound (needs root or Linux's whole 127.0.0.0/8)`;
}

function binary(): string {
  const path = findSquid();
  if (path === undefined) throw new Error('no squid');
  return path;
}
