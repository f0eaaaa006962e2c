import { Access, ApiServer } from './api-server';

const ACCESS = 'NETPOL_TEST_API_SERVER';
const KEPT = Symbol.for('cdk8s-netpol.test.ApiServer');
const place = globalThis as unknown as Record<symbol, ApiServer | undefined>;

/** Notes the server for the test files, which run in contexts of their own, and for the end, however this process ends. */
export function keep(server: ApiServer): void {
  place[KEPT] = server;
  process.env[ACCESS] = JSON.stringify(server.access);
  process.once('exit', () => place[KEPT]?.kill());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      place[KEPT]?.kill();
      process.kill(process.pid, signal);
    });
  }
}

export async function stopTheServer(): Promise<void> {
  const server = place[KEPT];
  place[KEPT] = undefined;
  await server?.stop();
}

/** How the tests reach the server. */
export function theServer(): Access {
  const text = process.env[ACCESS];
  if (!text) throw new Error('no server was started: run these tests with npm run test:cluster');
  return JSON.parse(text) as Access;
}
