import { CNI_TABLE, Cni, rowOf } from '../../lib/cluster';
import { messageOf } from './message-of';

test('there is a factory for each row of the table', () => {
  const made = [
    Cni.generic(), Cni.cilium(), Cni.calico(), Cni.canal(), Cni.antrea(), Cni.aws(), Cni.gkeDataplaneV2(), Cni.gkeCalico(),
    Cni.ovnKubernetes(), Cni.flannel(), Cni.kubeRouter(), Cni.kindnet(), Cni.azureNpm(), Cni.weaveNet(), Cni.kubeNetworkPolicies(),
  ];
  expect(made.map((cni) => cni.name)).toEqual(CNI_TABLE.map((row) => row.name));
});

test('what is parsed is what the factory makes', () => {
  const made = Cni.cilium({ version: 'v1.18', settings: { 'policy-audit-mode': 'true', 'enable-policy': 'always' } });
  expect(Cni.parse('cilium@1.18,enable-policy=always,policy-audit-mode=true')).toEqual(made);
  expect(made.toString()).toBe('cilium@1.18,enable-policy=always,policy-audit-mode=true');
});

test.each(['generic', 'calico@3.32.1', 'aws,autoMode=true,enforcingMode=strict', 'gke-dpv2@1.36.0-gke.4447000', 'generic,cnp=off,ipBlockMatchesPods=true'])(
  '%s survives being written and read',
  (text) => {
    expect(Cni.parse(text).toString()).toBe(text);
  },
);

test('cnp may be written as YAML leaves it', () => {
  expect(Cni.parse('cilium@1.18,cnp=false').settings).toEqual({ cnp: 'off' });
  expect(Cni.parse('generic,cnp=true').settings).toEqual({ cnp: 'on' });
});

test.each([
  ['', '"" is not a CNI that this library knows. Instead: It knows generic, cilium, calico, canal, antrea, aws, gke-dpv2, gke-calico, ovn-kubernetes, flannel, kube-router, kindnet, azure-npm, weave-net, kube-network-policies; "generic" is any other that enforces NetworkPolicy'],
  ['celium', '"celium" is not a CNI that this library knows. Instead: "cilium"? It knows generic, cilium, calico, canal, antrea, aws, gke-dpv2, gke-calico, ovn-kubernetes, flannel, kube-router, kindnet, azure-npm, weave-net, kube-network-policies; "generic" is any other that enforces NetworkPolicy'],
  ['gke', '"gke" is not a CNI that this library knows. Instead: name the data plane: "gke-dpv2" or "gke-calico"'],
  ['EKS', '"EKS" is not a CNI that this library knows. Instead: "aws" for the VPC CNI, or the CNI that was installed in its place'],
  ['k3s@1.30', '"k3s" is not a CNI that this library knows. Instead: "kube-router", which k3s embeds for network policy'],
  ['constructor', '"constructor" is not a CNI that this library knows. Instead: It knows generic, cilium, calico, canal, antrea, aws, gke-dpv2, gke-calico, ovn-kubernetes, flannel, kube-router, kindnet, azure-npm, weave-net, kube-network-policies; "generic" is any other that enforces NetworkPolicy'],
  ['cilium@', '"cilium@" has no version after "@". Instead: "cilium", or a version such as "1.18"'],
  ['cilium@latest', '"latest" is not a version of Cilium. Instead: numbers such as "1.18" or "3.32.1", or leave it out'],
  ['cilium,', '"cilium," has an empty setting where a setting should be. Instead: NAME[@VERSION][,SETTING=VALUE...], such as "cilium@1.18,enable-policy=always"'],
  ['cilium,enable-policy', '"cilium,enable-policy" has "enable-policy" where a setting should be. Instead: NAME[@VERSION][,SETTING=VALUE...], such as "cilium@1.18,enable-policy=always"'],
  ['cilium,=always', '"cilium,=always" has "=always" where a setting should be. Instead: NAME[@VERSION][,SETTING=VALUE...], such as "cilium@1.18,enable-policy=always"'],
  ['cilium,enable-policy=always,enable-policy=never', '"cilium,enable-policy=always,enable-policy=never" sets enable-policy twice. Instead: one value for each setting'],
  ['cilium,enable-polcy=always', '"enable-polcy" is not a setting of Cilium that this library knows. Instead: "enable-policy"? It knows enable-policy, policy-audit-mode, enable-k8s-networkpolicy, enable-k8s-cluster-network-policy, policy-cidr-match-mode, enable-non-default-deny-policies, allow-localhost, cnp, ipBlockMatchesPods, cnpNetworksMatchPods'],
  ['generic,enforcingMode=strict', '"enforcingMode" is not a setting of the generic CNI that this library knows. Instead: It knows cnp, ipBlockMatchesPods, cnpNetworksMatchPods'],
  ['cilium,enable-policy=on', '"on" is not a value of the setting enable-policy. Instead: one of "default", "always", "never"'],
  ['generic,cnp=yes', '"yes" is not a value of the setting cnp. Instead: one of "on", "off"'],
  ['generic,constructor=1', '"constructor" is not a setting of the generic CNI that this library knows. Instead: It knows cnp, ipBlockMatchesPods, cnpNetworksMatchPods'],
  ['antrea@2.6,ClusterNetworkPolicy=true', '"ClusterNetworkPolicy=true" is a setting of Antrea 2.7 and later, and the profile says 2.6. Instead: leave it out, or say the version that the cluster runs'],
  ['cilium@1.20,cnp=on,enable-k8s-cluster-network-policy=false', '"cnp=on,enable-k8s-cluster-network-policy=false" says both that ClusterNetworkPolicy is served and that it is not. Instead: leave out cnp: enable-k8s-cluster-network-policy decides'],
])('%s is refused', (text, message) => {
  expect(messageOf(() => Cni.parse(text))).toBe(message);
});

test('values that no compiler checked are refused', () => {
  expect(messageOf(() => Cni.parse(JSON.parse('null')))).toContain('"" is not a CNI that this library knows');
  expect(messageOf(() => Cni.cilium({ version: JSON.parse('1.2') }))).toBe('1.2 is not a version of Cilium. Instead: numbers such as "1.18" or "3.32.1", or leave it out');
  expect(messageOf(() => Cni.cilium({ settings: JSON.parse('{"policy-audit-mode": true}') }))).toBe('true is not a value of the setting policy-audit-mode. Instead: one of "true", "false"');
});

test('the version of a GKE profile is that of the cluster', () => {
  expect(rowOf(Cni.gkeDataplaneV2({ version: '1.36.0-gke.4447000' })).versionOf).toBe('GKE');
  expect(messageOf(() => Cni.gkeDataplaneV2({ version: 'regular' }))).toBe('"regular" is not a version of GKE. Instead: numbers such as "1.18" or "3.32.1", or leave it out');
});
