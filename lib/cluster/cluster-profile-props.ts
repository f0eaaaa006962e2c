import { Duration } from 'cdk8s';
import { Cloud } from './cloud';
import { Cni } from './cni';
import { Dns } from './dns';
import { IngressController } from './ingress-controller';
import { Mesh } from './mesh';
import { Monitoring } from './monitoring';
import { WorkloadIdentity } from './workload-identity';

/** Where the Kubernetes API server answers. Policy sees its endpoints, not its Service. */
export interface ApiServerAddresses {
  /**
   * CIDRs of the endpoints: `kubectl get endpointslices -l kubernetes.io/service-name=kubernetes`, each address with /32 or
   * /128; or the subnets of the control plane.
   */
  readonly addresses: string[];

  /**
   * Port of the endpoints, 1 to 65535; 443 on most managed clusters.
   * @default 6443
   */
  readonly port?: number;

  /**
   * ClusterIP of the Service `default/kubernetes`, without a prefix. Needed where policy sees Service addresses
   * (Amazon VPC CNI).
   * @default - not opened
   */
  readonly serviceIp?: string;
}

/** What a cluster is like, as far as network policy has to know. */
export interface ClusterProfileProps {
  /** Name of the cluster, as `netpol --cluster NAME` and `netpol.yaml` have it: letters, digits, `-`, `_` and `.`. */
  readonly name: string;

  /** What enforces network policy. Synth fails with one that does not. */
  readonly cni: Cni;

  /**
   * Where the nodes run.
   * @default - that of the CNI, workload identity, DNS or load balancer where they exist on one cloud alone; else unknown,
   * and the metadata endpoints of all clouds count
   */
  readonly cloud?: Cloud;

  /**
   * Where cluster DNS answers.
   * @default - CoreDNS or kube-dns in kube-system; on GKE kube-dns and Cloud DNS both. EKS Auto Mode has to say it.
   */
  readonly dns?: Dns;

  /**
   * Who scrapes metrics.
   * @default - kube-prometheus in the namespace `monitoring`
   */
  readonly monitoring?: Monitoring;

  /**
   * What brings traffic from outside to applications.
   * @default - none: `AllowFromIngressController` asks for it
   */
  readonly ingressController?: IngressController;

  /**
   * CIDRs that pods get their addresses from. `AllowToIpBlock` and `AllowFromIpBlock` leave them out.
   * @default - unknown
   */
  readonly podCidrs?: string[];

  /**
   * CIDRs that Services get their addresses from.
   * @default - unknown
   */
  readonly serviceCidrs?: string[];

  /**
   * CIDRs of the nodes.
   * @default - unknown
   */
  readonly nodeCidrs?: string[];

  /**
   * Where the API server answers.
   * @default - unknown: `AllowToApiServer` and `AllowFromApiServer` ask for it
   */
  readonly apiServer?: ApiServerAddresses;

  /**
   * How pods get credentials of the cloud; the endpoint that it needs stays open under `MetadataBlock`.
   * @default - unknown: no metadata endpoint stays open
   */
  readonly workloadIdentity?: WorkloadIdentity;

  /**
   * The service mesh beside the policies, where there is one that changes what a policy sees.
   * @default - none
   */
  readonly mesh?: Mesh;

  /**
   * How long recorded flows are kept: 30 to 90 days. Shorter fails synth, because what happens once a month would never be
   * seen; longer needs `retentionReason`.
   * @default - flows are not recorded
   */
  readonly flowLogRetention?: Duration;

  /**
   * Why flows are kept for more than 90 days.
   * @default - none
   */
  readonly retentionReason?: string;

  /**
   * A policy for a namespace that no `DefaultDenyNamespace` of the app owns fails synth.
   * @default false
   */
  readonly strictOwnership?: boolean;
}
