import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 15_000;

/** The variables of envtest; `npm run test:cluster` sets them. */
const PROGRAMS = { etcd: 'TEST_ASSET_ETCD', apiServer: 'TEST_ASSET_KUBE_APISERVER' } as const;

/** Where a server listens, and what makes a client one of its administrators. */
export interface Access {
  readonly port: number;
  readonly certificate: string;
  readonly token: string;
}

/** A kube-apiserver with its etcd, on loopback, with all of its files in one temporary folder. */
export class ApiServer {
  public static async start(): Promise<ApiServer> {
    const server = new ApiServer(program('etcd'), program('apiServer'));
    try {
      await server.run();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'api-server-test-'));
  private readonly token = randomBytes(24).toString('hex');
  private readonly running: Running[] = [];
  private port = 0;

  private constructor(private readonly etcd: string, private readonly apiServer: string) {}

  public get access(): Access {
    return { port: this.port, certificate: readFileSync(this.path('certs', 'apiserver.crt'), 'utf8'), token: this.token };
  }

  /** The API server first, since it complains when its store goes; then all files. */
  public async stop(): Promise<void> {
    for (const process of this.running.splice(0).reverse()) await process.stop();
    this.removeFiles();
  }

  /** For the end of this process, where nothing can be waited for. */
  public kill(): void {
    for (const process of this.running.splice(0)) process.kill();
    this.removeFiles();
  }

  private async run(): Promise<void> {
    const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
    this.port = port;
    const store = `http://127.0.0.1:${client}`;
    const member = `http://127.0.0.1:${peer}`;
    this.start('etcd', this.etcd, [
      '--data-dir', this.path('etcd'), '--listen-client-urls', store, '--advertise-client-urls', store, '--listen-peer-urls', member,
      '--initial-advertise-peer-urls', member, '--initial-cluster', `default=${member}`, '--unsafe-no-fsync',
    ]);
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.write('service-accounts.key', privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    this.write('service-accounts.pub', publicKey.export({ type: 'spki', format: 'pem' }) as string);
    this.write('tokens.csv', `${this.token},admin,admin,"system:masters"\n`);
    this.start('kube-apiserver', this.apiServer, [
      '--etcd-servers', store, '--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1', '--secure-port', String(port),
      '--cert-dir', this.path('certs'), '--token-auth-file', this.path('tokens.csv'), '--authorization-mode', 'RBAC',
      '--service-account-issuer', 'https://kubernetes.default.svc', '--service-account-key-file', this.path('service-accounts.pub'),
      '--service-account-signing-key-file', this.path('service-accounts.key'), '--service-cluster-ip-range', '10.96.0.0/16',
      '--endpoint-reconciler-type', 'none',
      // workloads of examples are applied as they are: no controller makes the service accounts that it would ask for
      '--disable-admission-plugins', 'ServiceAccount',
    ]);
    await this.ready();
  }

  private start(name: string, binary: string, args: readonly string[]): void {
    this.running.push(new Running(name, binary, args, this.path(`${name}.log`)));
  }

  private async ready(): Promise<void> {
    const end = Date.now() + START_DEADLINE_MS;
    for (;;) {
      const dead = this.running.find(({ isRunning }) => !isRunning);
      if (dead !== undefined || Date.now() > end) {
        const what = dead === undefined ? `kube-apiserver was not ready in ${START_DEADLINE_MS / 1000} s` : `${dead.name} ended`;
        throw new Error(`${what}:\n${this.running.map((each) => each.lastWords()).join('\n')}`);
      }
      if (await this.answers('/readyz')) return;
      await sleep(100);
    }
  }

  private answers(path: string): Promise<boolean> {
    let access: Access;
    try {
      access = this.access;
    } catch {
      return Promise.resolve(false); // the certificate is not there yet
    }
    return new Promise((resolve) => {
      const asking = request({
        host: '127.0.0.1', port: access.port, path, ca: access.certificate, headers: { Authorization: `Bearer ${access.token}` }, timeout: 2000, agent: false,
      }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      });
      asking.once('error', () => resolve(false));
      asking.once('timeout', () => asking.destroy());
      asking.end();
    });
  }

  private removeFiles(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(name: string, text: string): void {
    writeFileSync(this.path(name), text, { mode: 0o600 });
  }

  private path(...segments: string[]): string {
    return join(this.folder, ...segments);
  }
}

/** A program that was started here, and its log. */
class Running {
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;

  public constructor(public readonly name: string, binary: string, args: readonly string[], private readonly log: string) {
    const output = openSync(log, 'a', 0o600);
    this.child = spawn(binary, args, { stdio: ['ignore', output, output] });
    closeSync(output);
    this.ended = new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.once('error', () => resolve());
    });
  }

  public get isRunning(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  public async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.kill(), STOP_DEADLINE_MS);
    await this.ended;
    clearTimeout(late);
  }

  public kill(): void {
    if (this.isRunning) this.child.kill('SIGKILL');
  }

  public lastWords(): string {
    return `--- ${this.name}\n${readFileSync(this.log, 'utf8').split('\n').slice(-15).join('\n')}`;
  }
}

function program(name: keyof typeof PROGRAMS): string {
  const path = process.env[PROGRAMS[name]];
  if (path) return path;
  throw new Error(`${PROGRAMS[name]} is not set: run these tests with npm run test:cluster, which finds or builds the programs`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
