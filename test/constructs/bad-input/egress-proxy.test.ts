import { EgressProxy, MetadataBlock, Namespaces, Pods } from '../../../lib';
import { messageOf } from '../../cluster/message-of';
import { anything, OWNER, sampleApp } from './sample-app';

const props = { owner: OWNER, domains: ['api.example.com'] };
const outside = { host: 'proxy.example.com', port: 3128, cidrs: ['203.0.113.7/32'] };
const WHERE = 'does not say where the proxy is. Instead: namespace and labels of its pods, or cidrs of its addresses';
const NO_DOMAINS = 'are no domains: the proxy would lead nowhere. Instead: domains: ["api.example.com"]';

test.each<[string, unknown, string]>([
  ['no props', undefined, '[chart/out] undefined is not an object with properties. Instead: { ... } with owner, domains, existing, namespace, create, stage, replicas, image'],
  ['a misspelt prop', { ...props, domain: 'x' }, '[chart/out] "domain" is no property here, and would be ignored. Instead: one of owner, domains, existing, namespace, create, stage, replicas, image'],
  ['no domains', { owner: OWNER }, `[chart/out: domains] undefined ${NO_DOMAINS}`],
  ['an empty list of domains', { ...props, domains: [] }, `[chart/out: domains] [] ${NO_DOMAINS}`],
  ['one domain without a list', { ...props, domains: 'api.example.com' }, `[chart/out: domains] "api.example.com" ${NO_DOMAINS}`],
  ['a URL', { ...props, domains: ['a.example.com', 'https://api.example.com/v1'] }, '[chart/out: domains[1]] "https://api.example.com/v1" is a URL, not a domain: schemes and paths cannot be matched. Instead: the host alone, "api.example.com"'],
  ['every domain', { ...props, domains: ['*'] }, '[chart/out: domains[0]] "*" matches every domain. Instead: the domains that are needed: an allowlist of everything is none'],
  ['an address', { ...props, domains: ['203.0.113.7'] }, '[chart/out: domains[0]] "203.0.113.7" is an IP address, not a domain. Instead: AllowToIpBlock for addresses'],
  ['a domain that is a number', { ...props, domains: [5] }, '[chart/out: domains[0]] 5 is not a domain. Instead: a name such as "api.example.com", or "*.example.com" for one label in front'],
  ['no owner', { domains: props.domains }, '[chart/out/namespace] undefined is no owner. Instead: owner: { team: "payments", contact: "#payments" }'],
  ['nobody as owner', { ...props, owner: { team: 'shared', contact: '#x' } }, '[chart/out/namespace] "shared" names nobody as the owner. Instead: the one team that reviews these policies, such as "payments"'],
  ['a namespace that has an owner', { ...props, namespace: 'pay' }, '[chart/out/namespace] "pay" has an owner already: chart/pay. Instead: one DefaultDenyNamespace for a namespace; add rules to it from anywhere'],
  ['a stage that is none', { ...props, stage: 'ON' }, '[chart/out/namespace] "ON" is not a stage. Instead: stage: RolloutStage.OBSERVE, RolloutStage.AUDIT or RolloutStage.ENFORCE'],
  ['one replica', { ...props, replicas: 1 }, '[chart/out: replicas] 1 is not a number of replicas for the one way out. Instead: a whole number from 2 to 100'],
  ['replicas in words', { ...props, replicas: '3' }, '[chart/out: replicas] "3" is not a number of replicas for the one way out. Instead: a whole number from 2 to 100'],
  ['half a replica', { ...props, replicas: 2.5 }, '[chart/out: replicas] 2.5 is not a number of replicas for the one way out. Instead: a whole number from 2 to 100'],
  ['an image by its tag', { ...props, image: 'ubuntu/squid:latest' }, '[chart/out: image] "ubuntu/squid:latest" is not an image by its digest. Instead: "registry.example.com/squid@sha256:..." with all 64 digits'],
  ['an empty image', { ...props, image: '' }, '[chart/out: image] "" is not an image by its digest. Instead: "registry.example.com/squid@sha256:..." with all 64 digits'],
  ['an existing proxy as text', { existing: 'http://proxy:3128' }, '[chart/out: existing] "http://proxy:3128" is not an object with properties. Instead: { ... } with host, port, namespace, labels, cidrs'],
  ['an existing proxy by its URL', { existing: { ...outside, host: 'http://proxy.example.com' } }, '[chart/out: existing.host] "http://proxy.example.com" is no host name. Instead: a name such as "squid.proxy.svc", without a scheme or port'],
  ['an existing proxy without a port', { existing: { ...outside, port: undefined } }, '[chart/out: existing.port] undefined is not a port number. Instead: a whole number from 1 to 65535'],
  ['an existing proxy that is nowhere', { existing: { host: 'proxy', port: 3128 } }, `[chart/out: existing] {} ${WHERE}`],
  ['an existing proxy that is inside and outside', { existing: { ...outside, namespace: 'proxy', labels: { app: 'squid' } } }, `[chart/out: existing] {"namespace":"proxy","labels":{"app":"squid"},"cidrs":["203.0.113.7/32"]} ${WHERE}`],
  ['an existing proxy in a namespace without labels', { existing: { host: 'proxy', port: 3128, namespace: 'proxy' } }, `[chart/out: existing] {"namespace":"proxy"} ${WHERE}`],
  ['an existing proxy at one block without a list', { existing: { ...outside, cidrs: '203.0.113.7/32' } }, `[chart/out: existing] {"cidrs":"203.0.113.7/32"} ${WHERE}`],
  ['an existing proxy at an address', { existing: { ...outside, cidrs: ['203.0.113.7'] } }, '[chart/out: existing.cidrs[0]] "203.0.113.7" has no prefix length. Instead: "203.0.113.7/32" for this one address'],
  [
    'an existing proxy with domains, which nobody would hold it to', { existing: outside, domains: ['api.example.com'], replicas: 2 },
    '[chart/out] ["domains","replicas"] are about a proxy that is deployed, but "existing" names one that runs already. Instead: either existing, or the others',
  ],
])('%s', (_, given, message) => {
  const { chart } = sampleApp();
  expect(messageOf(() => new EgressProxy(chart, 'out', anything(given)))).toBe(message);
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, '[chart/out: clients] undefined are no pods. Instead: Pods.withLabels({ app: "web" }), Pods.of(deployment), or Pods.all()'],
  ['text', 'api', '[chart/out: clients] "api" are no pods. Instead: Pods.withLabels({ app: "web" }), Pods.of(deployment), or Pods.all()'],
  ['pods without a namespace', Pods.withLabels({ app: 'api' }), '[chart/out: allowFrom] "app=api" are pods without a namespace. Instead: namespace.pods({ app: "api" }) or Pods.inNamespaces(Namespaces.named("pay"), { app: "api" })'],
  ['namespaces', Namespaces.all(), 'are no pods. Instead: Pods.withLabels({ app: "web" }), Pods.of(deployment), or Pods.all()'],
])('the proxy lets in %s', (_, clients, message) => {
  const { chart } = sampleApp();
  expect(messageOf(() => new EgressProxy(chart, 'out', props).allowFrom(anything(clients)))).toContain(message);
});

