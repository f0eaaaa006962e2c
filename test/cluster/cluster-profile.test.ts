import { App, Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import {
  Cloud, ClusterProfile, ClusterProfileProps, Cni, Dns, IngressController, Monitoring, noteProfileUse, PeerSpec, WorkloadIdentity,
} from '../../lib/cluster';
import { messageOf } from './message-of';

const props = (more: Partial<ClusterProfileProps> = {}): ClusterProfileProps => ({ name: 'prod-eu', cni: Cni.calico(), ...more });
const attach = (more: Partial<ClusterProfileProps> = {}): ClusterProfile => ClusterProfile.attach(new App(), props(more));
const addresses = (peers: readonly PeerSpec[]): string[] => peers.flatMap((peer) => (peer.kind === 'cidr' ? [peer.cidr] : []));

describe('resolution', () => {
  test('without a profile: generic, undeclared, at the root, the same for everybody', () => {
    const app = new App();
    const profile = ClusterProfile.of(new Construct(new Chart(app, 'chart'), 'below'));
    expect(profile.isDeclared).toBe(false);
    expect(profile.cni.name).toBe('generic');
    expect(profile.cloud).toBeUndefined();
    expect(profile.dns.name).toBe('coredns');
    expect(profile.strictOwnership).toBe(false);
    expect(profile._scope).toBe(app);
    expect(ClusterProfile.of(app)).toBe(profile);
  });

  test('the nearest above wins, also the construct itself', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const below = new Construct(new Construct(chart, 'mid'), 'below');
    const outer = ClusterProfile.attach(app, props({ name: 'outer' }));
    expect(ClusterProfile.of(below)).toBe(outer);
    const inner = ClusterProfile.attach(chart, props({ name: 'inner' }));
    expect(ClusterProfile.of(below)).toBe(inner);
    expect(ClusterProfile.of(chart)).toBe(inner);
    expect(ClusterProfile.of(app)).toBe(outer);
    expect(inner._scope).toBe(chart);
  });

  test('several clusters in one app', () => {
    const app = new App();
    const charts = ['eu', 'us'].map((name) => {
      const chart = new Chart(app, name);
      ClusterProfile.attach(chart, props({ name }));
      return chart;
    });
    expect(charts.map((chart) => ClusterProfile.of(new Construct(chart, 'below')).name)).toEqual(['eu', 'us']);
    expect(ClusterProfile.of(app).isDeclared).toBe(false);
  });

  test('leaves no trace that a loop over properties would see', () => {
    const app = new App();
    const before = Object.keys(app);
    ClusterProfile.attach(app, props());
    noteProfileUse(app);
    expect(Object.keys(app)).toEqual(before);
  });

  test('another copy of the library finds the profile', () => {
    const app = new App();
    const attached = attachedByOtherCopy(app);
    expect(ClusterProfile.of(new Chart(app, 'chart'))).toBe(attached);
    expect(attached).not.toBeInstanceOf(ClusterProfile);
    expect(attached.name).toBe('prod-eu');
  });

  test('values made by another copy of the library are taken', () => {
    const other = otherCopy();
    const made = {
      cni: other.Cni.cilium(), dns: other.Dns.openshift(), monitoring: other.Monitoring.alloy(),
      ingressController: other.IngressController.traefik(),
    };
    expect(made.cni).not.toBeInstanceOf(Cni);
    expect(attach(made).cni).toBe(made.cni);
  });
});

interface OtherCopy {
  readonly ClusterProfile: typeof ClusterProfile;
  readonly Cni: typeof Cni;
  readonly Dns: typeof Dns;
  readonly Monitoring: typeof Monitoring;
  readonly IngressController: typeof IngressController;
}

function otherCopy(): OtherCopy {
  let copy: OtherCopy | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<OtherCopy>('../../lib/cluster');
  });
  if (copy === undefined) throw new Error('no other copy');
  return copy;
}

