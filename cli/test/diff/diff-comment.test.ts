import fc from 'fast-check';
import { COMMENT_LIMIT, CommentSubject, diffComment, LEAST_LIMIT } from '../../src/diff/comment/diff-comment';
import { codeCell, codeSpan } from '../../src/output';
import { readOwners } from '../../src/owners/read-owners';
import { CERTAIN, ESTATE, POLICY, WORKLOADS } from '../estate';
import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';

const policy = (name: string, namespace: string, spec: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
`;
const DENY = (namespace: string) => policy('default-deny', namespace, '{podSelector: {}, policyTypes: [Ingress, Egress]}');
const deployment = (namespace: string, name: string, metadata = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}${metadata}}
spec: {replicas: 1, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: a}]}}}
`;
const namespace = (name: string, metadata: string) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, ${metadata}}\n`;
const files = (...documents: string[]) => ({ 'all.yaml': documents.join('---\n') });

async function comment(before: Record<string, string>, after: Record<string, string>, ...args: string[]): Promise<string> {
  const [old, now] = [temporaryFolder(before), temporaryFolder(after)];
  const { code, stdout, stderr } = await netpol(['diff', old, now, '--cni', CERTAIN, '--fail-on', 'never', '-o', 'markdown', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.replaceAll(old, 'before').replaceAll(now, 'after');
}

const rowsOf = (text: string) => text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| from') && !line.startsWith('| ---'));

test('the marker, the verdict, then what opened with both ends and the ports before and after', async () => {
  const text = await comment(ESTATE, { ...ESTATE, 'policies/api.yaml': POLICY.replace('port: 8080', 'port: 8080, endPort: 8090') });
  expect(text).toBe([
    '<!-- netpol diff -->',
    '### Wider: 1 connection opened, none closed', '',
    '`before` compared with `after`, as `generic` enforces policies.', '',
    '#### Opened', '',
    '**`pay`**, which names no owner', '',
    '| from | to | before | after | depends on |',
    '| --- | --- | --- | --- | --- |',
    '| `shop/web[Deployment]` | `pay/api[Deployment]` | `TCP 8080` | `TCP 8080-8090` |  |', '',
    '```mermaid',
    'flowchart LR',
    '  n0["shop/web[Deployment]"]',
    '  n1["pay/api[Deployment]"]',
    '  n0 -->|"opened: TCP 8080-8090"| n1',
    '  linkStyle 0 stroke:#cf222e',
    '```', '',
  ].join('\n'));
});

test('no change is said in one line, and which namespaces were looked at is folded away', async () => {
  const text = await comment(ESTATE, { ...ESTATE, 'ns.yaml': namespace('pay', 'labels: {cdk8s-netpol/owner: payments}') });
  expect(text).toMatch(/^<!-- netpol diff -->\n### No connection changed\n\n/);
  expect(text).toMatch(/<details><summary>2 namespaces without a change<\/summary>\n\n- `pay`, owned by `payments`\n- `shop`\n\n<\/details>\n$/);
});

test('closed connections are told apart from opened ones, the opened first', async () => {
  const text = await comment(
    files(WORKLOADS, DENY('pay'), policy('a', 'pay', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 1}]}]}')),
    files(WORKLOADS, DENY('pay'), policy('b', 'pay', '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 25}]}]}')),
  );
  expect(text).toMatch(/### Mixed: 1 connection opened, 2 closed \(1 from or to outside of the cluster\)/);
  expect(text.indexOf('#### Opened')).toBeLessThan(text.indexOf('#### Closed'));
  expect(text).toMatch(/closed: TCP 1"/);
});

