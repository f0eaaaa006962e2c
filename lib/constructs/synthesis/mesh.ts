import { Cidr, ipBlockPeer, Peer, PortMatch, Protocol, rule, Rule } from '../../policy';
import type { Estate } from './estate';

/** The port of the tunnel between pods of the mesh. https://istio.io/latest/docs/ambient/architecture/hbone/ */
const TUNNEL: PortMatch = { kind: 'range', protocol: Protocol.TCP, first: 15008, last: 15008 };

/** Where probes of the kubelet come from. https://istio.io/latest/docs/ambient/usage/networkpolicy/ */
export const PROBE_ADDRESSES: readonly Cidr[] = ['169.254.7.127/32', 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128'].map((text) => Cidr.parse(text));

export const MESH_NOTE = 'between pods of the Istio ambient mesh every connection is one to port 15008: ports of these policies do not hold there, AuthorizationPolicy does';

/** Whether the pods of a namespace are in the mesh of its cluster. */
export function isInMesh({ profile, managed }: Estate, namespace: string): boolean {
  const { mesh } = profile;
  return mesh !== undefined && !mesh._exceptions.includes(namespace) && (mesh._namespaces.includes(namespace) || managed.has(namespace));
}

/** A rule with the one beside it that lets the same pods through the tunnel, where both ends may be in the mesh. */
export function throughTunnel(estate: Estate, namespace: string, written: Rule): Rule[] {
  const { direction, action, peers, ports } = written;
  if (estate.profile.mesh === undefined || action !== 'allow' || !isInMesh(estate, namespace)) return [written];
  const meshed = (peers ?? []).filter((peer) => mayBeInMesh(estate, peer));
  if (meshed.length === 0 || ports?.some(isTcp) === false || ports === undefined) return [written];
  return [written, rule({ direction, action, peers: meshed, ports: [TUNNEL] })];
}

function isTcp(match: PortMatch): boolean {
  return match.kind !== 'protocol' && (match.protocol === undefined || match.protocol === Protocol.TCP);
}

function mayBeInMesh(estate: Estate, { terms: [term, ...more] }: Peer): boolean {
  if (term?.kind !== 'pods' || more.length > 0) return false;
  return term.namespaces.kind === 'matching' || isInMesh(estate, term.namespaces.name);
}

/** The peers of a rule that lets probes in. */
export function probePeers(): Peer[] {
  return PROBE_ADDRESSES.map((cidr) => ipBlockPeer(cidr));
}
