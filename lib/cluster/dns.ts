import { PolicyError } from '../policy/policy-error';
import { brand } from './brand';
import { Cloud } from './cloud';
import {
  CORE_DNS, GKE_CLOUD_DNS_ADDRESS, NODE_LOCAL_ADDRESS, NODE_LOCAL_DNS, OPENSHIFT_DNS, OPENSHIFT_DNS_PORT,
} from './dns-presets';
import { checkAddress, checkLabels, checkNamespace, checkOptions, checkPort } from './field-checks';
import { CidrPeerSpec, PeerSpec, peersOf, PortSpec } from './peer-spec';

/** How CoreDNS or kube-dns is set up. */
export interface CoreDnsOptions {
  /**
   * A NodeLocal DNSCache runs on every node. Its address is opened too, and its pods where Cilium redirects to them.
   * @default false
   * @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
   */
  readonly nodeLocalCache?: boolean;

  /**
   * Address of the node-local cache, without a prefix. Kubespray uses 169.254.25.10. Only with `nodeLocalCache`.
   * @default "169.254.20.10"
   */
  readonly nodeLocalAddress?: string;

  /**
   * ClusterIP of the Service `kube-system/kube-dns`, without a prefix. Needed where policy sees Service addresses (Amazon VPC CNI)
   * and where a node-local cache listens on that address too.
   * @default - not opened: policy sees the addresses of the DNS pods
   */
  readonly clusterIp?: string;
}

/** How kube-dns of GKE is set up. */
export interface GkeKubeDnsOptions {
  /**
   * ClusterIP of the Service `kube-system/kube-dns`, without a prefix. Needed on GKE without Dataplane V2 with NodeLocal
   * DNSCache, which listens on that address.
   * @default - not opened
   */
  readonly clusterIp?: string;
}

/** How DNS of EKS Auto Mode is reached. */
export interface EksAutoModeDnsOptions {
  /** ClusterIP of the Service `kube-system/kube-dns`, without a prefix: the tenth address of the service range, such as 10.100.0.10. */
  readonly clusterIp: string;
}

/** A DNS set-up of one's own: pods, addresses, or both. */
export interface CustomDnsOptions {
  /**
   * Namespace of the DNS pods; with `labels`.
   * @default - no pods: DNS answers on `addresses` alone
   */
  readonly namespace?: string;

  /**
   * Labels of the DNS pods; with `namespace`.
   * @default - no pods: DNS answers on `addresses` alone
   */
  readonly labels?: Record<string, string>;

  /**
   * IP addresses without a prefix on which DNS answers outside of pods that a selector can match.
   * @default - none
   */
  readonly addresses?: string[];

  /**
   * Ports on which the DNS pods listen, each opened for UDP and TCP. The port of the pods, not of the Service.
   * @default [53]
   */
  readonly ports?: number[];
}

/**
 * Where cluster DNS answers. Every default-deny lets pods reach it, over UDP and TCP; a wrong answer here is an outage of
 * everything.
 *
 * ```ts
 * ClusterProfile.attach(app, { name: 'prod', cni: Cni.calico(), dns: Dns.coreDns({ nodeLocalCache: true }) });
 * ```
 * ```yaml
 * egress:
 *   - to:
 *       - ipBlock: { cidr: 169.254.20.10/32 }
 *       - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
 *         podSelector: { matchLabels: { k8s-app: kube-dns } }
 *       - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
 *         podSelector: { matchLabels: { k8s-app: node-local-dns } }
 *     ports:
 *       - { protocol: TCP, port: 53 }
 *       - { protocol: UDP, port: 53 }
 * ```
 */
export class Dns {
  /**
   * CoreDNS or kube-dns in kube-system, as kubeadm, k3s, RKE2, EKS and AKS run it.
   * @throws if an address is none, or `nodeLocalAddress` is given without `nodeLocalCache`
   */
  public static coreDns(options: CoreDnsOptions = {}): Dns {
    checkOptions('Dns.coreDns', options, { nodeLocalCache: 'flag', nodeLocalAddress: 'value', clusterIp: 'value' });
    const { nodeLocalCache = false, nodeLocalAddress, clusterIp } = options;
    if (nodeLocalAddress !== undefined && !nodeLocalCache) {
      throw new PolicyError({
        given: nodeLocalAddress, where: 'dns.nodeLocalAddress', problem: 'is the address of a cache that is not there',
        instead: 'nodeLocalCache: true besides, or no address',
      });
    }
    const cache = nodeLocalAddress === undefined
      ? nodeLocalPeer()
      : { ...nodeLocalPeer(), cidr: checkAddress('dns.nodeLocalAddress', nodeLocalAddress) };
    return new Dns('coredns', [
      ...peersOf(CORE_DNS),
      ...(nodeLocalCache ? [...peersOf(NODE_LOCAL_DNS), cache] : []),
      ...servicePeers(clusterIp),
    ]);
  }

  /**
   * kube-dns of GKE with NodeLocal DNSCache, which GKE turns on by itself.
   * @throws if `clusterIp` is not an address
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache
   */
  public static gkeKubeDns(options: GkeKubeDnsOptions = {}): Dns {
    checkOptions('Dns.gkeKubeDns', options, { clusterIp: 'value' });
    const peers = [...peersOf(CORE_DNS), ...peersOf(NODE_LOCAL_DNS), nodeLocalPeer(), ...servicePeers(options.clusterIp)];
    return new Dns('gke-kube-dns', peers, { clouds: [Cloud.GCP] });
  }

