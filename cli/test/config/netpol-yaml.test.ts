import { join } from 'node:path';
import { findConfig } from '../../src/config/netpol-yaml';
import { InputError } from '../../src/input';
import { CERTAIN, ESTATE, POLICY, WORKLOADS } from '../estate';
import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';

const config = (text: string) => findConfig(temporaryFolder({ 'netpol.yaml': text }));

test('a cluster with everything that it can have', () => {
  const found = config(`
ownerKeys: [team, backstage.io/owner]
owners: { payments: '@example/payments @alice' }
clusters:
  - name: prod-eu
    cni: generic@1.2
    settings: { cnp: off, ipBlockMatchesPods: false }
    render: npx cdk8s synth
    renderSeconds: 60
    paths: [dist]
    inventory: [../apps/rendered]
    podCidrs: [10.244.0.0/16]
    nodeCidrs: [192.0.2.0/24]
    staged: enforced
`);
  expect(found).toMatchObject({
    ownerKeys: ['team', 'backstage.io/owner'],
    owners: { payments: ['@example/payments', '@alice'] },
    clusters: [{
      name: 'prod-eu', cni: { name: 'generic', version: '1.2', settings: { cnp: 'off', ipBlockMatchesPods: 'false' } },
      render: 'npx cdk8s synth', renderSeconds: 60, paths: ['dist'], inventory: ['../apps/rendered'], staged: 'enforced',
    }],
  });
  expect(found!.clusters[0]!.podCidrs.map(String)).toEqual(['10.244.0.0/16']);
});

test('what is not said is generic, and rendered within five minutes', () => {
  expect(config('clusters: [{name: a, paths: [b]}]')).toMatchObject({
    ownerKeys: [], clusters: [{ cni: { name: 'generic', settings: {} }, renderSeconds: 300, inventory: [], podCidrs: [], nodeCidrs: [] }],
  });
});

test('a folder without one', () => {
  expect(findConfig(temporaryFolder())).toBeUndefined();
});

describe('what is wrong is told with its line', () => {
  test.each<[string, string, RegExp]>([
    ['an empty file', '# nothing\n', /netpol\.yaml:1: is empty/],
    ['YAML that cannot be parsed', 'clusters: [\n', /netpol\.yaml:2:1: is not YAML/],
    ['a list', '- a\n', /netpol\.yaml:1:1: is no mapping\. Instead: clusters, ownerKeys, owners/],
    ['an unknown key', 'cluster: []\n', /netpol\.yaml:1:1: unknown key "cluster" \(did you mean "clusters"\?\)/],
    ['an unknown key of a cluster', 'clusters:\n  - name: a\n    path: [b]\n', /netpol\.yaml:3:5: unknown key "path" \(did you mean "paths"\?\); known here: name, cni/],
    ['no cluster', 'clusters: []\n', /netpol\.yaml:1:1: names no cluster/],
    ['a cluster that is text', 'clusters: [a]\n', /netpol\.yaml:1:12: is no mapping/],
    ['a cluster without a name', 'clusters:\n  - paths: [b]\n', /netpol\.yaml:2:5: has no name/],
    ['a cluster without anything to read', 'clusters:\n  - name: a\n', /netpol\.yaml:2:5: the cluster "a" has nothing to read/],
    ['two clusters of one name', 'clusters:\n  - {name: a, paths: [b]}\n  - {name: a, paths: [c]}\n', /netpol\.yaml:3:6: the cluster "a" stands here twice/],
    ['paths that are text', 'clusters:\n  - name: a\n    paths: b\n', /netpol\.yaml:3:5: is no list/],
    ['a team that nobody can mention', 'clusters:\n  - {name: a, paths: [b]}\nowners:\n  payments: the team\n', /netpol\.yaml:4:3: "the" is nobody that CODEOWNERS can name/],
    ['an empty path', 'clusters:\n  - name: a\n    paths: [""]\n', /netpol\.yaml:3:14: is empty/],
    ['a render command that is a list', 'clusters:\n  - name: a\n    render: [x]\n', /netpol\.yaml:3:5: is a list or a mapping where text should be/],
    ['a time that is none', 'clusters:\n  - {name: a, render: x, renderSeconds: soon}\n', /netpol\.yaml:2:26: "soon" is no time/],
    ['a CNI that is not well formed', 'clusters:\n  - {name: a, paths: [b], cni: "x@"}\n', /netpol\.yaml:2:27: "x@" is not a CNI/],
    ['a setting that is said twice', 'clusters:\n  - name: a\n    paths: [b]\n    cni: generic,cnp=on\n    settings: {cnp: off}\n', /netpol\.yaml:5:16: the setting cnp stands behind the cni too/],
    ['a CIDR that is none', 'clusters:\n  - name: a\n    paths: [b]\n    podCidrs: [10.0.0.0/40]\n', /netpol\.yaml:4:16: .*"10\.0\.0\.0\/40"/],
    ['several documents', 'clusters: [{name: a, paths: [b]}]\n---\nclusters: []\n', /netpol\.yaml:1:1: has several documents/],
    ['a key that stands twice', 'clusters: [{name: a, paths: [b]}]\nclusters: []\n', /netpol\.yaml:2:1: is not YAML: the key "clusters" stands twice/],
  ])('%s', (_, text, message) => {
    expect(() => config(text)).toThrow(InputError);
    expect(() => config(text)).toThrow(message);
  });
});

