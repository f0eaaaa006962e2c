import { FlowSource } from './flow-source';
import { HUBBLE, HUBBLE_EXPORTER, RETINA } from './hubble';

/** Every source that there is. The order is that in which they are asked whether a file is theirs. */
export const FLOW_SOURCES: readonly FlowSource[] = [HUBBLE, HUBBLE_EXPORTER, RETINA];

/** The one whose records these are, if any says so. */
export function recognised(framing: FlowSource['framing'], head: readonly string[]): FlowSource | undefined {
  return FLOW_SOURCES.find((source) => source.framing === framing && source.recognises(head));
}
