import { join } from 'node:path';
import { ApiObject, App, Chart, Include } from 'cdk8s';
import {
  AllowFromPods, AllowToDns, AllowToIpBlock, Cloud, ClusterProfileProps, Cni, Dns, MetadataBlock, MetadataBlockProps, Pods, PolicyChecks, Port,
  RolloutStage, RuleSeverity, WorkloadIdentity,
} from '../../../lib';
import { messageOf } from '../../cluster/message-of';
import { GENERIC, plainCluster } from '../../plain';
import { anything, foreignPolicy, SampleApp, sampleApp } from './sample-app';

const METADATA = '169.254.169.254';
const AWS = { cloud: Cloud.AWS, workloadIdentity: WorkloadIdentity.EKS_IRSA };
const opens = (name: string): string =>
  `the NetworkPolicy "pay/${name}" opens the instance metadata endpoint ${METADATA}/32 on 80/TCP, which chart/metadata (MetadataBlock) promises to keep closed. `
  + `Instead: an exception "${METADATA}/32" in its ipBlock, other ports, or an exemption of the namespace with a reason`;

function blocked(
  props?: MetadataBlockProps, profile: Partial<ClusterProfileProps> = { cloud: Cloud.DIGITALOCEAN }, stage = RolloutStage.ENFORCE,
): SampleApp {
  const sample = sampleApp(profile, stage);
  new MetadataBlock(sample.chart, 'metadata', { stage: RolloutStage.OBSERVE, ...props });
  return sample;
}

const to = (...cidrs: unknown[]): unknown => cidrs.map((cidr) => ({ ipBlock: typeof cidr === 'string' ? { cidr } : cidr }));
const egress = (...rules: unknown[]): unknown => ({ podSelector: {}, policyTypes: ['Egress'], egress: rules });

/** Whether traffic is really opened is asked of the independent evaluator; that synth refuses it, of the app. */
const reaches = (sample: SampleApp): boolean => plainCluster(sample.app.charts, { ...GENERIC, ipBlockMatchesPods: false })
  .withPods([{ namespace: 'pay', name: 'api' }]).allows('pay/api', METADATA, '80/TCP');

const OPENING: ReadonlyArray<[string, unknown]> = [
  ['everything', egress({})],
  ['everything, without policyTypes', { podSelector: {}, egress: [{}] }],
  ['every port of every address', egress({ to: to('0.0.0.0/0') })],
  ['both halves of the addresses', egress({ to: to('0.0.0.0/1', '128.0.0.0/1') })],
  ['the halves in two rules', egress({ to: to('0.0.0.0/1') }, { to: to('128.0.0.0/1') })],
  ['the address itself', egress({ to: to(`${METADATA}/32`) })],
  ['link-local addresses', egress({ to: to('169.254.0.0/16') })],
  ['a block with host bits, as objects that exist may have', egress({ to: to('169.254.1.1/16') })],
  ['everything on TCP', egress({ ports: [{}] })],
  ['port 80 alone', egress({ to: to('0.0.0.0/0'), ports: [{ port: 80 }] })],
  ['ports that hold 80', egress({ to: to('0.0.0.0/0'), ports: [{ port: 1, endPort: 1024 }] })],
  ['exceptions that leave it in', egress({ to: to({ cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '169.254.169.0/25'] }) })],
  ['an exception outside of its block', egress({ to: to({ cidr: '128.0.0.0/1', except: ['10.0.0.0/8'] }) })],
  ['one rule among others', egress({ to: [{ podSelector: {} }] }, { ports: [{ port: 443 }] }, { to: to('169.254.169.252/30'), ports: [{ port: 443 }, { port: 80 }] })],
  ['it to a few pods', { ...(egress({}) as object), podSelector: { matchLabels: { app: 'api' } } }],
];

