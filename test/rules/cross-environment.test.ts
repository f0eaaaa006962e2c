import { check, deployment, found, lines, missing, namespace, policy } from './check';

const rule = 'cross-environment';
const environments = (mayTalk: ReadonlyArray<readonly [string, string]> = []) => ({ settings: { environments: { label: 'env', mayTalk } } });
const DEV = namespace('dev', ', labels: { env: dev }') + deployment('dev/web', '{ app: web }');
const PROD = namespace('prod', ', labels: { env: prod }') + deployment('prod/db', '{ app: db }');
const closed = (name: string, ingress = '[]') => policy(`${name}/in`, `{ podSelector: {}, policyTypes: [Ingress], ingress: ${ingress} }`);
const from = (peer: string, ports = '[{ port: 5432 }]') => `[{ from: [${peer}], ports: ${ports} }]`;

describe('reports, with the connection that shows it', () => {
  test('a rule that looks into every namespace', () => {
    const [finding, ...more] = found(rule, DEV + PROD + closed('dev') + closed('prod', from('{ namespaceSelector: {}, podSelector: { matchLabels: { app: web } } }')), environments());
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'error', object: { kind: 'NetworkPolicy', namespace: 'prod', name: 'in' }, path: 'spec.ingress[0]',
      message: 'dev reaches prod: dev/web to prod/db, on 5432/TCP for one, by this rule', evidence: { from: 'dev/web', to: 'prod/db', port: '5432/TCP' },
    });
  });

  test('namespaces that nothing closes, in both ways', () => {
    expect(lines(rule, DEV + PROD, environments())).toEqual([
      'error Namespace dev: prod reaches dev: prod/db to dev/web, on 1/TCP for one, and no policy closes it',
      'error Namespace prod: dev reaches prod: dev/web to prod/db, on 1/TCP for one, and no policy closes it',
    ]);
  });

  test('one rule once, however many pods it lets in', () => {
    const more = deployment('dev/cart', '{ app: cart }') + deployment('dev/pay', '{ app: pay }');
    expect(lines(rule, DEV + more + PROD + closed('dev') + closed('prod', from('{ namespaceSelector: {} }')), environments())).toHaveLength(1);
  });
});

describe('does not report', () => {
  test('rules within one environment, whatever namespaces it has', () => {
    const other = namespace('prod-b', ', labels: { env: prod }') + deployment('prod-b/web', '{ app: web }') + closed('prod-b');
    expect(lines(rule, DEV + PROD + other + closed('dev') + closed('prod', from('{ namespaceSelector: { matchLabels: { env: prod } } }')), environments())).toEqual([]);
  });

  test('a pair that may talk, in whatever order it is said', () => {
    const manifests = DEV + PROD + closed('dev') + closed('prod', from('{ namespaceSelector: {} }'));
    expect(lines(rule, manifests, environments([['prod', 'dev']]))).toEqual([]);
    expect(lines(rule, manifests, environments([['dev', 'staging']]))).toHaveLength(1);
  });

  test('namespaces without the label: shared services, kube-system', () => {
    expect(lines(rule, namespace('monitoring') + deployment('monitoring/prometheus', '{ app: prometheus }') + PROD, environments())).toEqual([]);
  });

  test('what the other end does not open, or denies itself', () => {
    const egress = policy('dev/out', '{ podSelector: {}, policyTypes: [Egress] }');
    expect(lines(rule, DEV + PROD + closed('dev') + egress + closed('prod', from('{ namespaceSelector: {} }')), environments())).toEqual([]);
  });

  test('anything where nobody said what environments are', () => {
    expect(lines(rule, DEV + PROD)).toEqual([]);
    expect(missing(rule, DEV + PROD)).toEqual([]);
  });
});

describe('is not evaluated', () => {
  test('where it was asked for and nobody said what environments are', () => {
    expect(missing(rule, DEV + PROD, { settings: { rules: { [rule]: { severity: 'error' } } } })).toEqual([': netpol.yaml says nothing about environments: environments: { label: env }']);
  });

  test('where no namespace has the label', () => {
    expect(missing(rule, namespace('shop') + deployment('shop/web', '{ app: web }'), environments())).toEqual([': no namespace of the input has the label env, which names the environment']);
  });

  test('in a namespace without workloads', () => {
    expect(missing(rule, DEV + namespace('prod', ', labels: { env: prod }'), environments())).toEqual(['prod: no workload of the namespace is in the input']);
  });

  test('where it depends on what nobody told', () => {
    const manifests = DEV + PROD + closed('dev') + closed('prod', from('{ ipBlock: { cidr: 10.0.0.0/8 } }'));
    expect(check(manifests, { ...environments(), only: [rule] }).findings).toEqual([]);
    expect(missing(rule, manifests, environments())).toEqual([expect.stringMatching(/^prod: whether dev reaches prod depends: /) as unknown]);
  });
});
