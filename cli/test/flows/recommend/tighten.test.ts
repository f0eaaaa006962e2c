import { tighten } from '../../../src/flows/recommend/recommend';
import { readInput } from '../../../src/input';
import { connection, input, outside, pods } from './records';

const WORKLOADS = ['shop/web', 'shop/cart', 'pay/api'].map((id) => {
  const [namespace, name] = id.split('/');
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}}
`;
}).join('---');

async function findings(rules: string, connections: Parameters<typeof input>[1]): Promise<string[]> {
  const policy = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: pay}
spec:
  podSelector: {matchLabels: {app: api}}
  policyTypes: [Ingress, Egress]
  ${rules}
`;
  const { objects } = await readInput([{ name: 'pay.yaml', bytes: Buffer.from(WORKLOADS + policy) }], { stdin: process.stdin });
  return tighten(input(['pay'], connections, { objects })).findings.map(({ kind, rule, what }) => `${kind} ${rule}: ${what}`);
}

const [web, api] = [pods('shop', 'web'), pods('pay', 'api')];
const FROM_WEB = 'from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, podSelector: {matchLabels: {app: web}}}]';
const FROM_SHOP = 'from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]';

test.each<[string, string, Parameters<typeof input>[1], string[]]>([
  ['a rule that is used as far as it goes', `ingress: [{${FROM_WEB}, ports: [{port: 8080}]}]`, [connection(web, api, 8080)], []],
  ['a port by its name', `ingress: [{${FROM_WEB}, ports: [{port: http}]}]`, [connection(web, api, 8080)], []],
  ['a rule that nothing used', `ingress: [{${FROM_WEB}, ports: [{port: 8080}]}]`, [connection(web, api, 9090)], ['rule-never-used ingress[0]: nothing was seen that it lets through']],
  ['what was denied is no use', `ingress: [{${FROM_WEB}, ports: [{port: 8080}]}]`, [connection(web, api, 8080, { verdict: 'denied' })], ['rule-never-used ingress[0]: nothing was seen that it lets through']],
  ['a port that nobody called', `ingress: [{${FROM_WEB}, ports: [{port: 8080}, {port: 9090}]}]`, [connection(web, api, 8080)], ['port-never-used ingress[0]: TCP 9090 was never called']],
  ['a range of ports', `ingress: [{${FROM_WEB}, ports: [{port: 8080, endPort: 8090}]}]`, [connection(web, api, 8080)], ['port-never-used ingress[0]: TCP 8080-8090 is open; seen: TCP 8080']],
  ['every port', `ingress: [{${FROM_WEB}}]`, [connection(web, api, 8080)], ['port-never-used ingress[0]: every port is open; seen: TCP 8080']],
  ['a peer that is wider than what was seen', `ingress: [{${FROM_SHOP}, ports: [{port: 8080}]}]`, [connection(web, api, 8080)], ['peer-wider-than-used ingress[0]: shop/* takes in shop/cart, never seen; seen: shop/web']],
  ['a block', 'egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 443}]}]', [connection(api, outside('203.0.113.7'), 443)],
    ['peer-wider-than-used egress[0]: 203.0.113.0/24 is open; seen: 203.0.113.7']],
  ['a peer that was never seen', 'egress: [{to: [{ipBlock: {cidr: 203.0.113.7/32}}, {ipBlock: {cidr: 203.0.113.9/32}}], ports: [{port: 443}]}]', [connection(api, outside('203.0.113.7'), 443)],
    ['peer-never-used egress[0]: 203.0.113.9/32 was never seen']],
  ['everybody', 'ingress: [{ports: [{port: 8080}]}]', [connection(web, api, 8080)], ['peer-wider-than-used ingress[0]: everybody is let through; seen: shop/web']],
  ['somebody unknown may be anybody', `ingress: [{${FROM_SHOP}, ports: [{port: 8080}]}]`, [connection({ kind: 'unknown', ip: '10.0.0.9' }, api, 8080)], []],
])('%s', async (_, rules, connections, expected) => {
  expect(await findings(rules, connections)).toEqual(expected);
});
