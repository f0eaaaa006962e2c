import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';

const here = process.cwd();
afterEach(() => process.chdir(here));

const POLICY = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a, namespace: shop, labels: { team: t } }\nspec: { podSelector: {}, policyTypes: [Ingress, Egress] }\n';
const RULE = `{
  id: 'short-names', title: 'A name is long', severity: 'error', rationale: 'Long names are cut.', bad: 'a', good: 'b',
  fix: { summary: 'shorten it', yaml: 'name: a', construct: '' }, controls: [],
  options: { longest: { type: 'number', default: 0, description: 'how long a name may be' } },
  check({ policies, options }, report) {
    for (const { kind, policy: { name, namespace, origin } } of policies) {
      if (name.length > options.longest) report.finding({ object: { kind, name, namespace }, origin, path: 'metadata.name', message: name + ' is too long' });
    }
  },
}`;

async function check(module: string, config = '', name = 'rules.cjs'): Promise<{ code: number; stdout: string; stderr: string }> {
  process.chdir(temporaryFolder({ 'm/a.yaml': POLICY, [name]: module, 'netpol.yaml': `customRules: [./${name}]\n${config}` }));
  return netpol(['check', 'm', '-o', 'json']);
}

test.each([['a rule', `module.exports = ${RULE};`], ['a list', `module.exports = [${RULE}];`], ['rules by name', `exports.rules = [${RULE}];`], ['a default export', `exports.default = ${RULE};`]])(
  'a module that gives %s', async (_, module) => {
    const { code, stdout } = await check(module);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [{ rule: 'short-names', severity: 'error', owner: 't', file: 'm/a.yaml', line: 3, path: 'metadata.name', fix: 'shorten it. YAML: name: a' }] });
  });

test('it is set, and excepted, like those that come with netpol', async () => {
  expect(await check(`module.exports = ${RULE};`, 'rules: { short-names: { longest: 5 } }\n')).toMatchObject({ code: 0 });
  expect(await check(`module.exports = ${RULE};`, 'exceptions: [{ rule: short-names, namespace: shop, reason: known }]\n')).toMatchObject({ code: 0 });
});

test('one that fails is an error finding', async () => {
  const { code, stdout } = await check(`module.exports = { ...${RULE}, check() { throw new Error('no'); } };`);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ findings: [{ rule: 'rule-crashed', message: 'the rule short-names failed and has looked at nothing: no' }] });
});

test.each<[string, string, RegExp]>([
  ['that is not there', 'throw', /cannot be loaded/],
  ['that throws', 'throw new Error("broken")', /cannot be loaded: broken/],
  ['without rules', 'module.exports = [];', /has no rules/],
  ['with something else', 'module.exports = 3;', /no rule/],
  ['with a name that is none', `module.exports = { ...${RULE}, id: 'Short' };`, /"Short", which is no id/],
  ['with half a rule', `module.exports = { ...${RULE}, rationale: '' };`, /"short-names" without rationale/],
  ['without a check', `module.exports = { ...${RULE}, check: 1 };`, /without a check/],
  ['with a severity that is none', `module.exports = { ...${RULE}, severity: 'bad' };`, /whose severity is none/],
  ['with the id of another', `module.exports = { ...${RULE}, id: 'no-all-ports' };`, /has a rule "no-all-ports", and so has somebody else/],
])('a module %s is refused with the line that names it', async (_, module, message) => {
  const outcome = await check(module);
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  expect(outcome.stderr).toMatch(/netpol\.yaml:1:15: \.\/rules\.cjs /);
  expect(outcome.stderr).toMatch(message);
});
