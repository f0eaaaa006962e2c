import { FlowInventory } from '../inventory/flow-inventory';
import { ObservedProtocol } from '../observation';
import { Orientation, orientationByListeners, PacketEnd } from '../orientation';

/** Below it only servers listen, by custom. */
const WELL_KNOWN_PORTS = 1024;
/** From here systems take the ports of their clients. */
const CLIENT_PORTS = 32_768;

/**
 * Whether a packet that a policy was asked about asks or answers. Policies are asked about the first packet of a connection, but what
 * answers after the connection was forgotten looks like a first one: what comes from the port of a server to that of a client is then
 * nobody's request, unless something is known to listen there.
 */
export function orientationOfFirstPacket(inventory: FlowInventory, protocol: ObservedProtocol, source: PacketEnd, destination: PacketEnd): Orientation {
  const known = orientationByListeners(inventory, protocol, source, destination);
  if (known !== 'undecided') return known;
  return source.port !== undefined && source.port < WELL_KNOWN_PORTS && destination.port !== undefined && destination.port >= CLIENT_PORTS ? 'undecided' : 'request';
}
