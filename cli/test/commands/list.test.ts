import { join } from 'node:path';
import { CERTAIN, ESTATE, POLICY } from '../estate';
import { netpol } from '../run-netpol';
import { temporaryFolder, write } from '../temporary-folder';

const folder = temporaryFolder(ESTATE);
const list = async (...args: string[]) => netpol(['list', folder, '--cni', CERTAIN, ...args]);

async function rows(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await list('-o', 'csv', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.replaceAll(', ::', ',::').trimEnd().split('\r\n').slice(1);
}

test('the connections of the estate, and no other', async () => {
  expect(await rows()).toEqual([
    'shop/cart[Deployment],shop/web[Deployment],all,',
    'shop/cart[Deployment],"0.0.0.0/0,::/0",all,',
    'shop/web[Deployment],pay/api[Deployment],TCP 8080,',
    'shop/web[Deployment],shop/cart[Deployment],all,',
    'shop/web[Deployment],"0.0.0.0/0,::/0",all,',
    '"0.0.0.0/0,::/0",shop/cart[Deployment],all,',
    '"0.0.0.0/0,::/0",shop/web[Deployment],all,',
  ]);
});

test('JSON has the shape that pipelines read', async () => {
  const { stdout } = await list('-o', 'json', '--to', 'pay/api');
  expect(JSON.parse(stdout)).toEqual({
    schemaVersion: 1,
    cni: 'generic',
    connections: [{
      source: { kind: 'workload', namespace: 'shop', name: 'web', workload: 'Deployment' },
      destination: { kind: 'workload', namespace: 'pay', name: 'api', workload: 'Deployment' },
      ports: { TCP: '8080' },
      conditions: [],
    }],
  });
});

test.each(['table', 'markdown', 'mermaid', 'dot'])('%s names both ends and the port', async (form) => {
  const { code, stdout } = await list('-o', form, '--to', 'pay/api');
  expect(code).toBe(0);
  expect(stdout).toMatch(/shop\/web/);
  expect(stdout).toMatch(/pay\/api/);
  expect(stdout).toMatch(/TCP 8080/);
});

test('what an answer depends on stands behind it', async () => {
  const other = temporaryFolder({ ...ESTATE, 'more.yaml': POLICY.replace('name: api', 'name: vpn').replace(/ingress:[^]*/, 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]\n') });
  const { stdout } = await netpol(['list', other, '--from', 'shop/cart', '--to', 'pay/api', '--port', '443']);
  expect(stdout).toMatch(/^SOURCE +DESTINATION +PORTS +DEPENDS ON\nshop\/cart\S+ +pay\/api\S+ +TCP 443 +.*cni \(NetworkPolicy pay\/vpn ingress\[0\]\)/);
});

describe('filters', () => {
  test.each<[string, string[], string[]]>([
    ['a source', ['--from', 'shop/cart'], ['shop/cart[Deployment],shop/web[Deployment],all,', 'shop/cart[Deployment],"0.0.0.0/0,::/0",all,']],
    ['a pattern', ['--from', 'shop/*', '--to', 'p*/*'], ['shop/web[Deployment],pay/api[Deployment],TCP 8080,']],
    ['a kind', ['--from', 'shop/web[Deployment]', '--to', 'pay/api'], ['shop/web[Deployment],pay/api[Deployment],TCP 8080,']],
    ['an address', ['--from', '203.0.113.7', '--to', 'shop/web'], ['"0.0.0.0/0,::/0",shop/web[Deployment],all,']],
    ['a block', ['--from', 'shop/web', '--to', '10.0.0.0/8'], ['shop/web[Deployment],"0.0.0.0/0,::/0",all,']],
    ['a port', ['--port', '8080', '--to', 'pay/api'], ['shop/web[Deployment],pay/api[Deployment],TCP 8080,']],
    ['a port within a range', ['--port', '53/UDP', '--from', 'shop/web', '--to', 'shop/*'], ['shop/web[Deployment],shop/cart[Deployment],UDP 53,']],
    ['a port that nothing opens', ['--port', '9090/TCP', '--to', 'pay/api'], []],
    ['an entity', ['--from', '{ingress-controller}'], []],
  ])('%s', async (_, args, expected) => {
    expect(await rows(...args)).toEqual(expected);
  });

  test.each<[string, string[], RegExp]>([
    ['a workload that is not there', ['--from', 'shop/wbe'], /^error: "shop\/wbe" is no workload of the input\n\(Did you mean shop\/web\?\)\n$/],
    ['a name without a namespace', ['--to', 'api'], /^error: "api" is not an end of a connection\. Instead: NAMESPACE\/NAME/],
    ['a port that is none', ['--port', 'http'], /^error: "http" is not a port/],
    ['a block that is none', ['--to', '10.0.0.0/33'], /^error: .*10\.0\.0\.0\/33/],
    ['a CNI that is none', ['--cni', 'celium'], /^error: .*"celium"/],
    ['a CNI that is not well formed', ['--cni', 'generic,x'], /^error: "generic,x" is not a CNI\. Instead: NAME/],
    ['a setting that is none', ['--cni', 'generic,cpn=on'], /^error: .*"cpn"/],
  ])('%s is an error, not an empty answer', async (_, args, message) => {
    const { code, stdout, stderr } = await list(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

test('--exposure adds what pods that do not exist yet may do', async () => {
  const { stdout } = await list('--exposure', '-o', 'json');
  const { connections } = JSON.parse(stdout) as { connections: Array<{ source: { kind: string }; destination: { name?: string }; ports: unknown }> };
  const toApi = connections.filter(({ source, destination }) => source.kind === 'cluster' && destination.name === 'api');
  expect(connections.some(({ source, destination }) => source.kind === 'cluster' && destination.name === 'web')).toBe(true);
  expect(toApi).toEqual([]);
});

test('--inventory gives workloads, and what PATH has too is PATH\'s', async () => {
  const other = temporaryFolder({ 'main/api.yaml': POLICY, 'context/workloads.yaml': ESTATE['apps/workloads.yaml'], 'context/old.yaml': POLICY.replace('8080', '9999') });
  const { stdout } = await netpol(['list', join(other, 'main'), '--inventory', join(other, 'context'), '--cni', CERTAIN, '--to', 'pay/api', '-o', 'csv']);
  expect(stdout.split('\r\n')[1]).toBe('shop/web[Deployment],pay/api[Deployment],TCP 8080,');
});

test('a field that nobody knows is refused, and allowed on request', async () => {
  const other = temporaryFolder({ 'a.yaml': POLICY.replace('policyTypes', 'policyTipes') });
  const refused = await netpol(['list', other]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/a\.yaml:6:3: NetworkPolicy pay\/api: unknown field "policyTipes"; .* \(in networking\.k8s\.io\/v1, the version that is known here\)/);
  const { code, stderr } = await netpol(['list', other, '--allow-unknown']);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning: .*a\.yaml:6:3: .*unknown field "policyTipes"/);
});

test('the same object in two files is told with both places', async () => {
  const other = temporaryFolder({ 'base/a.yaml': POLICY, 'overlay/a.yaml': `# prod\n${POLICY.replace('8080', '9090')}` });
  const { code, stdout, stderr } = await netpol(['list', other]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.replaceAll(`${other}/`, '')).toMatch(/^error: overlay\/a\.yaml:2:1: NetworkPolicy pay\/api is in the input twice: base\/a\.yaml:1 and overlay\/a\.yaml:2/);
});

test('what was skipped is said on stderr, and not in the data', async () => {
  const other = temporaryFolder(ESTATE);
  write(other, { 'compose.yaml': 'services: {}\n', 'README.md': '' });
  const { stderr, stdout } = await netpol(['list', other, '-o', 'json']);
  expect(stderr).toMatch(/^skipped: 1 document that is no Kubernetes object \(.*compose\.yaml:1\), 1 file that is neither YAML nor JSON/);
  expect(() => JSON.parse(stdout) as unknown).not.toThrow();
});

test('the order is the same, whatever the order of the input', async () => {
  const paths = [join(folder, 'apps'), join(folder, 'policies')];
  const [one, other] = [await netpol(['list', ...paths]), await netpol(['list', ...paths.reverse()])];
  expect(other.stdout).toBe(one.stdout);
});
