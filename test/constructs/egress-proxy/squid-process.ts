import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, chownSync, closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainPattern } from '../../../lib/constructs/domain-pattern';
import { squidAllowlist } from '../../../lib/constructs/egress-proxy/squid-allowlist';
import { squidConf } from '../../../lib/constructs/egress-proxy/squid-conf';

const DEADLINE_MS = 10_000;
/** Root gives way to this user before it starts Squid, as the container does ("nobody" on Debian). */
const UNPRIVILEGED = 65534;

/** The Squid on the PATH, or in the folder where Debian puts it. */
export function findSquid(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/local/squid/sbin'];
  return folders.map((folder) => join(folder, 'squid')).find(isExecutable);
}

export function squidVersion(binary: string): string {
  return /Version (\S+)/.exec(execFileSync(binary, ['-v'], { encoding: 'utf8' }))?.[1] ?? 'unknown';
}

export interface LogEntry {
  readonly time: string;
  readonly client: string;
  readonly method: string;
  readonly host: string;
  readonly port: string;
  readonly status: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly address: string;
  readonly decision: string;
  readonly squid: string;
}

export interface Reply {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

export interface LoggedReply extends Reply {
  readonly entry: LogEntry;
}

export interface ProxySetup {
  readonly domains: readonly string[];
  readonly deniedCidrs: readonly string[];
  readonly nameserver: string;
  readonly shutdownLifetimeSeconds?: number;
  /** False: it decides and logs, and then connects to nothing, whatever it decided. */
  readonly connects?: boolean;
}

/** A running Squid with the generated configuration. */
export class SquidProcess {
  public static async start(binary: string, setup: ProxySetup): Promise<SquidProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'squid-test-'));
    const squid = new SquidProcess(binary, folder, await freePort(), setup);
    try {
      await squid.ready();
      return squid;
    } catch (error) {
      await squid.stop();
      throw error;
    }
  }

  public readonly configuration: string;
  private readonly child: ChildProcess;
  private readonly exited: Promise<number | null>;

  private constructor(binary: string, private readonly folder: string, private readonly port: number, setup: ProxySetup) {
    const files = squidAllowlist(setup.domains.map((domain) => DomainPattern.parse(domain)));
    if (files.domains !== undefined) this.write('allowed-domains.txt', files.domains);
    if (files.patterns !== undefined) this.write('allowed-patterns.txt', files.patterns);
    this.configuration = squidConf({
      port,
      deniedCidrs: setup.deniedCidrs,
      ...(files.domains === undefined ? {} : { allowedDomainsFile: join(folder, 'allowed-domains.txt') }),
      ...(files.patterns === undefined ? {} : { allowedPatternsFile: join(folder, 'allowed-patterns.txt') }),
      dnsNameservers: [setup.nameserver],
      ...(setup.shutdownLifetimeSeconds === undefined ? {} : { shutdownLifetimeSeconds: setup.shutdownLifetimeSeconds }),
    });
    const onward = setup.connects === false ? 'miss_access deny all\n' : '';
    this.write('squid.conf', confineToLoopback(this.configuration, port) + onward);
    const [stdout, stderr] = [this.open('stdout'), this.open('stderr')];
    const user = process.getuid?.() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
    this.child = spawn(binary, ['-N', '-f', join(folder, 'squid.conf')], { cwd: folder, stdio: ['ignore', stdout, stderr], ...user });
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code) => resolve(code));
      this.child.once('error', () => resolve(null));
    });
    closeSync(stdout);
    closeSync(stderr);
  }

  /** Sends one request as it is and reads the whole reply. */
  public send(request: string | Buffer): Promise<LoggedReply> {
    return this.exchange((socket) => socket.write(request), isWhole);
  }

  public get(url: string, headers: Record<string, string> = {}): Promise<LoggedReply> {
    const host = /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '';
    return this.send(message(`GET ${url} HTTP/1.1`, { Host: host, Connection: 'close', ...headers }));
  }

  /** Asks for a tunnel; where it opens, sends a line through it and returns what comes back as the body. */
  public tunnel(target: string, line = ''): Promise<LoggedReply> {
    return this.exchange(
      (socket) => socket.write(message(`CONNECT ${target} HTTP/1.1`, { Host: target })),
      (reply, socket) => {
        if (reply.status !== 200) return isWhole(reply);
        if (reply.body === '') socket.write(line);
        return reply.body.includes(line);
      },
    );
  }

  /** The access log once it has so many lines. */
  public async logOf(lines: number): Promise<LogEntry[]> {
    const end = Date.now() + DEADLINE_MS;
    while (this.log().length < lines) {
      if (Date.now() > end) throw new Error(`${this.log().length} lines in the access log in place of ${lines}; ${this.messages()}`);
      await sleep(5);
    }
    return this.log();
  }

  /** The access log so far. A line that is not JSON throws. */
  public log(): LogEntry[] {
    return this.read('stdout').split('\n').slice(0, -1).map((line) => JSON.parse(line) as LogEntry);
  }

  /** Squid's own messages so far. */
  public messages(): string {
    return this.read('stderr');
  }

  public async connect(): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port: this.port, allowHalfOpen: true });
    socket.setTimeout(DEADLINE_MS, () => socket.destroy(new Error(`no reply in ${DEADLINE_MS} ms; ${this.messages()}`)));
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', resolve);
    });
    return socket;
  }

  /** SIGTERM, as a pod gets it; the exit code. */
  public async terminate(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return Promise.race([this.exited, sleep(DEADLINE_MS, undefined, { ref: false }).then(() => { throw new Error('Squid did not end'); })]);
  }

  public async stop(): Promise<void> {
    if (this.child.exitCode === null) this.child.kill('SIGKILL');
    await this.exited;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** One request and its reply, and the line that it leaves in the access log. */
  private async exchange(ask: (socket: Socket) => void, isDone: (reply: Reply, socket: Socket) => boolean): Promise<LoggedReply> {
    const before = this.log().length;
    const socket = await this.connect();
    ask(socket);
    let text = '';
    for await (const chunk of socket) {
      text += (chunk as Buffer).toString('latin1');
      if (isDone(parseReply(text), socket)) break;
    }
    socket.destroy();
    const entry = (await this.logOf(before + 1))[before];
    if (entry === undefined) throw new Error('the access log shrank');
    return { ...parseReply(text), entry };
  }

  private async ready(): Promise<void> {
    const end = Date.now() + DEADLINE_MS;
    for (;;) {
      try {
        (await this.connect()).destroy();
        return;
      } catch (error) {
        if (this.child.exitCode !== null || Date.now() > end) throw new Error(`Squid did not start: ${this.messages()}`, { cause: error });
        await sleep(20);
      }
    }
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text, { mode: 0o644 });
    this.own(this.folder);
  }

  private open(name: string): number {
    const file = openSync(join(this.folder, name), 'a', 0o644);
    this.own(join(this.folder, name));
    return file;
  }

  private own(path: string): void {
    if (process.getuid?.() === 0) chownSync(path, UNPRIVILEGED, UNPRIVILEGED);
  }

  private read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }
}

/**
 * The generated configuration, kept on this machine: it listens on loopback, and connects from loopback, from where the kernel
 * routes nothing outward, should a rule ever fail to refuse.
 */
function confineToLoopback(configuration: string, port: number): string {
  const confined = configuration.replace(`http_port ${port}\n`, `http_port 127.0.0.1:${port}\ntcp_outgoing_address 127.0.0.1\ntcp_outgoing_address ::1\n`);
  if (confined === configuration) throw new Error('the configuration has no http_port line to confine');
  return confined;
}

function message(start: string, headers: Record<string, string>): string {
  return `${start}\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

function parseReply(text: string): Reply {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  return { status: Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 0), head, body: end < 0 ? '' : text.slice(end + 4) };
}

function isWhole({ head, body }: Reply): boolean {
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  return length !== undefined && body.length >= Number(length);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
