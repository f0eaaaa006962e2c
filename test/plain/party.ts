import { type Address, contains, formatAddress, parseCidr, type Range } from './address';
import type { Cluster, Node } from './cluster';
import type { Pod } from './pod';
import type { PlainProfile } from './profile';
import type { World } from './world';

/** One end of a connection. */
export type Party =
  | { readonly kind: 'pod'; readonly pod: Pod }
  | { readonly kind: 'node'; readonly node: Node; readonly description: string }
  | { readonly kind: 'service'; readonly description: string; readonly addresses: readonly Address[] }
  | { readonly kind: 'external'; readonly address: Address };

/** An end whose address may not be in the input. */
type InCluster = Exclude<Party, { kind: 'external' }>;

/**
 * What policies see of a `hostNetwork` pod: "NetworkPolicy behaviour for hostNetwork pods is undefined, but it should be
 * limited to 2 possibilities": it is applied "just like it does to pod-network pods", or such traffic "is treated the same as
 * all other traffic to/from the node IP. (This is the most common implementation.)"
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods
 */
export function asPolicySees(party: Party, cluster: Cluster, profile: PlainProfile, world: World): Party {
  if (party.kind !== 'pod' || !party.pod.hostNetwork) {
    return party;
  }
  const isOrdinary = world.setting(profile.hostNetworkPodsAreOrdinary, 'does NetworkPolicy select hostNetwork pods like others?');
  return isOrdinary ? party : asNode(party.pod, cluster);
}

/** The node that a `hostNetwork` pod speaks for. */
export function asNode(pod: Pod, cluster: Cluster): Party {
  const node = cluster.nodes.find((candidate) => candidate.name !== undefined && candidate.name === pod.node);
  return {
    kind: 'node',
    node: node ?? { name: undefined, labels: undefined, addresses: [...pod.addresses, ...pod.nodeAddresses] },
    description: node?.name === undefined ? `the node of pod ${pod.namespace}/${pod.name}` : `node ${node.name}`,
  };
}

export function isNodeOf(node: Party & { kind: 'node' }, pod: Pod, world: World): boolean {
  if (node.node.name !== undefined && pod.node !== undefined) {
    return node.node.name === pod.node;
  }
  return world.ask({ kind: 'node-placement', about: `is ${node.description} the node of ${describeParty({ kind: 'pod', pod })}?` });
}

/** The address that `local` sees of the other end; where the input leaves it open, a question for each thing left open. */
export function addressOf(remote: Party, local: Pod, cidrs: () => readonly Range[], profile: PlainProfile, world: World): Address {
  if (remote.kind === 'external') {
    return remote.address;
  }
  const family = familyOfConnection(remote, local, profile, world);
  const known = knownAddresses(remote).filter((address) => address.family === family);
  return known.length > 0
    ? world.pick({ kind: 'address', about: `which IPv${family} address has ${describeParty(remote)}?` }, known)
    : unknownAddress(remote, family, cidrs(), profile, world);
}

/** Two dual-stack ends can talk in either family, and a policy may allow only one. */
function familyOfConnection(remote: InCluster, local: Pod, profile: PlainProfile, world: World): 4 | 6 {
  const ofRemote = familiesOf(remote, profile);
  const shared = ofRemote.filter((family) => familiesOf({ kind: 'pod', pod: local }, profile).includes(family));
  return shared.length > 0
    ? world.pick({ kind: 'ip-family', about: 'which IP family does the connection use?' }, shared)
    : world.pick({ kind: 'ip-family', about: `in which IP family is ${describeParty(remote)} reached?` }, ofRemote);
}

function familiesOf(party: InCluster, profile: PlainProfile): (4 | 6)[] {
  const known = knownAddresses(party);
  const ranges = known.length > 0 ? known : placesOf(party, profile);
  return ([4, 6] as const).filter((family) => ranges.some((range) => range.family === family));
}

function knownAddresses(party: InCluster): readonly Address[] {
  switch (party.kind) {
    case 'pod': return party.pod.addresses;
    case 'node': return party.node.addresses;
    case 'service': return party.addresses;
  }
}

function placesOf(party: InCluster, profile: PlainProfile): Range[] {
  const cidrs = { pod: profile.podCidrs, node: profile.nodeCidrs, service: profile.serviceCidrs }[party.kind];
  return (cidrs ?? ['0.0.0.0/0', '::/0']).map(parseCidr);
}

export function describeParty(party: Party): string {
  switch (party.kind) {
    case 'pod': return `pod ${party.pod.namespace}/${party.pod.name}`;
    case 'node':
    case 'service': return party.description;
    case 'external': return formatAddress(party.address);
  }
}

/** One address for every way to lie inside or outside the CIDRs that policies mention: no policy sees a finer difference. */
function unknownAddress(
  party: InCluster, family: 4 | 6, cidrs: readonly Range[], profile: PlainProfile, world: World,
): Address {
  const places = placesOf(party, profile).filter((range) => range.family === family);
  const edges = [...cidrs, ...places].flatMap((range) => [
    { family: range.family, value: range.first },
    { family: range.family, value: range.last + 1n },
  ]);
  const candidates = edges.filter((edge) => places.some((range) => contains(range, edge)));
  const membership = (address: Address): string => cidrs.map((range) => (contains(range, address) ? 1 : 0)).join('');
  const oneOfEach = [...new Map(candidates.map((address) => [membership(address), address])).values()];
  return world.pick({ kind: 'address', about: `which IPv${family} address has ${describeParty(party)}?` }, oneOfEach);
}
