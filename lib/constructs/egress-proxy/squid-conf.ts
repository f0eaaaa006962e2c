import { Cidr, PolicyError, quote, tryParseAddress } from '../../policy';

/** What a Squid configuration needs to know. */
export interface SquidConfOptions {
  /** The port that clients connect to. Default: 3128. */
  readonly port?: number;
  /**
   * Blocks that the proxy never connects to, whatever name leads there: special ranges, metadata endpoints and the
   * cluster's pod, service and node ranges.
   */
  readonly deniedCidrs: readonly string[];
  /** The file with `SquidAllowlist.domains`. At least one of the two files. */
  readonly allowedDomainsFile?: string;
  /** The file with `SquidAllowlist.patterns`. */
  readonly allowedPatternsFile?: string;
  /** Addresses of the resolvers. Default: those of /etc/resolv.conf. */
  readonly dnsNameservers?: readonly string[];
  /** How the proxy calls itself on its error pages. Default: `egress-proxy`. */
  readonly visibleHostname?: string;
  /** How long open connections may go on after SIGTERM, in seconds. Default: 10. */
  readonly shutdownLifetimeSeconds?: number;
}

/** One thought of the configuration: why, then the directives. */
interface Paragraph {
  readonly why: string;
  readonly lines: readonly string[];
}

/**
 * The values of `decision` in the access log: `allowed`, or the first rule that refused.
 *
 * | value | refused because |
 * |---|---|
 * | `manager` | it asked Squid's own management interface |
 * | `scheme` | neither CONNECT nor an http:// URL |
 * | `port` | plain HTTP to another port than 80, or CONNECT to another than 443 |
 * | `address` | the host is not a full DNS name: an IP address in any spelling, a single label, broken text |
 * | `domain` | the name is not on the allowlist |
 * | `resolution` | the name has no address |
 * | `destination` | one of its addresses is in a denied block |
 * | `-` | Squid answered 400 or 501 before its rules: not HTTP, or a method or URL that it does not forward |
 */
export const SQUID_DECISIONS = ['allowed', 'manager', 'scheme', 'port', 'address', 'domain', 'resolution', 'destination'] as const;

/** A whole DNS name: two labels or more, the last one begins with a letter, so that no spelling of an IP address fits. */
const FULL_NAME = '^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$';

/** IPv4-mapped IPv6: the form in which Squid keeps every IPv4 address, and which it undoes before it compares. */
const IPV4_MAPPED = Cidr.containing(6, 0xffffn << 32n, 96);

/**
 * The configuration of a Squid that forwards to an allowlist of domains and to nothing else. It works with Squid 5 and 6, as
 * any user, on a read-only root file system with `/dev/stdout` and `/dev/stderr`; start it as `squid -N -f FILE`.
 *
 * What it cannot do: names are resolved for the check and again for the connection. Squid answers both from its cache (at
 * least `negative_dns_ttl` long), but an entry may expire in between, so whoever runs the DNS of an allowed domain can, with
 * luck, slip in another address. The proxy pod's own egress policy with the same blocks is the guarantee. TLS is not opened: a
 * client can present another SNI or Host inside its tunnel than the domain that it asked for.
 *
 * @see https://www.squid-cache.org/Doc/config/
 */
export function squidConf(options: SquidConfOptions): string {
  return [...listening(options), ...rules(options), ...resolving(options), ...forwarding(), ...logging(), ...running(options)]
    .map(({ why, lines }) => `# ${why}\n${lines.join('\n')}\n`)
    .join('\n');
}

function listening({ port = 3128 }: SquidConfOptions): Paragraph[] {
  return [
    { why: 'Plain forward proxy: no interception, and no TLS inspection (no ssl-bump, no keys).', lines: [`http_port ${wholeNumber(port, 'port', 1, 65535)}`] },
    { why: 'No cache peers, no remote queries: ICP, HTCP and SNMP stay shut.', lines: ['icp_port 0', 'htcp_port 0', 'snmp_port 0'] },
  ];
}

