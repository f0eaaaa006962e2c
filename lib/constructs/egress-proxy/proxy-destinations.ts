import { ClusterProfile } from '../../cluster/cluster-profile';
import { Cidr, ipBlockPeer, Peer } from '../../policy';
import { metadataOf } from '../synthesis/cluster-metadata';
import { clusterRanges } from '../synthesis/ip-blocks';
import { SPECIAL_RANGES } from './special-ranges';

/** What the proxy never connects to, whatever name leads there: the fewest blocks. */
export function deniedRanges(profile: ClusterProfile): Cidr[] {
  return Cidr.merge([
    ...SPECIAL_RANGES.map(({ cidr }) => Cidr.parse(cidr)),
    ...metadataOf(profile).map(({ cidr }) => cidr),
    ...clusterRanges(profile).map(({ cidr }) => cidr),
  ]);
}

/** Everything but that, as the proxy's own policy says it: names may resolve otherwise when Squid connects than when it checked. */
export function proxyDestinations(profile: ClusterProfile): Peer[] {
  const denied = deniedRanges(profile);
  return ([4, 6] as const).map((family) => ipBlockPeer(Cidr.all(family), denied.filter((range) => range.family === family)));
}
