import { addressOf, isLoopback } from '../../../src/flows/sources/address';

describe('an address', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['fd00::5', 'fd00::5'],
    ['::ffff:10.0.2.9', '10.0.2.9'],
    ['::FFFF:10.0.2.9', '10.0.2.9'],
    ['::ffff:0a00:0209', '10.0.2.9'],
    ['0:0:0:0:0:ffff:7f00:1', '127.0.0.1'],
  ])('%s is %s', (text, address) => expect(addressOf(text)).toBe(address));

  it.each(['', '10.0.0', '10.0.0.256', '010.0.0.1', 'fe80::1%eth0', 'web', 7, null, undefined, {}])('is not %p', (value) => expect(addressOf(value)).toBeUndefined());

  it('is of the machine itself', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1'].every(isLoopback)).toBe(true);
    expect(['10.127.0.1', '1.2.7.0', '::2'].some(isLoopback)).toBe(false);
  });
});
