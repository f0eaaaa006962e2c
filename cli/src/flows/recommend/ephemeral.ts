import { KnownCluster } from './known-cluster';
import { Need } from './recommendation';

/** Where Linux begins to take ports for what opens connections. https://docs.kernel.org/networking/ip-sysctl.html */
const FIRST_EPHEMERAL = 32768;
/** A port that so many clients know is one that somebody listens on. */
const MANY_CLIENTS = 3;

/** Whether a port may be the one that a client happened to get: a record that took a reply for a request shows just that. */
export function isEphemeral({ dst, protocol, port }: Need, needs: readonly Need[], known: KnownCluster): boolean {
  if (port < FIRST_EPHEMERAL) return false;
  if (dst.kind === 'pods' && dst.workload !== undefined) {
    const workload = known.workload(dst.namespace, dst.workload.kind, dst.workload.name);
    if (workload !== undefined && known.listens(workload, protocol, port)) return false;
  }
  const clients = new Set(needs.filter((each) => each.port === port && each.protocol === protocol && each.dst.text === dst.text).map(({ src }) => src.text));
  return clients.size < MANY_CLIENTS;
}
