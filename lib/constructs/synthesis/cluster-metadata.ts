import { ClusterProfile } from '../../cluster/cluster-profile';
import { metadataEndpoints } from '../../cluster/metadata-endpoints';
import { Cidr, Protocol } from '../../policy';
import { ClosedEndpoint } from './closed-endpoint';

/** The address on which nearly every cloud hands out what belongs to the node. */
const INSTANCE_METADATA = '169.254.169.254/32';

/**
 * The metadata endpoints that a cluster's workloads have no business with. Where the profile does not say how pods get their
 * credentials, endpoints that exist for nothing else (EKS Pod Identity, ECS tasks) stay open: they hand out what belongs to
 * the pod, and closing them takes it away from whoever uses them.
 */
export function metadataOf(profile: ClusterProfile): readonly ClosedEndpoint[] {
  const endpoints = metadataEndpoints(profile.cloud, profile.workloadIdentity)
    .filter(({ keptOpen }) => keptOpen === undefined)
    .filter(({ cidr, neededBy }) => profile.workloadIdentity !== undefined || cidr === INSTANCE_METADATA || neededBy.length === 0);
  return endpoints.map(({ cidr, ports }) => ({
    cidr: Cidr.parse(cidr),
    ports: ports.map(({ protocol, first, last }) => ({ kind: 'range', protocol: protocol as Protocol, first, last })),
  }));
}
