import { Observation, ObservedPeer } from './observation';
import { isoText } from './timestamps';

/** An observation as `--dry-run -o json` prints it. What the history of addresses needs, and nobody else, is left out. */
export function observationJson(observation: Observation, line: number): Readonly<Record<string, unknown>> {
  const { time, until, src, dst, port, protocol, direction, verdict, decidedBy, count, ...rest } = observation;
  return {
    line,
    time: isoText(time),
    ...(until === undefined ? {} : { until: isoText(until) }),
    src: peerJson(src),
    dst: peerJson(dst),
    port,
    protocol,
    direction,
    verdict,
    decidedBy,
    count,
    ...rest,
  };
}

function peerJson(peer: ObservedPeer): unknown {
  return peer.kind === 'pod' ? { ...peer, ip: undefined } : peer;
}
