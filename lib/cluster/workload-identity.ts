/**
 * How pods get credentials of the cloud. Some ways go through a metadata endpoint, which then has to stay reachable.
 *
 * ```ts
 * ClusterProfile.attach(app, {
 *   name: 'prod-eu', cni: Cni.aws(), cloud: Cloud.AWS, workloadIdentity: WorkloadIdentity.EKS_POD_IDENTITY,
 * });
 * ```
 */
export enum WorkloadIdentity {
  /**
   * EKS Pod Identity: an agent on the node answers on 169.254.170.23 and fd00:ec2::23, TCP 80, which stays open.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html
   */
  EKS_POD_IDENTITY = 'eks-pod-identity',
  /**
   * IAM roles for service accounts: a projected token and the public STS endpoint over HTTPS. No metadata endpoint is needed.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
   */
  EKS_IRSA = 'eks-irsa',
  /**
   * Workload Identity Federation for GKE: the GKE metadata server answers in place of the one of the VM, which stays open.
   * It hides the credentials of the node by itself.
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity
   */
  GKE = 'gke',
  /**
   * Microsoft Entra Workload ID on AKS: a projected token and a public endpoint over HTTPS. No metadata endpoint is needed.
   * @see https://learn.microsoft.com/azure/aks/workload-identity-overview
   */
  AKS = 'aks',
  /**
   * The retired AAD Pod Identity: it answers on the address of the instance metadata service, which stays open.
   * @see https://azure.github.io/aad-pod-identity/
   */
  AAD_POD_IDENTITY = 'aad-pod-identity',
  /** Pods get no credentials of the cloud. */
  NONE = 'none',
}
