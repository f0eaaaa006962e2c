import { checkDnsLabel, checkFields, Cidr, ipBlockPeer, locate, namedNamespace, Peer, podPeer, PolicyError, Port, Selector } from '../../policy';

/** A forward proxy that runs already: as pods of this cluster, or at addresses outside of it. */
export interface ExistingProxy {
  /** The host name that clients use, such as `squid.proxy.svc` or `proxy.example.com`. */
  readonly host: string;

  /** The port on which it listens. */
  readonly port: number;

  /**
   * The namespace of its pods, with `labels`.
   * @default - it runs outside of the cluster
   */
  readonly namespace?: string;

  /**
   * The labels of its pods, with `namespace`.
   * @default - it runs outside of the cluster
   */
  readonly labels?: Record<string, string>;

  /**
   * Its addresses as blocks, where it runs outside of the cluster.
   * @default - it runs in the cluster
   */
  readonly cidrs?: string[];
}

/** @internal */
export function existingProxyPeers(existing: ExistingProxy): Peer[] {
  locate('existing', () => checkFields(existing, { host: 'value', port: 'value', namespace: 'value', labels: 'value', cidrs: 'value' }));
  const { host, port, namespace, labels, cidrs } = existing;
  locate('existing.port', () => Port.tcp(port));
  if (typeof host !== 'string' || !/^[a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?$/.test(host)) {
    throw new PolicyError({ given: host, where: 'existing.host', problem: 'is no host name', instead: 'a name such as "squid.proxy.svc", without a scheme or port' });
  }
  const inside = namespace !== undefined && labels !== undefined && Object.keys(labels).length > 0;
  const outside = Array.isArray(cidrs) && cidrs.length > 0;
  if (inside === outside || (outside ? namespace !== undefined || labels !== undefined : cidrs !== undefined)) {
    throw new PolicyError({
      given: { namespace, labels, cidrs }, where: 'existing', problem: 'does not say where the proxy is',
      instead: 'namespace and labels of its pods, or cidrs of its addresses',
    });
  }
  if (inside) return [podPeer(namedNamespace(checkDnsLabel(namespace, 'namespace name')), Selector.labels(labels))];
  return (cidrs ?? []).map((cidr, index) => ipBlockPeer(locate(`existing.cidrs[${index}]`, () => Cidr.parse(cidr))));
}
