import { manifests } from './manifests';
import { GENERIC, plainCluster } from './index';

const PODS = manifests(`
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: web }] }
status: { podIP: 10.244.0.7 }
---
apiVersion: v1
kind: Pod
metadata: { name: api, namespace: pay, labels: { app: api } }
spec: { containers: [{ name: api, ports: [{ name: http, containerPort: 8080 }] }] }
status: { podIP: 10.244.0.8 }
`);

const EXTERNAL = '203.0.113.9';

const ingressOfPay = (rules: string): unknown[] => manifests(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: pay, namespace: pay }
spec: { podSelector: {}, ${rules} }
`);

describe('a path through a Service', () => {
  const service = (spec: string) => manifests(`
apiVersion: v1
kind: Service
metadata: { name: api, namespace: pay }
spec: { selector: { app: api }, ${spec} }
`);
  const egressPolicy = (to: string) => manifests(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [${to}], ports: [{ port: 8080 }] }] }
`);
  const toApi = '{ namespaceSelector: {}, podSelector: { matchLabels: { app: api } } }';

  test('policies count for the pod and the target port behind a Service', () => {
    const profile = { ...GENERIC, servicesResolvedBeforePolicy: true };
    const ask = (spec: string) => plainCluster([...PODS, ...service(spec), ...egressPolicy(toApi)], profile)
      .allows('shop/web', 'svc/pay/api', '80/TCP');
    expect(ask('ports: [{ port: 80, targetPort: 8080 }]')).toBe(true);
    expect(ask('ports: [{ port: 80, targetPort: http }]')).toBe(true);
    expect(ask('ports: [{ port: 80 }]')).toBe(false);
  });

  test('where the address of a Service is rewritten is not defined', () => {
    const cluster = plainCluster([...PODS, ...service('clusterIP: 10.96.0.10, ports: [{ port: 80, targetPort: 8080 }]'), ...egressPolicy(toApi)]);
    expect(cluster.answer('shop/web', 'svc/pay/api', '80/TCP')).toEqual({
      verdict: 'depends',
      conditions: [{ kind: 'cni', about: 'does egress policy see the pod behind a Service, not the address of the Service?' }],
    });
  });

  test('a headless Service is its pods', () => {
    const cluster = plainCluster([...PODS, ...service('clusterIP: None, ports: [{ port: 8080 }]'), ...egressPolicy(toApi)]);
    expect(cluster.allows('shop/web', 'svc/pay/api', '8080/TCP')).toBe(true);
  });

  test('a pod reaches itself through its Service', () => {
    const cluster = plainCluster([...PODS, ...service('ports: [{ port: 80, targetPort: 8080 }]'), ...ingressOfPay('ingress: []')]);
    expect(cluster.allows('pay/api', 'svc/pay/api', '80/TCP')).toBe(true);
    expect(cluster.allows('shop/web', 'svc/pay/api', '80/TCP')).toBe(false);
  });

  test('a client outside may appear as a node, so that an allow-list of clients may not hold', () => {
    const rules = 'ingress: [{ from: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }]';
    const ask = (spec: string, from: string) => plainCluster([...PODS, ...service(`${spec}, ports: [{ port: 8080 }]`), ...ingressOfPay(rules)])
      .answer(from, 'svc/pay/api', '8080/TCP');
    expect(ask('type: LoadBalancer', EXTERNAL).conditions.map(({ kind }) => kind)).toContain('source-nat');
    expect(ask('type: LoadBalancer', '198.51.100.1').conditions.map(({ kind }) => kind)).toContain('source-nat');
    expect(ask('type: LoadBalancer, externalTrafficPolicy: Local', EXTERNAL).verdict).toBe('allowed');
    expect(ask('type: ClusterIP', '198.51.100.1').verdict).toBe('denied');
  });

  test('what is not there is an error', () => {
    const cluster = plainCluster([...PODS, ...service('ports: [{ port: 80, targetPort: metrics }]')]);
    expect(() => cluster.allows('shop/web', 'svc/pay/web', '80/TCP')).toThrow("there is no Service 'pay/web'; there are: pay/api");
    expect(() => cluster.allows('shop/web', 'svc/pay/api', '81/TCP')).toThrow('Service pay/api has no port 81/TCP');
    expect(() => cluster.allows('shop/web', 'svc/pay/api', '80/TCP')).toThrow('no pod is behind port 80/TCP of Service pay/api');
  });
});
