import { tryParseAddress, Cidr } from 'cdk8s-netpol/policy';
import { ObservedLabels, ObservedWorkload } from '../observation';
import { PodSighting } from '../store/flow-store';

/** What pods are told apart by in a connection: it does not keep which pod it was. */
export interface PodsAlike {
  readonly namespace: string;
  readonly workload: ObservedWorkload | null;
  readonly labels: ObservedLabels;
}

/** The pods that records show, by what a connection has of them. */
export class PodSightings {
  private readonly addresses = new Map<string, Cidr[]>();

  public constructor(private readonly pods: readonly PodSighting[]) {
    for (const pod of pods) {
      const address = hostOf(pod.ip);
      if (address === undefined) continue;
      const known = this.addresses.get(keyOf(pod));
      if (known === undefined) this.addresses.set(keyOf(pod), [address]);
      else known.push(address);
    }
  }

  /** The addresses of all pods alike; none where no record has one. */
  public addressesOf(pods: PodsAlike): readonly Cidr[] {
    return this.addresses.get(keyOf(pods)) ?? [];
  }

  public named(namespace: string, pod: string): readonly PodSighting[] {
    return this.pods.filter((each) => each.namespace === namespace && each.pod === pod);
  }

  public within(block: Cidr): readonly PodSighting[] {
    return this.pods.filter(({ ip }) => hostOf(ip)?.overlaps(block) === true);
  }
}

/** One for each that is not like another. */
export function distinctPods(pods: readonly PodsAlike[]): readonly PodsAlike[] {
  return [...new Map(pods.map((pod) => [keyOf(pod), pod])).values()];
}

export function areAlike(a: PodsAlike, b: PodsAlike): boolean {
  return keyOf(a) === keyOf(b);
}

/** An address as a block; undefined where there is none, or what there is can be compared with nothing. */
export function hostOf(ip: string | null | undefined): Cidr | undefined {
  const address = ip === null || ip === undefined ? undefined : tryParseAddress(ip);
  return address === undefined || address.mapped ? undefined : Cidr.host(ip!);
}

function keyOf({ namespace, workload, labels }: PodsAlike): string {
  return JSON.stringify([namespace, workload?.name ?? Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