  /**
   * Cloud DNS for GKE, which answers on 169.254.169.254, the address of the metadata server, and NodeLocal DNSCache.
   * Only port 53 of the address is opened.
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-dns
   */
  public static gkeCloudDns(): Dns {
    return new Dns('gke-cloud-dns', [...peersOf(NODE_LOCAL_DNS), nodeLocalPeer(), cloudDnsPeer()], { clouds: [Cloud.GCP] });
  }

  /**
   * DNS of EKS Auto Mode: it runs on the node, so that no selector matches it, and is reached by its ClusterIP.
   * @throws if `clusterIp` is not an address
   * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-networking.html
   */
  public static eksAutoMode(options: EksAutoModeDnsOptions): Dns {
    checkOptions('Dns.eksAutoMode', options, { clusterIp: 'value' });
    return new Dns('eks-auto-mode', servicePeers(options.clusterIp ?? ''), { clouds: [Cloud.AWS] });
  }

  /**
   * The DNS operator of OpenShift. Its pods listen on 5353, the Service on 53: both are opened towards them.
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/networking_operators/dns-operator
   */
  public static openshift(): Dns {
    return new Dns('openshift', peersOf(OPENSHIFT_DNS), { ports: [53, OPENSHIFT_DNS_PORT] });
  }

  /**
   * Any other set-up.
   * @throws if it names neither pods nor addresses, a namespace without labels or the other way round, or an invalid value
   */
  public static custom(options: CustomDnsOptions): Dns {
    checkOptions('Dns.custom', options, { namespace: 'value', labels: 'value', addresses: 'value', ports: 'value' });
    const { namespace, labels, addresses = [], ports = [53] } = options;
    for (const [where, list] of Object.entries({ addresses, ports })) {
      if (!Array.isArray(list)) throw new PolicyError({ given: list, where: `dns.${where}`, problem: 'is not a list', instead: `[${JSON.stringify(list)}]` });
    }
    if ((namespace === undefined) !== (labels === undefined)) {
      throw new PolicyError({
        given: namespace ?? labels, where: 'dns', problem: `has no ${namespace === undefined ? 'namespace' : 'labels'} besides`,
        instead: 'both namespace and labels of the DNS pods, or addresses alone',
      });
    }
    if (namespace === undefined && addresses.length === 0) {
      throw new PolicyError({
        given: options, where: 'dns', problem: 'says nowhere to ask for names', instead: 'namespace and labels of the DNS pods, addresses, or both',
      });
    }
    if (ports.length === 0) throw new PolicyError({ given: ports, where: 'dns.ports', problem: 'names no port', instead: '[53]' });
    const pods: PeerSpec[] = namespace === undefined || labels === undefined ? [] : [
      { kind: 'pods', namespace: checkNamespace('dns.namespace', namespace), matchLabels: checkLabels('dns.labels', labels) },
    ];
    const hosts = addresses.map((address, index): PeerSpec => (
      { kind: 'cidr', cidr: checkAddress(`dns.addresses[${index}]`, address), why: 'DNS answers here' }
    ));
    return new Dns('custom', [...pods, ...hosts], { ports: ports.map((port, index) => checkPort(`dns.ports[${index}]`, port)) });
  }

  /**
   * For GKE where the profile does not say which: kube-dns and Cloud DNS. A guess would be an outage, and both are DNS.
   * @internal
   */
  public static _gkeEither(): Dns {
    const peers = [...peersOf(CORE_DNS), ...peersOf(NODE_LOCAL_DNS), nodeLocalPeer(), cloudDnsPeer()];
    return new Dns('gke', peers, { clouds: [Cloud.GCP] });
  }

  /** Which set-up it is: `coredns`, `gke-kube-dns`, `gke-cloud-dns`, `gke`, `eks-auto-mode`, `openshift` or `custom`. */
  public readonly name: string;

  /** @internal */
  public readonly _peers: readonly PeerSpec[];

  /** @internal */
  public readonly _ports: readonly PortSpec[];

  /**
   * The clouds where alone it exists.
   * @internal
   */
  public readonly _clouds?: readonly Cloud[];

  private constructor(
    name: string, peers: readonly PeerSpec[], { ports = [53], clouds }: { ports?: readonly number[]; clouds?: readonly Cloud[] } = {},
  ) {
    this.name = name;
    this._peers = peers;
    this._ports = ports.flatMap((port): PortSpec[] => [{ protocol: 'UDP', port }, { protocol: 'TCP', port }]);
    this._clouds = clouds;
    brand(this, 'Dns');
  }
}

function nodeLocalPeer(): CidrPeerSpec {
  const { kind, cidr, why, onOwnNode } = NODE_LOCAL_ADDRESS;
  return { kind, cidr, why, onOwnNode };
}

function cloudDnsPeer(): CidrPeerSpec {
  const { kind, cidr, why, onOwnNode } = GKE_CLOUD_DNS_ADDRESS;
  return { kind, cidr, why, onOwnNode };
}

function servicePeers(clusterIp: string | undefined): PeerSpec[] {
  if (clusterIp === undefined) return [];
  return [{ kind: 'cidr', cidr: checkAddress('dns.clusterIp', clusterIp), why: 'the ClusterIP of cluster DNS' }];
}
