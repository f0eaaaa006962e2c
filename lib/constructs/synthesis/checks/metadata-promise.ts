import { antrea } from '../../../dialects';
import { BASELINE_TIER, BASELINE_V1ALPHA1_TIER, Cidr, policyId, portKey } from '../../../policy';
import { AppCheck } from '../app-check';
import { openedBy } from '../closed-endpoint';

/** What a baseline allows, it allows to pods that no NetworkPolicy isolates: they reach everything without it, too. */
const BASELINE = [BASELINE_TIER.name, BASELINE_V1ALPHA1_TIER.name, antrea.tierKey(antrea.BASELINE_TIER)];

/**
 * NetworkPolicies add up: one that opens a metadata endpoint opens it, whatever the others say. A MetadataBlock therefore
 * looks at every policy of the app.
 */
export const metadataPromise: AppCheck = ({ estate, policies, unread, addressSets }, report) => {
  if (estate.metadata === undefined) return;
  for (const { object, kind } of unread) {
    report(object, `${estate.metadata.node.path} (MetadataBlock) promises that metadata stays closed, and this ${kind} cannot be read: nobody knows what it opens. `
      + 'Instead: the same as a NetworkPolicy, or this object in another app');
  }
  for (const { set, kind, construct } of addressSets) {
    const holds = (endpoint: Cidr): boolean => set.blocks.some(({ cidr, except }) => cidr.overlaps(endpoint) && endpoint.minus(except).length > 0);
    for (const { cidr } of estate.closedEndpoints(set.namespace).filter((endpoint) => holds(endpoint.cidr))) {
      report(construct, `the ${kind} "${set.name}" holds the instance metadata endpoint ${cidr.toString()}, which ${estate.metadata.node.path} (MetadataBlock) promises `
        + `to keep closed: any rule that allows the set opens it. Instead: a set without ${cidr.toString()}`);
    }
  }
  for (const { policy, kind, construct } of policies) {
    if (policy.stage !== 'enforced' || BASELINE.includes(policy.tier.name)) continue;
    const closed = estate.closedEndpoints(policy.namespace);
    const opened = new Set(policy.rules.flatMap((rule) => openedBy(rule, closed)));
    for (const { cidr, ports } of opened) {
      report(construct, `the ${kind} "${policyId(policy)}" opens the instance metadata endpoint ${cidr.toString()} on ${ports.map(portKey).join(', ')}, `
        + `which ${estate.metadata.node.path} (MetadataBlock) promises to keep closed. `
        + `Instead: an exception "${cidr.toString()}" in its ipBlock, other ports, or an exemption of the namespace with a reason`);
    }
  }
};
