import { FlowInventory } from './inventory/flow-inventory';
import { ObservedPeer, ObservedProtocol } from './observation';

export type Orientation = 'request' | 'reply' | 'undecided';

/** One end of a packet of which nobody says whether it asks or answers. */
export interface PacketEnd {
  readonly peer: ObservedPeer;
  readonly ip?: string;
  readonly port: number | undefined;
}

/** Who is the server, by what is known to listen. Where both ends may be, or neither is known, nobody knows. */
export function orientationByListeners(inventory: FlowInventory, protocol: ObservedProtocol, source: PacketEnd, destination: PacketEnd): Orientation {
  const sourceListens = listens(inventory, protocol, source);
  const destinationListens = listens(inventory, protocol, destination);
  if (sourceListens === destinationListens) return 'undecided';
  return destinationListens ? 'request' : 'reply';
}

function listens(inventory: FlowInventory, protocol: ObservedProtocol, { peer, ip, port }: PacketEnd): boolean {
  return port !== undefined && inventory.listens(peer, ip, protocol, port);
}
