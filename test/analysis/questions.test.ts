import { diffConnections } from '../../lib/analysis';
import { analysisOf, clusterPolicy, inventoryOf, pod, policy } from './yaml-cluster';

const KNOWN = { ipBlockMatchesPods: 'false', cnpNetworksMatchPods: 'false' };
const PODS = pod('shop/web', 'app: web') + pod('pay/api', 'app: api');
const FROM_WEB = policy('pay/api', 'podSelector: { matchLabels: { app: api } }, ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: web } } }], ports: [{ port: 8080 }, { port: 9000, endPort: 9010 }] }]');
const DENY = policy('pay/default-deny', 'podSelector: {}, policyTypes: [Ingress]');

const web = { kind: 'workload', namespace: 'shop', name: 'web', workload: 'Pod' };
const api = { kind: 'workload', namespace: 'pay', name: 'api', workload: 'Pod' };
const world = { kind: 'external', cidrs: ['0.0.0.0/0', '::/0'] };

describe('list', () => {
  test('every connection with its ports, addresses outside in the fewest blocks', () => {
    expect(analysisOf(PODS + FROM_WEB, KNOWN).connections()).toEqual([
      { source: api, destination: web, ports: 'all', conditions: [] },
      { source: api, destination: world, ports: 'all', conditions: [] },
      { source: web, destination: api, ports: { TCP: '8080,9000-9010' }, conditions: [] },
      { source: web, destination: world, ports: 'all', conditions: [] },
      { source: world, destination: web, ports: 'all', conditions: [] },
    ]);
  });

  test('what depends has a row of its own with the conditions', () => {
    const yaml = PODS + policy('shop/p', 'podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ port: 443 }] }]');
    expect(analysisOf(yaml).connections().filter(({ source }) => source.kind === 'workload' && source.name === 'web')).toEqual([
      { source: web, destination: api, ports: { TCP: '443' }, conditions: [expect.objectContaining({ kind: 'address', at: 'NetworkPolicy shop/p egress[0]' }), expect.objectContaining({ kind: 'cni' })] },
      { source: web, destination: { kind: 'external', cidrs: ['10.0.0.0/8'] }, ports: { TCP: '443' }, conditions: [] },
    ]);
  });

  test('rows do not hang on the order of the input', () => {
    const parts = [pod('shop/web', 'app: web'), pod('pay/api', 'app: api'), FROM_WEB, DENY];
    expect(analysisOf([...parts].reverse().join(''), KNOWN).connections()).toEqual(analysisOf(parts.join(''), KNOWN).connections());
  });

  test('what reaches a pod through an Ingress', () => {
    const ingress = `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: in, namespace: pay }
spec: { defaultBackend: { service: { name: api, port: { number: 80 } } } }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: pay }
spec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }, { port: 81, targetPort: 9999 }] }
`;
    const entity = { kind: 'entity', entity: 'ingress-controller' };
    const rows = analysisOf(PODS + ingress, KNOWN).connections();
    expect(rows).toContainEqual({ source: entity, destination: api, ports: { TCP: '8080' }, conditions: [] });
    const policed = analysisOf(PODS + ingress + FROM_WEB, KNOWN).connections();
    expect(policed.filter(({ source }) => source.kind === 'entity')).toEqual([{ source: entity, destination: api, ports: { TCP: '8080' }, conditions: [expect.objectContaining({ kind: 'unevaluated-field' })] }]);
  });
});

describe('explain', () => {
  test('names the layers and the rules, both directions', () => {
    const { verdict, egress, ingress } = analysisOf(PODS + FROM_WEB + DENY, KNOWN).explain('shop/web', 'pay/api', '8080/TCP');
    expect(verdict).toBe('allowed');
    expect(egress).toEqual({ verdict: 'allowed', layers: [], decidedBy: [{ effect: 'system-default', certain: true }] });
    const rule = { effect: 'allows', kind: 'NetworkPolicy', namespace: 'pay', name: 'api', ruleIndex: 0, certain: true, origin: { file: 'cluster.yaml' } };
    expect(ingress).toEqual({ verdict: 'allowed', layers: [{ layer: 'NetworkPolicy', verdict: 'allowed', reasons: [rule] }], decidedBy: [rule] });
  });

  test('says why nothing allows', () => {
    const { verdict, ingress } = analysisOf(PODS + FROM_WEB + DENY, KNOWN).explain('shop/web', 'pay/api', '22/TCP');
    expect(verdict).toBe('denied');
    expect(ingress.decidedBy.map(({ effect, name }) => `${name} ${effect}`)).toEqual(['api ports-do-not-match', 'default-deny no-rules']);
  });

  test('follows Pass through the tiers', () => {
    const pass = clusterPolicy('p', 'tier: Admin, priority: 1, subject: { namespaces: {} }, ingress: [{ name: leave, action: Pass, from: [{ namespaces: {} }] }]');
    const base = clusterPolicy('b', 'tier: Baseline, priority: 1, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }]');
    const { verdict, ingress } = analysisOf(PODS + pass + base, KNOWN).explain('shop/web', 'pay/api', '22/TCP');
    expect(verdict).toBe('denied');
    expect(ingress.layers.map((layer) => [layer.layer, layer.verdict, layer.reasons.map(({ effect, rule }) => [effect, rule])])).toEqual([
      ['Admin', 'undecided', [['passes', 'leave']]],
      ['Baseline', 'denied', [['denies', undefined]]],
    ]);
  });

  test('says which pods of a name differ', () => {
    const several = pod('shop/a', 'app: web').replace('namespace: shop', 'namespace: shop, ownerReferences: [{ kind: ReplicaSet, name: web, controller: true }]')
      + pod('shop/b', 'app: other').replace('namespace: shop', 'namespace: shop, ownerReferences: [{ kind: ReplicaSet, name: web, controller: true }]')
      + pod('pay/api', 'app: api') + FROM_WEB;
    const { verdict, parts, conditions } = analysisOf(several, KNOWN).explain('shop/web', 'pay/api', '8080/TCP');
    expect({ verdict, conditions: conditions.map(({ kind }) => kind) }).toEqual({ verdict: 'depends', conditions: ['parts-differ'] });
    expect(parts).toEqual([{ from: 'shop/a', to: 'pay/api', verdict: 'allowed' }, { from: 'shop/b', to: 'pay/api', verdict: 'denied' }]);
  });
});

