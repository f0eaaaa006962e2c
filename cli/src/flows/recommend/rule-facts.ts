import { servesApi } from 'cdk8s-netpol/cluster';
import { Cidr } from 'cdk8s-netpol/policy';
import { CniChoice } from '../../config/cni-flag';
import { Need, RulePort } from './recommendation';

/** A block of addresses that somebody knows. */
export interface KnownRange {
  readonly cidr: Cidr;
  readonly name: string | undefined;
}

/** Where the API server answers, as the record shows it. */
export interface SeenApiServer {
  readonly addresses: readonly string[];
  readonly port: number;
}

/** What the choice of constructs depends on. */
export interface RuleFacts {
  readonly asked: ReadonlySet<string>;
  /** Whether rules can name nodes and the API server by what they are. */
  readonly hasEntities: boolean;
  /** Whether rules can name domains. */
  readonly hasDomains: boolean;
  readonly nodeCidrs: readonly string[];
  readonly podCidrs: readonly string[];
  readonly ranges: readonly KnownRange[];
  /** The day after which addresses that nobody knows are to be looked at again: `2026-10-30`. */
  readonly expires: string;
  readonly apiServer: SeenApiServer | undefined;
}

export function hasEntities(cni: CniChoice): boolean {
  return servesApi(cni, 'cilium.io/v2', 'CiliumNetworkPolicy') === true;
}

/** The addresses of the API server, where the record has them and they answer on one port. */
export function seenApiServer(needs: readonly Need[]): SeenApiServer | undefined {
  const seen = needs.flatMap(({ src, dst, port }) => [
    ...(dst.kind === 'entity' && dst.entity === 'kube-apiserver' && dst.ip !== undefined ? [{ ip: dst.ip, port }] : []),
    ...(src.kind === 'entity' && src.entity === 'kube-apiserver' && src.ip !== undefined ? [{ ip: src.ip, port: undefined }] : []),
  ]);
  const ports = [...new Set(seen.flatMap(({ port }) => port ?? []))];
  if (seen.length === 0 || ports.length > 1) return undefined;
  return { addresses: [...new Set(seen.map(({ ip }) => Cidr.host(ip).toString()))].sort(), port: ports[0] ?? 6443 };
}

/** Ports of an API server that the constructs open by themselves where the profile says nothing. */
export function isUsualApiPort({ protocol, port }: RulePort): boolean {
  return protocol === 'TCP' && (port === 443 || port === 6443);
}

export function rangeOf(ip: string, ranges: readonly KnownRange[]): KnownRange | undefined {
  const address = Cidr.host(ip);
  const around = ranges.filter(({ cidr }) => cidr.family === address.family && cidr.contains(address));
  return around.sort((a, b) => b.cidr.prefix - a.cidr.prefix)[0];
}
