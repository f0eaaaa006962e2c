import { deployment, lines, missing, namespace, policy } from './check';

const rule = 'selects-nothing';
const WEB = deployment('shop/web', '{ app: web, tier: front }');
const selecting = (selector: string) => policy('shop/a', `{ podSelector: ${selector}, policyTypes: [Ingress] }`);

describe('reports', () => {
  test('a misspelt value, with the nearest workload', () => {
    expect(lines(rule, WEB + selecting('{ matchLabels: { app: wbe, tier: front } }'))).toEqual([
      expect.stringMatching(/^warning NetworkPolicy shop\/a spec\.podSelector: .*wbe.* matches none of the 1 workload of shop; nearest is Deployment web, which has app=web$/) as unknown,
    ]);
  });

  test('a label that no pod has', () => {
    expect(lines(rule, WEB + selecting('{ matchLabels: { "app.kubernetes.io/name": web } }'))).toEqual([expect.stringContaining('has no label app.kubernetes.io/name') as unknown]);
  });

  test('labels of the Deployment that its pods do not have', () => {
    const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: { component: web } }
spec: { selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: a, image: a }] } } }
---
${selecting('{ matchLabels: { component: web } }')}`;
    expect(lines(rule, manifests)).toHaveLength(1);
  });
});

describe('does not report', () => {
  test.each(['{}', '{ matchLabels: { app: web } }', '{ matchExpressions: [{ key: app, operator: In, values: [web, cart] }] }', '{ matchExpressions: [{ key: legacy, operator: DoesNotExist }] }'])('%s', (selector) => {
    expect(lines(rule, WEB + selecting(selector))).toEqual([]);
  });

  test('an opener that is shut by a selector that nothing can match', () => {
    expect(lines(rule, WEB + selecting('{ matchExpressions: [{ key: x, operator: Exists }, { key: x, operator: DoesNotExist }] }'))).toEqual([]);
  });

  test('pods in the network of their node, and those of a CronJob', () => {
    const cron = `apiVersion: batch/v1
kind: CronJob
metadata: { name: backup, namespace: shop }
spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: { metadata: { labels: { job: backup } }, spec: { restartPolicy: Never, containers: [{ name: a, image: a }] } } } } }
---
`;
    expect(lines(rule, WEB + cron + selecting('{ matchLabels: { job: backup } }'))).toEqual([]);
    expect(lines(rule, WEB + deployment('shop/agent', '{ app: agent }', '[]', ', hostNetwork: true') + selecting('{ matchLabels: { app: agent } }'))).toEqual([]);
  });

  test('labels that the CNI adds to pods', () => {
    const calico = 'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { selector: projectcalico.org/orchestrator == "k8s", types: [Ingress] }\n';
    expect(lines(rule, WEB + calico, { cni: 'calico' })).toEqual([]);
  });
});

describe('is not evaluated', () => {
  test('in a namespace without workloads', () => {
    const manifests = deployment('pay/api', '{ app: api }') + selecting('{ matchLabels: { app: web } }');
    expect(lines(rule, manifests)).toEqual([]);
    expect(missing(rule, manifests)).toEqual(['shop: no workload of the namespace is in the input']);
  });

  test('where an operator makes the pods', () => {
    const manifests = `${WEB}apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: { name: orders, namespace: shop }\n---\n${selecting('{ matchLabels: { strimzi.io/cluster: orders } }')}`;
    expect(lines(rule, manifests)).toEqual([]);
    expect(missing(rule, manifests)).toEqual(['shop: shop/a may select pods that an operator makes for Kafka orders']);
  });
});

test('a policy of the cluster looks at the namespaces of its scope', () => {
  const cluster = (app: string) => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: a }
spec: { tier: Admin, priority: 1, subject: { pods: { namespaceSelector: { matchLabels: { team: a } }, podSelector: { matchLabels: { app: ${app} } } } } }
`;
  expect(lines(rule, namespace('shop', ', labels: { team: a }') + WEB + cluster('web'))).toEqual([]);
  expect(lines(rule, namespace('shop', ', labels: { team: a }') + WEB + cluster('cart'))).toHaveLength(1);
  expect(missing(rule, namespace('shop') + WEB + cluster('web'))).toEqual([': a: no workload of its namespaces is in the input']);
});
