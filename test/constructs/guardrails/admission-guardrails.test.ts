import { App, Chart } from 'cdk8s';
import { AdmissionGuardrails, AdmissionGuardrailsProps, ClusterProfile, Cni, GuardrailAction, Requester } from '../../../lib';
import { CNI_TABLE } from '../../../lib/cluster/cni-table';

interface Policy {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: Record<string, string> };
  readonly spec: {
    readonly failurePolicy: string;
    readonly matchConstraints: { readonly resourceRules: ReadonlyArray<{ readonly apiGroups: string[] }> };
    readonly matchConditions: ReadonlyArray<{ readonly name: string; readonly expression: string }>;
    readonly validations: ReadonlyArray<{ readonly expression: string; readonly message: string; readonly messageExpression: string }>;
  };
}
interface Binding {
  readonly metadata: Policy['metadata'];
  readonly spec: {
    readonly policyName: string;
    readonly validationActions: string[];
    readonly matchResources?: {
      readonly namespaceSelector: { readonly matchExpressions: ReadonlyArray<{ readonly key: string; readonly values: string[] }> };
    };
  };
}

const PROPS: AdmissionGuardrailsProps = { deployers: [Requester.group('oidc:ci')], ownerGroup: 'oidc:{team}', rollbackGroup: 'oidc:on-call' };

function emitted(props: Partial<AdmissionGuardrailsProps> = {}, cni = Cni.generic(), namespace?: string): { policies: Policy[]; bindings: Binding[] } {
  const app = new App();
  ClusterProfile.attach(app, { name: 'test', cni });
  const chart = new Chart(app, 'cluster', { namespace });
  new AdmissionGuardrails(chart, 'guardrails', { ...PROPS, ...props });
  const objects = chart.toJson() as Array<{ kind: string }>;
  return {
    policies: objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy') as unknown as Policy[],
    bindings: objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding') as unknown as Binding[],
  };
}

const NAMES = ['no-any-peer', 'no-hand-edits', 'keep-default-deny', 'owner-required', 'ports-required'].map((name) => `cdk8s-netpol-${name}`);

test('a policy and a binding for each guardrail, each of which denies where nothing else is said', () => {
  const { policies, bindings } = emitted();
  expect(policies.map(({ metadata }) => metadata.name).sort()).toEqual([...NAMES].sort());
  expect(bindings.map(({ spec }) => spec.policyName)).toEqual(policies.map(({ metadata }) => metadata.name));
  for (const { metadata, spec } of bindings) {
    expect(metadata.name).toBe(spec.policyName);
    expect(spec.validationActions).toEqual(['Deny']);
  }
});

test.each(CNI_TABLE.map(({ name }) => name))('on %s nothing passes because an expression fails, and the way back comes first', (name) => {
  const cni = name === 'flannel' ? Cni.parse('flannel,netpol.enabled=true') : Cni.parse(name);
  for (const { spec } of emitted({}, cni).policies) {
    expect(spec.failurePolicy).toBe('Fail');
    expect(spec.matchConditions[0]?.name).toBe('not-the-rollback');
    for (const { message, messageExpression } of spec.validations) {
      expect(message).not.toContain('\n');
      expect(messageExpression).toBe(`variables.subject + ${JSON.stringify(`: ${message}`)}`);
    }
  }
});

