import { Profile, profileOf } from '../../analysis';
import { ClusterProfile } from '../../cluster/cluster-profile';
import { Cidr } from '../../policy';

/** How the cluster of a profile evaluates policies. */
export function evaluationOf({ cni, podCidrs, nodeCidrs }: ClusterProfile): Profile {
  const parse = (text: string): Cidr => Cidr.parse(text);
  return profileOf(cni.name, {
    ...(cni.version === undefined ? {} : { version: cni.version }),
    settings: cni.settings, podCidrs: podCidrs.map(parse), nodeCidrs: nodeCidrs.map(parse),
  });
}
