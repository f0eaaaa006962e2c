/**
 * ICMP types by the names that the API takes, those with typing errors included.
 * @see https://github.com/cilium/cilium/blob/main/pkg/policy/api/icmp.go
 */
const NAMES: Readonly<Record<'IPv4' | 'IPv6', Readonly<Record<string, number>>>> = {
  IPv4: {
    EchoReply: 0, DestinationUnreachable: 3, Redirect: 5, Echo: 8, EchoRequest: 8, RouterAdvertisement: 9, RouterSelection: 10, TimeExceeded: 11,
    ParameterProblem: 12, Timestamp: 13, TimestampReply: 14, Photuris: 40, ExtendedEchoRequest: 42, 'ExtendedEcho Reply': 43,
  },
  IPv6: {
    DestinationUnreachable: 1, PacketTooBig: 2, TimeExceeded: 3, ParameterProblem: 4, EchoRequest: 128, EchoReply: 129, MulticastListenerQuery: 130,
    MulticastListenerReport: 131, MulticastListenerDone: 132, RouterSolicitation: 133, RouterAdvertisement: 134, NeighborSolicitation: 135,
    NeighborAdvertisement: 136, RedirectMessage: 137, RouterRenumbering: 138, ICMPNodeInformationQuery: 139, ICMPNodeInformationResponse: 140,
    InverseNeighborDiscoverySolicitation: 141, InverseNeighborDiscoveryAdvertisement: 142, HomeAgentAddressDiscoveryRequest: 144,
    HomeAgentAddressDiscoveryReply: 145, MobilePrefixSolicitation: 146, MobilePrefixAdvertisement: 147, DuplicateAddressRequestCodeSuffix: 157,
    DuplicateAddressConfirmationCodeSuffix: 158,
  },
};

/** The number of a type: itself, as text, or by its name. Undefined where it is none of a family. */
export function icmpType(family: 'IPv4' | 'IPv6', value: unknown): number | undefined {
  const number = typeof value === 'string' && /^(0|[1-9][0-9]{0,2})$/.test(value) ? Number(value) : value;
  if (typeof number === 'number') return Number.isInteger(number) && number >= 0 && number <= 255 ? number : undefined;
  return typeof number === 'string' && Object.hasOwn(NAMES[family], number) ? NAMES[family][number] : undefined;
}
