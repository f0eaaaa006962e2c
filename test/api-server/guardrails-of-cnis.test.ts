import { Cni } from 'cdk8s-netpol';
import { describeWithShared } from '../shared-data';
import { Answer, Client, expectDone, KubernetesObject } from './client';
import { admin, allowEverything, clear, ensureNamespace } from './cluster';
import { argoCd, developer, guardrailObjects, inForce, MANAGED, noLongerInForce, onCall, ownKind, policy, refusal, words } from './guardrail-suite';
import { installCrds } from './published-crds';

const dry = (by: Client, object: KubernetesObject): Promise<Answer> => by.create(object, '&dryRun=All');

/** The guardrails of a profile, in force for the tests of a block. */
function under(cni: Cni): void {
  const guardrails = guardrailObjects(cni);
  beforeAll(() => inForce(guardrails));
  afterAll(() => noLongerInForce(guardrails));
}

describeWithShared('schemas', 'guardrails over the kinds of CNIs', () => {
  beforeAll(async () => {
    await installCrds();
    await allowEverything();
    await ensureNamespace('pay');
  });

  describe('cilium', () => {
    under(Cni.cilium({ version: '1.18' }));

    const spec = (rules: unknown): unknown => ({ endpointSelector: {}, ...rules as object });
    const namespaced = (rules: unknown): KubernetesObject => ownKind('cilium.io/v2', 'CiliumNetworkPolicy', spec(rules));
    const clusterwide = (rules: unknown): KubernetesObject => ownKind('cilium.io/v2', 'CiliumClusterwideNetworkPolicy', spec(rules));
    const toPorts = [{ ports: [{ port: '80', protocol: 'TCP' }] }];
    const web = { matchLabels: { app: 'web' } };

    test.each<[string, unknown]>([
      ['a rule without ports', { ingress: [{ fromEndpoints: [web] }] }],
      ['a port that is all of them', { ingress: [{ fromEndpoints: [web], toPorts: [{ ports: [{ port: '0', protocol: 'TCP' }] }] }] }],
      ['a range of all ports', { ingress: [{ fromEndpoints: [web], toPorts: [{ ports: [{ port: '1', endPort: 65535, protocol: 'TCP' }] }] }] }],
      ['a second entry without ports', { ingress: [{ fromEndpoints: [web], toPorts: [...toPorts, { ports: [] }] }] }],
      ['domain names without ports', { egress: [{ toFQDNs: [{ matchName: 'example.com' }] }] }],
    ])('ports-required refuses %s', async (_, rules) => {
      expect(refusal(await dry(developer, namespaced(rules)))).toBe('ports-required-cilium');
    });

    test('ports-required looks at specs as well', async () => {
      const { spec: one, ...rest } = namespaced({ ingress: [{ fromEndpoints: [web] }] });
      expect(refusal(await dry(developer, { ...rest, specs: [spec({ ingress: [{ fromEndpoints: [web], toPorts }] }), one] }))).toBe('ports-required-cilium');
      expect(refusal(await dry(developer, { ...rest, specs: [spec({ ingress: [{ fromEndpoints: [web], toPorts }] })] }))).toBe('201');
    });

    test.each<[string, unknown]>([
      ['no peers', { ingress: [{ toPorts }] }],
      ['everybody', { ingress: [{ fromEntities: ['all'], toPorts }] }],
      ['the cluster', { ingress: [{ fromEntities: ['cluster'], toPorts }] }],
      ['the world', { egress: [{ toEntities: ['world'], toPorts }] }],
      ['the world after others', { egress: [{ toEntities: ['host', 'world'], toPorts }] }],
      ['all addresses', { egress: [{ toCIDR: ['0.0.0.0/0'], toPorts }] }],
      ['all addresses in a set', { egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8' }, { cidr: '::/0' }], toPorts }] }],
      ['all names', { egress: [{ toFQDNs: [{ matchPattern: '*' }], toPorts }] }],
      ['pods of every namespace', { ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] }], toPorts }] }],
    ])('no-any-peer refuses %s', async (_, rules) => {
      expect(refusal(await dry(developer, namespaced(rules)))).toBe('no-any-peer-cilium');
      expect(refusal(await dry(developer, clusterwide(rules)))).toBe('no-any-peer-cilium');
    });

    test('an empty selector is the namespace, and in a policy of the whole cluster everybody', async () => {
      const rules = { ingress: [{ fromEndpoints: [{}], toPorts }] };
      expect(refusal(await dry(developer, namespaced(rules)))).toBe('201');
      expect(refusal(await dry(developer, clusterwide(rules)))).toBe('no-any-peer-cilium');
    });

    test.each<[string, unknown]>([
      ['a default-deny: an empty rule allows nobody', { ingress: [{}], egress: [{}] }],
      ['pods by label, names, entities and blocks', {
        ingress: [{ fromEndpoints: [web], toPorts }, { fromEntities: ['host', 'remote-node'], toPorts }],
        egress: [{ toFQDNs: [{ matchPattern: '*.example.com' }], toPorts }, { toCIDRSet: [{ cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] }], toPorts }],
      }],
      ['ICMP, which has no ports', { ingress: [{ fromEndpoints: [web], icmps: [{ fields: [{ type: 8, family: 'IPv4' }] }] }] }],
      ['denials, however wide', { ingressDeny: [{ fromEntities: ['all'] }], egressDeny: [{ toCIDR: ['0.0.0.0/0'] }] }],
    ])('admits %s', async (_, rules) => {
      expect(refusal(await dry(developer, namespaced(rules)))).toBe('201');
      expect(refusal(await dry(developer, clusterwide(rules)))).toBe('201');
    });

    test('the messages speak the language of the kind', async () => {
      expect(words(await dry(developer, namespaced({ ingress: [{ fromEndpoints: [web] }] })))).toBe(
        'CiliumNetworkPolicy pay/web: has a rule that opens every port. Write toPorts: [{ ports: [{ port: \'8080\', protocol: TCP }] }] in each rule',
      );
      expect(words(await dry(developer, clusterwide({ ingress: [{ toPorts }] })))).toMatch(/^CiliumClusterwideNetworkPolicy web: has a rule for everybody/);
    });

    test('netpol-audit and netpol-rollback are of this kind here', async () => {
      const open = { ingress: [{ fromEntities: ['all'] }], egress: [{ toEntities: ['all'] }] };
      const ours = (name: string): KubernetesObject => ownKind('cilium.io/v2', 'CiliumNetworkPolicy', spec(open), {
        name, labels: MANAGED, annotations: { 'cdk8s-netpol/expires-after': '24h' },
      });
      expect(refusal(await dry(argoCd, ours('netpol-audit')))).toBe('201');
      expect(refusal(await dry(onCall, ours('netpol-rollback')))).toBe('201');
      for (const who of [developer, onCall]) expect(refusal(await dry(who, ours('netpol-audit')))).toMatch(/no-hand-edits|ports-required-cilium|no-any-peer-cilium/);
    });
  });

  describe('calico', () => {
    under(Cni.calico({ version: '3.31' }));

    const namespaced = (rules: unknown): KubernetesObject => ownKind('projectcalico.org/v3', 'NetworkPolicy', { selector: 'all()', ...rules as object });
    const global = (rules: unknown): KubernetesObject => ownKind('projectcalico.org/v3', 'GlobalNetworkPolicy', { selector: 'all()', ...rules as object });
    const web = { selector: 'app == "web"' };
    const to80 = { ports: [80] };
    const allow = (rule: unknown): unknown => ({ action: 'Allow', protocol: 'TCP', ...rule as object });

    test.each<[string, unknown]>([
      ['a rule without ports', { ingress: [allow({ source: web })] }],
      ['ports of the client alone', { ingress: [allow({ source: { ...web, ports: [80] } })] }],
      ['all ports but some', { ingress: [allow({ source: web, destination: { notPorts: [22] } })] }],
      ['a range of all ports', { egress: [allow({ destination: { ...web, ports: ['1:65535'] } })] }],
      ['a rule after others', { egress: [{ action: 'Deny' }, allow({ destination: web })] }],
    ])('ports-required refuses %s', async (_, rules) => {
      expect(refusal(await dry(developer, namespaced(rules)))).toBe('ports-required-calico');
      expect(refusal(await dry(developer, global(rules)))).toBe('ports-required-calico');
    });

    test.each<[string, unknown]>([
      ['no peers', { ingress: [allow({ destination: to80 })] }],
      ['all but some', { ingress: [allow({ source: { notSelector: 'app == "web"' }, destination: to80 })] }],
      ['all addresses', { egress: [allow({ destination: { nets: ['10.0.0.0/8', '0.0.0.0/0'], ports: [80] } })] }],
      ['all pods of all namespaces', { ingress: [allow({ source: { namespaceSelector: 'all()' }, destination: to80 })] }],
      ['all pods of all namespaces, in full', { ingress: [allow({ source: { selector: 'all()', namespaceSelector: 'all()' }, destination: to80 })] }],
    ])('no-any-peer refuses %s', async (_, rules) => {
      expect(refusal(await dry(developer, namespaced(rules)))).toBe('no-any-peer-calico');
      expect(refusal(await dry(developer, global(rules)))).toBe('no-any-peer-calico');
    });

    test('a selector of all is the namespace, and in a policy of the whole cluster everybody', async () => {
      const rules = { ingress: [allow({ source: { selector: 'all()' }, destination: to80 })] };
      expect(refusal(await dry(developer, namespaced(rules)))).toBe('201');
      expect(refusal(await dry(developer, global(rules)))).toBe('no-any-peer-calico');
    });

    test.each<[string, unknown]>([
      ['rules that name both', { ingress: [allow({ source: web, destination: to80 })], egress: [allow({ destination: { nets: ['10.0.0.0/8'], ports: ['http', 443, '8000:9000'] } })] }],
      ['the Internet: all addresses but some', { egress: [allow({ destination: { nets: ['0.0.0.0/0'], notNets: ['10.0.0.0/8'], ports: [443] } })] }],
      ['ICMP, which has no ports', { ingress: [allow({ protocol: 'ICMP', source: web })] }],
      ['rules that deny, log and pass on', { ingress: [{ action: 'Log' }, { action: 'Pass' }, { action: 'Deny' }], egress: [{ action: 'Deny' }] }],
    ])('admits %s', async (_, rules) => {
      expect(refusal(await dry(developer, namespaced(rules)))).toBe('201');
      expect(refusal(await dry(developer, global(rules)))).toBe('201');
    });
  });

  describe.each<[string, Cni, ReadonlyArray<[string, string, unknown]>]>([
    ['cilium', Cni.cilium({ version: '1.18' }), [
      ['cilium.io/v2', 'CiliumNetworkPolicy', { endpointSelector: {}, ingress: [{}] }],
      ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy', { endpointSelector: {}, ingress: [{}] }],
    ]],
    ['calico', Cni.calico({ version: '3.32' }), [
      ['projectcalico.org/v3', 'NetworkPolicy', { selector: 'all()' }],
      ['projectcalico.org/v3', 'GlobalNetworkPolicy', { selector: 'all()' }],
      ['projectcalico.org/v3', 'StagedNetworkPolicy', { selector: 'all()' }],
      ['projectcalico.org/v3', 'StagedGlobalNetworkPolicy', { selector: 'all()' }],
      ['projectcalico.org/v3', 'StagedKubernetesNetworkPolicy', { podSelector: {} }],
      ['policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', { tier: 'Admin', priority: 1, subject: { namespaces: {} } }],
    ]],
    ['antrea', Cni.antrea({ version: '2.4' }), [
      ['crd.antrea.io/v1beta1', 'NetworkPolicy', { priority: 5, appliedTo: [{ podSelector: {} }] }],
      ['crd.antrea.io/v1beta1', 'ClusterNetworkPolicy', { priority: 5, appliedTo: [{ namespaceSelector: {} }] }],
    ]],
    ['aws', Cni.aws({ version: '1.21' }), [
      ['networking.k8s.aws/v1alpha1', 'ApplicationNetworkPolicy', { podSelector: {}, policyTypes: ['Ingress'] }],
      ['networking.k8s.aws/v1alpha1', 'ClusterNetworkPolicy', { tier: 'Admin', priority: 1, subject: { namespaces: {} } }],
    ]],
  ])('every kind of policy of %s has an owner, and is not edited by hand where it is managed', (_, cni, kinds) => {
    under(cni);

    test.each(kinds)('%s %s', async (apiVersion, kind, spec) => {
      const own = ownKind(apiVersion, kind, spec);
      expect(refusal(await dry(developer, own))).toBe('201');
      expect(refusal(await dry(developer, ownKind(apiVersion, kind, spec, { labels: {} })))).toBe('owner-required');
      const managed = ownKind(apiVersion, kind, spec, { labels: MANAGED });
      expect(refusal(await dry(developer, managed))).toBe('no-hand-edits');
      expectDone(await argoCd.create(managed));
      try {
        expect(refusal(await developer.patch(managed, { metadata: { labels: { 'app.kubernetes.io/managed-by': null } } }))).toBe('no-hand-edits');
        expect(refusal(await developer.delete(managed))).toBe('no-hand-edits');
      } finally {
        expectDone(await argoCd.delete(managed));
      }
    });

    test('the native kind too', async () => {
      expect(refusal(await dry(developer, policy({ podSelector: {} }, { labels: {} })))).toBe('owner-required');
    });
  });

  test('a profile guards no kinds of other CNIs', async () => {
    const guardrails = guardrailObjects(Cni.calico({ version: '3.31' }));
    await inForce(guardrails);
    const cilium = ownKind('cilium.io/v2', 'CiliumNetworkPolicy', { endpointSelector: {}, ingress: [{ fromEntities: ['all'] }] }, { labels: {} });
    expect(refusal(await dry(developer, cilium))).toBe('201');
    await noLongerInForce(guardrails);
    await clear([cilium]);
    expect((await admin.get(cilium)).status).toBe(404);
  });
});
