import { Cloud } from './cloud';
import { WorkloadIdentity } from './workload-identity';

/** The one cloud that each kind of workload identity is of. */
export const CLOUD_OF_IDENTITY: Readonly<Record<WorkloadIdentity, Cloud | undefined>> = {
  [WorkloadIdentity.EKS_POD_IDENTITY]: Cloud.AWS,
  [WorkloadIdentity.EKS_IRSA]: Cloud.AWS,
  [WorkloadIdentity.GKE]: Cloud.GCP,
  [WorkloadIdentity.AKS]: Cloud.AZURE,
  [WorkloadIdentity.AAD_POD_IDENTITY]: Cloud.AZURE,
  [WorkloadIdentity.NONE]: undefined,
};
