import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { spawnNetpol } from '../spawn-netpol';
import { temporaryFolder } from '../temporary-folder';

type Objects = Readonly<Record<string, ReadonlyArray<Record<string, unknown>>>>;

const pod = (name: string, namespace: string) => ({ metadata: { name, namespace, labels: { app: name } }, spec: { containers: [{ name: 'c' }] }, status: { phase: 'Running' } });
const policy = { metadata: { name: 'api', namespace: 'pay' }, spec: { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } }, namespaceSelector: {} }], ports: [{ port: 80 }] }] } };

const OBJECTS: Objects = {
  '/api/v1/namespaces': [{ metadata: { name: 'shop' } }, { metadata: { name: 'pay' } }],
  '/api/v1/pods': [...Array.from({ length: 1203 }, (_, index) => pod(`p${index}`, 'many')), pod('web', 'shop'), pod('api', 'pay')],
  '/api/v1/services': [],
  '/api/v1/nodes': [],
  '/api/v1/configmaps': [{
    metadata: { name: 'netpol-stage', namespace: 'pay', managedFields: [{ time: '2026-05-06T07:08:09Z', fieldsV1: { 'f:data': { 'f:stage': {} } } }] },
    data: { owner: 'payments', stage: 'AUDIT' },
  }],
  '/apis/networking.k8s.io/v1/networkpolicies': [policy],
};

interface Fault {
  readonly path: string;
  readonly status: number;
  /** How often; always unless it is said. */
  readonly times?: number;
}

/** An API server with discovery, pages and a token, as far as a reader sees it. */
class FakeApiServer {
  public readonly asked: string[] = [];
  private readonly server: Server;
  private faults: Array<{ path: string; status: number; left: number }> = [];

  public constructor() {
    this.server = createServer((request, response) => {
      const { status, body } = this.answer(request);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }

  public async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.server.close();
  }

  public begin(...faults: readonly Fault[]): void {
    this.asked.length = 0;
    this.faults = faults.map(({ path, status, times = Infinity }) => ({ path, status, left: times }));
  }

  private answer({ url = '', headers }: IncomingMessage): { status: number; body: unknown } {
    this.asked.push(url);
    if (headers.authorization !== 'Bearer secret') return { status: 401, body: { message: 'Unauthorized' } };
    const fault = this.faults.find(({ path, left }) => left > 0 && url.startsWith(path));
    if (fault !== undefined) {
      fault.left--;
      return { status: fault.status, body: { kind: 'Status', message: `as the test wants: ${fault.status}` } };
    }
    const { pathname, searchParams } = new URL(url, 'http://x');
    const resources = (...names: string[][]) => ({ resources: names.map(([name, kind]) => ({ name, kind, verbs: ['get', 'list'] })) });
    if (pathname === '/apis') {
      const group = (name: string) => ({ name, preferredVersion: { groupVersion: `${name}/v1` }, versions: [{ groupVersion: `${name}/v1` }] });
      return { status: 200, body: { groups: [group('networking.k8s.io'), group('example.com')] } };
    }
    if (pathname === '/api/v1') return { status: 200, body: resources(['namespaces', 'Namespace'], ['pods', 'Pod'], ['pods/log', 'Pod'], ['services', 'Service'], ['nodes', 'Node'], ['secrets', 'Secret'], ['configmaps', 'ConfigMap']) };
    if (pathname === '/apis/networking.k8s.io/v1') return { status: 200, body: resources(['networkpolicies', 'NetworkPolicy']) };
    if (pathname === '/apis/example.com/v1') return { status: 200, body: resources(['widgets', 'Widget']) };
    const objects = OBJECTS[pathname];
    if (objects === undefined) return { status: 404, body: { message: 'not found' } };
    const [from, limit] = [Number(searchParams.get('continue') ?? 0), Number(searchParams.get('limit'))];
    const rest = from + limit < objects.length ? { continue: String(from + limit) } : {};
    return { status: 200, body: { kind: 'List', items: objects.slice(from, from + limit), metadata: rest } };
  }
}

const server = new FakeApiServer();
let kubeconfig = '';

beforeAll(async () => {
  const address = await server.listen();
  kubeconfig = join(temporaryFolder({
    config: JSON.stringify({
      'apiVersion': 'v1',
      'kind': 'Config',
      'clusters': [{ name: 'c', cluster: { server: address } }, { name: 'gone', cluster: { server: 'http://127.0.0.1:1' } }],
      'users': [{ name: 'u', user: { token: 'secret' } }, { name: 'stranger', user: { token: 'other' } }, {
        name: 'plugin', user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-credential-plugin', interactiveMode: 'Never' } },
      }],
      'contexts': [
        { name: 'prod', context: { cluster: 'c', user: 'u' } }, { name: 'stranger', context: { cluster: 'c', user: 'stranger' } },
        { name: 'gone', context: { cluster: 'gone', user: 'u' } }, { name: 'plugin', context: { cluster: 'c', user: 'plugin' } },
      ],
      'current-context': 'stranger',
    }),
  }), 'config');
});
afterAll(() => server.close());

const netpol = async (...args: string[]) => spawnNetpol(args, { env: { KUBECONFIG: kubeconfig } });
const QUESTION = ['--from', 'shop/web', '--to', 'pay/api', '--port', '80'];

test('a live cluster is read page by page, and no Secret of it', async () => {
  server.begin();
  const { code, stdout, stderr } = await netpol('explain', '--context', 'prod', ...QUESTION);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^shop\/web to pay\/api on 80\/TCP: allowed\n[^]*NetworkPolicy pay\/api, ingress\[0\]: allows it \(prod: NetworkPolicy pay\/api\)/);
  expect(server.asked.filter((url) => url.startsWith('/api/v1/pods'))).toEqual([
    '/api/v1/pods?limit=500', '/api/v1/pods?limit=500&continue=500', '/api/v1/pods?limit=500&continue=1000',
  ]);
  expect(server.asked.filter((url) => /secrets|widgets|log/.test(url))).toEqual([]);
});