describe('diff', () => {
  const changes = (before: string, after: string): ReturnType<typeof diffConnections> =>
    analysisOf(PODS + after, KNOWN).changesFrom(analysisOf(PODS + before, KNOWN));

  test('nothing, narrower, wider, mixed', () => {
    expect(changes(FROM_WEB, FROM_WEB + DENY)).toEqual({ verdict: 'none', added: [], removed: [], changed: [] });
    expect(changes('', DENY)).toMatchObject({ verdict: 'narrower', added: [], removed: [{ source: world, destination: api }, { source: web, destination: api }] });
    expect(changes(DENY, FROM_WEB)).toMatchObject({ verdict: 'wider', added: [{ source: web, destination: api, ports: { TCP: '8080,9000-9010' } }] });
    expect(changes(FROM_WEB, FROM_WEB.replace('8080', '8081'))).toMatchObject({
      verdict: 'mixed', changed: [{ source: web, destination: api, before: { TCP: '8080,9000-9010' }, after: { TCP: '8081,9000-9010' } }],
    });
  });

  test('from denied to depends is wider', () => {
    const deny = policy('shop/p', 'podSelector: {}, policyTypes: [Egress]');
    const block = policy('shop/p', 'podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.1.0.0/16 } }] }]');
    const { verdict, added } = analysisOf(PODS + block).changesFrom(analysisOf(PODS + deny));
    expect(verdict).toBe('wider');
    expect(added.map(({ destination, conditions }) => [destination.kind, conditions.length > 0])).toEqual([['external', false], ['workload', true]]);
  });

  test('addresses are compared where the blocks of the two sides overlap', () => {
    const egress = (cidr: string): string => policy('shop/p', `podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: ${cidr} } }] }]`);
    expect(changes(egress('10.0.0.0/8'), egress('10.0.0.0/9'))).toEqual({
      verdict: 'narrower', added: [], changed: [], removed: [{ source: web, destination: { kind: 'external', cidrs: ['10.128.0.0/9'] }, ports: 'all', conditions: [] }],
    });
  });

  test('pods of a StatefulSet that one side tells apart', () => {
    const set = '---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db, namespace: pay }\nspec: { replicas: 2, template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: a, image: none }] } } }\n';
    const first = policy('pay/p', 'podSelector: { matchLabels: { statefulset.kubernetes.io/pod-name: db-0 } }, ingress: [{}]');
    expect(changes(set, set + first)).toMatchObject({ verdict: 'none' });
    const closed = changes(set, set + first.replace('[{}]', '[]'));
    expect(closed.verdict).toBe('narrower');
    expect(closed.removed.every(({ destination }) => destination.kind === 'workload' && destination.pods?.join() === 'db-0')).toBe(true);
  });
});

describe('exposure', () => {
  test('every pod, and kinds of pods that fare otherwise', () => {
    const { connections, unprotected } = analysisOf(pod('pay/api', 'app: api') + FROM_WEB, KNOWN).exposure();
    expect(connections).toEqual([
      { source: { kind: 'selector', namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } }, destination: api, ports: { TCP: '8080,9000-9010' }, conditions: [] },
      { source: api, destination: { kind: 'cluster' }, ports: 'all', conditions: [] },
    ]);
    expect(unprotected).toEqual([{ workload: api, directions: ['egress'] }]);
  });

  test('a selector meets what it implies', () => {
    const both = policy('pay/p', 'podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: x } } }], ports: [{ port: 1 }] }, { from: [{ podSelector: { matchExpressions: [{ key: app, operator: Exists }] } }], ports: [{ port: 2 }] }]');
    const rows = analysisOf(pod('pay/api') + both, KNOWN).exposure().connections.filter(({ source }) => source.kind === 'selector');
    expect(rows.map(({ ports }) => ports)).toEqual([{ TCP: '2' }, { TCP: '1-2' }]);
  });
});

