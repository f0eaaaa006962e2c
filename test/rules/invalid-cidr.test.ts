import { lines, missing, policy } from './check';

const rule = 'invalid-cidr';
const to = (block: string) => policy('shop/a', `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: ${block} }], ports: [{ port: 443 }] }] }`);

describe('reports', () => {
  test('host bits, with the network that is matched', () => {
    expect(lines(rule, to('{ cidr: 192.0.2.17/24 }'))).toEqual([
      'warning NetworkPolicy shop/a spec.egress[0].to[0].ipBlock.cidr: "192.0.2.17/24" has host bits set; it means the network 192.0.2.0/24',
    ]);
    expect(lines(rule, to('{ cidr: "fd00::1/8" }'))).toEqual([expect.stringContaining('it means the network fd00::/8') as unknown]);
  });

  test('host bits of an exception', () => {
    expect(lines(rule, to('{ cidr: 10.0.0.0/8, except: [10.1.2.3/16] }'))).toEqual([expect.stringMatching(/except\[0\]: "10\.1\.2\.3\/16" has host bits set/) as unknown]);
  });

  test.each(['10.0.0.0/33', '10.0.0.0', '10.0.0.256/32', '2001:db8::/129'])('what is no CIDR, as an error: %s', (cidr) => {
    expect(lines(rule, to(`{ cidr: "${cidr}" }`))).toEqual([expect.stringMatching(/^error NetworkPolicy shop\/a spec\.egress\[0\]\.to\[0\]\.ipBlock\.cidr: "/) as unknown]);
  });

  test('what is no CIDR keeps the engine from being asked, and that is told', () => {
    expect(missing('dns-blocked', to('{ cidr: 10.0.0.0/33 }'))).toEqual([': 1 object of the input cannot be read or stands in it twice: nothing can be proved']);
  });
});

describe('does not report', () => {
  test.each(['10.0.0.0/8', '0.0.0.0/0', '10.0.0.7/32', '::/0', 'FD00::/8', '2001:DB8:0:0::/32', 'fd00:ec2::254/128'])('%s', (cidr) => {
    expect(lines(rule, to(`{ cidr: "${cidr}" }`))).toEqual([]);
  });
});
