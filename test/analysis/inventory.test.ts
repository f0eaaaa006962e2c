import * as fc from 'fast-check';
import { Analysis, InventoryError, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { inventoryOf, pod } from './yaml-cluster';

const TEMPLATE = 'template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: a, image: none }] } }';

function document(apiVersion: string, kind: string, name: string, spec: string): string {
  return `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\nspec: { ${spec} }\n`;
}

function names(yaml: string): string[] {
  return inventoryOf(yaml).workloads.map(({ namespace, name, kind, replicated }) => `${namespace}/${name}[${kind}]${replicated ? ' several' : ''}`);
}

describe('workloads', () => {
  test.each([
    ['apps/v1', 'Deployment', 'replicas: 2, ', 'shop/x[Deployment] several'],
    ['apps/v1', 'Deployment', 'replicas: 1, ', 'shop/x[Deployment]'],
    ['apps/v1', 'StatefulSet', 'replicas: 3, ', 'shop/x[StatefulSet] several'],
    ['apps/v1', 'DaemonSet', '', 'shop/x[DaemonSet] several'],
    ['apps/v1', 'ReplicaSet', 'replicas: 1, ', 'shop/x[ReplicaSet]'],
    ['v1', 'ReplicationController', 'replicas: 2, ', 'shop/x[ReplicationController] several'],
    ['batch/v1', 'Job', '', 'shop/x[Job]'],
    ['argoproj.io/v1alpha1', 'Rollout', 'replicas: 2, ', 'shop/x[Rollout] several'],
    ['serving.knative.dev/v1', 'Service', '', 'shop/x[Service] several'],
  ])('%s %s %s', (apiVersion, kind, replicas, expected) => {
    expect(names(document(apiVersion, kind, 'x', replicas + TEMPLATE))).toEqual([expected]);
  });

  test('CronJob', () => {
    expect(names(document('batch/v1', 'CronJob', 'x', `concurrencyPolicy: Forbid, jobTemplate: { spec: { ${TEMPLATE} } }`))).toEqual(['shop/x[CronJob]']);
  });

  test('KubeVirt', () => {
    expect(names(document('kubevirt.io/v1', 'VirtualMachine', 'x', 'template: { metadata: { labels: { app: vm } }, spec: { domain: {} } }'))).toEqual(['shop/x[VirtualMachine]']);
  });

  test('pods go under their controller, and that under its own where the input has it', () => {
    const owned = (yaml: string, kind: string, name: string): string => yaml.replace('namespace: shop', `namespace: shop, ownerReferences: [{ kind: ${kind}, name: ${name}, controller: true }]`);
    const pods = owned(pod('shop/web-1-a'), 'ReplicaSet', 'web-1') + owned(pod('shop/web-1-b'), 'ReplicaSet', 'web-1');
    expect(names(pods)).toEqual(['shop/web-1[ReplicaSet] several']);
    const set = owned(document('apps/v1', 'ReplicaSet', 'web-1', `replicas: 2, ${TEMPLATE}`), 'Deployment', 'web');
    expect(names(pods + set + document('apps/v1', 'Deployment', 'web', `replicas: 2, ${TEMPLATE}`))).toEqual(['shop/web[Deployment] several']);
  });

  test('a static pod is not called by its node', () => {
    expect(names(pod('shop/etcd').replace('namespace: shop', 'namespace: shop, ownerReferences: [{ kind: Node, name: n1 }]'))).toEqual(['shop/etcd[Pod]']);
  });
});

describe('what is left out is told', () => {
  test('kinds without bearing on traffic are counted', () => {
    const { skipped, issues } = inventoryOf('---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n');
    expect([...skipped]).toEqual([['v1 ConfigMap', 2]]);
    expect(issues).toEqual([]);
  });

  test('policies that nobody reads', () => {
    const { issues } = inventoryOf(document('network.openshift.io/v1', 'EgressNetworkPolicy', 'x', ''));
    expect(issues).toEqual([expect.objectContaining({ code: 'unsupported-api', severity: 'warning', object: { kind: 'EgressNetworkPolicy', namespace: 'shop', name: 'x' } })]);
  });

  test('text and documents without a kind', () => {
    expect(inventoryOf('just text\n---\nfoo: bar\n---\n').issues.map(({ code }) => code)).toEqual(['not-an-object', 'not-an-object']);
  });

  test('unknown fields of policies, with their place', () => {
    const { issues } = inventoryOf(document('networking.k8s.io/v1', 'NetworkPolicy', 'x', 'podSelector: {}, ingres: []'));
    expect(issues).toEqual([expect.objectContaining({ code: 'unknown-field', path: 'spec.ingres' })]);
  });

  test('what cannot be read is an error, and no answer is given', () => {
    const inventory = inventoryOf(document('networking.k8s.io/v1', 'NetworkPolicy', 'x', 'podSelector: {}, ingress: [{ ports: [{ port: 70000 }] }]'));
    expect(inventory.issues).toEqual([expect.objectContaining({ code: 'unreadable', severity: 'error', path: 'spec.ingress[0].ports[0].port', origin: { file: 'cluster.yaml' } })]);
    expect(() => new Analysis(inventory, profileOf('generic'))).toThrow(InventoryError);
  });

  test('an object that stands in the input twice', () => {
    expect(inventoryOf(pod('shop/a') + pod('shop/a')).issues).toEqual([expect.objectContaining({ code: 'duplicate', severity: 'error', message: 'Pod shop/a is in the input twice: cluster.yaml and cluster.yaml' })]);
  });
});

test('lists are taken apart, also those whose items leave out their kind', () => {
  const list = '---\napiVersion: v1\nkind: PodList\nitems:\n- metadata: { name: a, namespace: shop }\n  spec: { containers: [] }\n---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Namespace\n  metadata: { name: pay }\n';
  const inventory = inventoryOf(list);
  expect(inventory.workloads).toHaveLength(1);
  expect([...inventory.namespaces.keys()]).toEqual(['pay', 'shop']);
  expect(inventory.namespaces.get('shop')).toMatchObject({ declared: false, labels: { 'kubernetes.io/metadata.name': 'shop' } });
});

describe('routes', () => {
  test.each([
    ['networking.k8s.io/v1', 'Ingress', 'rules: [{ http: { paths: [{ backend: { service: { name: web, port: { name: http } } } }] } }]', [{ namespace: 'shop', service: 'web', port: 'http' }]],
    ['networking.k8s.io/v1', 'Ingress', 'defaultBackend: { service: { name: web, port: { number: 80 } } }', [{ namespace: 'shop', service: 'web', port: 80 }]],
    ['gateway.networking.k8s.io/v1', 'HTTPRoute', 'rules: [{ backendRefs: [{ name: web, namespace: pay, port: 80 }] }]', [{ namespace: 'pay', service: 'web', port: 80 }]],
    ['route.openshift.io/v1', 'Route', 'to: { kind: Service, name: web }, alternateBackends: [{ name: blue }]', [{ namespace: 'shop', service: 'web' }, { namespace: 'shop', service: 'blue' }]],
  ])('%s %s', (apiVersion, kind, spec, backends) => {
    expect(inventoryOf(document(apiVersion, kind, 'r', spec)).routes).toEqual([expect.objectContaining({ kind, backends })]);
  });
});

test('whatever the input is, reading it ends with an inventory or with issues', () => {
  const kinds = [['v1', 'Pod'], ['v1', 'Service'], ['v1', 'Node'], ['v1', 'Namespace'], ['apps/v1', 'Deployment'], ['networking.k8s.io/v1', 'NetworkPolicy'], ['networking.k8s.io/v1', 'Ingress'], ['policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy'], ['policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy']] as const;
  const fields = ['podSelector', 'ingress', 'egress', 'from', 'to', 'ports', 'port', 'subject', 'pods', 'namespaces', 'template', 'spec', 'containers', 'rules', 'tier', 'priority', 'action', 'addresses', 'selector'];
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(null, true, 0, -1, 80, 'x', '10.0.0.0/8', 'Admin', '', {}, []),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...fields), tie('json'), { maxKeys: 4 }),
    ),
  }));
  const object = fc.tuple(fc.constantFrom(...kinds), fc.oneof(fc.constant({ name: 'x' }), json), json, json)
    .map(([[apiVersion, kind], metadata, spec, status]) => ({ apiVersion, kind, metadata, spec, status }));
  fc.assert(fc.property(fc.array(fc.oneof(object, json), { maxLength: 3 }), (objects) => {
    const inventory = readInventory(objects.map((each) => ({ object: each })), { readers: POLICY_READERS });
    if (inventory.issues.every(({ severity }) => severity !== 'error')) {
      expect(new Analysis(inventory, profileOf('generic')).connections()).toBeInstanceOf(Array);
    }
  }), { numRuns: Number(process.env.FUZZ_RUNS ?? 500), interruptAfterTimeLimit: 300_000 });
});
