import { portKey } from '../../../policy';
import { AppCheck } from '../app-check';
import { openedBy } from '../closed-endpoint';

/**
 * NetworkPolicies add up: one that opens a metadata endpoint opens it, whatever the others say. A MetadataBlock therefore
 * looks at every policy of the app.
 */
export const metadataPromise: AppCheck = ({ estate, policies }, report) => {
  if (estate.metadata === undefined) return;
  for (const { policy, construct } of policies) {
    if (policy.namespace === undefined || policy.stage !== 'enforced' || !policy.isolates.includes('egress')) continue;
    const closed = estate.closedEndpoints(policy.namespace);
    const opened = new Set(policy.rules.flatMap((rule) => openedBy(rule, closed)));
    for (const { cidr, ports } of opened) {
      report(construct, `the policy "${policy.namespace}/${policy.name}" opens the instance metadata endpoint ${cidr.toString()} on ${ports.map(portKey).join(', ')}, `
        + `which ${estate.metadata.node.path} (MetadataBlock) promises to keep closed. `
        + `Instead: an exception "${cidr.toString()}" in its ipBlock, other ports, or an exemption of the namespace with a reason`);
    }
  }
};
