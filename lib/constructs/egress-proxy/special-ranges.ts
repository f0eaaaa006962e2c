/** A block of addresses that is not a site on the Internet. */
export interface SpecialRange {
  /** The block, in canonical form. */
  readonly cidr: string;
  /** What the block is set aside for. */
  readonly name: string;
  /** The registry entry or specification that says so. */
  readonly source: string;
}

const IPV4 = 'https://www.iana.org/assignments/iana-ipv4-special-registry/';
const IPV6 = 'https://www.iana.org/assignments/iana-ipv6-special-registry/';
const IPV4_MULTICAST = 'https://www.iana.org/assignments/multicast-addresses/';
const IPV6_SPACE = 'https://www.iana.org/assignments/ipv6-address-space/';

/**
 * The ranges that a forward proxy must never connect to, whatever name leads there: the special-purpose registries of IANA,
 * multicast, and the IPv6 space that holds no global unicast addresses.
 *
 * Blocks that the registries call globally reachable are here too: they hold anycast services of the network itself
 * (relays, sinks, translators), and the translators among them (NAT64, 6to4, Teredo) reach private IPv4 by another spelling.
 * Rows may contain one another; `Cidr.merge` gives the fewest blocks.
 *
 * IPv4-mapped IPv6 (`::ffff:0:0/96`) is no row: it is another spelling of every IPv4 address, and whoever compares addresses
 * must undo it first. Squid and Linux do; a NetworkPolicy may not name it (see `Cidr`).
 */
export const SPECIAL_RANGES: readonly SpecialRange[] = [
  { cidr: '0.0.0.0/8', name: '"this network"; 0.0.0.0 reaches the host itself', source: IPV4 },
  { cidr: '10.0.0.0/8', name: 'private use (RFC 1918)', source: IPV4 },
  { cidr: '100.64.0.0/10', name: 'shared address space of carriers and clouds (RFC 6598)', source: IPV4 },
  { cidr: '127.0.0.0/8', name: 'loopback', source: IPV4 },
  { cidr: '169.254.0.0/16', name: 'link-local: metadata services, node-local DNS', source: IPV4 },
  { cidr: '172.16.0.0/12', name: 'private use (RFC 1918)', source: IPV4 },
  { cidr: '192.0.0.0/24', name: 'IETF protocol assignments; Oracle Classic metadata', source: IPV4 },
  { cidr: '192.0.2.0/24', name: 'documentation (TEST-NET-1)', source: IPV4 },
  { cidr: '192.31.196.0/24', name: 'AS112 name server sink', source: IPV4 },
  { cidr: '192.52.193.0/24', name: 'multicast tunnel relays (AMT)', source: IPV4 },
  { cidr: '192.88.99.0/24', name: '6to4 relay anycast (deprecated)', source: IPV4 },
  { cidr: '192.168.0.0/16', name: 'private use (RFC 1918)', source: IPV4 },
  { cidr: '192.175.48.0/24', name: 'AS112 name server sink', source: IPV4 },
  { cidr: '198.18.0.0/15', name: 'benchmarking of network devices (RFC 2544)', source: IPV4 },
  { cidr: '198.51.100.0/24', name: 'documentation (TEST-NET-2)', source: IPV4 },
  { cidr: '203.0.113.0/24', name: 'documentation (TEST-NET-3)', source: IPV4 },
  { cidr: '224.0.0.0/4', name: 'multicast', source: IPV4_MULTICAST },
  { cidr: '240.0.0.0/4', name: 'reserved, and limited broadcast', source: IPV4 },
  { cidr: '::/128', name: 'unspecified address; reaches the host itself', source: IPV6 },
  { cidr: '::1/128', name: 'loopback', source: IPV6 },
  { cidr: '::/96', name: 'IPv4-compatible addresses (deprecated, RFC 4291)', source: IPV6_SPACE },
  { cidr: '::ffff:0:0:0/96', name: 'IPv4-translated addresses (obsolete, RFC 2765)', source: IPV6_SPACE },
  { cidr: '64:ff9b::/96', name: 'NAT64: any IPv4 address, private ones too', source: IPV6 },
  { cidr: '64:ff9b:1::/48', name: 'NAT64, local use', source: IPV6 },
  { cidr: '100::/64', name: 'discard only', source: IPV6 },
  { cidr: '100:0:0:1::/64', name: 'dummy prefix (RFC 9780)', source: IPV6 },
  { cidr: '2001::/23', name: 'IETF protocol assignments: Teredo, benchmarking, ORCHID, drone identifiers', source: IPV6 },
  { cidr: '2001:db8::/32', name: 'documentation', source: IPV6 },
  { cidr: '2002::/16', name: '6to4: any IPv4 address, private ones too', source: IPV6 },
  { cidr: '2620:4f:8000::/48', name: 'AS112 name server sink', source: IPV6 },
  { cidr: '3fff::/20', name: 'documentation', source: IPV6 },
  { cidr: '5f00::/16', name: 'segment routing identifiers', source: IPV6 },
  { cidr: 'fc00::/7', name: 'unique local addresses: private use', source: IPV6 },
  { cidr: 'fe80::/10', name: 'link-local: metadata services of some clouds', source: IPV6 },
  { cidr: 'fec0::/10', name: 'site-local (deprecated, RFC 3879)', source: IPV6_SPACE },
  { cidr: 'ff00::/8', name: 'multicast', source: IPV6_SPACE },
  { cidr: '100::/8', name: 'not global unicast, which is 2000::/3 alone', source: IPV6_SPACE },
  { cidr: '200::/7', name: 'not global unicast, which is 2000::/3 alone', source: IPV6_SPACE },
  { cidr: '400::/6', name: 'not global unicast, which is 2000::/3 alone', source: IPV6_SPACE },
  { cidr: '800::/5', name: 'not global unicast, which is 2000::/3 alone', source: IPV6_SPACE },
  { cidr: '1000::/4', name: 'not global unicast, which is 2000::/3 alone', source: IPV6_SPACE },
  { cidr: '4000::/2', name: 'not global unicast, which is 2000::/3 alone', source: IPV6_SPACE },
  { cidr: '8000::/1', name: 'not global unicast, which is 2000::/3 alone', source: IPV6_SPACE },
];