function attachedByOtherCopy(app: App): ClusterProfile {
  const copy = otherCopy();
  return copy.ClusterProfile.attach(app, { name: 'prod-eu', cni: copy.Cni.calico() });
}

describe('what a profile says', () => {
  test('everything that it was given, in canonical form', () => {
    const flowLogRetention = Duration.days(60);
    const monitoring = Monitoring.kubePrometheus();
    const ingressController = IngressController.traefik();
    const profile = attach({
      cloud: Cloud.AWS, monitoring, ingressController, podCidrs: ['10.244.0.0/16', 'FD00:0::/64'], serviceCidrs: ['10.96.0.0/12'],
      nodeCidrs: ['192.0.2.0/24'], apiServer: { addresses: ['192.0.2.1/32'], serviceIp: '10.96.0.1' },
      workloadIdentity: WorkloadIdentity.EKS_IRSA, flowLogRetention, strictOwnership: true,
    });
    expect(profile).toMatchObject({
      name: 'prod-eu', isDeclared: true, cloud: Cloud.AWS, podCidrs: ['10.244.0.0/16', 'fd00::/64'], serviceCidrs: ['10.96.0.0/12'],
      nodeCidrs: ['192.0.2.0/24'], apiServer: { addresses: ['192.0.2.1/32'], port: 6443, serviceIp: '10.96.0.1' },
      workloadIdentity: WorkloadIdentity.EKS_IRSA, strictOwnership: true,
    });
    expect(profile.flowLogRetention).toBe(flowLogRetention);
    expect(profile.monitoring).toBe(monitoring);
    expect(profile.ingressController).toBe(ingressController);
  });

  test('nothing that it was not given', () => {
    const profile = attach();
    expect([profile.podCidrs, profile.serviceCidrs, profile.nodeCidrs]).toEqual([[], [], []]);
    for (const property of ['cloud', 'monitoring', 'ingressController', 'apiServer', 'workloadIdentity', 'flowLogRetention'] as const) {
      expect(profile[property]).toBeUndefined();
    }
  });

  test.each<[string, Partial<ClusterProfileProps>, Cloud | undefined]>([
    ['the CNI', { cni: Cni.aws() }, Cloud.AWS],
    ['Dataplane V2', { cni: Cni.gkeDataplaneV2() }, Cloud.GCP],
    ['the workload identity', { workloadIdentity: WorkloadIdentity.AKS }, Cloud.AZURE],
    ['DNS', { dns: Dns.eksAutoMode({ clusterIp: '10.100.0.10' }) }, Cloud.AWS],
    ['the load balancer', { ingressController: IngressController.gke() }, Cloud.GCP],
    ['no part of it', { workloadIdentity: WorkloadIdentity.NONE }, undefined],
  ])('the cloud follows from %s', (_name, more, cloud) => {
    expect(attach(more).cloud).toBe(cloud);
  });

  test('the port of the API server is kept', () => {
    expect(attach({ apiServer: { addresses: ['192.0.2.1/32'], port: 443 } }).apiServer).toEqual({ addresses: ['192.0.2.1/32'], port: 443 });
  });

  test('a ClusterIP of a family that serviceCidrs does not name is taken', () => {
    expect(attach({ serviceCidrs: ['10.96.0.0/12'], apiServer: { addresses: ['fd00::1/128'], serviceIp: 'fd01::1' } }).apiServer?.serviceIp).toBe('fd01::1');
  });

  test('GKE without a word on DNS opens kube-dns, the node-local cache and Cloud DNS', () => {
    const { dns } = attach({ cni: Cni.gkeDataplaneV2() });
    expect(dns.name).toBe('gke');
    expect(addresses(dns._peers)).toEqual(['169.254.20.10/32', '169.254.169.254/32']);
    expect(dns._peers.filter(({ kind }) => kind === 'pods')).toHaveLength(2);
  });

  test('pods and nodes may share a range, as they do on VPC-native networks', () => {
    expect(attach({ podCidrs: ['10.0.0.0/16'], nodeCidrs: ['10.0.0.0/16'] }).podCidrs).toEqual(['10.0.0.0/16']);
  });
});

