import { join } from 'node:path';
import { ESTATE } from '../estate';
import { netpol, type Outcome } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';

/** Only TCP 9090 of the API would stay open. */
const STAGED = `apiVersion: projectcalico.org/v3
kind: StagedKubernetesNetworkPolicy
metadata: {name: api, namespace: pay}
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress: [{ports: [{port: 9090}]}]
`;
const EXPECTATIONS = `- {name: soon closed, from: shop/web, to: pay/api, port: 8080, expect: denied}
- {name: soon open, from: shop/cart, to: pay/api, port: 9090, expect: allowed}
`;

const CALICO = ['--cni', 'calico@3.32'];
const folder = temporaryFolder({ ...ESTATE, 'policies/staged.yaml': STAGED, 'expectations.yaml': EXPECTATIONS });
const [manifests, expectations] = [[join(folder, 'apps'), join(folder, 'policies')], join(folder, 'expectations.yaml')];
const list = async (...args: string[]): Promise<Outcome> => netpol(['list', ...manifests, '--from', 'shop/*', '--to', 'pay/api', '-o', 'csv', ...args]);
const rows = ({ stdout }: Outcome): string[] => stdout.trimEnd().split('\r\n').slice(1);

const IGNORED = 'staged, left out (--staged enforced evaluates staged policies as if they were enforced): StagedKubernetesNetworkPolicy pay/api\n';
const ENFORCED = 'staged, evaluated as if enforced: StagedKubernetesNetworkPolicy pay/api\n';

test('staged policies are left out unless it is said, and stderr says so', async () => {
  const outcome = await list(...CALICO);
  expect(outcome).toMatchObject({ code: 0, stderr: IGNORED });
  expect(rows(outcome)).toEqual(['shop/web[Deployment],pay/api[Deployment],TCP 8080,']);
  expect(await list(...CALICO, '--staged', 'ignored')).toEqual(outcome);
});

test('enforced, a staged policy stands in for the one of its name', async () => {
  const outcome = await list(...CALICO, '--staged', 'enforced');
  expect(outcome).toMatchObject({ code: 0, stderr: ENFORCED });
  expect(rows(outcome)).toEqual(['shop/cart[Deployment],pay/api[Deployment],TCP 9090,', 'shop/web[Deployment],pay/api[Deployment],TCP 9090,']);
});

test('explain names the staged policy as the one that decides', async () => {
  const { code, stdout, stderr } = await netpol(['explain', ...manifests, ...CALICO, '--staged', 'enforced', '--from', 'shop/web', '--to', 'pay/api', '--port', '8080']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: ENFORCED });
  expect(stdout).toMatch(/denied/);
  expect(stdout).toMatch(/StagedKubernetesNetworkPolicy pay\/api.*staged\.yaml:7/);
});

test('test checks what will hold', async () => {
  expect((await netpol(['test', expectations, ...manifests, ...CALICO])).code).toBe(1);
  expect((await netpol(['test', expectations, ...manifests, ...CALICO, '--staged', 'enforced'])).code).toBe(0);
});

test('diff compares both ends with their staged policies', async () => {
  const before = temporaryFolder(ESTATE);
  const after = temporaryFolder({ ...ESTATE, 'policies/staged.yaml': STAGED });
  const diff = async (...args: string[]): Promise<unknown> => JSON.parse((await netpol(['diff', before, after, ...CALICO, '-o', 'json', ...args])).stdout);
  expect(await diff()).toMatchObject({ verdict: 'none' });
  expect(await diff('--staged', 'enforced')).toMatchObject({ verdict: 'mixed' });
});

test.each([['another CNI', 'generic', 'generic'], ['a version without staged policies', 'calico@3.29', 'calico@3.29'], ['GKE with Calico', 'gke-calico', 'gke-calico']])(
  'on %s the request is an error where something is staged, with its line', async (_, cni, profile) => {
    const { code, stdout, stderr } = await list('--cni', cni, '--staged', 'enforced');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`staged\\.yaml:1.*StagedKubernetesNetworkPolicy pay/api: is to be evaluated as if it were enforced, and the profile ${profile} does not serve`));
  },
);

test('where nothing is staged there is nothing to say', async () => {
  const plain = temporaryFolder(ESTATE);
  for (const cni of ['generic', 'calico@3.32']) {
    const { code, stderr } = await netpol(['list', plain, '--cni', cni, '--staged', 'enforced', '--to', 'pay/api']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }
});

test('many staged policies take one line', async () => {
  const many = Array.from({ length: 13 }, (_, index) => STAGED.replace('name: api', `name: p${index}`)).join('---\n');
  const { stderr } = await netpol(['list', temporaryFolder({ ...ESTATE, 'many.yaml': many }), ...CALICO]);
  expect(stderr).toMatch(/^staged, left out \([^)]*\): (StagedKubernetesNetworkPolicy pay\/p\d+, ){9}StagedKubernetesNetworkPolicy pay\/p\d+, and 3 more\n$/);
});

describe('netpol.yaml', () => {
  const config = (staged: string): string => temporaryFolder({
    ...ESTATE, 'policies/staged.yaml': STAGED, 'netpol.yaml': `clusters:\n  - name: prod\n    cni: calico@3.32\n    paths: [apps, policies]\n    staged: ${staged}\n`,
  });
  const inFolder = async (where: string, ...args: string[]): Promise<Outcome> => {
    const before = process.cwd();
    process.chdir(where);
    try {
      return await netpol(['list', '--from', 'shop/web', '--to', 'pay/api', '-o', 'csv', ...args]);
    } finally {
      process.chdir(before);
    }
  };

  test('a cluster says what becomes of its staged policies, and the flag says otherwise', async () => {
    expect(rows(await inFolder(config('enforced')))).toEqual(['shop/web[Deployment],pay/api[Deployment],TCP 9090,']);
    expect(rows(await inFolder(config('enforced'), '--staged', 'ignored'))).toEqual(['shop/web[Deployment],pay/api[Deployment],TCP 8080,']);
    expect(rows(await inFolder(config('ignored')))).toEqual(['shop/web[Deployment],pay/api[Deployment],TCP 8080,']);
  });

  test('another word is an error with its line', async () => {
    const { code, stderr } = await inFolder(config('true'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/netpol\.yaml:5:5: "true" is nothing that can become of staged policies\. Instead: ignored or enforced/);
  });
});

test('another word on the command line is an error that names the nearest', async () => {
  const { code, stderr } = await list('--staged', 'enforce');
  expect(code).toBe(2);
  expect(stderr).toMatch(/It is one of ignored, enforced\.\n\(Did you mean enforced\?\)/);
});