test('what is the same for all workloads of a namespace is one row; for some it is a row each', async () => {
  const many = [...'abcd'].map((name) => deployment('shop', name));
  const one = deployment('pay', 'api');
  const open = (selector: string) => policy('in', 'pay', `{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, podSelector: ${selector}}], ports: [{port: 80}]}]}`);
  const before = files(...many, one, deployment('pay', 'other'), DENY('pay'));
  expect(rowsOf(await comment(before, files(...many, one, deployment('pay', 'other'), DENY('pay'), open('{}'))))).toEqual([
    '| every workload of `shop` (4) | every workload of `pay` (2) | - | `TCP 80` |  |',
  ]);
  const some = rowsOf(await comment(before, files(...many, one, deployment('pay', 'other'), DENY('pay'), open('{matchExpressions: [{key: app, operator: In, values: [a, b]}]}'))));
  expect(some).toEqual([
    '| `shop/a[Deployment]` | every workload of `pay` (2) | - | `TCP 80` |  |',
    '| `shop/b[Deployment]` | every workload of `pay` (2) | - | `TCP 80` |  |',
  ]);
});

test('all workloads of the cluster are told as such; the only pod of a workload needs no connection to itself', async () => {
  const workloads = [deployment('shop', 'a'), deployment('pay', 'api')];
  const text = await comment(files(...workloads, DENY('pay')), files(...workloads, DENY('pay'), policy('in', 'pay', '{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]}')));
  expect(rowsOf(text)).toEqual(['| every workload (2) | `pay/api[Deployment]` | - | `TCP 80` |  |']);
  expect(text).toMatch(/### Wider: 1 connection opened/);
});

test('a replicated workload that is closed to itself is not told as open to every workload', async () => {
  const workloads = [deployment('shop', 'a'), deployment('shop', 'b'), deployment('pay', 'api').replace('replicas: 1', 'replicas: 2')];
  const others = '{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}], ports: [{port: 80}]}]}';
  expect(rowsOf(await comment(files(...workloads, DENY('pay')), files(...workloads, DENY('pay'), policy('in', 'pay', others))))).toEqual([
    '| every workload of `shop` (2) | `pay/api[Deployment]` | - | `TCP 80` |  |',
  ]);
});

test('the widest first: outside, the cluster, a namespace, one workload; all ports, ranges, one port', async () => {
  const workloads = [...['a', 'b'].map((name) => deployment('shop', name)), ...['api', 'db', 'mq'].map((name) => deployment('pay', name))];
  const rule = (from: string, ports = '') => `{from: [${from}]${ports === '' ? '' : `, ports: [${ports}]`}}`;
  const shop = (labels: string) => `{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, podSelector: {matchLabels: ${labels}}}`;
  const to = (name: string, app: string, ...rules: string[]) => policy(name, 'pay', `{podSelector: {matchLabels: {app: ${app}}}, policyTypes: [Ingress], ingress: [${rules.join(', ')}]}`);
  const deny = policy('default-deny', 'pay', '{podSelector: {}, policyTypes: [Ingress]}');
  const after = files(...workloads, deny,
    to('api', 'api', rule(shop('{app: a}'), '{port: 1}'), rule('{ipBlock: {cidr: 192.0.2.0/28}}', '{port: 2}'), rule(shop('{app: b}'))),
    to('db', 'db', rule(shop('{}'), '{port: 3}'), rule('{ipBlock: {cidr: 0.0.0.0/0}}', '{port: 4}')),
    to('mq', 'mq', rule('{namespaceSelector: {}}', '{port: 5, endPort: 9}')));
  const rows = rowsOf(await comment(files(...workloads, deny), after)).map((row) => row.split(' | ').filter((_, index) => index !== 2).join(' | '));
  expect(rows).toEqual([
    '| `0.0.0.0/0` | `pay/db[Deployment]` | `TCP 4` |  |',
    '| `192.0.2.0/28` | `pay/api[Deployment]` | `TCP 2` |  |',
    '| every workload (5) | `pay/mq[Deployment]` | `TCP 5-9` |  |',
    '| every workload of `shop` (2) | `pay/db[Deployment]` | `TCP 3` |  |',
    '| `shop/b[Deployment]` | `pay/api[Deployment]` | `all` |  |',
    '| `shop/a[Deployment]` | `pay/api[Deployment]` | `TCP 1` |  |',
  ]);
});

describe('owners', () => {
  const opened = [DENY('pay'), policy('in', 'pay', '{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]}')];
  const title = async (...documents: string[]) => {
    const folder = temporaryFolder({ 'netpol.yaml': 'clusters: [{name: prod, paths: [m]}]\nownerKeys: [team, backstage.io/owner]\n' });
    const here = process.cwd();
    process.chdir(folder);
    try {
      const workloads = [deployment('shop', 'web'), ...documents];
      return /\*\*`pay`\*\*, (.*)/.exec(await comment(files(...workloads, DENY('pay')), files(...workloads, ...opened)))?.[1];
    } finally {
      process.chdir(here);
    }
  };
  test.each<[string, string[], string]>([
    ['our own key counts before the others', [deployment('pay', 'api'), namespace('pay', 'labels: {cdk8s-netpol/owner: payments, team: other}')], 'owned by `payments`'],
    ['then the keys of netpol.yaml, in their order', [deployment('pay', 'api'), namespace('pay', 'annotations: {backstage.io/owner: group, team: blue}')], 'owned by `blue`'],
    ['the workload names its own owner', [deployment('pay', 'api', ', labels: {team: red}'), namespace('pay', 'labels: {team: blue}')], 'owned by `red`'],
    ['nobody', [deployment('pay', 'api')], 'which names no owner'],
  ])('%s', async (_, documents, expected) => {
    expect(await title(...documents)).toBe(expected);
  });
});

test('what depends is said to, with the reason folded away', async () => {
  const uncertain = 'generic';
  const [before, after] = [temporaryFolder(files(WORKLOADS, DENY('pay'))), temporaryFolder(files(WORKLOADS, DENY('pay'), policy('in', 'pay', '{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 80}]}]}')))];
  const { stdout } = await netpol(['diff', before, after, '--cni', uncertain, '-o', 'markdown']);
  expect(stdout).toMatch(/ with conditions\)\n/);
  expect(stdout).toMatch(/\| - \| depends: `TCP 80` \| [^\n]*`cni \(NetworkPolicy pay\/in ingress\[0\]\)`/);
  expect(stdout).toMatch(/<details><summary>What it depends on<\/summary>\n\n[^<]*- `cni \(NetworkPolicy pay\/in ingress\[0\]\)`: whether address blocks/);
  expect(stdout).toMatch(/ -\.->\|"opened: TCP 80"\|/);
});