describe('synth refuses a policy that opens instance metadata, by', () => {
  test.each(OPENING)('opening %s', (_, spec) => {
    const sample = blocked();
    foreignPolicy(sample.chart, 'x', spec);
    expect(messageOf(() => sample.app.synthYaml())).toContain(`[chart/x] ${opens('x')}`);
  });

  test('the evaluator agrees that these open it', () => {
    for (const [, spec] of OPENING.filter(([what]) => !what.includes('a few pods'))) {
      const sample = sampleApp({ cloud: Cloud.DIGITALOCEAN });
      foreignPolicy(sample.chart, 'x', spec);
      PolicyChecks.of(sample.app).configure({ rules: { 'policy-types-missing': RuleSeverity.OFF } });
      expect([JSON.stringify(spec), reaches(sample)]).toEqual([JSON.stringify(spec), true]);
    }
  });

  test('an included file', () => {
    const sample = blocked();
    new Include(sample.chart, 'rendered', { url: join(__dirname, 'opens-metadata.yaml') });
    expect(messageOf(() => sample.app.synthYaml())).toMatch(/\[chart\/rendered\/[^\]]+\] the NetworkPolicy "pay\/from-a-file" opens the instance metadata endpoint/);
  });

  test.each<[string, unknown]>([
    ['List', { apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x', namespace: 'pay' }, spec: egress({}) }] }],
    ['List in a List', {
      apiVersion: 'v1', kind: 'List',
      items: [{ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x', namespace: 'pay' }, spec: egress({}) }] }],
    }],
    ['NetworkPolicyList, whose items need no kind', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicyList', items: [{ metadata: { name: 'x', namespace: 'pay' }, spec: egress({}) }] }],
  ])('a %s', (_, list) => {
    const sample = blocked();
    new ApiObject(sample.chart, 'list', anything(list));
    expect(messageOf(() => sample.app.synthYaml())).toContain(`[chart/list] ${opens('x')}`);
  });

  test('a construct that names the address itself', () => {
    const sample = blocked();
    new AllowToIpBlock(sample.pay, 'metadata', { cidrs: [`${METADATA}/32`], ports: [Port.tcp(80)], policyName: 'mine' });
    expect(messageOf(() => sample.app.synthYaml())).toContain(opens('mine'));
  });

  test('a policy of any chart, also declared before the block', () => {
    const sample = sampleApp({ cloud: Cloud.DIGITALOCEAN });
    foreignPolicy(new Chart(sample.app, 'other'), 'x', egress({}));
    new MetadataBlock(sample.chart, 'metadata');
    expect(messageOf(() => sample.app.synthYaml())).toContain(`[other/x] ${opens('x')}`);
  });

  test('a policy on the further addresses, and on every port of an endpoint', () => {
    const sample = blocked({ additionalAddresses: ['10.1.1.1'] }, AWS);
    foreignPolicy(sample.chart, 'x', egress({ to: to('10.0.0.0/8', 'fd00:ec2::254/128') }));
    const message = messageOf(() => sample.app.synthYaml());
    expect(message).toContain('opens the instance metadata endpoint 10.1.1.1/32 on 80/TCP');
    expect(message).toContain('opens the instance metadata endpoint fd00:ec2::254/128 on 80/TCP');
    expect(message).not.toContain(METADATA);
  });
});

describe('synth lets pass', () => {
  test.each<[string, unknown]>([
    ['an exception for the address', egress({ to: to({ cidr: '0.0.0.0/0', except: [`${METADATA}/32`] }) })],
    ['an exception around it', egress({ to: to({ cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] }) })],
    ['port 443 alone', egress({ to: to('0.0.0.0/0'), ports: [{ port: 443 }] })],
    ['ports without 80', egress({ ports: [{ port: 81, endPort: 65535 }, { port: 1, endPort: 79 }] })],
    ['UDP', egress({ ports: [{ protocol: 'UDP' }] })],
    ['pods, however many', egress({ to: [{ namespaceSelector: {} }, { podSelector: {} }] })],
    ['other addresses', egress({ to: to('169.254.169.253/32', '10.0.0.0/8') })],
    ['IPv6', egress({ to: to('::/0') })],
    ['ingress', { podSelector: {}, ingress: [{}] }],
    ['egress rules that policyTypes switches off', { podSelector: {}, policyTypes: ['Ingress'], ingress: [], egress: [{}] }],
  ])('%s, and the evaluator agrees that metadata stays closed', (_, spec) => {
    const sample = blocked();
    foreignPolicy(sample.chart, 'x', spec);
    expect(sample.app.synthYaml()).toContain('name: x');
    expect(reaches(sample)).toBe(false);
  });

  test('what an exempt namespace opens', () => {
    const sample = blocked({ exemptions: [{ namespace: 'pay', reason: 'it reads labels of its node' }] });
    foreignPolicy(sample.chart, 'x', egress({}));
    expect(sample.app.synthYaml()).toContain('name: x');
    foreignPolicy(sample.chart, 'y', egress({}), 'shop');
    expect(messageOf(() => sample.app.synthYaml())).toContain(opens('y').replace('pay/', 'shop/'));
  });

  test('what the workload identity needs, and DNS on the address of the metadata server', () => {
    const identity = blocked(undefined, { cloud: Cloud.AWS, workloadIdentity: WorkloadIdentity.EKS_POD_IDENTITY });
    foreignPolicy(identity.chart, 'x', egress({ to: to('169.254.170.23/32'), ports: [{ port: 80 }] }));
    expect(identity.app.synthYaml()).toContain('name: x');
    const dns = blocked(undefined, { cni: Cni.calico(), cloud: Cloud.GCP, dns: Dns.gkeCloudDns() });
    new AllowToDns(dns.pay, 'dns', { from: Pods.withLabels({ app: 'api' }) });
    expect(dns.app.synthYaml()).toContain(`cidr: ${METADATA}/32`);
  });

  test('a whole world of a construct: the endpoints become exceptions', () => {
    const sample = blocked();
    new AllowToIpBlock(sample.pay, 'world', { cidrs: ['0.0.0.0/0'], ports: [Port.all({ reason: 'the protocol negotiates its ports' })] });
    new AllowFromPods(sample.pay, 'any', { from: Pods.all(), ports: [Port.tcp(80)] });
    expect(sample.app.synthYaml()).toContain(`- ${METADATA}/32`);
    expect(reaches(sample)).toBe(false);
  });

  test('the opener of AUDIT, and everything where no MetadataBlock promises anything', () => {
    const audit = blocked(undefined, { cloud: Cloud.DIGITALOCEAN }, RolloutStage.AUDIT);
    expect(audit.app.synthYaml()).toContain('name: netpol-audit');
    expect(reaches(audit)).toBe(false);
    const open = new App();
    foreignPolicy(new Chart(open, 'chart'), 'x', egress({}));
    expect(open.synthYaml()).toContain('name: x');
  });
});
