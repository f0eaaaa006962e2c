import { setTimeout as sleep } from 'node:timers/promises';
import { SPECIAL_RANGES } from '../../../lib/constructs/egress-proxy/special-ranges';
import { Cidr, formatAddress } from '../../../lib/policy';
import { reverseName } from './loopback-dns';
import type { LogEntry, LoggedReply, SquidProcess } from './squid-process';
import { describeWithSquid, hasIpv6Loopback, INTERNET, Laboratory, PRIVATE, PUBLIC, PUBLIC_TOO, specialRangesWithout } from './squid-suite';

const METADATA = ['168.63.129.16/32', '100.100.100.200/32', 'fd00:ec2::254/128'];
const CLUSTER = ['44.128.0.0/16', '2a00:1450::/48'];

describeWithSquid('the generated configuration on the real Squid', () => {
  let lab: Laboratory;
  let proxy: SquidProcess;
  let silent: Promise<{ reply: LoggedReply; ms: number }>;

  beforeAll(async () => {
    lab = await Laboratory.open();
    lab.dns.set('api.example.com', { a: [PUBLIC] });
    lab.dns.set('two.example.com', { a: [PUBLIC, PUBLIC_TOO] });
    lab.dns.set('one.wild.example.org', { a: [PUBLIC] });
    lab.dns.set('two.one.wild.example.org', { a: [PUBLIC] });
    lab.dns.set('wild.example.org', { a: [PUBLIC] });
    lab.dns.set('one.deep.example.org', { a: [PUBLIC] });
    lab.dns.set('two.one.deep.example.org', { a: [PUBLIC] });
    lab.dns.set('deep.example.org', { a: [PUBLIC] });
    lab.dns.set('other.example.com', { a: [PUBLIC] });
    proxy = await lab.proxy(
      ['api.example.com', 'two.example.com', '*.wild.example.org', '**.deep.example.org', '*.to.example.net'],
      [...specialRangesWithout(INTERNET), ...METADATA, ...CLUSTER],
    );
    // on a proxy of its own beside the other tests, because it has to wait
    const waiting = await lab.proxy(['silent.example.net']);
    lab.dns.set('silent.example.net', { silent: true });
    const start = Date.now();
    silent = waiting.get('http://silent.example.net/').then((reply) => ({ reply, ms: Date.now() - start }));
  }, 30_000);

  afterAll(async () => {
    await lab.close();
  });

  const expectAllowed = async (host: string): Promise<void> => {
    const plain = await proxy.get(`http://${host}/`);
    expect([host, plain.status, plain.entry.decision]).toEqual([host, 200, 'allowed']);
    const tunnel = await proxy.tunnel(`${host}:443`, 'through');
    expect([host, tunnel.status, tunnel.body, tunnel.entry.decision]).toEqual([host, 200, 'through', 'allowed']);
  };
  const expectRefused = async (host: string, decision: LogEntry['decision']): Promise<void> => {
    for (const exchange of [() => proxy.get(`http://${host}/`), () => proxy.tunnel(`${host}:443`)]) {
      const { status, entry } = await exchange();
      expect([host, status, entry.decision]).toEqual([host, 403, decision]);
    }
  };
  /** A name on the allowlist that has these addresses. */
  let named = 0;
  const nameOf = (...addresses: string[]): string => {
    const name = `n${++named}.to.example.net`;
    lab.dns.set(name, { a: addresses.filter((address) => !address.includes(':')), aaaa: addresses.filter((address) => address.includes(':')) });
    return name;
  };

  it('starts without a warning or an error', () => {
    // Squid 6 reminds everyone who turns Via off that HTTP wants it
    const complaints = proxy.messages().split('\n').filter((line) => /warning|error|notice|fatal/i.test(line) && !line.includes('HTTP requires the use of Via'));
    expect(complaints).toEqual([]);
  });

  describe('the allowlist', () => {
    it('lets an allowed domain pass: plain HTTP on 80 and a tunnel to 443', async () => {
      await expectAllowed('api.example.com');
    });

    it('lets a domain with several public addresses pass', async () => {
      await expectAllowed('two.example.com');
    });

    it('refuses every other domain, and does not even ask the DNS for it', async () => {
      await expectRefused('other.example.com', 'domain');
      await expectRefused('example.com', 'domain');
      await expectRefused('x.api.example.com', 'domain');
      await expectRefused('notapi.example.com', 'domain');
      await expectRefused('api.example.com.evil.net', 'domain');
      const asked = new Set(lab.dns.queries.map(({ name }) => name));
      expect([...asked].filter((name) => /other|notapi|evil|^example|x\.api/.test(name))).toEqual([]);
    });

    it('oneLabel is one label: neither the apex nor two labels', async () => {
      await expectAllowed('one.wild.example.org');
      await expectRefused('wild.example.org', 'domain');
      await expectRefused('two.one.wild.example.org', 'domain');
      await expectRefused('onewild.example.org', 'domain');
      await expectRefused('one.wildxexample.org', 'domain');
    });

    it('anyDepth is one label or more, without the apex', async () => {
      await expectAllowed('one.deep.example.org');
      await expectAllowed('two.one.deep.example.org');
      await expectRefused('deep.example.org', 'domain');
      await expectRefused('xdeep.example.org', 'domain');
    });

    it('upper case and the final dot of the DNS root are the same name', async () => {
      await expectAllowed('API.Example.COM');
      await expectAllowed('api.example.com.');
      await expectRefused('other.example.com.', 'domain');
      expect(lab.upstream.arrivals.every(({ text }) => !text.includes('com.\r\n'))).toBe(true);
    });

    it('takes the host from the URL, not from the Host header, and sends that one on', async () => {
      const before = lab.upstream.arrivals.length;
      const { status } = await proxy.get('http://api.example.com/', { Host: 'other.example.com' });
      expect(status).toBe(200);
      expect(lab.upstream.arrivals.slice(before).map(({ text }) => /^host: (.*)\r$/im.exec(text)?.[1])).toEqual(['api.example.com']);
      const { entry } = await proxy.get('http://other.example.com/', { Host: 'api.example.com' });
      expect(entry).toMatchObject({ status: 403, host: 'other.example.com', decision: 'domain' });
    });

    it('is not misled by user information, fragments or backslashes', async () => {
      for (const url of ['http://api.example.com@other.example.com/', 'http://other.example.com#api.example.com', 'http://other.example.com?api.example.com']) {
        expect((await proxy.get(url)).entry).toMatchObject({ host: 'other.example.com', status: 403, decision: 'domain' });
      }
      const { status } = await proxy.get('http://other.example.com\\.api.example.com/');
      expect([400, 403]).toContain(status);
    });
  });

  describe('hosts that are addresses', () => {
    it.each([
      ['IPv4', '169.254.169.254'], ['public IPv4', '93.184.215.14'], ['loopback', '127.0.0.1'], ['unspecified', '0.0.0.0'],
      ['decimal', '2852039166'], ['hexadecimal', '0xa9fea9fe'], ['hexadecimal parts', '0xa9.0xfe.0xa9.0xfe'], ['octal', '0251.0376.0251.0376'],
      ['long octal', '025177524776'], ['two parts', '127.1'], ['three parts', '169.254.43518'], ['one zero', '0'], ['final dot', '169.254.169.254.'],
      ['IPv6', '[fd00:ec2::254]'], ['loopback IPv6', '[::1]'], ['unspecified IPv6', '[::]'], ['mapped IPv4', '[::ffff:169.254.169.254]'],
      ['mapped in hexadecimal', '[::ffff:a9fe:a9fe]'], ['NAT64', '[64:ff9b::a9fe:a9fe]'], ['a single label', 'localhost'],
      ['an address with letters behind', '169.254.169.254.0xff'],
    ])('%s: %s is refused, as a URL and as a tunnel', async (_, host) => {
      await expectRefused(host, 'address');
    });

    it.each(['169%2e254.169.254', '[fe80::1%25eth0]', '[::1', '1.2.3.4:80:80', '\u0661.\u0662.example.com', `${'a'.repeat(64)}.to.example.net`])('the broken host %j is refused', async (host) => {
      for (const reply of [await proxy.get(`http://${host}/`), await proxy.tunnel(`${host}:443`)]) expect([400, 403]).toContain(reply.status);
    });

    it('refuses a tunnel to the metadata endpoint on its port', async () => {
      const { status, entry } = await proxy.tunnel('169.254.169.254:80');
      expect([status, entry.decision]).toEqual([403, 'port']);
    });

    it('does not believe a PTR record that claims an allowed name', async () => {
      for (const address of [PRIVATE, PUBLIC, '169.254.169.254']) {
        lab.dns.set(reverseName(address), { ptr: ['api.example.com'] });
        await expectRefused(address, 'address');
        expect(lab.dns.queries).not.toContainEqual({ name: reverseName(address), type: 'PTR' });
      }
    });
  });

  describe('where an allowed name leads', () => {
    it('refuses a name with a private address', async () => {
      await expectRefused(nameOf(PRIVATE), 'destination');
      await expectRefused(nameOf('10.1.2.3'), 'destination');
    });

    it('refuses a mix of public and private addresses, in any order and family', async () => {
      await expectRefused(nameOf(PUBLIC, PRIVATE), 'destination');
      await expectRefused(nameOf(PRIVATE, PUBLIC), 'destination');
      await expectRefused(nameOf(PUBLIC, '::1'), 'destination');
      await expectRefused(nameOf(PUBLIC, 'fd00::1'), 'destination');
      await expectRefused(nameOf('2a00:2::1', PRIVATE), 'destination');
      await expectRefused(nameOf('2a00:2::1', 'fd00::1'), 'destination');
      await expectRefused(nameOf(...new Array<string>(20).fill(PUBLIC), PRIVATE), 'destination');
    });

    it('refuses metadata endpoints behind an allowed name', async () => {
      for (const address of ['169.254.169.254', '168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254', 'fe80::a9fe:a9fe', 'fd20:ce::254']) {
        await expectRefused(nameOf(address), 'destination');
      }
    });

    it('refuses the ranges of the cluster, which may look public', async () => {
      for (const address of ['44.128.0.1', '44.128.255.255', '2a00:1450::1']) await expectRefused(nameOf(address), 'destination');
    });

    it.each(SPECIAL_RANGES.map(({ cidr, name }) => [cidr, name]))('refuses %s: %s', async (text) => {
      for (const address of samples(text)) {
        const host = nameOf(address);
        const { status, entry } = await proxy.get(`http://${host}/`);
        expect([address, status, entry.decision]).toEqual([address, 403, 'destination']);
      }
    });

    it('refuses private addresses spelled as IPv4-mapped IPv6', async () => {
      for (const address of [`::ffff:${PRIVATE}`, '::ffff:10.0.0.1', '::ffff:169.254.169.254']) await expectRefused(nameOf(address), 'destination');
    });

    it('refuses names without an address: NXDOMAIN, no records, a failing server', async () => {
      await expectRefused('nobody.to.example.net', 'resolution');
      await expectRefused(nameOf(), 'resolution');
      lab.dns.set('failing.to.example.net', { fails: true });
      await expectRefused('failing.to.example.net', 'resolution');
    });

    it('waits for both families before it decides, for requests that share the lookup too', async () => {
      lab.dns.set('slow.to.example.net', { a: [PUBLIC], aaaa: ['fd00::1'], slowAaaaMs: 300 });
      const before = proxy.log().length;
      const first = proxy.get('http://slow.to.example.net/');
      await sleep(100);
      const second = proxy.get('http://slow.to.example.net/');
      expect([(await first).status, (await second).status]).toEqual([403, 403]);
      expect((await proxy.logOf(before + 2)).slice(before).map(({ decision }) => decision)).toEqual(['destination', 'destination']);
    });

    it('asks again where a question or its answer is lost', async () => {
      lab.dns.set('lossy.to.example.net', { a: [PUBLIC], losesFirst: true });
      expect((await proxy.get('http://lossy.to.example.net/')).status).toBe(200);
    });

    it('connects to the address that it checked, although the name changes at once and has no time to live', async () => {
      const name = 'rebind.to.example.net';
      lab.dns.set(name, { answers: [{ a: [PUBLIC] }, { a: [PRIVATE] }], ttl: 0 });
      await expectAllowed(name);
      await sleep(2100);
      await expectAllowed(name);
      expect(lab.dns.queries.filter((query) => query.name === name && query.type === 'A')).toHaveLength(1);
    });

    it('never came near a private server', () => {
      expect(lab.upstream.connections.filter((to) => to.startsWith(PRIVATE))).toEqual([]);
    });
  });

  describe('ports, schemes and management', () => {
    it.each(['api.example.com:80', 'api.example.com:22', 'api.example.com:8443', 'api.example.com:0', 'api.example.com:65535'])('CONNECT %s is refused', async (target) => {
      const { status } = await proxy.tunnel(target);
      expect(target.endsWith(':0') ? [400, 403] : [403]).toContain(status);
    });

    it.each(['http://api.example.com:443/', 'http://api.example.com:8080/', 'http://api.example.com:22/'])('GET %s is refused', async (url) => {
      expect((await proxy.get(url)).entry).toMatchObject({ status: 403, decision: 'port' });
    });

    it.each(['https://api.example.com/', 'https://api.example.com:80/', 'ftp://api.example.com/', 'ftp://api.example.com:80/', 'whois://api.example.com:80/'])(
      'GET %s is refused', async (url) => {
        expect((await proxy.get(url)).entry).toMatchObject({ status: 403, decision: 'scheme' });
      });

    it.each(['urn:example:api', '/', 'api.example.com', 'http://', 'http:///', '*', 'gopher://api.example.com:80/'])('the request target %j is refused', async (target) => {
      const { status } = await proxy.get(target);
      expect([400, 403, 501]).toContain(status);
    });

    it.each([
      'http://api.example.com/squid-internal-mgr/info', 'http://egress-proxy/squid-internal-mgr/menu', '/squid-internal-mgr/info',
      'http://127.0.0.1:3128/squid-internal-mgr/config', 'cache_object://localhost/info', 'cache_object://api.example.com/config',
    ])('the manager under %s is refused', async (url) => {
      const { status, entry } = await proxy.get(url);
      expect([url, status, entry.decision]).toEqual([url, 403, 'manager']);
    });

    it.each(['PURGE', 'TRACE', 'OPTIONS', 'POST', 'PROPFIND', 'connect'])('the method %s is no way around the rules', async (method) => {
      const before = lab.upstream.connections.length;
      for (const forwards of ['', 'Max-Forwards: 0\r\n']) {
        const { status } = await proxy.send(`${method} http://other.example.com/ HTTP/1.1\r\nHost: other.example.com\r\n${forwards}Content-Length: 0\r\nConnection: close\r\n\r\n`);
        expect([400, 403, 501]).toContain(status);
      }
      expect(lab.upstream.connections.length).toBe(before);
    });

    it('judges each request of a connection by itself', async () => {
      const before = proxy.log().length;
      const socket = await proxy.connect();
      const request = (host: string, more: string): string => `GET http://${host}/ HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;
      socket.write(request('api.example.com', '') + request('other.example.com', '') + request('api.example.com', 'Connection: close\r\n'));
      let text = '';
      for await (const chunk of socket) text += String(chunk);
      expect(text.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403', 'HTTP/1.1 200']);
      expect((await proxy.logOf(before + 3)).slice(before).map(({ decision }) => decision)).toEqual(['allowed', 'domain', 'allowed']);
    });
  });

  describe('what others learn', () => {
    it('tells the server neither the client nor that there is a proxy', async () => {
      const before = lab.upstream.arrivals.length;
      await proxy.get('http://api.example.com/headers', { 'X-Forwarded-For': '10.9.8.7', 'Proxy-Authorization': 'Basic c2VjcmV0' });
      const text = lab.upstream.arrivals.slice(before).map((arrival) => arrival.text).join('');
      expect(text).toMatch(/^GET \/headers HTTP\/1\.1\r\n/);
      expect(text).not.toMatch(/^(via|x-forwarded-for|forwarded|proxy-authorization|proxy-connection):/im);
      expect(text).not.toMatch(/squid|egress-proxy|127\.0\.0\.1|10\.9\.8\.7/i);
    });

    it('keeps nothing: two requests for a page that may be cached both reach the server', async () => {
      const before = lab.upstream.arrivals.length;
      await proxy.get('http://api.example.com/cacheable');
      await proxy.get('http://api.example.com/cacheable');
      expect(lab.upstream.arrivals.length - before).toBe(2);
    });

    it('does not show its version to clients', async () => {
      const { head, body } = await proxy.get('http://other.example.com/');
      expect(`${head}${body}`).not.toMatch(/squid\/\d/i);
    });
  });

  describe('the access log', () => {
    it('says who asked for what, and what became of it', async () => {
      const { entry } = await proxy.get('http://api.example.com/path?token=secret');
      expect(entry).toEqual({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/), client: '127.0.0.1', method: 'GET', host: 'api.example.com', port: '80',
        status: 200, bytes: expect.any(Number), durationMs: expect.any(Number), address: PUBLIC, decision: 'allowed', squid: 'TCP_MISS',
      });
      expect(Math.abs(Date.parse(entry.time) - Date.now())).toBeLessThan(60_000);
      const tunnel = await proxy.tunnel('api.example.com:443', 'x'.repeat(5000));
      expect(tunnel.entry).toMatchObject({ method: 'CONNECT', host: 'api.example.com', port: '443', status: 200, address: PUBLIC, decision: 'allowed', squid: 'TCP_TUNNEL' });
      expect(tunnel.entry.bytes).toBeGreaterThan(5000);
    });

    it('is JSON whatever the client sends', async () => {
      const hostile = ['"', '\\', '"}\n{"decision":"allowed"', '\t', '\u0001', '\u007f', '\u00ff\u00fe', '%', '%22', '\ud83d\ude00', "'", '`', '</script>', '%{decision}note'];
      for (const text of hostile) {
        const raw = (start: string): Promise<LoggedReply> => proxy.send(Buffer.from(`${start} HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: ${text.replace(/[\r\n]/g, ' ')}\r\nConnection: close\r\n\r\n`, 'latin1'));
        await raw(`GET http://api.example.com/${text.replace(/\n/g, '')}`);
        await raw(`GET http://${text.replace(/\n/g, '')}.example.com/`);
        await raw(`GET http://${text.replace(/\n/g, '')}@api.example.com/`);
        await raw(`X${text.replace(/\n/g, '')} http://api.example.com/`);
        await raw(`CONNECT ${text.replace(/\n/g, '')}:443`);
      }
      await proxy.send('\u0016\u0003\u0001\u0000\r\n\r\n');
      for (const entry of proxy.log()) {
        expect(Object.keys(entry)).toEqual(['time', 'client', 'method', 'host', 'port', 'status', 'bytes', 'durationMs', 'address', 'decision', 'squid']);
      }
      // nothing but what the rules allow says "allowed"
      for (const { decision, host, status, address } of proxy.log()) {
        if (decision === 'allowed') expect(host).toMatch(/^(api|two)\.example\.com$|\.(wild|deep)\.example\.org$|\.to\.example\.net$/);
        else expect([[400, '-'], [403, '-'], [501, '-']]).toContainEqual([status, address]);
      }
    });

    it('has no line for the connections of a TCP probe', async () => {
      const before = proxy.log().length;
      (await proxy.connect()).destroy();
      await proxy.get('http://other.example.com/');
      await sleep(100);
      expect(proxy.log().slice(before).map(({ host }) => host)).toEqual(['other.example.com']);
    });
  });

  it('refuses within seconds where the resolver does not answer', async () => {
    const { reply, ms } = await silent;
    expect([reply.status, reply.entry.decision]).toEqual([403, 'resolution']);
    expect(ms).toBeLessThan(10_000);
  }, 20_000);

  (hasIpv6Loopback ? it : it['skip'])('IPv6 that is not denied passes', async () => {
    const close = await lab.upstream.listen('::1', 80);
    const other = await lab.proxy(['*.to.example.net'], ['10.0.0.0/8', ...Cidr.all(6).minus([Cidr.parse('::1/128')]).map(String)]);
    expect((await other.get(`http://${nameOf('::1')}/`)).status).toBe(200);
    expect((await other.get(`http://${nameOf(PUBLIC, '::1')}/`)).status).toBe(200);
    expect((await other.get(`http://${nameOf(PUBLIC)}/`)).status).toBe(200);
    expect((await other.get(`http://${nameOf('::1', 'fd00::1')}/`)).status).toBe(403);
    await close();
  }, 15_000);

  it('ends by itself after SIGTERM', async () => {
    const other = await lab.proxy(['api.example.com']);
    expect(await other.terminate()).toBe(0);
  }, 15_000);
});

/** The first, a middle and the last address of a block. */
function samples(text: string): string[] {
  const { family, first, last } = Cidr.parse(text);
  return [...new Set([first, first + (last - first) / 3n, last])].map((value) => formatAddress(family, value));
}