describe('what is refused where it is attached', () => {
  test.each<[string, Partial<ClusterProfileProps>, string]>([
    ['an empty name', { name: '' }, '[App: name] "" is not a name for a cluster. Instead: at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, such as "prod-eu"'],
    ['a name with a blank', { name: 'prod eu' }, '[App: name] "prod eu" is not a name for a cluster. Instead: at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, such as "prod-eu"'],
    ['no CNI', { cni: undefined }, '[App: cni] undefined is not of the type Cni. Instead: a value such as Cni.cilium() or Cni.parse("cilium@1.18")'],
    ['a CNI as text', JSON.parse('{"cni": "cilium"}'), '[App: cni] "cilium" is not of the type Cni. Instead: a value such as Cni.cilium() or Cni.parse("cilium@1.18")'],
    ['DNS as text', JSON.parse('{"dns": "coredns"}'), '[App: dns] "coredns" is not of the type Dns. Instead: a value such as Dns.coreDns()'],
    ['a scraper that is none', { monitoring: JSON.parse('{"namespace": "monitoring"}') }, '[App: monitoring] {"namespace":"monitoring"} is not of the type Monitoring. Instead: a value such as Monitoring.kubePrometheus()'],
    ['a controller that is none', { ingressController: JSON.parse('"nginx"') }, '[App: ingressController] "nginx" is not of the type IngressController. Instead: a value such as IngressController.ingressNginx()'],
    ['an unknown cloud', JSON.parse('{"cloud": "amazon"}'), '[App: cloud] "amazon" is not of the type Cloud. Instead: one of aws, gcp, azure, oracle, alibaba, tencent, scaleway, akamai, openstack, hetzner, ibm-vpc, digitalocean, vultr, upcloud, exoscale, equinix, none'],
    ['an unknown identity', JSON.parse('{"workloadIdentity": "irsa"}'), '[App: workloadIdentity] "irsa" is not of the type WorkloadIdentity. Instead: one of eks-pod-identity, eks-irsa, gke, aks, aad-pod-identity, none'],
    ['a property with a typing error', JSON.parse('{"podCidr": ["10.0.0.0/8"]}'), '[App] "podCidr" is not a property of a cluster profile. Instead: "podCidrs"'],
    ['a property of something else', JSON.parse('{"gateway": "istio"}'), '[App] "gateway" is not a property of a cluster profile. Instead: one of name, cni, cloud, dns, monitoring, ingressController, podCidrs, serviceCidrs, nodeCidrs, apiServer, workloadIdentity, mesh, flowLogRetention, retentionReason, strictOwnership'],
    ['a pod range with host bits', { podCidrs: ['10.244.0.1/16'] }, '[App: podCidrs[0]] "10.244.0.1/16" has host bits set. Instead: the network address, "10.244.0.0/16"'],
    ['a node range without a prefix', { nodeCidrs: ['192.0.2.0/24', '192.0.2.1'] }, '[App: nodeCidrs[1]] "192.0.2.1" has no prefix length. Instead: "192.0.2.1/32" for this one address'],
    ['an empty list', { serviceCidrs: [] }, '[App: serviceCidrs] [] names no address. Instead: at least one CIDR'],
    ['a text instead of a list', { podCidrs: JSON.parse('"10.244.0.0/16"') }, '[App: podCidrs] "10.244.0.0/16" is not a list of CIDRs. Instead: a list such as ["10.0.0.0/16"]'],
    ['everything as pods', { podCidrs: ['0.0.0.0/0'] }, '[App: podCidrs[0]] "0.0.0.0/0" holds every address there is. Instead: the range of the cluster, such as "10.244.0.0/16"'],
    ['everything as the API server', { apiServer: { addresses: ['::/0'] } }, '[App: apiServer.addresses[0]] "::/0" holds every address there is. Instead: the range of the cluster, such as "10.244.0.0/16"'],
    ['pods among Services', { podCidrs: ['10.100.0.0/16'], serviceCidrs: ['10.96.0.0/12'] }, '[App: podCidrs] "10.100.0.0/16" overlaps "10.96.0.0/12" of serviceCidrs. Instead: ranges of the cluster that do not overlap'],
    ['nodes among Services', { nodeCidrs: ['10.0.0.0/8'], serviceCidrs: ['10.96.0.0/12'] }, '[App: nodeCidrs] "10.0.0.0/8" overlaps "10.96.0.0/12" of serviceCidrs. Instead: ranges of the cluster that do not overlap'],
    ['an API server without addresses', { apiServer: { addresses: [] } }, '[App: apiServer.addresses] [] names no address. Instead: at least one CIDR'],
    ['an API server without a prefix', { apiServer: { addresses: ['192.0.2.1'] } }, '[App: apiServer.addresses[0]] "192.0.2.1" has no prefix length. Instead: "192.0.2.1/32" for this one address'],
    ['an API server port out of range', { apiServer: { addresses: ['192.0.2.1/32'], port: 65536 } }, '[App: apiServer.port] 65536 is not a port. Instead: a whole number from 1 to 65535'],
    ['an API server port between ports', { apiServer: { addresses: ['192.0.2.1/32'], port: 443.5 } }, '[App: apiServer.port] 443.5 is not a port. Instead: a whole number from 1 to 65535'],
    ['a Service address that is a block', { apiServer: { addresses: ['192.0.2.1/32'], serviceIp: '10.96.0.1/32' } }, '[App: apiServer.serviceIp] "10.96.0.1/32" is a block where one address is asked for. Instead: "10.96.0.1"'],
    ['a Service address outside of the Services', { serviceCidrs: ['10.96.0.0/12'], apiServer: { addresses: ['192.0.2.1/32'], serviceIp: '10.0.0.1' } }, '[App: apiServer.serviceIp] "10.0.0.1" is outside of serviceCidrs. Instead: an address in 10.96.0.0/12'],
    ['GKE workload identity on AWS', { cloud: Cloud.AWS, workloadIdentity: WorkloadIdentity.GKE }, '[App: workloadIdentity] "gke" exists on gcp alone, and cloud says aws. Instead: another workloadIdentity, or the cloud that the cluster runs on'],
    ['EKS Pod Identity on bare metal', { cloud: Cloud.NONE, workloadIdentity: WorkloadIdentity.EKS_POD_IDENTITY }, '[App: workloadIdentity] "eks-pod-identity" exists on aws alone, and cloud says none. Instead: another workloadIdentity, or the cloud that the cluster runs on'],
    ['the VPC CNI on Google Cloud', { cni: Cni.aws(), cloud: Cloud.GCP }, '[App: cni] "aws" exists on aws alone, and cloud says gcp. Instead: another cni, or the cloud that the cluster runs on'],
    ['AKS identity with the VPC CNI', { cni: Cni.aws(), workloadIdentity: WorkloadIdentity.AKS }, '[App: workloadIdentity] "aks" exists on azure alone, and cni says aws. Instead: another workloadIdentity, or the cloud that the cluster runs on'],
    ['Cloud DNS on Azure', { cloud: Cloud.AZURE, dns: Dns.gkeCloudDns() }, '[App: dns] "gke-cloud-dns" exists on gcp alone, and cloud says azure. Instead: another dns, or the cloud that the cluster runs on'],
    ['Google load balancers on AWS', { cni: Cni.aws(), ingressController: IngressController.gke() }, '[App: ingressController] "gke" exists on gcp alone, and cni says aws. Instead: another ingressController, or the cloud that the cluster runs on'],
    ['EKS Auto Mode without DNS', { cni: Cni.aws({ settings: { autoMode: 'true' } }) }, '[App: dns] "autoMode=true" means DNS without pods, and nothing says its address. Instead: dns: Dns.eksAutoMode({ clusterIp: "10.100.0.10" }) with the ClusterIP of kube-system/kube-dns'],
    ['a retention in days', { flowLogRetention: JSON.parse('60') }, '[App: flowLogRetention] 60 is not a Duration. Instead: Duration.days(60) of cdk8s'],
    ['a reason that says nothing', { flowLogRetention: Duration.days(91), retentionReason: ' ' }, '[App: retentionReason] " " says nothing. Instead: why flows are kept for more than 90 days, or nothing'],
    ['a reason without a retention', { retentionReason: 'audit' }, '[App: retentionReason] "audit" is the reason of a retention that is not there. Instead: flowLogRetention besides, or no reason'],
  ])('%s', (_name, more, message) => {
    expect(messageOf(() => attach(more))).toBe(message);
  });

  test('the path of the scope is in the message', () => {
    const chart = new Chart(new App(), 'eu');
    expect(messageOf(() => ClusterProfile.attach(chart, props({ name: '-' })))).toMatch(/^\[eu: name\] "-" is not a name/);
  });

  test('what was refused is not attached', () => {
    const app = new App();
    expect(messageOf(() => ClusterProfile.attach(app, props({ name: '' })))).toContain('is not a name');
    expect(ClusterProfile.attach(app, props()).name).toBe('prod-eu');
  });
});

