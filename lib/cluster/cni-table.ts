import { CniRow } from './cni-row';
import { antrea } from './cnis/antrea';
import { aws } from './cnis/aws';
import { calico } from './cnis/calico';
import { canal } from './cnis/canal';
import { cilium } from './cnis/cilium';
import { generic } from './cnis/generic';
import { gkeCalico, gkeDataplaneV2 } from './cnis/gke';
import { azureNpm, flannel, kindnet, kubeNetworkPolicies, kubeRouter, weaveNet } from './cnis/native-only';
import { ovnKubernetes } from './cnis/ovn-kubernetes';

/** Every CNI that a profile can name. A new one is a row in `cnis/` and a line here. */
export const CNI_TABLE: readonly CniRow[] = [
  generic,
  cilium,
  calico,
  canal,
  antrea,
  aws,
  gkeDataplaneV2,
  gkeCalico,
  ovnKubernetes,
  flannel,
  kubeRouter,
  kindnet,
  azureNpm,
  weaveNet,
  kubeNetworkPolicies,
];

/** What people write for a CNI, or for what hides one, and what to write instead. */
export const OTHER_NAMES: Readonly<Record<string, string>> = {
  gke: 'name the data plane: "gke-dpv2" or "gke-calico"',
  'dataplane-v2': '"gke-dpv2"',
  dpv2: '"gke-dpv2"',
  eks: '"aws" for the VPC CNI, or the CNI that was installed in its place',
  'vpc-cni': '"aws"',
  'aws-vpc-cni': '"aws"',
  aks: 'the network policy engine of the cluster: "azure-npm", "calico" or "cilium"',
  azure: '"azure-npm", or "cilium" for Azure CNI powered by Cilium',
  openshift: '"ovn-kubernetes"',
  ovn: '"ovn-kubernetes"',
  k3s: '"kube-router", which k3s embeds for network policy',
  rke2: '"canal", the default of RKE2, or the CNI that was chosen in its place',
  kind: '"kindnet", or the CNI that was installed in its place',
  minikube: 'the CNI that minikube was started with',
  weave: '"weave-net"',
  none: '"flannel" if pods have a network without policy',
};

/** The row of a CNI by its name, or undefined where there is none. */
export function cniRow(name: string): CniRow | undefined {
  return CNI_TABLE.find((row) => row.name === name);
}