test('the cluster of netpol.yaml is in the marker and the heading: each cluster has its comment', () => {
  const text = diffComment({ ...subject(1), cluster: 'prod--> eu' });
  expect(text).toMatch(/^<!-- netpol diff cluster=prod%2D%2D%3E%20eu -->\n### `prod--> eu`: /);
});

describe('too long for a comment', () => {
  test('whole rows are cut, the narrowest, and a line says how many and what shows them', () => {
    const large = subject(3000);
    const text = diffComment(large);
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(text.length).toBeGreaterThan(COMMENT_LIMIT * 0.95);
    const [, left, all] = /^(\d+) of (\d+) rows are left out here, the narrowest\. All of them: `netpol diff main\.\.HEAD`$/m.exec(text) ?? [];
    expect(rowsOf(text).length + Number(left)).toBe(Number(all));
    expect(Number(all)).toBe(3001);
    // the widest one is in the last namespace by name, and is kept
    expect(rowsOf(text)[0]).toMatch(/^\| `0\.0\.0\.0\/0` \| `z\/z\[Deployment\]`/);
    for (const row of rowsOf(text)) expect(row).toMatch(/^\| .* \| .* \| .* \| .* \| .*\|$/);
    expect(text).not.toMatch(/mermaid/);
  });

  test('whatever the limit is, it is kept, and nothing is lost without being counted', () => {
    const each = subject(60);
    fc.assert(fc.property(fc.integer({ min: LEAST_LIMIT, max: 20_000 }), (limit) => {
      const text = diffComment(each, limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      const left = Number(/^(\d+) of 61 rows are left out/m.exec(text)?.[1] ?? '0');
      expect(rowsOf(text).length + left).toBe(61);
    }));
  });

  test.each([['1999'], ['many'], ['-5']])('--max-length %s', async (length) => {
    const folder = temporaryFolder(ESTATE);
    expect(await netpol(['diff', folder, folder, `--max-length=${length}`])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/It is a number of characters, 2000 or more/) as unknown });
  });

  test('--max-length', async () => {
    const [before, after] = [temporaryFolder(files(...wide(80, ''))), temporaryFolder(files(...wide(80, 'open')))];
    const { stdout } = await netpol(['diff', before, after, '--cni', CERTAIN, '-o', 'markdown', '--max-length', '4000']);
    expect(stdout.length).toBeLessThanOrEqual(4000);
    expect(stdout).toMatch(new RegExp(`\\d+ of 81 rows are left out here, the narrowest\\. All of them: \`netpol diff ${before} ${after} --cni ${CERTAIN}\``));
  });
});

