import { App, Duration } from 'cdk8s';
import { Cloud, ClusterProfile, ClusterProfileProps, Cni, Dns, IngressController, Monitoring, RolloutStage } from '../../../lib';
import { messageOf } from '../../cluster/message-of';
import { anything, sampleApp } from './sample-app';

const props: ClusterProfileProps = { name: 'prod', cni: Cni.calico() };

test.each<[string, unknown, string]>([
  ['no props', undefined, '[App] undefined is no cluster profile. Instead: { name: "prod-eu", cni: Cni.cilium() } and more'],
  ['a misspelt prop', { ...props, podCidr: ['10.0.0.0/8'] }, '[App] "podCidr" is not a property of a cluster profile. Instead: "podCidrs"'],
  ['no name', { cni: Cni.generic() }, '[App: name] undefined is not a name for a cluster'],
  ['the CNI by its name', { ...props, cni: 'cilium' }, '[App: cni] "cilium" is not of the type Cni. Instead: a value such as Cni.cilium() or Cni.parse("cilium@1.18")'],
  ['no CNI', { name: 'prod' }, '[App: cni] undefined is not of the type Cni'],
  ['DNS as monitoring', { ...props, monitoring: Dns.coreDns() }, 'is not of the type Monitoring. Instead: a value such as Monitoring.kubePrometheus()'],
  ['an unknown cloud', { ...props, cloud: 'AWS' }, '[App: cloud] "AWS" is not of the type Cloud. Instead: one of aws, gcp, azure'],
  ['one range without a list', { ...props, podCidrs: '10.0.0.0/8' }, '[App: podCidrs] "10.0.0.0/8" is not a list of CIDRs. Instead: a list such as ["10.0.0.0/16"]'],
  ['a range with host bits', { ...props, nodeCidrs: ['192.0.2.1/24'] }, '[App: nodeCidrs[0]] "192.0.2.1/24" has host bits set. Instead: the network address, "192.0.2.0/24"'],
  ['no range at all', { ...props, podCidrs: [] }, '[App: podCidrs] [] names no address. Instead: at least one CIDR'],
  ['everything as pods', { ...props, podCidrs: ['0.0.0.0/0'] }, '[App: podCidrs[0]] "0.0.0.0/0" holds every address there is. Instead: the range of the cluster, such as "10.244.0.0/16"'],
  ['ranges that overlap', { ...props, podCidrs: ['10.0.0.0/8'], serviceCidrs: ['10.96.0.0/12'] }, '[App: podCidrs] "10.0.0.0/8" overlaps "10.96.0.0/12" of serviceCidrs. Instead: ranges of the cluster that do not overlap'],
  ['strictness in words', { ...props, strictOwnership: 'yes' }, '[App: strictOwnership] "yes" is neither true nor false. Instead: true or false'],
  ['a retention in days', { ...props, flowLogRetention: 60 }, '[App: flowLogRetention] 60 is not a Duration. Instead: Duration.days(60) of cdk8s'],
  ['a reason without a retention', { ...props, retentionReason: 'an audit' }, '[App: retentionReason] "an audit" is the reason of a retention that is not there. Instead: flowLogRetention besides, or no reason'],
  ['an API server as text', { ...props, apiServer: '192.0.2.10' }, '[App: apiServer] "192.0.2.10" is not an object with properties. Instead: { ... } with addresses, port, serviceIp'],
  ['an API server without addresses', { ...props, apiServer: {} }, '[App: apiServer.addresses] [] names no address. Instead: at least one CIDR'],
  ['an API server at an address', { ...props, apiServer: { addresses: ['192.0.2.10'] } }, '[App: apiServer.addresses[0]] "192.0.2.10" has no prefix length. Instead: "192.0.2.10/32" for this one address'],
  ['an API server on port 0', { ...props, apiServer: { addresses: ['192.0.2.10/32'], port: 0 } }, '[App: apiServer.port] 0 is not a port. Instead: a whole number from 1 to 65535'],
  ['parts of two clouds', { ...props, cloud: Cloud.AWS, dns: Dns.gkeCloudDns() }, '[App: dns] "gke-cloud-dns" exists on gcp alone, and cloud says aws'],
])('ClusterProfile: %s', (_, given, message) => {
  expect(messageOf(() => ClusterProfile.attach(new App(), anything(given)))).toContain(message);
});

