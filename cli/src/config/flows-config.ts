import { retentionOf } from '../flows/retention';
import { ConfigReader } from './config-reader';

/** What netpol.yaml says about recorded traffic. */
export interface FlowsConfig {
  /** The file of the store, relative to the folder of netpol.yaml. */
  readonly store?: string;
  /** After how many days hours leave the store. */
  readonly retentionDays?: number;
  /** Why it is longer than ninety days. */
  readonly retentionReason?: string;
}

export const FLOWS_KEYS = ['store', 'retention', 'retentionReason'];

export function readFlows(reader: ConfigReader, value: unknown): FlowsConfig {
  if (value === undefined || value === '') return {};
  const fields = reader.mapping(value, 'flows', FLOWS_KEYS);
  const store = reader.text(fields.store, 'flows.store');
  const retention = reader.text(fields.retention, 'flows.retention');
  const retentionReason = reader.text(fields.retentionReason, 'flows.retentionReason');
  const retentionDays = retention === undefined ? undefined : reader.guard('flows.retention', () => retentionOf(retention, retentionReason));
  return {
    ...(store === undefined ? {} : { store }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(retentionReason === undefined ? {} : { retentionReason }),
  };
}
