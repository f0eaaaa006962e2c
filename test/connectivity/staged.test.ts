import { Cni, Connectivity, Port, StagedPolicies, Verdict } from '../../lib';

const pod = (namespace: string, name: string): object => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: { app: name } }, spec: { containers: [{ name: 'c' }] },
});
const staged = (name: string, spec: object): object => ({ apiVersion: 'projectcalico.org/v3', kind: 'StagedKubernetesNetworkPolicy', metadata: { name, namespace: 'pay' }, spec });
const MANIFESTS = [pod('shop', 'web'), pod('pay', 'api'), staged('default-deny', { podSelector: {}, policyTypes: ['Ingress'] })];
const calico = Cni.calico({ version: '3.32' });

test('staged policies drop nothing unless it is asked what they will do', () => {
  const verdict = (options: object): Verdict => Connectivity.fromManifests(MANIFESTS, { cni: calico, ...options }).verdict('shop/web', 'pay/api', Port.tcp(8080));
  expect(verdict({})).toBe(Verdict.ALLOWED);
  expect(verdict({ staged: StagedPolicies.IGNORED })).toBe(Verdict.ALLOWED);
  expect(verdict({ staged: StagedPolicies.ENFORCED })).toBe(Verdict.DENIED);
});

test('asked of a CNI that serves none, it is an error, and none where nothing is staged', () => {
  const options = { cni: Cni.cilium({ version: '1.18' }), staged: StagedPolicies.ENFORCED };
  expect(() => Connectivity.fromManifests(MANIFESTS, options)).toThrow(
    'StagedKubernetesNetworkPolicy pay/default-deny: is to be evaluated as if it were enforced, and the profile cilium@1.18 does not serve projectcalico.org/v3 '
    + 'StagedKubernetesNetworkPolicy. Instead: staged policies ignored, or the profile of a CNI that serves them',
  );
  expect(Connectivity.fromManifests(MANIFESTS.slice(0, 2), options).allows('shop/web', 'pay/api', Port.tcp(8080))).toBe(true);
});

test('another word, as plain JavaScript may bring it, is refused', () => {
  const options = JSON.parse('{"staged": "yes"}') as { readonly staged: StagedPolicies };
  expect(() => Connectivity.fromManifests(MANIFESTS, options)).toThrow('[staged] "yes" is nothing that can become of staged policies. Instead: StagedPolicies.IGNORED or StagedPolicies.ENFORCED');
});
