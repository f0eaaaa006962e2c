import { lines, policy } from './check';

const rule = 'except-outside-cidr';
const to = (block: string) => policy('shop/a', `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: ${block} }], ports: [{ port: 443 }] }] }`);

describe('reports', () => {
  test.each<[string, string]>([
    ['another block', '{ cidr: 10.0.0.0/8, except: [169.254.169.254/32] }'],
    ['the block itself', '{ cidr: 10.0.0.0/8, except: [10.0.0.0/8] }'],
    ['a block around it', '{ cidr: 10.0.0.0/8, except: [0.0.0.0/0] }'],
    ['the other family', '{ cidr: 0.0.0.0/0, except: ["fd00:ec2::254/128"] }'],
  ])('%s', (_, block) => {
    expect(lines(rule, to(block))).toEqual([expect.stringMatching(/^error NetworkPolicy shop\/a spec\.egress\[0\]\.to\[0\]\.ipBlock\.except\[0\]: .* is not a strict part of/) as unknown]);
  });
});

describe('does not report', () => {
  test.each(['{ cidr: 0.0.0.0/0, except: [169.254.169.254/32, 10.0.0.0/8] }', '{ cidr: 10.0.0.0/8, except: [10.0.0.0/9] }', '{ cidr: "::/0", except: ["fd00:ec2::254/128"] }'])('%s', (block) => {
    expect(lines(rule, to(block))).toEqual([]);
  });
});