test('the id of a proxy is the name of its namespace, so that it has to be one', () => {
  expect(messageOf(() => new EgressProxy(sampleApp().chart, 'Egress', props))).toContain('[chart/Egress/namespace] "Egress" is not a valid namespace name');
});

test.each<[string, unknown, string]>([
  ['a misspelt prop', { exempt: [] }, '[chart/block] "exempt" is no property here, and would be ignored. Instead: one of exemptions, additionalAddresses'],
  ['exemptions without a list', { exemptions: 'kube-system' }, '[chart/block: exemptions] "kube-system" is not a list. Instead: a list, with one entry for each'],
  ['an exemption as text', { exemptions: ['kube-system'] }, '[chart/block: exemptions[0]] "kube-system" is not an object with properties. Instead: { ... } with namespace, reason'],
  ['an exemption without a namespace', { exemptions: [{ reason: 'it reads labels of nodes' }] }, '[chart/block: exemptions[0].namespace] undefined is not a valid namespace name'],
  ['an exemption without a reason', { exemptions: [{ namespace: 'kube-system' }] }, '[chart/block: exemptions[0].reason] undefined does not say why pods may use the metadata of their node. Instead: a reason of at least eight characters'],
  ['an exemption with a shrug', { exemptions: [{ namespace: 'kube-system', reason: 'legacy' }] }, '[chart/block: exemptions[0].reason] "legacy" does not say why pods may use the metadata of their node'],
  [
    'an exemption twice', { exemptions: ['a', 'b'].map((why) => ({ namespace: 'kube-system', reason: `it reads labels of nodes, ${why}` })) },
    '[chart/block: exemptions[1]] "kube-system" is exempt twice. Instead: one exemption with both reasons',
  ],
  ['one address without a list', { additionalAddresses: '10.1.1.1' }, '[chart/block: additionalAddresses] "10.1.1.1" is not a list. Instead: a list, with one entry for each'],
  ['a block for an address', { additionalAddresses: ['10.1.1.1/32'] }, '[chart/block: additionalAddresses[0]] "10.1.1.1/32" is not an IP address. Instead: an address such as "10.0.0.1" or "fd00::1"'],
  ['a name for an address', { additionalAddresses: ['metadata.internal'] }, '[chart/block: additionalAddresses[0]] "metadata.internal" is not an IP address. Instead: an address such as "10.0.0.1" or "fd00::1"'],
  ['a number for an address', { additionalAddresses: [1] }, '[chart/block: additionalAddresses[0]] 1 is not an IP address. Instead: an address such as "10.0.0.1" or "fd00::1"'],
])('MetadataBlock: %s', (_, given, message) => {
  const { chart } = sampleApp();
  expect(messageOf(() => new MetadataBlock(chart, 'block', anything(given)))).toContain(message);
});

test('MetadataBlock: a second one in a cluster', () => {
  const { chart } = sampleApp();
  new MetadataBlock(chart, 'block');
  expect(messageOf(() => new MetadataBlock(chart, 'again'))).toBe('[chart/again] "again" is a second MetadataBlock: chart/block governs this cluster already. Instead: one of them, with the exemptions of both');
});