/** The rules, first match wins. Each refusal ends with an ACL that always matches and names the decision for the log. */
function rules(options: SquidConfOptions): Paragraph[] {
  const allowed = allowlistFiles(options);
  const because = SQUID_DECISIONS.map((decision) => `acl because_${decision} annotate_transaction decision=${decision}`);
  return [
    { why: 'Notes in each transaction which rule decided, for the access log.', lines: because },
    {
      why: 'Management URLs are refused under every host name.',
      lines: ['http_access deny manager because_manager'],
    },
    {
      why: 'No FTP, no URN, and no https:// URLs outside a tunnel: Squid would speak TLS in place of the client.',
      lines: ['acl connect_method method CONNECT', 'acl http_scheme proto HTTP', 'http_access deny !connect_method !http_scheme because_scheme'],
    },
    {
      why: 'CONNECT reaches 443 and plain HTTP reaches 80: nothing else can be tunnelled to.',
      lines: [
        'acl tls_port port 443', 'acl http_port_80 port 80',
        'http_access deny connect_method !tls_port because_port', 'http_access deny !connect_method !http_port_80 because_port',
      ],
    },
    {
      why: 'Only whole DNS names: IPv4, IPv6, decimal, hexadecimal, octal and short addresses do not end with a letter-led label. -n: no reverse lookup.',
      lines: [`acl full_name dstdom_regex -n -i ${FULL_NAME}`, 'http_access deny !full_name because_address'],
    },
    {
      why: 'The allowlist. -n: a PTR record cannot lend an address an allowed name. Before any lookup: other names never reach the DNS.',
      lines: [...allowed.map(({ acl, type, file }) => `acl ${acl} ${type} "${file}"`), `http_access deny ${allowed.map(({ acl }) => `!${acl}`).join(' ')} because_domain`],
    },
    {
      why: 'A name without an address is refused here: the next rule would let a failed lookup through.',
      lines: ['acl resolved dst all', 'http_access deny !resolved because_resolution'],
    },
    {
      why: 'Never to these blocks; dst looks at all addresses of the name, so one of them is enough to refuse.',
      lines: [...deniedBlocks(options.deniedCidrs).map((cidr) => `acl denied_destination dst ${cidr}`), 'http_access deny denied_destination because_destination'],
    },
    { why: 'What is left is on the allowlist and public.', lines: ['http_access allow resolved because_allowed', 'http_access deny all'] },
  ];
}

function allowlistFiles({ allowedDomainsFile, allowedPatternsFile }: SquidConfOptions): { acl: string; type: string; file: string }[] {
  const files = [
    ...(allowedDomainsFile === undefined ? [] : [{ acl: 'allowed_domain', type: 'dstdomain -n', file: filePath(allowedDomainsFile) }]),
    ...(allowedPatternsFile === undefined ? [] : [{ acl: 'allowed_pattern', type: 'dstdom_regex -n -i', file: filePath(allowedPatternsFile) }]),
  ];
  if (files.length === 0) {
    throw new PolicyError({ given: undefined, problem: 'is no allowlist', instead: 'allowedDomainsFile, allowedPatternsFile or both', where: 'squid.conf' });
  }
  return files;
}

/** The fewest blocks, none inside another: Squid's tree of addresses drops one of two that overlap. */
function deniedBlocks(texts: readonly string[]): string[] {
  const blocks = Cidr.merge(texts.map((text) => Cidr.parse(text))).flatMap(asSquidReads);
  if (blocks.length === 0) {
    throw new PolicyError({
      given: texts,
      problem: 'denies no address',
      instead: 'the special ranges, the metadata endpoints and the ranges of the cluster',
      where: 'squid.conf',
    });
  }
  return blocks.map(String);
}

/**
 * The same addresses in blocks that Squid does not misread: it takes `0.0.0.0/0` for IPv6 as well, `::/0` for nothing at all,
 * and a block around the IPv4-mapped addresses for all of IPv4 and little of IPv6.
 */
function asSquidReads(block: Cidr): Cidr[] {
  if (block.family === 6) return block.minus([IPV4_MAPPED]);
  return block.prefix === 0 ? [Cidr.containing(4, 0n, 1), Cidr.containing(4, 1n << 31n, 1)] : [block];
}

function resolving({ dnsNameservers }: SquidConfOptions): Paragraph[] {
  return [
    ...(dnsNameservers === undefined ? [] : [{ why: 'The resolvers.', lines: [`dns_nameservers ${nameservers(dnsNameservers)}`] }]),
    { why: 'Names mean what the DNS says: no /etc/hosts, no search domains.', lines: ['hosts_file none', 'dns_defnames off'] },
    { why: 'A lost question is asked again after a second; a resolver that stays silent refuses within seconds.', lines: ['dns_retransmit_interval 1 second', 'dns_timeout 5 seconds'] },
    {
      why: 'A failed lookup is asked again after this time; a successful one is kept at least as long, so that check and connection see the same addresses.',
      lines: ['negative_dns_ttl 10 seconds'],
    },
  ];
}

