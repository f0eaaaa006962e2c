import { ClusterProfile } from '../../cluster/cluster-profile';
import { Cidr, ipBlockPeer, locate, Peer, PolicyError } from '../../policy';

/** Blocks as users write them. */
export interface IpBlocks {
  readonly cidrs: readonly string[];
  readonly exceptions?: readonly string[];
  readonly includeCluster?: boolean;
}

/**
 * Peers for blocks of addresses. Each exception belongs to the block that it lies in; the cluster's own ranges are taken out,
 * unless the user wants them: 10.0.0.0/8 for the VPN usually holds the pods.
 */
export function ipBlockPeers(blocks: IpBlocks, profile: ClusterProfile): Peer[] {
  if (!Array.isArray(blocks.cidrs) || blocks.cidrs.length === 0) {
    throw new PolicyError({ given: blocks.cidrs, where: 'cidrs', problem: 'are no blocks', instead: 'cidrs: ["203.0.113.0/24"]' });
  }
  const cidrs = parseAll(blocks.cidrs, 'cidrs');
  const exceptions = parseAll(blocks.exceptions ?? [], 'exceptions');
  for (const exception of exceptions) {
    if (cidrs.some((cidr) => cidr.contains(exception) && !cidr.sameAs(exception))) continue;
    const same = cidrs.find((cidr) => cidr.sameAs(exception));
    throw new PolicyError({
      given: exception.toString(),
      where: 'exceptions',
      problem: same === undefined ? `lies in none of the blocks ${cidrs.join(', ')}` : 'takes away a whole block',
      instead: same === undefined ? 'an exception inside a block, or none' : 'no such block in cidrs',
    });
  }
  const cluster = blocks.includeCluster === true ? [] : clusterRanges(profile);
  return cidrs.map((cidr) => {
    const around = cluster.find((range) => range.cidr.contains(cidr));
    if (around !== undefined) {
      throw new PolicyError({
        given: cidr.toString(),
        where: 'cidrs',
        problem: `lies in the ${around.what} range ${around.cidr.toString()} of the cluster "${profile.name}"`,
        instead: 'AllowFromPods or AllowToPods for pods, or includeCluster: true where addresses are meant',
      });
    }
    const holes = [...exceptions, ...cluster.map((range) => range.cidr)].filter((hole) => cidr.contains(hole) && !cidr.sameAs(hole));
    return ipBlockPeer(cidr, Cidr.merge(holes));
  });
}

/** The ranges of a cluster that its profile knows. */
export function clusterRanges(profile: ClusterProfile): Array<{ readonly cidr: Cidr; readonly what: string }> {
  const ranges = { pod: profile.podCidrs, service: profile.serviceCidrs, node: profile.nodeCidrs };
  return Object.entries(ranges).flatMap(([what, cidrs]) => (cidrs ?? []).map((cidr) => ({ cidr: Cidr.parse(cidr), what })));
}

function parseAll(texts: readonly string[], where: string): Cidr[] {
  if (!Array.isArray(texts)) throw new PolicyError({ given: texts, where, problem: 'is not a list of blocks', instead: `${where}: ["203.0.113.0/24"]` });
  return (texts as string[]).map((text, index) => locate(`${where}[${index}]`, () => Cidr.parse(text)));
}