describe('when it is attached', () => {
  test('twice to one scope', () => {
    const chart = new Chart(new App(), 'eu');
    ClusterProfile.attach(chart, props({ name: 'first' }));
    expect(messageOf(() => ClusterProfile.attach(chart, props({ name: 'second' })))).toBe(
      '[eu] "second" is attached where the profile "first" is attached already. Instead: one profile for one scope: attach that of another cluster to the Chart of that cluster',
    );
  });

  test('after a construct below was built', () => {
    const app = new App();
    const chart = new Chart(app, 'pay');
    noteProfileUse(new Construct(chart, 'deny'));
    expect(messageOf(() => ClusterProfile.attach(chart, props()))).toBe(
      '[pay] "prod-eu" is attached after pay/deny was built without it. Instead: ClusterProfile.attach before the first construct below that scope',
    );
    expect(messageOf(() => ClusterProfile.attach(app, props()))).toBe(
      '[App] "prod-eu" is attached after pay/deny was built without it. Instead: ClusterProfile.attach before the first construct below that scope',
    );
  });

  test('after the first of several constructs, which the message names', () => {
    const app = new App();
    const chart = new Chart(app, 'pay');
    noteProfileUse(new Construct(chart, 'first'));
    noteProfileUse(new Construct(chart, 'second'));
    noteProfileUse(new Construct(new Chart(app, 'shop'), 'third'));
    expect(messageOf(() => ClusterProfile.attach(app, props()))).toContain('after pay/first was built');
  });

  test('to a sibling of what was built', () => {
    const app = new App();
    noteProfileUse(new Construct(new Chart(app, 'pay'), 'deny'));
    expect(ClusterProfile.attach(new Chart(app, 'shop'), props()).isDeclared).toBe(true);
  });

  test('to a scope where a profile was read and nothing was built', () => {
    const app = new App();
    expect(ClusterProfile.of(app).isDeclared).toBe(false);
    ClusterProfile.attach(app, props());
    expect(ClusterProfile.of(app).isDeclared).toBe(true);
  });
});

