import { join } from 'node:path';
import { CERTAIN, ESTATE } from '../estate';
import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';

const HOLDS = `- name: the web tier reaches the API
  from: shop/web
  to: pay/api
  port: 8080/TCP
  expect: allowed
- {from: shop/cart, to: pay/api, port: 8080, expect: denied}
`;

async function check(expectations: string, ...args: string[]) {
  const folder = temporaryFolder({ ...ESTATE, 'expect.yaml': expectations });
  const outcome = await netpol(['test', join(folder, 'expect.yaml'), join(folder, 'apps'), join(folder, 'policies'), '--cni', CERTAIN, ...args]);
  return { ...outcome, stderr: outcome.stderr.replaceAll(`${folder}/`, ''), stdout: outcome.stdout.replaceAll(`${folder}/`, '') };
}

const results = async (expectations: string) => (JSON.parse((await check(expectations, '-o', 'json')).stdout) as { results: Array<Record<string, unknown>> }).results;

test('expectations that hold are exit code 0', async () => {
  const { code, stdout, stderr } = await check(HOLDS);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^RESULT +NAME +FROM +TO +PORT +EXPECT +ACTUAL\npass +the web tier reaches the API /);
  expect(stdout).toMatch(/\n2 passed, 0 failed\n$/);
});

test('JSON has one result for each expectation, in order', async () => {
  expect(await results(HOLDS)).toEqual([
    { name: 'the web tier reaches the API', from: 'shop/web', to: 'pay/api', port: '8080/TCP', expect: 'allowed', actual: 'allowed', passed: true },
    { name: 'shop/cart to pay/api on 8080 is denied', from: 'shop/cart', to: 'pay/api', port: '8080', expect: 'denied', actual: 'denied', passed: true },
  ]);
});

test('one that does not hold is exit code 1, and explains itself', async () => {
  const { code, stdout } = await check(HOLDS.replace('expect: allowed', 'expect: denied'));
  expect(code).toBe(1);
  expect(stdout).toMatch(/FAIL the web tier reaches the API\nshop\/web to pay\/api on 8080\/TCP: allowed\n[^]*policies\/api\.yaml:8/);
  expect(stdout).toMatch(/\n1 passed, 1 failed\n$/);
});

test('JUnit', async () => {
  const { code, stdout } = await check(HOLDS.replace('expect: denied', 'expect: allowed'), '-o', 'junit');
  expect(code).toBe(1);
  expect(stdout).toMatch(/<testsuites tests="2" failures="1"/);
  expect(stdout).toMatch(/<testcase name="the web tier reaches the API" classname="expect.yaml"\/>/);
  expect(stdout).toMatch(/<failure message="expected allowed, and it is denied">shop\/cart to pay\/api on 8080\/TCP: denied/);
});

describe('what "depends" is', () => {
  const vpn = (expect: string) => `- {from: shop/cart, to: pay/api, port: 22, expect: ${expect}}\n`;
  const blocks = ESTATE['policies/api.yaml'].replace(/ingress:[^]*/, 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]\n');
  const run = async (expect: string) => {
    const folder = temporaryFolder({ ...ESTATE, 'policies/api.yaml': blocks, 'expect.yaml': vpn(expect) });
    return (await netpol(['test', join(folder, 'expect.yaml'), folder])).code;
  };

  test('it fails unless it is expected', async () => {
    expect([await run('allowed'), await run('denied'), await run('depends')]).toEqual([1, 1, 0]);
  });
});

describe('ends', () => {
  test.each<[string, string, boolean]>([
    ['a pattern of which every connection is as expected', "{from: 'shop/c*', to: 'pay/*', port: 8080, expect: denied}", true],
    ['a pattern of which one connection is not', "{from: 'shop/*', to: pay/api, port: 8080, expect: denied}", false],
    ['any workload', "{from: '*', to: '*', port: 9999, expect: allowed}", false],
    ['labels', '{from: {namespace: shop, labels: {app: web}}, to: {labels: {app: api}}, port: 8080, expect: allowed}', true],
    ['labels of namespaces', '{from: {namespaceLabels: {kubernetes.io/metadata.name: shop}}, to: pay/api, port: 9999, expect: denied}', true],
    ['an address', '{from: 203.0.113.7, to: pay/api, port: 8080, expect: denied}', true],
    ['an entity without quotes', '{from: {ingress-controller}, to: pay/api, port: 8080, expect: denied}', true],
    ['an entity in quotes', "{from: '{world}', to: shop/web, port: 8080, expect: allowed}", true],
    ['ICMP', '{from: shop/web, to: pay/api, port: ICMP, expect: denied}', true],
  ])('%s', async (_, expectation, passed) => {
    expect(await results(`- ${expectation}\n`)).toMatchObject([{ passed }]);
  });

  test('the pods of a workload that is one pod are not asked about themselves', async () => {
    expect(await results("- {from: 'pay/*', to: 'p*/api', port: 1, expect: denied}\n- {from: pay/api, to: pay/api, port: 1, expect: allowed}\n".split('\n')[1]!)).toMatchObject([{ passed: true }]);
    expect((await check("- {from: 'pay/*', to: 'p*/api', port: 1, expect: denied}\n")).stderr).toMatch(/is no pair of two workloads/);
  });
});

test('a list below "expectations", in several files', async () => {
  const folder = temporaryFolder({ ...ESTATE, 'a.yaml': `expectations:\n${HOLDS}`, 'b.yaml': HOLDS });
  const { stdout } = await netpol(['test', join(folder, 'a.yaml'), join(folder, 'b.yaml'), join(folder, 'apps'), join(folder, 'policies'), '--cni', CERTAIN, '-o', 'json']);
  expect((JSON.parse(stdout) as { results: unknown[] }).results).toHaveLength(4);
});

describe('what is wrong with expectations is told with its line', () => {
  test.each<[string, string, RegExp]>([
    ['an unknown key', '- from: a/b\n  to: c/d\n  port: 80\n  expekt: allowed\n', /expect\.yaml:4:3: unknown key "expekt" \(did you mean "expect"\?\)/],
    ['a verdict that is none', HOLDS.replace('allowed', 'yes'), /expect\.yaml:5:3: "yes" is nothing to expect\. Instead: allowed, denied, depends/],
    ['no port', '- {from: a/b, to: c/d, expect: allowed}\n', /expect\.yaml:1:3: has no port/],
    ['a port that is none', HOLDS.replace('8080/TCP', 'http'), /expect\.yaml:4:3: .*"http" is not a port/],
    ['no end', '- {from: a/b, port: 80, expect: allowed}\n', /expect\.yaml:1:3: is missing/],
    ['a workload that is not there', HOLDS.replace('shop/web', 'shop/wbe'), /expect\.yaml:2:3: "shop\/wbe" is no workload or pod of the input/],
    ['a pattern that fits nothing', HOLDS.replace('to: pay/api', "to: 'pya/*'"), /expect\.yaml:3:3: "pya\/\*" fits no workload of the input/],
    ['an unknown key of an end', '- {from: {label: {a: b}}, to: c/d, port: 80, expect: allowed}\n', /unknown key "label" \(did you mean "labels"\?\)/],
    ['an entry that is text', '- {from: a/b, to: c/d, port: 80, expect: allowed}\n- text\n', /expect\.yaml:2:3: is no mapping/],
  ])('%s', async (_, expectations, message) => {
    const { code, stdout, stderr } = await check(expectations);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('no file with expectations', async () => {
    const { code, stderr } = await netpol(['test', temporaryFolder(ESTATE)]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: there is nothing to test: give a FILE/);
  });
});
