import { SeenConnections } from '../../../src/flows/sources/seen-connections';

describe('SeenConnections', () => {
  it('knows what it has seen', () => {
    const seen = new SeenConnections();
    expect([seen.has('a'), seen.isFirst('a'), seen.has('a'), seen.isFirst('a'), seen.isFirst('b')]).toEqual([false, true, true, false, true]);
  });

  it('forgets what was seen long ago, and not what is seen again', () => {
    const seen = new SeenConnections(2);
    for (const key of ['old', 'kept', 'c', 'kept', 'd', 'e']) seen.isFirst(key);
    expect(['old', 'kept', 'd', 'e'].map((key) => seen.has(key))).toEqual([false, true, true, true]);
  });

  it('holds no more than twice its number', () => {
    const seen = new SeenConnections(10);
    const keys = Array.from({ length: 1000 }, (_, index) => String(index));
    for (const key of keys) seen.isFirst(key);
    expect(keys.filter((key) => seen.has(key))).toHaveLength(20);
  });
});