/** What synth says of a profile, attached to a chart so that the path shows; empty where it synthesizes. */
function synthError(more: Partial<ClusterProfileProps>): string {
  const app = new App();
  const chart = new Chart(app, 'eu');
  ClusterProfile.attach(chart, props(more));
  try {
    app.synthYaml();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

const OTHERS = 'cilium, calico, canal, antrea, ovn-kubernetes, kube-router, kindnet, weave-net, kube-network-policies';

describe('a CNI that does not enforce fails synth', () => {
  test.each<[string, string]>([
    ['flannel', '"flannel" does not enforce network policy (Flannel connects pods and enforces nothing): in the cluster "prod-eu" policies would be documentation only and every connection would stay open, whatever they say. See https://github.com/flannel-io/flannel/blob/master/Documentation/netpol.md. Instead: install its chart with netpol.enabled=true and say so: Cni.flannel({ settings: { "netpol.enabled": "true" } }), or run one that does and attach its profile: '],
    ['kindnet@0.23', '"kindnet@0.23" does not enforce network policy (before version 0.24): in the cluster "prod-eu" policies would be documentation only and every connection would stay open, whatever they say. See https://github.com/kubernetes-sigs/kind/pull/3612. Instead: make the cluster with kind 0.24 or later, or run one that does and attach its profile: '],
    ['cilium,enable-policy=never', '"cilium,enable-policy=never" does not enforce network policy (with enable-policy=never the agent enforces no policy at all): in the cluster "prod-eu" policies would be documentation only and every connection would stay open, whatever they say. See https://docs.cilium.io/en/stable/security/policy/intro/. Instead: another value of enable-policy, or run one that does and attach its profile: '],
  ])('%s', (cni, message) => {
    const error = synthError({ cni: Cni.parse(cni) });
    expect(error).toContain(message + OTHERS);
    expect(error).toContain('[eu] ');
  });

  test.each(['flannel,netpol.enabled=true', 'cilium', 'generic', 'kindnet', 'kindnet@0.24', 'aws', 'weave-net'])('%s does not', (cni) => {
    expect(synthError({ cni: Cni.parse(cni) })).toBe('');
  });
});

describe('the retention of flow logs', () => {
  const SHORT = 'is too short for flow logs of the cluster "prod-eu": what happens once a month would never be seen, and ENFORCE would cut it. Instead: Duration.days(30) or more';
  const LONG = 'keeps flow logs of the cluster "prod-eu" for more than 90 days without a reason; they say who talked to whom. Instead: Duration.days(90) or less, or a retentionReason';

  test.each<[string, Duration, string]>([
    ['29 days', Duration.days(29), `[flowLogRetention] "29 days" ${SHORT}`],
    ['half a day less than 30', Duration.hours(708), `[flowLogRetention] "29.5 days" ${SHORT}`],
    ['91 days', Duration.days(91), `[flowLogRetention] "91 days" ${LONG}`],
  ])('%s fails synth', (_name, flowLogRetention, message) => {
    expect(synthError({ flowLogRetention })).toContain(message);
  });

  test.each([30, 60, 90])('%s days are fine', (days) => {
    expect(synthError({ flowLogRetention: Duration.days(days) })).toBe('');
  });

  test('91 days with a reason are fine', () => {
    expect(synthError({ flowLogRetention: Duration.days(91), retentionReason: 'audit of the card processor' })).toBe('');
  });

  test('a reason does not make 29 days long enough', () => {
    expect(synthError({ flowLogRetention: Duration.days(29), retentionReason: 'cost' })).toContain('is too short');
  });

  test('none is fine', () => {
    expect(synthError({})).toBe('');
  });
});

test('the facts load without cdk8s, which the command line has no use for', () => {
  jest.isolateModules(() => {
    jest.doMock('cdk8s', () => {
      throw new Error('cdk8s was loaded');
    });
    jest.doMock('constructs', () => {
      throw new Error('constructs was loaded');
    });
    expect(jest.requireActual<OtherCopy>('../../lib/cluster').Cni.generic().name).toBe('generic');
  });
});