test('ClusterProfile: attached to nothing, twice, or too late', () => {
  expect(messageOf(() => ClusterProfile.attach(anything(undefined), props))).toBe('undefined is no construct to attach a ClusterProfile to. Instead: the App, or the Chart of a cluster');
  const app = new App();
  ClusterProfile.attach(app, props);
  expect(messageOf(() => ClusterProfile.attach(app, { ...props, name: 'other' }))).toContain('[App] "other" is attached where the profile "prod" is attached already');
  const { chart } = sampleApp();
  expect(messageOf(() => ClusterProfile.attach(chart, props))).toContain('[chart] "prod" is attached after chart/shop was built without it');
});

test.each<[string, () => unknown, string]>([
  ['Cni by a version as text', () => Cni.cilium(anything('1.18')), '[Cilium] "1.18" is not an object with properties. Instead: { ... } with version, settings'],
  ['Cni with a misspelt option', () => Cni.cilium(anything({ verison: '1.18' })), '[Cilium] "verison" is no property here, and would be ignored. Instead: one of version, settings'],
  ['Cni with settings as text', () => Cni.cilium({ settings: anything('enable-policy=never') }), '[Cilium] "enable-policy=never" are not settings. Instead: settings by name, such as { cnp: "on" }'],
  ['Dns with a misspelt option', () => Dns.coreDns(anything({ nodeLocalCahce: true })), '[Dns.coreDns] "nodeLocalCahce" is no property here, and would be ignored. Instead: one of nodeLocalCache, nodeLocalAddress, clusterIp'],
  ['Dns with a flag in words', () => Dns.coreDns(anything({ nodeLocalCache: 'no' })), '[Dns.coreDns: nodeLocalCache] "no" is neither true nor false. Instead: true or false'],
  ['Dns with null', () => Dns.coreDns(anything(null)), '[Dns.coreDns] null is not an object with properties'],
  ['Dns at a block', () => Dns.coreDns({ clusterIp: '10.96.0.10/32' }), '[dns.clusterIp] "10.96.0.10/32" is a block where one address is asked for. Instead: "10.96.0.10"'],
  ['Dns of GKE with a misspelt option', () => Dns.gkeKubeDns(anything({ clusterIP: '10.96.0.10' })), '[Dns.gkeKubeDns] "clusterIP" is no property here'],
  ['Dns of EKS without its address', () => Dns.eksAutoMode(anything(undefined)), '[Dns.eksAutoMode] undefined is not an object with properties. Instead: { ... } with clusterIp'],
  ['Dns of one\'s own without a word', () => Dns.custom(anything(undefined)), '[Dns.custom] undefined is not an object with properties. Instead: { ... } with namespace, labels, addresses, ports'],
  ['Dns of one\'s own that is nowhere', () => Dns.custom({}), '[dns] {} says nowhere to ask for names'],
  ['Dns of one\'s own at one address without a list', () => Dns.custom({ addresses: anything('10.0.0.1') }), '[dns.addresses] "10.0.0.1" is not a list. Instead: ["10.0.0.1"]'],
  ['Dns of one\'s own on one port without a list', () => Dns.custom({ addresses: ['10.0.0.1'], ports: anything(53) }), '[dns.ports] 53 is not a list. Instead: [53]'],
  ['Monitoring with a misspelt option', () => Monitoring.kubePrometheus(anything({ namspace: 'metrics' })), '[Monitoring.kubePrometheus] "namspace" is no property here, and would be ignored. Instead: one of namespace, agentMode'],
  ['Monitoring of a preset with a misspelt option', () => Monitoring.alloy(anything({ labels: {} })), '[Monitoring, Grafana Alloy] "labels" is no property here'],
  ['Monitoring of one\'s own without labels', () => Monitoring.custom({ namespace: 'x', labels: {} }), '[monitoring.labels] {} selects every pod of the namespace'],
  ['Monitoring of one\'s own without a word', () => Monitoring.custom(anything(undefined)), '[Monitoring.custom] undefined is not an object with properties'],
  ['IngressController with a namespace as text', () => IngressController.traefik(anything('kube-system')), '[IngressController, Traefik] "kube-system" is not an object with properties'],
  ['IngressController of a Gateway without a word', () => IngressController.gateway(anything(undefined)), '[IngressController.gateway] undefined is not an object with properties'],
  ['IngressController of AWS with one subnet', () => IngressController.awsLoadBalancer({ subnets: anything('10.0.0.0/24') }), '[ingressController.subnets] "10.0.0.0/24" is not a list of CIDRs'],
  ['IngressController of GKE with a misspelt option', () => IngressController.gke(anything({ subnets: [] })), '[IngressController.gke] "subnets" is no property here'],
  ['IngressController at addresses without a reason', () => IngressController.fromAddresses(anything({ cidrs: ['10.0.0.0/24'] })), '[ingressController.reason] undefined says nothing'],
  ['IngressController of one\'s own without a word', () => IngressController.custom(anything(undefined)), '[IngressController.custom] undefined is not an object with properties'],
])('%s', (_, mistake, message) => {
  expect(messageOf(mistake)).toContain(message);
});

