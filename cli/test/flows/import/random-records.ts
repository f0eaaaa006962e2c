import * as fc from 'fast-check';
import { HubbleRecord, START } from './hubble-records';

/** In the first hours of what tests record. */
export const usualTime = fc.integer({ min: 0, max: 3 * 3_600_000 }).map((offset) => START + offset);

const workload = fc.constantFrom('shop/web', 'shop/db', 'pay/api', 'pay/wörker');

/** Some of them are alike, and one in thirty has a port that is none. */
export function hubbleRecords(time: fc.Arbitrary<number> = usualTime): fc.Arbitrary<HubbleRecord> {
  return fc.record({
    time,
    src: workload,
    dst: workload,
    pod: fc.nat(2),
    port: fc.constantFrom(80, 443, 5432),
    sourcePort: fc.oneof({ weight: 30, arbitrary: fc.integer({ min: 1024, max: 65_535 }) }, { weight: 1, arbitrary: fc.constantFrom(0, 65_536) }),
    node: fc.constantFrom('n1', 'prod/n2'),
    verdict: fc.constantFrom('FORWARDED', 'DROPPED', 'AUDIT'),
    isReply: fc.boolean(),
    policy: fc.option(fc.constantFrom('a', 'netpol-audit'), { nil: undefined }),
    uuid: fc.nat(99_999),
  }, { requiredKeys: ['time'] });
}