test('objects of the cluster have no namespace, whatever that of their chart', () => {
  const { policies, bindings } = emitted({}, Cni.generic(), 'pay');
  expect([...policies, ...bindings].filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([]);
});

test('the actions are those that are asked for', () => {
  const actions = { portsRequired: GuardrailAction.WARN, keepDefaultDeny: GuardrailAction.AUDIT };
  const of = Object.fromEntries(emitted({ actions }).bindings.map(({ spec }) => [spec.policyName.replace('cdk8s-netpol-', ''), spec.validationActions]));
  expect(of).toEqual({
    'ports-required': ['Warn'], 'keep-default-deny': ['Audit'], 'no-any-peer': ['Deny'], 'owner-required': ['Deny'], 'no-hand-edits': ['Deny'],
  });
});

test('an action holds for each form of a guardrail', () => {
  const { bindings } = emitted({ actions: { noAnyPeer: GuardrailAction.WARN } }, Cni.cilium({ version: '1.18' }));
  const of = (name: string): string[] | undefined => bindings.find(({ metadata }) => metadata.name === name)?.spec.validationActions;
  expect([of('cdk8s-netpol-no-any-peer'), of('cdk8s-netpol-no-any-peer-cilium'), of('cdk8s-netpol-ports-required-cilium')]).toEqual([['Warn'], ['Warn'], ['Deny']]);
});

test('namespaces of the cluster need no ports, peers or owner; exempt ones are left alone, and the binding says why', () => {
  const { bindings } = emitted({ exemptions: [{ namespace: 'legacy', reason: ' until its chart is gone ' }, { namespace: 'blog', reason: 'moves out this month' }] }, Cni.calico());
  for (const { metadata, spec } of bindings) {
    const excluded = spec.matchResources?.namespaceSelector.matchExpressions[0];
    const everywhere = ['cdk8s-netpol-keep-default-deny', 'cdk8s-netpol-no-hand-edits'].includes(metadata.name);
    const system = ['calico-apiserver', 'calico-system', 'kube-node-lease', 'kube-public', 'kube-system', 'tigera-operator'];
    expect([metadata.name, excluded?.key, excluded?.values]).toEqual([
      metadata.name, 'kubernetes.io/metadata.name', everywhere ? ['blog', 'legacy'] : ['blog', 'legacy', ...system].sort(),
    ]);
    expect(metadata.annotations?.['cdk8s-netpol/reason']).toBe('blog: moves out this month; legacy: until its chart is gone');
  }
  expect(emitted().bindings.find(({ metadata }) => metadata.name === 'cdk8s-netpol-keep-default-deny')?.spec.matchResources).toBeUndefined();
});

test('the kinds are those that the cluster evaluates or may evaluate', () => {
  const groups = (cni: Cni): string[] => emitted({}, cni).policies.find(({ metadata }) => metadata.name === 'cdk8s-netpol-owner-required')!
    .spec.matchConstraints.resourceRules.flatMap(({ apiGroups }) => apiGroups);
  expect(groups(Cni.generic())).toEqual(['networking.k8s.io', 'policy.networking.k8s.io']);
  expect(groups(Cni.generic({ settings: { cnp: 'off' } }))).toEqual(['networking.k8s.io']);
  expect(groups(Cni.cilium({ version: '1.18' }))).toEqual(['networking.k8s.io', 'cilium.io']);
  expect(groups(Cni.calico({ version: '3.31' }))).toEqual(['networking.k8s.io', 'projectcalico.org']);
  expect(groups(Cni.antrea({ version: '2.4' }))).toEqual(['networking.k8s.io', 'crd.antrea.io']);
  expect(groups(Cni.aws({ version: '1.21' }))).toContain('networking.k8s.aws');
});

test('names of users, groups and labels stay text in the expressions', () => {
  const odd = `CN="O'Brien \\ Co",OU=a`;
  const { policies } = emitted({ deployers: [Requester.user(odd), Requester.group('ci team')], rollbackGroup: odd, ownerLabels: ['team', 'backstage.io/owner'] });
  const text = JSON.stringify(policies.map(({ spec }) => [spec.matchConditions, spec.validations]));
  expect(text).toContain(JSON.stringify(JSON.stringify(odd)).slice(1, -1));
  expect(policies.find(({ metadata }) => metadata.name === 'cdk8s-netpol-owner-required')!.spec.validations[0]!.expression).toContain('["cdk8s-netpol/owner", "team", "backstage.io/owner"].exists(');
});

test('the same app makes the same objects, wherever the construct stands in it', () => {
  const app = new App();
  const chart = new Chart(new Chart(app, 'a'), 'b');
  new AdmissionGuardrails(chart, 'other-id', PROPS);
  const names = chart.toJson().map((object: unknown) => (object as Policy).metadata.name);
  expect(names).toEqual(emitted().policies.flatMap(({ metadata }) => [metadata.name, metadata.name]));
});

test('requesters say who they are', () => {
  expect([Requester.user('jane'), Requester.group('oidc:a b'), Requester.serviceAccount('argocd', 'argocd-application-controller')].map(String)).toEqual([
    'user jane', 'group oidc:a b', 'user system:serviceaccount:argocd:argocd-application-controller',
  ]);
});