describe('Services', () => {
  const service = (spec: string): string => `---\napiVersion: v1\nkind: Service\nmetadata: { name: api, namespace: pay }\nspec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }]${spec} }\n`;

  test('are asked by their own port, and policies see the port of the pod', () => {
    const analysis = analysisOf(PODS + FROM_WEB + service(''), KNOWN);
    expect(analysis.allows('shop/web', 'svc/pay/api', '80/TCP').verdict).toBe('allowed');
    expect(() => analysis.allows('shop/web', 'svc/pay/api', '8080/TCP')).toThrow('"8080/TCP" is no port of svc/pay/api. Instead: 80/TCP');
  });

  test('whether egress policy sees the pod or the Service is up to the CNI', () => {
    const yaml = PODS + service('') + policy('shop/p', 'podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {} }] }]');
    expect(analysisOf(yaml, KNOWN).allows('shop/web', 'svc/pay/api', '80/TCP')).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'cni', at: 'svc/pay/api' }] });
    expect(analysisOf(yaml, { ...KNOWN, servicesResolvedBeforePolicy: 'true' }).allows('shop/web', 'svc/pay/api', '80/TCP').verdict).toBe('allowed');
    expect(analysisOf(yaml, { ...KNOWN, servicesResolvedBeforePolicy: 'false' }).allows('shop/web', 'svc/pay/api', '80/TCP').verdict).toBe('denied');
  });

  test('may show a node in place of the client', () => {
    const clients = policy('pay/p', 'podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }]');
    const open = analysisOf(PODS + clients + service(', type: LoadBalancer'), KNOWN);
    expect(open.allows('203.0.113.7', 'pay/api', '8080/TCP')).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'source-nat', at: 'pay/api' }] });
    expect(open.allows('8.8.8.8', 'pay/api', '8080/TCP').verdict).toBe('depends');
    expect(open.allows('203.0.113.7', 'pay/api', '22/TCP').verdict).toBe('allowed');
    const into = open.connections().filter(({ source, destination }) => source.kind === 'external' && destination.kind === 'workload' && destination.name === 'api');
    expect(into).toHaveLength(3);
    expect(into).toContainEqual({
      source: { kind: 'external', cidrs: ['203.0.113.0/24'] }, destination: api, ports: { SCTP: 'all', TCP: '1-8079,8081-65535', UDP: 'all' }, conditions: [],
    });
    const hidden = into.filter(({ conditions }) => conditions.length > 0);
    expect(hidden.map(({ ports, conditions }) => [ports, conditions.map(({ kind }) => kind)])).toEqual([[{ TCP: '8080' }, ['source-nat']], [{ TCP: '8080' }, ['source-nat']]]);
    const local = analysisOf(PODS + clients + service(', type: LoadBalancer, externalTrafficPolicy: Local'), KNOWN);
    expect(local.allows('203.0.113.7', 'pay/api', '8080/TCP').verdict).toBe('allowed');
  });
});

describe('names in questions', () => {
  test.each([
    ['shop', 'is not an end of a connection'],
    ['shop/nobody', 'is no workload or pod of the input. Instead: one of pay/api, shop/web'],
    ['svc/shop/nobody', 'is no Service of the input'],
    ['{internet}', 'is not an entity. Instead: {host}, {remote-node}, {kube-apiserver}, {world}, {ingress-controller}'],
    ['10.0.0.0/33', 'has a prefix length that is not one of IPv4'],
  ])('%s', (name, message) => {
    expect(() => analysisOf(PODS, KNOWN).allows(name, 'pay/api', '80/TCP')).toThrow(message);
  });

  test('a block whose addresses fare differently', () => {
    const analysis = analysisOf(PODS + policy('shop/p', 'podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/9 } }] }]'), KNOWN);
    expect(analysis.allows('shop/web', '10.0.0.0/16', '80/TCP').verdict).toBe('allowed');
    expect(analysis.allows('shop/web', '10.0.0.0/8', '80/TCP')).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'parts-differ' }] });
  });

  test('a port out of range', () => {
    expect(() => analysisOf(PODS, KNOWN).allows('shop/web', 'pay/api', '0/TCP')).toThrow('"0/TCP" is not a port that can be asked for');
  });
});

describe('profiles', () => {
  test('one that nobody has modelled is refused', () => {
    expect(() => analysisOf(PODS, {}, 'weave')).toThrow('"weave" is not a CNI whose evaluation is modelled');
  });

  test('unknown settings and values are refused', () => {
    expect(() => analysisOf(PODS, { typo: 'true' })).toThrow('"typo" is not a setting of the profile generic');
    expect(() => analysisOf(PODS, { ipBlockMatchesPods: 'yes' })).toThrow('"yes" is not a value of the setting ipBlockMatchesPods. Instead: true or false');
  });

  test('an empty cluster has no connections', () => {
    expect(analysisOf('').connections()).toEqual([]);
    expect(inventoryOf('').issues).toEqual([]);
  });
});