describe('netpol.yaml of this folder', () => {
  const here = process.cwd();
  afterEach(() => process.chdir(here));
  const enter = (files: Record<string, string>) => process.chdir(temporaryFolder(files));
  const ROW = 'shop/web[Deployment],pay/api[Deployment],TCP 8080,';
  const rows = async (...args: string[]) => {
    const { code, stdout, stderr } = await netpol(['list', '--from', 'shop/*', '--to', 'pay/*', '-o', 'csv', ...args]);
    expect(code === 0 ? '' : stderr).toBe('');
    return stdout.trimEnd().split('\r\n').slice(1);
  };

  test('its only cluster is read without a word', async () => {
    enter({ ...ESTATE, 'netpol.yaml': `clusters: [{name: prod, cni: "${CERTAIN}", paths: [apps, policies]}]` });
    expect(await rows()).toEqual([ROW]);
  });

  test('its inventory is context', async () => {
    enter({ ...ESTATE, 'netpol.yaml': `clusters: [{name: prod, cni: "${CERTAIN}", paths: [policies], inventory: [apps]}]` });
    expect(await rows()).toEqual([ROW]);
  });

  test('of several clusters one is chosen; each may have the same objects', async () => {
    enter({
      'a/all.yaml': `${WORKLOADS}---\n${POLICY}`, 'b/all.yaml': `${WORKLOADS}---\n${POLICY.replace('8080', '9090')}`,
      'netpol.yaml': `clusters: [{name: a, cni: "${CERTAIN}", paths: [a]}, {name: b, cni: "${CERTAIN}", paths: [b]}]`,
    });
    expect(await rows('--cluster', 'a')).toEqual([ROW]);
    expect(await rows('--cluster', 'b')).toEqual([ROW.replace('8080', '9090')]);
    expect(await netpol(['list'])).toMatchObject({ code: 2, stderr: 'error: netpol.yaml has several clusters: choose one with --cluster a | b\n' });
    expect(await netpol(['list', '--cluster', 'bb'])).toMatchObject({ code: 2, stderr: 'error: netpol.yaml has no cluster "bb"; it has a, b\n(Did you mean b?)\n' });
  });

  test('PATHs take the place of its paths, and --cni that of its cni', async () => {
    enter({ ...ESTATE, 'netpol.yaml': 'clusters: [{name: prod, cni: nonsense, paths: [nowhere]}]' });
    expect(await rows('--cluster', 'prod', '--cni', CERTAIN, 'apps', 'policies')).toEqual([ROW]);
  });

  test('what a render command writes into its paths', async () => {
    enter({ ...ESTATE, 'netpol.yaml': `clusters: [{name: prod, cni: "${CERTAIN}", render: "mkdir dist && cp */*.yaml dist", paths: [dist]}]` });
    expect(await rows()).toEqual([ROW]);
  });

  test('what a render command writes to its standard output', async () => {
    enter({ ...ESTATE, 'netpol.yaml': `clusters: [{name: prod, cni: "${CERTAIN}", render: "cat apps/workloads.yaml; echo ---; cat policies/api.yaml"}]` });
    expect(await rows()).toEqual([ROW]);
  });

  test('a mistake in what was rendered has its line there', async () => {
    enter({ 'netpol.yaml': 'clusters: [{name: prod, render: "echo; echo a: @b"}]' });
    const { code, stderr } = await netpol(['list']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^rendering prod: echo; echo a: @b\nerror: <echo; echo a: @b>:2:4: is not YAML/);
  });

  test('nothing to read', async () => {
    enter({ 'a.yaml': POLICY });
    expect(await netpol(['list'])).toMatchObject({ code: 2, stderr: 'error: nothing to read: give a PATH, or write the clusters of this folder into netpol.yaml\n' });
    expect((await netpol(['list', '--cluster', 'prod', join('.', 'a.yaml')])).code).toBe(2);
    expect((await netpol(['list', '--context', 'prod', 'a.yaml'])).stderr).toMatch(/give one of them/);
  });
});