function forwarding(): Paragraph[] {
  return [
    { why: 'No cache: no reply of one client reaches another.', lines: ['cache deny all'] },
    { why: 'The Internet does not learn who asked, nor through what.', lines: ['via off', 'forwarded_for delete'] },
    { why: 'Error pages show neither the version nor a mail link with details of the request.', lines: ['httpd_suppress_version_string on', 'email_err_data off'] },
    { why: 'An address that does not answer fails within seconds.', lines: ['connect_timeout 10 seconds'] },
  ];
}

/**
 * One JSON object a line. Everything that a client chooses is percent-encoded (`%#`), which leaves no quote, backslash,
 * control character or broken UTF-8. Values that may be `-` are in quotes.
 */
function logging(): Paragraph[] {
  const fields = [
    '"time":"%{%Y-%m-%dT%H:%M:%S}tg.%03tuZ"', '"client":"%>a"', '"method":"%#rm"', '"host":"%#>rd"', '"port":"%>rP"', '"status":%>Hs',
    '"bytes":%<st', '"durationMs":%tr', '"address":"%<a"', '"decision":"%#{decision}note"', '"squid":"%Ss"',
  ];
  return [
    { why: 'One JSON object a line; what clients choose is percent-encoded.', lines: [`logformat json {${fields.join(',')}}`] },
    {
      why: 'To stdout, without the connections of TCP probes, which carry no request.',
      lines: ['acl answered has response', 'access_log stdio:/dev/stdout logformat=json answered'],
    },
    { why: "Squid's own messages.", lines: ['cache_log /dev/stderr'] },
    { why: 'A log that is a pipe cannot be rotated.', lines: ['logfile_rotate 0'] },
  ];
}

function running({ visibleHostname = 'egress-proxy', shutdownLifetimeSeconds = 10 }: SquidConfOptions): Paragraph[] {
  return [
    { why: 'The same name in every replica: error pages do not show pod names.', lines: [`visible_hostname ${hostname(visibleHostname)}`] },
    { why: 'Nothing is written: no pid file, no core files, no table of network distances.', lines: ['pid_filename none', 'coredump_dir none', 'netdb_filename none'] },
    { why: 'The ICMP helper needs root, and has no use here.', lines: ['pinger_enable off'] },
    { why: 'Squid reserves memory per possible descriptor, and some container runtimes allow a billion.', lines: ['max_filedescriptors 16384'] },
    {
      why: 'Open connections get this long after SIGTERM; keep it below the grace period of the pod.',
      lines: [`shutdown_lifetime ${wholeNumber(shutdownLifetimeSeconds, 'shutdownLifetimeSeconds', 0, 3600)} seconds`],
    },
  ];
}

function wholeNumber(value: number, what: string, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new PolicyError({ given: value, problem: `is not a ${what}`, instead: `a whole number from ${least} to ${most}`, where: 'squid.conf' });
}

/** Values land in a line of a configuration file: whatever could end the line or the quotes is refused. */
function filePath(path: string): string {
  if (/^\/[A-Za-z0-9._/-]+$/.test(path)) return path;
  throw new PolicyError({ given: path, problem: 'is not a file path', instead: 'an absolute path of letters, digits, ".", "_", "-" and "/"', where: 'squid.conf' });
}

function hostname(name: string): string {
  if (/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name)) return name;
  throw new PolicyError({ given: name, problem: 'is not a host name', instead: 'a name such as "egress-proxy"', where: 'squid.conf' });
}

function nameservers(addresses: readonly string[]): string {
  const wrong = addresses.find((address) => tryParseAddress(address) === undefined);
  if (wrong === undefined && addresses.length > 0) return addresses.join(' ');
  throw new PolicyError({
    given: wrong ?? addresses,
    problem: wrong === undefined ? 'holds no resolver' : `is not an IP address (in ${quote(addresses)})`,
    instead: 'addresses of resolvers, such as "10.96.0.10", or nothing for those of /etc/resolv.conf',
    where: 'squid.conf',
  });
}
