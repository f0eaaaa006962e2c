/** A namespace that a cluster cannot do without and that is nobody's application. */
export interface SystemNamespaceRow {
  readonly namespace: string;
  /** The CNI that brings it; undefined for Kubernetes itself. */
  readonly cni?: string;
  readonly reason: string;
  readonly source: string;
}

const KUBERNETES = 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces';
const CALICO = 'https://docs.tigera.io/calico/latest/getting-started/kubernetes/quickstart';

export const SYSTEM_NAMESPACES: readonly SystemNamespaceRow[] = [
  { namespace: 'kube-system', reason: 'DNS, proxies and controllers of the cluster: without them nothing resolves', source: KUBERNETES },
  { namespace: 'kube-public', reason: 'belongs to Kubernetes and runs no pods', source: KUBERNETES },
  { namespace: 'kube-node-lease', reason: 'belongs to Kubernetes and runs no pods', source: KUBERNETES },
  { namespace: 'calico-system', cni: 'calico', reason: 'the agents of Calico', source: CALICO },
  { namespace: 'calico-apiserver', cni: 'calico', reason: 'the API server of Calico', source: CALICO },
  { namespace: 'tigera-operator', cni: 'calico', reason: 'the operator of Calico', source: CALICO },
];
