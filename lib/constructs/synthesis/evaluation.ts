import { PROFILE_IDS, Profile, profileOf } from '../../analysis';
import { ClusterProfile } from '../../cluster/cluster-profile';
import { Cidr } from '../../policy';

/** How the cluster of a profile evaluates policies. */
export function evaluationOf({ cni, podCidrs, nodeCidrs }: ClusterProfile): Profile {
  // a CNI that nobody has modelled is asked what the API says of NetworkPolicy, and nothing beside
  if (!PROFILE_IDS.includes(cni.name)) return profileOf('generic');
  const parse = (text: string): Cidr => Cidr.parse(text);
  return profileOf(cni.name, {
    ...(cni.version === undefined ? {} : { version: cni.version }),
    settings: cni.settings, podCidrs: podCidrs.map(parse), nodeCidrs: nodeCidrs.map(parse),
  });
}
