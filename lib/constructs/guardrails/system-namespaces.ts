import { Cni } from '../../cluster/cni';

interface SystemNamespace {
  readonly name: string;
  /** The CNIs that make it; of Kubernetes itself where not given. */
  readonly cnis?: readonly string[];
  readonly source: string;
}

const INITIAL = 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces';
const CALICO_OPERATOR = 'https://docs.tigera.io/calico/latest/getting-started/kubernetes/self-managed-onprem/onpremises';

/** Namespaces whose policies come with the cluster: nobody here can give them ports or an owner. */
const SYSTEM_NAMESPACES: readonly SystemNamespace[] = [
  { name: 'kube-system', source: INITIAL },
  { name: 'kube-public', source: INITIAL },
  { name: 'kube-node-lease', source: INITIAL },
  { name: 'calico-apiserver', cnis: ['calico', 'canal'], source: CALICO_OPERATOR },
  { name: 'calico-system', cnis: ['calico', 'canal'], source: CALICO_OPERATOR },
  { name: 'tigera-operator', cnis: ['calico', 'canal'], source: CALICO_OPERATOR },
];

/** The namespaces of the cluster itself. */
export function systemNamespaces(cni: Cni): string[] {
  return SYSTEM_NAMESPACES.filter(({ cnis }) => cnis === undefined || cnis.includes(cni.name)).map(({ name }) => name);
}
