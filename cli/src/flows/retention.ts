import { UsageError } from '../usage-error';
import { DAY, durationOf } from './durations';

/** Days. The shorter the record, the less it proves; the longer, the more it knows of people. */
export const DEFAULT_RETENTION = 90;
const SHORTEST = 30;
const LONGEST = 90;

/** The days of a retention: thirty to ninety, and more where a reason is given. */
export function retentionOf(text: string, reason: string | undefined): number {
  const days = durationOf(text) / DAY;
  if (days < SHORTEST) throw new UsageError(`a retention of ${text} is too short to see what happens once a month. Instead: ${SHORTEST}d to ${LONGEST}d`);
  if (days > LONGEST && reason === undefined) throw new UsageError(`a retention of ${text} is longer than ${LONGEST} days. Instead: ${SHORTEST}d to ${LONGEST}d, or give the reason (flows.retentionReason in netpol.yaml)`);
  return days;
}