test('status has the stage and since when from the API server', async () => {
  server.begin();
  const { stdout } = await netpol('status', '--context', 'prod', '-o', 'json');
  const { namespaces } = JSON.parse(stdout) as { namespaces: Array<{ namespace: string }> };
  expect(namespaces.find(({ namespace }) => namespace === 'pay')).toMatchObject({ owner: 'payments', stage: 'AUDIT', since: '2026-05-06' });
});

test('a list whose token has expired begins anew', async () => {
  server.begin({ path: '/api/v1/pods?limit=500&continue=1000', status: 410, times: 1 });
  const { code } = await netpol('list', '--context', 'prod', '--to', 'pay/api', '-o', 'json');
  expect(code).toBe(0);
  expect(server.asked.filter((url) => url === '/api/v1/pods?limit=500')).toHaveLength(2);
});

test('nodes that may not be listed are missed, and said to be', async () => {
  server.begin({ path: '/api/v1/nodes', status: 403 });
  const { code, stderr } = await netpol('explain', '--context', 'prod', ...QUESTION);
  expect(code).toBe(0);
  expect(stderr).toBe('warning: the user of context prod may not list Node objects of v1: the answer goes without them\n');
});

test.each<[string, Fault | undefined, string, RegExp]>([
  ['policies that may not be listed', { path: '/apis/networking.k8s.io/v1/networkpolicies', status: 403 }, 'prod', /^error: prod: the user of context prod may not list NetworkPolicy objects of networking\.k8s\.io\/v1: an answer without them would look whole/],
  ['an API server that fails', { path: '/api/v1/services', status: 500 }, 'prod', /^error: the cluster of context prod: GET \/api\/v1\/services\?limit=500 was answered with 500: as the test wants/],
  ['a user that nobody knows', undefined, 'stranger', /answered with 401: Unauthorized/],
  ['an API server that is not there', undefined, 'gone', /^error: the cluster of context gone: GET http:\/\/127\.0\.0\.1:1\/apis: .*ECONNREFUSED/],
  ['a credential plugin that is not there', undefined, 'plugin', /^error: there are no credentials for the context "plugin": .*no-such-credential-plugin/],
  ['a context that is not there', undefined, 'prd', /^error: the kubeconfig has no context "prd"; it has prod, stranger, gone, plugin\n\(Did you mean prod\?\)/],
])('%s: exit code 2', async (_, fault, context, message) => {
  server.begin(...(fault === undefined ? [] : [fault]));
  const { code, stdout, stderr } = await netpol('list', '--context', context);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