describe('names that Markdown would take for markup', () => {
  test('a code span shows its text letter by letter, and nothing ends it early', () => {
    // what CommonMark says of code spans: a run of backticks of one length opens, the next run of that length closes
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('`', '|', '*', '<', '@', ' ', 'a', '\n', '\\', '[') }), (name) => {
      const span = codeSpan(name);
      const [, fence, inner] = /^(`+)(?!`)([^]*?)(?<!`)\1$/.exec(span)!;
      expect([...inner!.matchAll(/`+/g)].every(([run]) => run.length !== fence!.length)).toBe(true);
      const shown = name.replace(/\s+/g, ' ');
      const stripped = /^ .* $/.test(inner!) && inner!.trim() !== '' ? inner!.slice(1, -1) : inner!;
      expect([shown, shown.trim(), ` ${shown.trim()}`, `${shown.trim()} `]).toContain(stripped.trim() === '' ? shown : stripped);
    }));
  });

  test('a bar does not end the cell of a table', () => {
    expect(codeCell('a|b`c')).toBe('``a\\|b`c``');
  });

  test('the name of a team pings nobody, and breaks out of nothing', async () => {
    const evil = 'labels: {team: "@org/everyone `x` <img src=x> | #1"}';
    const workloads = [WORKLOADS, namespace('pay', evil.replace('team', 'cdk8s-netpol/owner'))];
    const text = await comment(files(...workloads, DENY('pay')), files(...workloads, DENY('pay'), policy('in', 'pay', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}')));
    expect(text).toMatch('**`pay`**, owned by `` @org/everyone `x` <img src=x> | #1 ``'.replace('`` @', '``@').replace('#1 ``', '#1``'));
  });
});

/** Workloads that each open to one client, and one that opens to the Internet. */
function wide(count: number, open: string): string[] {
  const clients = Array.from({ length: count }, (_, index) => deployment('shop', `client-${index}`));
  const into = open === '' ? [] : [
    policy('in', 'pay', `{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress], ingress: [${Array.from({ length: count }, (_, index) =>
      `{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: client-${index}}}}], ports: [{port: ${index + 1}}]}`).join(', ')}]}`),
    policy('in', 'z', '{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 80}]}]}'),
  ];
  return [...clients, deployment('pay', 'api'), deployment('z', 'z'), DENY('pay'), DENY('z'), ...into];
}

/** The same at any size, without a cluster to evaluate. */
function subject(count: number): CommentSubject {
  const workload = (inNamespace: string, name: string) => ({ kind: 'workload' as const, namespace: inNamespace, name, workload: 'Deployment' });
  const added = [
    ...Array.from({ length: count }, (_, index) => ({ source: workload('shop', `client-${index}`), destination: workload('pay', 'api'), ports: { TCP: String(index + 1) }, conditions: [] })),
    { source: { kind: 'external' as const, cidrs: ['0.0.0.0/0'] }, destination: workload('z', 'z'), ports: { TCP: '80' }, conditions: [] },
  ];
  const owners = readOwners([], undefined);
  return {
    diff: { verdict: 'wider', added, removed: [], changed: [] }, before: { owners, workloads: [] }, after: { owners, workloads: [], namespaces: ['pay', 'shop', 'z'] },
    compared: { base: 'main', head: 'HEAD' }, profile: 'generic', command: 'netpol diff main..HEAD',
  };
}
