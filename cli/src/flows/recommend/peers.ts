import { Service } from 'cdk8s-netpol/analysis';
import { OPENSHIFT_DNS_PORT } from 'cdk8s-netpol/cluster';
import { Cidr, Selector } from 'cdk8s-netpol/policy';
import { ObservedPeer, ServicePeer } from '../observation';
import { KnownCluster, has } from './known-cluster';
import { PodEnds } from './pod-ends';
import { dnsByName } from './presets';
import { End, PodEnd, Why } from './recommendation';

/** Why a peer is no end that a rule can name. */
export interface NoEnd {
  readonly text: string;
  readonly why: Why;
  readonly reason: string;
}

/** An end, and the port on which it is called there: that of the pod behind a Service. */
export interface EndAndPort {
  readonly end: End;
  /** Null where the record has none. */
  readonly port: number | null;
}

export type Resolved = { readonly ends: readonly EndAndPort[]; readonly noEnd?: undefined } | { readonly ends?: undefined; readonly noEnd: NoEnd };

/** A name that a rule can say: no pattern, nothing from a search list. */
const DOMAIN = /^(?=.{1,253}$)[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?(\.[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?)+$/;

/** Turns what records say of a peer into what rules can name. */
export class Peers {
  private readonly nodes: readonly Cidr[];

  /** @param nodeCidrs the ranges of the nodes, as far as the configuration tells */
  public constructor(private readonly pods: PodEnds, private readonly known: KnownCluster, nodeCidrs: readonly string[]) {
    this.nodes = nodeCidrs.map((text) => Cidr.parse(text));
  }

  public of(peer: ObservedPeer, port: number | null, protocol: string): Resolved {
    switch (peer.kind) {
      case 'pod': {
        const text = `${peer.namespace}/${peer.workload?.name ?? peer.pod ?? '(pods)'}`;
        if (this.pods.manifestOf(peer)?.hostNetwork === true) {
          return { noEnd: { text, why: 'host-network', reason: 'it runs in the network of its node, where no policy selects it' } };
        }
        const end = this.pods.of(peer) ?? dnsByName(peer.namespace, peer.workload?.name ?? '', port);
        if (end !== undefined) return { ends: [{ end, port }] };
        const reason = Object.keys(peer.labels).length === 0
          ? 'its source records no labels of it: give its manifest as a PATH'
          : 'its pods have no label that lasts and that all of them have: give them one';
        return { noEnd: { text, why: 'no-labels', reason } };
      }
      case 'service':
        return this.service(peer, this.known.service(peer.namespace, peer.name), port, protocol);
      case 'external': {
        const names = [...new Set((peer.names ?? []).map((name) => name.toLowerCase().replace(/\.$/, '')))].filter((name) => DOMAIN.test(name)).sort();
        const text = names.length > 0 ? `${names.join(', ')}${peer.ip === null ? '' : ` (${peer.ip})`}` : peer.ip ?? 'outside';
        const service = peer.ip === null ? undefined : this.known.serviceAt(peer.ip);
        if (service !== undefined) return this.service(service, service, port, protocol);
        if (peer.ip === null && names.length === 0) return { noEnd: { text, why: 'unknown-peer', reason: 'the record has neither an address nor a name of it' } };
        if (peer.ip !== null && this.isNode(peer.ip)) return { ends: [{ end: { kind: 'entity', entity: 'node', ip: peer.ip, text: `{node} ${peer.ip}` }, port }] };
        return { ends: [{ end: { kind: 'address', ip: peer.ip ?? undefined, names, text }, port }] };
      }
      case 'entity':
        return { ends: [{ end: { kind: 'entity', entity: peer.entity, ip: peer.ip, text: `{${peer.entity}}${peer.name === undefined ? '' : ` ${peer.name}`}` }, port }] };
      case 'unknown':
        return { noEnd: { text: peer.ip, why: 'unknown-peer', reason: 'it was the address of a pod, and nobody knows of which one: import with --inventory' } };
    }
  }

  private isNode(ip: string): boolean {
    const address = Cidr.host(ip);
    return this.nodes.some((each) => each.family === address.family && each.contains(address));
  }

  private service({ namespace, name }: Pick<ServicePeer, 'namespace' | 'name'>, service: Service | undefined, port: number | null, protocol: string): Resolved {
    const text = `svc/${namespace}/${name}`;
    const unknown = (reason: string): Resolved => ({ noEnd: { text, why: 'unknown-service', reason } });
    const dns = dnsByName(namespace, name, port);
    if (service === undefined && dns !== undefined) return { ends: [{ end: dns, port: namespace === 'openshift-dns' ? OPENSHIFT_DNS_PORT : port }] };
    if (service === undefined) return unknown('the record names a Service, and its pods are not known: give its manifest as a PATH');
    const { selector } = service;
    if (selector === undefined || Object.keys(selector).length === 0) return unknown('the Service selects no pods, so that its addresses are not known here');
    if (port === null) return { noEnd: { text, why: 'no-port', reason: 'its source records no port' } };
    const ports = service.ports.filter((each) => each.port === port && each.protocol === protocol);
    if (ports.length === 0) return unknown(`the Service has no port ${port}/${protocol}`);
    const workloads = this.known.workloads.filter((each) => each.namespace === namespace && each.variants.some((labels) => has(labels, selector)));
    const ends = ports.flatMap(({ target }) => workloads.flatMap((workload) => {
      const end = this.pods.ofWorkload(workload);
      const number = typeof target === 'number' ? target : workload.ports.find((each) => each.name === target && each.protocol === protocol)?.number;
      return end === undefined || number === undefined || workload.hostNetwork ? [] : [{ end, port: number }];
    }));
    if (ends.length > 0) return { ends };
    const numbers = ports.flatMap(({ target }) => (typeof target === 'number' ? [target] : []));
    if (workloads.length > 0 || numbers.length === 0) return unknown('none of its pods is one that a rule can name on the target port');
    const end: PodEnd = { kind: 'pods', namespace, workload: undefined, text, variants: [selector], pods: Selector.labels(selector), alsoSelects: [] };
    return { ends: numbers.map((number) => ({ end, port: number })) };
  }
}
