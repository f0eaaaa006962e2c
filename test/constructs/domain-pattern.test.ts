import fc from 'fast-check';
import { DomainPattern } from '../../lib/constructs/domain-pattern';
import { squidAllowlist } from '../../lib/constructs/egress-proxy/squid-allowlist';

const REFUSED: readonly (readonly [string, string])[] = [
  ['', '"" is not a domain. Instead: a name such as "api.example.com", or "*.example.com" for one label in front'],
  ['https://api.stripe.com/v1', '"https://api.stripe.com/v1" is a URL, not a domain: schemes and paths cannot be matched. Instead: the host alone, "api.stripe.com"'],
  ['api.stripe.com/v1', '"api.stripe.com/v1" is a URL, not a domain: schemes and paths cannot be matched. Instead: the host alone, "api.stripe.com"'],
  ['https://user@api.stripe.com:8443/?q', '"https://user@api.stripe.com:8443/?q" is a URL, not a domain: schemes and paths cannot be matched. Instead: the host alone, "api.stripe.com"'],
  ['api.stripe.com:443', '"api.stripe.com:443" has a port. Instead: the host alone, "api.stripe.com": plain HTTP goes to 80 and TLS to 443'],
  ['user@api.stripe.com', '"user@api.stripe.com" has user information in it. Instead: the host alone, "api.stripe.com"'],
  ['10.0.0.1', '"10.0.0.1" is an IP address, not a domain. Instead: AllowToIpBlock for addresses'],
  ['10.0.0.0/8', '"10.0.0.0/8" is a CIDR, not a domain. Instead: AllowToIpBlock for addresses'],
  ['fd00::1', '"fd00::1" is an IP address, not a domain. Instead: AllowToIpBlock for addresses'],
  ['[fd00::1]', '"[fd00::1]" is an IP address, not a domain. Instead: AllowToIpBlock for addresses'],
  ['[fd00::1]:443', '"[fd00::1]:443" is an IP address with something around it, not a domain. Instead: AllowToIpBlock for addresses'],
  ['http://169.254.169.254/latest', '"http://169.254.169.254/latest" is an IP address with something around it, not a domain. Instead: AllowToIpBlock for addresses'],
  ['*.10.0.0.1', '"*.10.0.0.1" is an IP address, not a domain. Instead: AllowToIpBlock for addresses'],
  ['127.1', '"127.1" ends with a number, so that clients read it as an IP address. Instead: AllowToIpBlock for addresses'],
  ['0x7f.0.0.0x1', '"0x7f.0.0.0x1" ends with a number, so that clients read it as an IP address. Instead: AllowToIpBlock for addresses'],
  ['2130706433', '"2130706433" ends with a number, so that clients read it as an IP address. Instead: AllowToIpBlock for addresses'],
  ['api.stripe.com.', '"api.stripe.com." ends with a dot. Instead: "api.stripe.com": every name is a full one here'],
  ['.stripe.com', '".stripe.com" starts with a dot, which tools disagree about. Instead: "**.stripe.com" for any depth, "stripe.com" for the name itself, or both'],
  ['api..stripe.com', '"api..stripe.com" has an empty label. Instead: labels with one dot between them, such as "api.example.com"'],
  ['*.', '"*." has an empty label. Instead: labels with one dot between them, such as "api.example.com"'],
  ['.', '"." has an empty label. Instead: labels with one dot between them, such as "api.example.com"'],
  ['*', '"*" matches every domain. Instead: the domains that are needed: an allowlist of everything is none'],
  ['**', '"**" matches every domain. Instead: the domains that are needed: an allowlist of everything is none'],
  ['*.com', '"*.com" matches a whole top-level domain. Instead: a domain below it, such as "*.example.com"'],
  ['**.com', '"**.com" matches a whole top-level domain. Instead: a domain below it, such as "**.example.com"'],
  ['com', '"com" is a single label: a host in a search domain or a whole top-level domain. Instead: a full name such as "api.com"'],
  ['localhost', '"localhost" is a single label: a host in a search domain or a whole top-level domain. Instead: a full name such as "api.localhost"'],
  ['api.*.com', '"api.*.com" has a wildcard that is not the whole first label. Instead: "*.example.com" for one label in front, or "**.example.com" for any number'],
  ['api*.stripe.com', '"api*.stripe.com" has a wildcard that is not the whole first label. Instead: "*.example.com" for one label in front, or "**.example.com" for any number'],
  ['*.*.stripe.com', '"*.*.stripe.com" has a wildcard that is not the whole first label. Instead: "*.example.com" for one label in front, or "**.example.com" for any number'],
  ['***.stripe.com', '"***.stripe.com" has a wildcard that is not the whole first label. Instead: "*.example.com" for one label in front, or "**.example.com" for any number'],
  ['b\u00fccher.example', '"b\u00fccher.example" has characters outside ASCII. Instead: its punycode form, such as "xn--bcher-kva.example" for "b\u00fccher.example"'],
  ['\u212aube.example', '"\u212aube.example" has characters outside ASCII. Instead: its punycode form, such as "xn--bcher-kva.example" for "b\u00fccher.example"'],
  ['api.stripe.com evil.net', '"api.stripe.com evil.net" has white space in it. Instead: one name an entry'],
  ['api.stripe.com\nevil.net', '"api.stripe.com\\nevil.net" has white space in it. Instead: one name an entry'],
  ['-api.stripe.com', '"-api.stripe.com" has the label "-api", which is not one of a DNS name. Instead: labels of at most 63 letters, digits, "-" and "_" that neither start nor end with "-"'],
  ['api-.stripe.com', '"api-.stripe.com" has the label "api-", which is not one of a DNS name. Instead: labels of at most 63 letters, digits, "-" and "_" that neither start nor end with "-"'],
  ['api.str"ipe.com', '"api.str\\"ipe.com" has the label "str\\"ipe", which is not one of a DNS name. Instead: labels of at most 63 letters, digits, "-" and "_" that neither start nor end with "-"'],
  ['api.stripe.c_m', '"api.stripe.c_m" ends with "c_m", which is no top-level domain. Instead: a full name such as "api.example.com"'],
];

