import { CERTAIN, ESTATE } from '../estate';
import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder(ESTATE);
const explain = async (from: string, to: string, port: string, ...args: string[]) =>
  netpol(['explain', folder, '--cni', CERTAIN, '--from', from, '--to', to, '--port', port, ...args]);

test('an allowed connection, with the line of the rule that lets it in', async () => {
  const { code, stdout, stderr } = await explain('shop/web', 'pay/api', '8080/TCP');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.replaceAll(folder, 'F')).toBe(`shop/web to pay/api on 8080/TCP: allowed
  egress of shop/web: allowed
    no policy selects the pod: allowed by default
  ingress of pay/api: allowed
    NetworkPolicy pay/api, ingress[0]: allows it (F/policies/api.yaml:8)
`);
});

test('a denied connection, with what denies it', async () => {
  const { code, stdout } = await explain('shop/cart', 'pay/api', '8080');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^shop\/cart to pay\/api on 8080\/TCP: denied\n[^]*none of its rules selects the other end \(.*policies\/api\.yaml:1\)/);
});

test('JSON has the verdict, the conditions, both directions, and where the deciding rule stands', async () => {
  const { stdout } = await explain('shop/web', 'pay/api', '8080/TCP', '-o', 'json');
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    verdict: 'allowed',
    conditions: [],
    egress: { verdict: 'allowed', layers: [] },
    ingress: {
      verdict: 'allowed',
      layers: [{ layer: 'NetworkPolicy', verdict: 'allowed' }],
      decidedBy: [{ effect: 'allows', kind: 'NetworkPolicy', namespace: 'pay', name: 'api', ruleIndex: 0, origin: { file: `${folder}/policies/api.yaml`, line: 8, column: 7 } }],
    },
  });
});

test.each<[string, string, string, string, RegExp]>([
  ['a workload that is not there', 'shop/none', 'pay/api', '80', /^error: "shop\/none" is no workload or pod of the input/],
  ['an entity that is none', '{moon}', 'pay/api', '80', /^error: "\{moon\}" is not an entity/],
  ['a port that is none', 'shop/web', 'pay/api', '99999', /^error: "99999" is not a port/],
])('%s', async (_, from, to, port, message) => {
  const { code, stdout, stderr } = await explain(from, to, port);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
