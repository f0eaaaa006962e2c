import { constructsIn, migrated } from './migrated';

const policy = (name: string, spec: string, namespace = 'shop'): string => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec: { ${spec} }
`;
const DENY = policy('deny', 'podSelector: {}, policyTypes: [Ingress, Egress]');
const DENIED = "DefaultDenyNamespace(new Chart(app, 'shop'), 'shop', { name: 'shop', owner: owners.shop, stage: RolloutStage.ENFORCE, allowDns: false })";
const inNamespace = (name: string, labels = ''): string => `namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${name} } }${labels === '' ? '' : `, podSelector: { matchLabels: { ${labels} } }`}`;
const WEB = 'podSelector: { matchLabels: { app: web } }';
const webIn = (rule: string): string => DENY + policy('web', `${WEB}, ingress: [{ ${rule} }]`);
const webOut = (rule: string): string => DENY + policy('web', `${WEB}, policyTypes: [Egress], egress: [{ ${rule} }]`);
const DNS = `to: [{ ${inNamespace('kube-system', 'k8s-app: kube-dns')} }], ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]`;

/** The constructs that manifests become, beside the DefaultDenyNamespace that they all have. */
async function inShop(yaml: string, options?: Parameters<typeof migrated>[1]): Promise<string[]> {
  const migration = await migrated(yaml, options);
  expect(migration.proof.diff).toEqual({ added: [], removed: [], changed: [] });
  return constructsIn(migration, 'shop');
}

test('a default-deny is the namespace in ENFORCE', async () => {
  expect(await inShop(DENY)).toEqual([DENIED]);
});

test('DNS for every pod is part of the namespace', async () => {
  expect(await inShop(DENY + policy('dns', `podSelector: {}, policyTypes: [Egress], egress: [{ ${DNS} }]`))).toEqual([DENIED.replace(', allowDns: false', '')]);
});

test('DNS over UDP alone stays what it is', async () => {
  expect(await inShop(DENY + policy('dns', `podSelector: {}, policyTypes: [Egress], egress: [{ ${DNS.replace(', { port: 53, protocol: TCP }', '')} }]`))).toEqual([
    DENIED,
    "AllowToPods(shop, 'shop-to-kube-dns', { to: Pods.inNamespaces(Namespaces.named('kube-system'), { 'k8s-app': 'kube-dns' }), ports: [Port.udp(53)] })",
  ]);
});

test('DNS for some pods is AllowToDns', async () => {
  expect(await inShop(webOut(DNS))).toEqual([DENIED, "AllowToDns(shop, 'web-to-dns', { from: shop.pods({ app: 'web' }) })"]);
});

test('the node-local cache is a DNS of the cluster', async () => {
  const { files, proof } = await migrated(DENY + policy('dns', `podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ${inNamespace('kube-system', 'k8s-app: kube-dns')} }, { ${inNamespace('kube-system', 'k8s-app: node-local-dns')} }, { ipBlock: { cidr: 169.254.20.10/32 } }], ports: [{ port: 53, protocol: UDP }, { port: 53 }] }]`));
  expect(proof.equal).toBe(true);
  expect(files.get('main.ts')).toContain('dns: Dns.coreDns({ nodeLocalCache: true })');
});

describe('who may connect', () => {
  test.each([
    ['pods of the namespace', webIn('from: [{ podSelector: { matchLabels: { app: edge } } }], ports: [{ port: 8080 }]'),
      "AllowFromPods(shop, 'edge-to-web', { from: shop.pods({ app: 'edge' }), to: shop.pods({ app: 'web' }), ports: [Port.tcp(8080)], reciprocal: false })"],
    ['pods of another namespace', webIn(`from: [{ ${inNamespace('edge', 'app: proxy')} }], ports: [{ port: http }]`),
      "AllowFromPods(shop, 'proxy-to-web', { from: Pods.inNamespaces(Namespaces.named('edge'), { app: 'proxy' }), to: shop.pods({ app: 'web' }), ports: [Port.named('http')] })"],
    ['another namespace', webIn(`from: [{ ${inNamespace('edge')} }], ports: [{ port: 8080, endPort: 8090 }]`),
      "AllowFromNamespaces(shop, 'edge-to-web', { from: Namespaces.named('edge'), to: shop.pods({ app: 'web' }), ports: [Port.tcpRange(8080, 8090)] })"],
    ['namespaces by labels', webIn('from: [{ namespaceSelector: { matchLabels: { team: ci } } }], ports: [{ port: 9, protocol: SCTP }]'),
      "AllowFromNamespaces(shop, 'ci-to-web', { from: Namespaces.withLabels({ team: 'ci' }), to: shop.pods({ app: 'web' }), ports: [Port.sctp(9)] })"],
    ['namespaces by conditions', webIn('from: [{ namespaceSelector: { matchExpressions: [{ key: team, operator: NotIn, values: [cd, ci] }] } }], ports: [{ port: 1 }]'),
      "AllowFromNamespaces(shop, 'not-cd-ci-to-web', { from: Namespaces.matching([LabelExpression.notIn('team', ['cd', 'ci'])]), to: shop.pods({ app: 'web' }), ports: [Port.tcp(1)], reciprocal: false })"],
    ['every namespace', webIn('from: [{ namespaceSelector: {} }], ports: [{ port: 1 }]'),
      "AllowFromNamespaces(shop, 'every-namespace-to-web', { from: Namespaces.all(), to: shop.pods({ app: 'web' }), ports: [Port.tcp(1)], reciprocal: false })"],
    ['pods by conditions', webIn('from: [{ podSelector: { matchExpressions: [{ key: tier, operator: Exists }, { key: old, operator: DoesNotExist }] } }], ports: [{ port: 1 }]'),
      "AllowFromPods(shop, 'not-old-tier-to-web', { from: shop.podsMatching([LabelExpression.doesNotExist('old'), LabelExpression.exists('tier')]), to: shop.pods({ app: 'web' }), ports: [Port.tcp(1)], reciprocal: false })"],
    ['every port', webIn(`from: [{ ${inNamespace('edge')} }]`),
      "AllowFromNamespaces(shop, 'edge-to-web', { from: Namespaces.named('edge'), to: shop.pods({ app: 'web' }), ports: [Port.all({ reason: 'every port was open by hand: web' })] })"],
    ['every UDP port', webIn(`from: [{ ${inNamespace('edge')} }], ports: [{ protocol: UDP }]`),
      "AllowFromNamespaces(shop, 'edge-to-web', { from: Namespaces.named('edge'), to: shop.pods({ app: 'web' }), ports: [Port.all({ protocol: Protocol.UDP, reason: 'every port was open by hand: web' })] })"],
    ['addresses', webIn('from: [{ ipBlock: { cidr: 203.0.113.0/24 } }, { ipBlock: { cidr: "2001:db8::/32" } }], ports: [{ port: 443 }]'),
      "AllowFromIpBlock(shop, '2001-db8-32-to-web', { cidrs: ['2001:db8::/32', '203.0.113.0/24'], to: shop.pods({ app: 'web' }), ports: [Port.tcp(443)] })"],
  ])('%s', async (_, yaml, construct) => {
    expect(await inShop(yaml)).toEqual([DENIED, construct]);
  });
});

describe('where pods may go', () => {
  test.each([
    ['pods of another namespace', webOut(`to: [{ ${inNamespace('pay', 'app: api')} }], ports: [{ port: 8443 }]`),
      "AllowToPods(shop, 'web-to-api', { from: shop.pods({ app: 'web' }), to: Pods.inNamespaces(Namespaces.named('pay'), { app: 'api' }), ports: [Port.tcp(8443)] })"],
    ['another namespace', webOut(`to: [{ ${inNamespace('pay')} }], ports: [{ port: 8443 }]`),
      "AllowToPods(shop, 'web-to-pay', { from: shop.pods({ app: 'web' }), to: Pods.inNamespaces(Namespaces.named('pay')), ports: [Port.tcp(8443)] })"],
    ['addresses with exceptions', webOut('to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8, 192.168.0.0/16] } }], ports: [{ port: 443 }]'),
      "AllowToIpBlock(shop, 'web-to-anywhere', { cidrs: ['0.0.0.0/0'], exceptions: ['10.0.0.0/8', '192.168.0.0/16'], from: shop.pods({ app: 'web' }), ports: [Port.tcp(443)] })"],
  ])('%s', async (_, yaml, construct) => {
    expect(await inShop(yaml)).toEqual([DENIED, construct]);
  });

  test('a block that another one has an exception in has a construct of its own', async () => {
    const [, ...blocks] = await inShop(webOut('to: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }, { ipBlock: { cidr: 10.1.2.0/24 } }], ports: [{ port: 443 }]'));
    expect(blocks).toHaveLength(2);
  });

  test('a block that holds the pods of the cluster goes on holding them', async () => {
    const yaml = webOut('to: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ port: 443 }]');
    expect((await inShop(yaml, { podCidrs: ['10.244.0.0/16'] }))[1]).toContain('includeCluster: true');
    expect((await inShop(yaml, { podCidrs: ['192.0.2.0/24'] }))[1]).not.toContain('includeCluster');
  });
});

describe('both ends', () => {
  const webToApi = policy('web', `${WEB}, policyTypes: [Egress], egress: [{ to: [{ ${inNamespace('pay', 'app: api')} }], ports: [{ port: 8443 }] }]`);
  const apiFromWeb = policy('api', `podSelector: { matchLabels: { app: api } }, ingress: [{ from: [{ ${inNamespace('shop', 'app: web')} }], ports: [{ port: 8443 }] }]`, 'pay');
  const denyPay = policy('deny', 'podSelector: {}, policyTypes: [Ingress, Egress]', 'pay');

  test('two policies about one connection are one construct, where the server is', async () => {
    const migration = await migrated(DENY + denyPay + webToApi + apiFromWeb);
    expect(migration.proof.equal).toBe(true);
    expect(constructsIn(migration, 'shop')).toEqual([DENIED]);
    expect(constructsIn(migration, 'pay')[1]).toBe("AllowFromPods(pay, 'web-to-api', { from: shop.pods({ app: 'web' }), to: pay.pods({ app: 'api' }), ports: [Port.tcp(8443)] })");
  });

  test('one policy about one end opens no other', async () => {
    for (const yaml of [DENY + denyPay + webToApi, DENY + denyPay + apiFromWeb]) {
      const migration = await migrated(yaml);
      expect(migration.proof.equal).toBe(true);
      expect([...constructsIn(migration, 'shop'), ...constructsIn(migration, 'pay')].filter((each) => each.includes('web-to-api'))).toEqual([expect.stringContaining('reciprocal: false')]);
    }
  });

  test('an end that is open as a whole may be said too', async () => {
    const migration = await migrated(DENY + policy('deny', 'podSelector: {}, policyTypes: [Egress]', 'pay') + webToApi);
    expect(migration.proof.equal).toBe(true);
    expect(constructsIn(migration, 'shop')[1]).not.toContain('reciprocal');
  });

  test('other ports at the other end are not the same connection', async () => {
    const migration = await migrated(DENY + denyPay + webToApi + apiFromWeb.replace('8443', '9443'));
    expect(migration.proof.equal).toBe(true);
    expect(constructsIn(migration, 'shop')[1]).toContain('reciprocal: false');
    expect(constructsIn(migration, 'pay')[1]).toContain('reciprocal: false');
  });

  test('pods towards their own kind are AllowWithin', async () => {
    const db = policy('db', 'podSelector: { matchLabels: { app: db } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: db } } }], ports: [{ port: 5432 }] }], egress: [{ to: [{ podSelector: { matchLabels: { app: db } } }], ports: [{ port: 5432 }] }]');
    const [, , within] = await inShop(policy('deny', 'podSelector: {}, policyTypes: [Ingress]') + db.replace(/, egress:.*\]/, ''));
    expect(within).toBe("AllowWithin(shop, 'within-db', { pods: shop.pods({ app: 'db' }), ports: [Port.tcp(5432)] })");
    expect(await inShop(DENY + db)).toEqual([DENIED, "AllowWithin(shop, 'within-db', { pods: shop.pods({ app: 'db' }), ports: [Port.tcp(5432)] })"]);
  });
});

describe('what is not behind a default-deny', () => {
  test('of one direction is, and the other stays open until somebody knows it', async () => {
    const [opener, namespace] = await inShop(policy('deny', 'podSelector: {}, policyTypes: [Ingress]'));
    expect(opener).toContain("name: 'allow-all-egress'");
    expect(opener).toContain('egress: [{}]');
    expect(namespace).toContain('stage: RolloutStage.ENFORCE');
  });

  test('of some pods is a chart with rules, and those pods stay closed', async () => {
    const migration = await migrated(policy('web', `${WEB}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ ${inNamespace('edge')} }], ports: [{ port: 80 }] }]`));
    expect(migration.proof.equal).toBe(true);
    expect(migration.files.has('owners.ts')).toBe(false);
    expect(constructsIn(migration, 'shop')).toEqual([
      "ApiObject(chart, 'web-rest', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'web-rest', namespace: 'shop' }, spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] } })",
      "AllowFromNamespaces(shop, 'edge-to-web', { from: Namespaces.named('edge'), to: Pods.withLabels({ app: 'web' }), ports: [Port.tcp(80)] })",
    ]);
  });

  test('a direction denied for some pods only is not opened for all', async () => {
    const migration = await migrated(policy('deny', 'podSelector: {}, policyTypes: [Ingress]') + policy('web', `${WEB}, policyTypes: [Egress]`));
    expect(migration.proof.equal).toBe(true);
    expect(migration.plan.namespaces[0]?.form).toEqual({ kind: 'open', why: 'egress is denied for some pods and open for the others' });
  });

  test('of one direction, with pods in the network of their node, has no opener: whether it reaches them is up to the CNI', async () => {
    const exporter = '\n---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: node-exporter, namespace: shop }\nspec: { template: { metadata: { labels: { app: node-exporter } }, spec: { hostNetwork: true, containers: [{ name: main, image: none }] } } }\n';
    const migration = await migrated(policy('deny', 'podSelector: {}, policyTypes: [Ingress]') + exporter);
    expect(migration.proof.equal).toBe(true);
    expect(migration.plan.namespaces[0]?.form).toEqual({
      kind: 'open', why: 'no NetworkPolicy denies egress by default, and whether a rule that keeps it open reaches all of its pods depends on the CNI',
    });
  });

  test('an opener is not put beside policies of other APIs', async () => {
    const banp = '\n---\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: { name: base }\nspec: { tier: Baseline, priority: 1, subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ namespaces: {} }] }] }\n';
    const migration = await migrated(policy('deny', 'podSelector: {}, policyTypes: [Ingress]') + banp, { cni: 'generic,cnp=on' });
    expect(migration.proof.equal).toBe(true);
    expect(migration.plan.namespaces[0]?.form.kind).toBe('open');
    expect(migration.files.get('cluster-wide.ts')).toContain("new ApiObject(chart, 'ClusterNetworkPolicy-base', {");
  });
});

describe('what no construct says is written out, with the reason', () => {
  test('a rule for everybody', async () => {
    const migration = await migrated(webIn('ports: [{ port: 443 }]'));
    expect(migration.proof.equal).toBe(true);
    expect(migration.files.get('namespaces/shop.ts')).toMatch(/\/\/ web \(manifests\.yaml:\d+\)\n {2}\/\/ A rule without peers lets in or out everybody/);
    expect(constructsIn(migration, 'shop')[0]).toContain("ingress: [{ ports: [{ protocol: 'TCP', port: 443 }] }]");
  });

  test('conditions on pods of namespaces by labels', async () => {
    const [literal] = await inShop(webIn('from: [{ namespaceSelector: { matchLabels: { team: ci } }, podSelector: { matchExpressions: [{ key: app, operator: Exists }] } }], ports: [{ port: 1 }]'));
    expect(literal).toContain("matchExpressions: [{ key: 'app', operator: 'Exists' }]");
  });

  test('a policy of another API', async () => {
    const cilium = '\n---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: fqdn, namespace: shop, uid: 1-2-3 }\nspec: { endpointSelector: { matchLabels: { app: web } }, egress: [{ toFQDNs: [{ matchName: api.example.com }] }] }\n';
    const migration = await migrated(DENY + cilium, { cni: 'cilium@1.18' });
    expect(migration.proof.equal).toBe(true);
    const [literal] = constructsIn(migration, 'shop');
    expect(literal).toContain("ApiObject(chart, 'CiliumNetworkPolicy-fqdn'");
    expect(literal).not.toContain('uid');
  });
});

describe('names', () => {
  test('two subjects that the library would call by one name are told apart', async () => {
    const named = policy('named', `podSelector: { matchLabels: { app.kubernetes.io/name: web } }, ingress: [{ from: [{ ${inNamespace('edge')} }], ports: [{ port: 81 }] }]`);
    const [, ...rules] = await inShop(webIn(`from: [{ ${inNamespace('edge')} }], ports: [{ port: 80 }]`) + named);
    expect(rules).toHaveLength(2);
    expect(rules[1]).toContain("policyName: 'allow-web-by-name'");
  });

  test('an object that is written out does not take the name of one of the constructs', async () => {
    const yaml = DENY + policy('allow-web', `${WEB}, ingress: [{ ports: [{ port: 1 }] }, { from: [{ ${inNamespace('edge')} }], ports: [{ port: 2 }] }]`);
    expect((await inShop(yaml))[0]).toContain("metadata: { name: 'allow-web-rest', namespace: 'shop' }");
    const alone = DENY + policy('allow-web', `${WEB}, ingress: [{ ports: [{ port: 1 }] }]`);
    expect((await inShop(alone))[0]).toContain("metadata: { name: 'allow-web-2', namespace: 'shop' }");
  });

  test('a policy that another one would replace in place is told', async () => {
    const clients = `ingress: [{ from: [{ ${inNamespace('edge')} }], ports: [{ port: 80 }] }]`;
    const replaced = async (yaml: string): Promise<readonly string[]> => (await migrated(yaml)).replaced;
    // of the same pods, and saying as much
    expect(await replaced(DENY + policy('allow-web', `${WEB}, ${clients}`))).toEqual([]);
    // of other pods
    expect(await replaced(DENY + policy('web', `${WEB}, ${clients}`) + policy('allow-web', `podSelector: { matchLabels: { app: api } }, ${clients}`))).toEqual(['shop/allow-web']);
    // of the same pods, which it closes in a direction of which nothing else is said
    expect(await replaced(policy('allow-web', `${WEB}, policyTypes: [Ingress, Egress], ${clients}`))).toEqual(['shop/allow-web']);
  });

  test('namespaces that are no words are variables all the same', async () => {
    const names = ['default', 'a-b', 'a--b', '1st', 'new', 'app', 'shop', 'shop-namespace', 'main'];
    const migration = await migrated(names.map((name) => policy('deny', 'podSelector: {}, policyTypes: [Ingress, Egress]', name)
      + policy('web', `${WEB}, ingress: [{ from: [{ ${inNamespace('shop', 'app: x')} }], ports: [{ port: 1 }] }]`, name)).join(''));
    expect(migration.proof.equal).toBe(true);
    expect(new Set(migration.plan.namespaces.map(({ words }) => words.variable)).size).toBe(names.length);
  });
});

test('words that YAML or TypeScript would take for something else', async () => {
  const yaml = DENY + policy('odd', `podSelector: { matchLabels: { app: "true", "n": "y", "1": "007" } }, ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: constructor, operator: In, values: ["null", "1e3", ""] }] } }], ports: [{ port: a-1 }] }]`);
  const [, rule] = await inShop(yaml);
  expect(rule).toBe("AllowFromPods(shop, '1e3-null-to-true', { from: shop.podsMatching([LabelExpression.in('constructor', ['', '1e3', 'null'])]), to: shop.pods({ '1': '007', app: 'true', n: 'y' }), ports: [Port.named('a-1')], reciprocal: false })");
});

describe('instance metadata', () => {
  const world = (except: string): string => webOut(`to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [${except}] } }], ports: [{ port: 443 }]`);

  test('that every block leaves out is a MetadataBlock, where that changes nothing', async () => {
    const migration = await migrated(world('169.254.0.0/16').replace('443', '80'), { cni: 'aws' });
    expect(migration.proof.equal).toBe(true);
    expect(migration.files.get('main.ts')).toContain('new MetadataBlock(');
  });

  test('that one block leaves out and another opens is none', async () => {
    const migration = await migrated(world('169.254.0.0/16').replace('443', '80') + policy('old', 'podSelector: { matchLabels: { app: old } }, policyTypes: [Egress], egress: [{ ports: [{ port: 80 }] }]'), { cni: 'aws' });
    expect(migration.proof.equal).toBe(true);
    expect(migration.files.get('main.ts')).not.toContain('MetadataBlock');
  });
});

describe('owners', () => {
  const namespace = (labels: string, annotations = ''): string => `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { ${labels} }, annotations: { ${annotations} } }\n`;
  const ownerLine = async (yaml: string): Promise<string> => /^ {2}shop: (.*),$/m.exec((await migrated(yaml)).files.get('owners.ts') ?? '')?.[1] ?? '';

  test('come from the Namespace', async () => {
    expect(await ownerLine(namespace('team: web', 'contact: "#web"') + DENY)).toBe("{ team: 'web', contact: '#web' }");
  });

  test('come from the policies where they agree', async () => {
    expect(await ownerLine(DENY.replace('name: deny,', 'name: deny, labels: { owner: shop-team },'))).toBe("{ team: 'shop-team', contact: 'FILL-IN' }");
  });

  test('are filled in where nobody, or nobody in particular, is named', async () => {
    expect(await ownerLine(DENY)).toBe("{ team: 'FILL-IN', contact: 'FILL-IN' }");
    expect(await ownerLine(namespace('team: tbd') + DENY)).toBe("{ team: 'FILL-IN', contact: 'FILL-IN' }");
  });
});