const synthError = (profile: Partial<ClusterProfileProps>, stage = RolloutStage.ENFORCE): string => messageOf(() => sampleApp(profile, stage).app.synthYaml());

test('Flannel enforces nothing: the policies would be documentation only', () => {
  expect(synthError({ cni: Cni.flannel() })).toMatch(/"flannel" does not enforce network policy .* in the cluster "test" policies would be documentation only and every connection would stay open/);
  expect(synthError({ cni: Cni.flannel() })).toContain('Instead: install its chart with netpol.enabled=true and say so: Cni.flannel({ settings: { "netpol.enabled": "true" } })');
  expect(sampleApp({ cni: Cni.flannel({ settings: { 'netpol.enabled': 'true' } }) }).app.synthYaml()).toContain('default-deny');
});

test('a setting that switches enforcement off is as bad', () => {
  expect(synthError({ cni: Cni.cilium({ settings: { 'policy-audit-mode': 'true' } }) })).toContain('the agent only logs what it would drop, in the whole cluster');
});

test.each<[number, string | undefined, string]>([
  [7, undefined, '"7 days" is too short for flow logs of the cluster "test": what happens once a month would never be seen, and ENFORCE would cut it. Instead: Duration.days(30) or more'],
  [120, undefined, '"120 days" keeps flow logs of the cluster "test" for more than 90 days without a reason; they say who talked to whom. Instead: Duration.days(90) or less, or a retentionReason'],
])('a retention of %d days', (days, retentionReason, message) => {
  expect(synthError({ flowLogRetention: Duration.days(days), retentionReason })).toContain(message);
});

test('AUDIT on GKE Dataplane V2: a native opener would cut pods off their nodes and the API server', () => {
  const message = synthError({ cni: Cni.gkeDataplaneV2() }, RolloutStage.AUDIT);
  expect(message).toContain('[chart/shop] stage AUDIT opens the namespace with a NetworkPolicy, and on gke-dpv2 no NetworkPolicy reaches nodes or the API server: pods would be cut off them. Instead: OBSERVE until');
  expect(message).toContain('[chart/pay] stage AUDIT');
  expect(sampleApp({ cni: Cni.gkeDataplaneV2() }).app.synthYaml()).toContain('default-deny');
  expect(sampleApp({ cni: Cni.cilium() }, RolloutStage.AUDIT).app.synthYaml()).toContain('kind: CiliumNetworkPolicy');
});