describe('DomainPattern', () => {
  it.each([
    ['example.com', { 'example.com': true, 'a.example.com': false, 'b.a.example.com': false, 'xexample.com': false }],
    ['*.example.com', { 'example.com': false, 'a.example.com': true, 'b.a.example.com': false, 'xexample.com': false, '.example.com': false }],
    ['**.example.com', { 'example.com': false, 'a.example.com': true, 'b.a.example.com': true, 'xexample.com': false, '.example.com': false }],
  ])('%s reaches what it says and not the apex by the way', (text, hosts) => {
    for (const [host, expected] of Object.entries(hosts)) expect([host, DomainPattern.parse(text).matches(host)]).toEqual([host, expected]);
  });

  it('folds upper case, in the pattern and in the host', () => {
    const pattern = DomainPattern.parse('*.Example.COM');
    expect(String(pattern)).toBe('*.example.com');
    expect(pattern.matches('API.example.Com')).toBe(true);
    expect(pattern.sameAs(DomainPattern.parse('*.example.com'))).toBe(true);
    expect(pattern.sameAs(DomainPattern.parse('**.example.com'))).toBe(false);
  });

  it('takes the final dot of a host for the DNS root', () => {
    expect(DomainPattern.parse('api.example.com').matches('api.example.com.')).toBe(true);
    expect(DomainPattern.parse('api.example.com').matches('api.example.com..')).toBe(false);
  });

  it('takes punycode, underscores and digits in labels', () => {
    for (const text of ['xn--bcher-kva.example', '_acme.my_bucket.s3.amazonaws.com', '1password.com', '*.3com.co.uk', 'a.xn--p1ai']) {
      expect(String(DomainPattern.parse(text))).toBe(text);
    }
  });

  it.each(REFUSED)('refuses %j', (text, message) => {
    expect(() => DomainPattern.parse(text)).toThrow(message);
  });

  it('refuses names that are too long', () => {
    expect(() => DomainPattern.parse(`${'a'.repeat(64)}.example.com`)).toThrow(/which is not one of a DNS name/);
    expect(() => DomainPattern.parse(`${'abcdefg.'.repeat(31)}example.com`)).toThrow(/is longer than the 253 characters of a DNS name/);
  });

  it('refuses what is no text', () => {
    expect(() => DomainPattern.parse(undefined as unknown as string)).toThrow('undefined is not a domain');
    expect(() => DomainPattern.parse(443 as unknown as string)).toThrow('443 is not a domain');
  });
});

describe('squidAllowlist', () => {
  const list = (...texts: string[]) => squidAllowlist(texts.map((text) => DomainPattern.parse(text)));

  it('gives whole names and anchored expressions, sorted, each once', () => {
    expect(list('b.example.com', '*.example.com', 'a.example.com', '**.my-site.org', 'B.example.com')).toEqual({
      domains: 'a.example.com\nb.example.com\n',
      patterns: '^([a-z0-9_-]+\\.)+my-site\\.org$\n^[a-z0-9_-]+\\.example\\.com$\n',
    });
  });

  it('leaves out a list without entries', () => {
    expect(list('a.example.com')).toEqual({ domains: 'a.example.com\n' });
    expect(list('*.example.com')).toEqual({ patterns: '^[a-z0-9_-]+\\.example\\.com$\n' });
    expect(list()).toEqual({});
  });

  it('means the same as the pattern, for any host with valid labels', () => {
    const label = fc.constantFrom('a', 'b', 'example', 'com', 'xexample', 'a-b', 'x_y');
    const host = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));
    const pattern = fc.tuple(fc.constantFrom('', '*.', '**.'), fc.constantFrom('example.com', 'a.example.com', 'b.com')).map(([wildcard, name]) => DomainPattern.parse(wildcard + name));
    fc.assert(fc.property(pattern, host, (one, asked) => {
      const { domains, patterns } = squidAllowlist([one]);
      const passes = domains?.trim() === asked || (patterns !== undefined && new RegExp(patterns.trim()).test(asked));
      expect(passes).toBe(one.matches(asked));
    }));
  });
});
