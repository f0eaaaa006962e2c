import { SPECIAL_RANGES } from '../../../lib/constructs/egress-proxy/special-ranges';
import { SQUID_DECISIONS, squidConf, type SquidConfOptions } from '../../../lib/constructs/egress-proxy/squid-conf';

const OPTIONS: SquidConfOptions = { deniedCidrs: ['10.0.0.0/8'], allowedDomainsFile: '/etc/squid/allowed-domains.txt' };
const conf = (more: Partial<SquidConfOptions> = {}): string => squidConf({ ...OPTIONS, ...more });
const directives = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const denied = (...cidrs: string[]): string[] => directives(conf({ deniedCidrs: cidrs })).flatMap((line) => /^acl denied_destination dst (.*)$/.exec(line)?.[1] ?? []);

/** What it does with traffic is in squid.test.ts; here is what no traffic shows. */
describe('squidConf', () => {
  it('says above each group of directives why they are there', () => {
    for (const paragraph of conf({ allowedPatternsFile: '/p.txt', dnsNameservers: ['10.96.0.10'] }).trimEnd().split('\n\n')) {
      const [why, ...lines] = paragraph.split('\n');
      expect(why).toMatch(/^# [A-Z].{10,}\.$/);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.every((line) => /^[a-z]/.test(line))).toBe(true);
    }
  });

  it('never looks an address up backwards: every domain rule has -n', () => {
    const rules = directives(conf({ allowedPatternsFile: '/p.txt' })).filter((line) => /dstdom/.test(line));
    expect(rules.length).toBe(3);
    expect(rules.every((line) => / (dstdomain|dstdom_regex) -n /.test(line))).toBe(true);
  });

  it('uses nothing that only one of Squid 5 and 6 knows, and nothing that opens TLS or asks other caches', () => {
    const names = new Set(directives(conf()).map((line) => line.split(' ')[0]));
    for (const name of ['dns_v4_first', 'ssl_bump', 'https_port', 'cache_peer', 'cache_dir', 'announce_period', 'cache_effective_user']) expect(names).not.toContain(name);
    expect(directives(conf()).join('\n')).not.toContain('bump');
  });

  it('has an allow rule only at the end, and then denies all', () => {
    const access = directives(conf()).filter((line) => line.startsWith('http_access'));
    expect(access.slice(0, -2).every((line) => line.startsWith('http_access deny '))).toBe(true);
    expect(access.slice(-2)).toEqual(['http_access allow resolved because_allowed', 'http_access deny all']);
  });

  it('notes a decision on every rule but the last', () => {
    const access = directives(conf()).filter((line) => line.startsWith('http_access')).slice(0, -1);
    const noted = access.map((line) => / because_([a-z]+)$/.exec(line)?.[1]);
    expect(new Set(noted)).toEqual(new Set(SQUID_DECISIONS));
  });

  it('needs one of the two lists, and asks only those that are there', () => {
    expect(conf()).toContain('http_access deny !allowed_domain because_domain');
    expect(conf({ allowedDomainsFile: undefined, allowedPatternsFile: '/p.txt' })).toContain('http_access deny !allowed_pattern because_domain');
    expect(conf({ allowedPatternsFile: '/p.txt' })).toContain('http_access deny !allowed_domain !allowed_pattern because_domain');
    expect(() => conf({ allowedDomainsFile: undefined })).toThrow('is no allowlist. Instead: allowedDomainsFile, allowedPatternsFile or both');
  });

  it('denies the fewest blocks, so that none overlaps another', () => {
    expect(denied('10.0.0.0/8', '10.244.0.0/16', '11.0.0.0/8', '10.0.0.0/8', 'fd00::/8', 'fc00::/7')).toEqual(['10.0.0.0/7', 'fc00::/7']);
    expect(denied(...SPECIAL_RANGES.map(({ cidr }) => cidr))).toContain('169.254.0.0/16');
  });

  it('keeps IPv4-mapped IPv6 out of IPv6 blocks: to Squid it is all of IPv4', () => {
    const blocks = denied('::/0');
    expect(blocks).toContain('8000::/1');
    expect(blocks.length).toBe(96);
    expect(blocks).not.toContain('::/0');
  });

  it('says all of IPv4 in two halves: in one, Squid would deny IPv6 with it', () => {
    expect(denied('0.0.0.0/0')).toEqual(['0.0.0.0/1', '128.0.0.0/1']);
  });

  it('takes its settings', () => {
    expect(conf()).toContain('\nhttp_port 3128\n');
    expect(conf({ port: 8080 })).toContain('\nhttp_port 8080\n');
    expect(conf()).not.toContain('dns_nameservers');
    expect(conf({ dnsNameservers: ['10.96.0.10', 'fd00::a'] })).toContain('\ndns_nameservers 10.96.0.10 fd00::a\n');
    expect(conf()).toContain('\nvisible_hostname egress-proxy\n');
    expect(conf({ visibleHostname: 'out.example.com' })).toContain('\nvisible_hostname out.example.com\n');
    expect(conf()).toContain('\nshutdown_lifetime 10 seconds\n');
    expect(conf({ shutdownLifetimeSeconds: 25 })).toContain('\nshutdown_lifetime 25 seconds\n');
  });

  it.each<[Partial<SquidConfOptions>, string]>([
    [{ deniedCidrs: [] }, '[squid.conf] [] denies no address. Instead: the special ranges, the metadata endpoints and the ranges of the cluster'],
    [{ deniedCidrs: ['10.0.0.1/8'] }, '"10.0.0.1/8" has host bits set'],
    [{ deniedCidrs: ['::ffff:10.0.0.0/104'] }, 'is an IPv4-mapped IPv6 block'],
    [{ port: 0 }, '[squid.conf] 0 is not a port. Instead: a whole number from 1 to 65535'],
    [{ port: 3128.5 }, '3128.5 is not a port'],
    [{ port: 70000 }, '70000 is not a port'],
    [{ shutdownLifetimeSeconds: -1 }, '-1 is not a shutdownLifetimeSeconds. Instead: a whole number from 0 to 3600'],
    [{ allowedDomainsFile: 'allowed.txt' }, '"allowed.txt" is not a file path. Instead: an absolute path of letters, digits, ".", "_", "-" and "/"'],
    [{ allowedDomainsFile: '/a"\nhttp_access allow all' }, 'is not a file path'],
    [{ allowedPatternsFile: '/a b' }, '"/a b" is not a file path'],
    [{ visibleHostname: 'a\nhttp_access allow all' }, 'is not a host name'],
    [{ visibleHostname: '' }, '"" is not a host name. Instead: a name such as "egress-proxy"'],
    [{ dnsNameservers: [] }, '[] holds no resolver'],
    [{ dnsNameservers: ['10.96.0.10', 'kube-dns'] }, '"kube-dns" is not an IP address (in ["10.96.0.10","kube-dns"])'],
  ])('refuses %j', (more, message) => {
    expect(() => conf(more)).toThrow(message);
  });
});
