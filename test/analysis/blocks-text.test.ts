import { blocksText } from '../../lib/analysis/blocks-text';
import { Cidr } from '../../lib/policy';

describe('blocksText', () => {
  test.each([
    [['0.0.0.0/0'], '0.0.0.0/0'],
    [['0.0.0.0/0', '::/0'], '0.0.0.0/0, ::/0'],
    [['203.0.113.0/24'], '203.0.113.0/24'],
    [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'], '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16'],
    [['192.0.2.0/26', '192.0.2.128/26', '198.51.100.0/26', '198.51.100.128/26', '203.0.113.0/26'], '192.0.2.0/26,192.0.2.128/26,198.51.100.0/26 (+2)'],
  ])('%s is %s', (cidrs, text) => expect(blocksText(cidrs)).toBe(text));

  test('what is missing where that is shorter', () => {
    const but = (...holes: string[]): string[] => Cidr.all(4).minus(holes.map((hole) => Cidr.parse(hole))).map(String);
    expect(blocksText(but('10.244.0.0/16'))).toBe('0.0.0.0/0 except 10.244.0.0/16');
    expect(blocksText([...but('10.0.0.0/8', '169.254.169.254/32'), '::/0'])).toBe('0.0.0.0/0 except 10.0.0.0/8,169.254.169.254/32, ::/0');
  });
});
