import { Construct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import { checkFields, locate, namedNamespace, Peer, PodSet, PolicyError, Port, Selector } from '../policy';
import { DefaultDenyNamespace } from './default-deny-namespace';
import { DomainPattern } from './domain-pattern';
import { ExistingProxy, existingProxyPeers } from './egress-proxy/existing-proxy';
import { proxyDestinations } from './egress-proxy/proxy-destinations';
import { deployProxy, PROXY_LABELS, PROXY_NAME, PROXY_PORT } from './egress-proxy/squid-deployment';
import { Owner } from './owner';
import { Pods } from './pods';
import { RolloutStage } from './rollout-stage';
import { open, peerPods } from './synthesis/connect';
import { Estate, inScope } from './synthesis/estate';
import { clusterRanges } from './synthesis/ip-blocks';
import { enter, inConstruct } from './synthesis/placement';

/** What an `EgressProxy` needs to know. */
export interface EgressProxyProps {
  /**
   * Who answers for the proxy and its namespace. Required where the proxy is deployed.
   * @default - none, which is possible only with `existing`
   */
  readonly owner?: Owner;

  /**
   * The domains that clients may reach: `api.example.com` is that name alone, `*.example.com` one label in front of it,
   * `**.example.com` any number of labels; the apex is never implied. Every client reaches all of them, and those of every
   * `AllowToFqdn` that goes through the proxy. At least one where the proxy is deployed.
   * @default - none, which is possible only with `existing`
   */
  readonly domains?: string[];

  /**
   * A proxy that runs already, in place of one that is deployed. Its allowlist is managed where it is.
   * @default - a Squid is deployed
   */
  readonly existing?: ExistingProxy;

  /**
   * The namespace of the proxy, which it has for itself.
   * @default - the id of the construct
   */
  readonly namespace?: string;

  /**
   * Make the Namespace object too.
   * @default false
   */
  readonly create?: boolean;

  /**
   * The stage of the proxy's namespace. Nothing but the proxy runs there, so that nothing can break.
   * @default RolloutStage.ENFORCE
   */
  readonly stage?: RolloutStage;

  /**
   * How many replicas run. At least two, so that a node can be drained.
   * @default 2
   */
  readonly replicas?: number;

  /**
   * The image of the proxy: Squid 5 or later, by digest.
   * @default - Squid 6.13 of Ubuntu 24.04, by digest
   */
  readonly image?: string;
}

/**
 * The one way out: a forward proxy with a domain allowlist, in a namespace of its own. NetworkPolicies know addresses, not
 * names; a proxy knows names, and logs what was asked for.
 *
 * It deploys Squid (two replicas that may not be evicted at once, not root, read-only file system, JSON access log on stdout)
 * which tunnels to port 443 and forwards plain HTTP to port 80 of allowed domains, and never to private, link-local or metadata
 * addresses or into the cluster; its own policy says the same once more. Clients are let in with `allowFrom` and told where it
 * is with `environment`.
 *
 * TLS is not opened: a client can tunnel to an allowed domain and ask its server for another site.
 *
 * ```ts
 * const proxy = new EgressProxy(egressChart, 'egress', { owner: { team: 'platform', contact: '#net' }, domains: ['api.stripe.com'] });
 * proxy.allowFrom(payments.pods({ app: 'api' }));
 * ```
 * ```yaml
 * # in pay
 * metadata: { name: allow-api, namespace: pay }
 * spec:
 *   podSelector: { matchLabels: { app: api } }
 *   policyTypes: [Egress]
 *   egress:
 *     - to:
 *         - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: egress } }
 *           podSelector: { matchLabels: { app: egress-proxy } }
 *       ports: [{ port: 3128, protocol: TCP }]
 * ```
 * @see https://www.squid-cache.org/Doc/config/
 */
export class EgressProxy extends Construct {
  /** The address of the proxy as clients use it: `http://egress-proxy.egress.svc:3128`. */
  public readonly url: string;
  /** The port on which the proxy listens. */
  public readonly port: number;
  /** The namespace that was made for the proxy; undefined where it existed before. */
  public readonly namespace?: DefaultDenyNamespace;

  private readonly estate: Estate;
  private readonly proxyPods?: PodSet;
  /** What it lets through; none where it existed before. */
  private readonly patterns?: DomainPattern[];
  private readonly peers: readonly Peer[];

  /**
   * Deploys a proxy, or points at one.
   * @param scope the chart of the proxy
   * @param id the id of the construct, and the name of its namespace where `namespace` is not given
   * @param props who owns it, and where it leads
   */
  public constructor(scope: Construct, id: string, props: EgressProxyProps) {
    super(scope, id);
    inConstruct(this, () => checkFields<EgressProxyProps>(props, {
      owner: 'value', domains: 'value', existing: 'value', namespace: 'value', create: 'flag', stage: 'value', replicas: 'value', image: 'value',
    }));
    this.estate = enter(this);
    if (props.existing !== undefined) {
      const { existing } = props;
      inConstruct(this, () => refuseDeploymentProps(props));
      this.peers = inConstruct(this, () => existingProxyPeers(existing));
      this.port = existing.port;
      this.url = `http://${existing.host}:${existing.port}`;
      this.proxyPods = this.peers.flatMap(({ terms }) => terms).find((term): term is PodSet => term.kind === 'pods');
      return;
    }
    const patterns = inConstruct(this, () => checkDomains(props.domains));
    this.patterns = patterns;
    const replicas = inConstruct(this, () => checkReplicas(props.replicas ?? 2));
    const image = inConstruct(this, () => checkImage(props.image));
    this.namespace = new DefaultDenyNamespace(this, 'namespace', {
      name: props.namespace ?? id, owner: props.owner as Owner, stage: props.stage ?? RolloutStage.ENFORCE, create: props.create,
    });
    const { namespaceName } = this.namespace;
    this.port = PROXY_PORT;
    this.url = `http://${PROXY_NAME}.${namespaceName}.svc:${this.port}`;
    this.proxyPods = { kind: 'pods', namespaces: namedNamespace(namespaceName), pods: Selector.labels(PROXY_LABELS) };
    this.peers = [{ terms: [this.proxyPods] }];
    const profile = ClusterProfile.of(this);
    deployProxy(this, { namespace: namespaceName, owner: this.namespace.owner, patterns: () => patterns, replicas, image, profile });
    open({
      by: this, namespace: namespaceName, direction: 'egress', subject: Pods.withLabels(PROXY_LABELS), peers: proxyDestinations(profile), ports: [Port.tcp(80), Port.tcp(443)],
    });
    this.estate.addProxy(this);
  }

  /**
   * Lets pods use the proxy: they may connect to it, and it accepts them.
   * @param clients the pods, with their namespace: `payments.pods({ app: 'api' })`, or `Pods.of(deployment)`
   */
  public allowFrom(clients: Pods): void {
    inConstruct(this, () => {
      const scope = peerPods(clients, 'clients')._scope;
      if (scope === undefined) {
        throw new PolicyError({ given: clients.toString(), where: 'allowFrom', problem: 'are pods without a namespace', instead: 'namespace.pods({ app: "api" }) or Pods.inNamespaces(Namespaces.named("pay"), { app: "api" })' });
      }
      const ports = [Port.tcp(this.port)];
      const from: PodSet = { kind: 'pods', namespaces: scope, pods: clients._selector };
      if (this.namespace !== undefined) {
        open({ by: this, namespace: this.namespace.namespaceName, direction: 'ingress', subject: Pods.withLabels(PROXY_LABELS), peers: [{ terms: [from] }], ports, mirrors: [from], mirrorName: clients._workload?.name });
        return;
      }
      // A policy in the namespace of a proxy of somebody else would close it to everybody else: only the clients' end is ours.
      this.estate.onManaged((client) => {
        if (!inScope(scope, client.namespaceName, client._labels)) return;
        open({
          by: this, namespace: client.namespaceName, direction: 'egress', subject: clients._within(namedNamespace(client.namespaceName)), peers: this.peers, ports,
          mirrors: this.proxyPods === undefined ? [] : [this.proxyPods],
        });
      });
    });
  }

  /** @internal lets pods use the proxy, and the proxy lead to these domains */
  public _carry(clients: Pods, patterns: readonly DomainPattern[]): void {
    if (this.patterns === undefined) {
      throw new PolicyError({
        given: this.node.path, problem: 'is a proxy that exists already, whose allowlist is managed where it is',
        instead: 'the domains in that allowlist, and allowFrom(pods) in place of AllowToFqdn',
      });
    }
    this.patterns.push(...patterns);
    this.allowFrom(clients);
  }

  /**
   * The environment variables by which most programs find a proxy, in both spellings. Connections inside of the cluster are
   * left out, as far as the `ClusterProfile` knows its ranges.
   * @returns HTTP_PROXY, HTTPS_PROXY, NO_PROXY, and the same in lower case
   */
  public environment(): Record<string, string> {
    const ranges = clusterRanges(ClusterProfile.of(this)).map(({ cidr }) => cidr.toString());
    const direct = ['localhost', '127.0.0.1', '::1', '.svc', '.cluster.local', ...ranges].join(',');
    return { HTTP_PROXY: this.url, HTTPS_PROXY: this.url, NO_PROXY: direct, http_proxy: this.url, https_proxy: this.url, no_proxy: direct };
  }
}

function checkDomains(domains: readonly string[] | undefined): DomainPattern[] {
  if (!Array.isArray(domains) || domains.length === 0) {
    throw new PolicyError({ given: domains, where: 'domains', problem: 'are no domains: the proxy would lead nowhere', instead: 'domains: ["api.example.com"]' });
  }
  return (domains as string[]).map((domain, index) => locate(`domains[${index}]`, () => DomainPattern.parse(domain)));
}

function checkReplicas(replicas: number): number {
  if (Number.isInteger(replicas) && replicas >= 2 && replicas <= 100) return replicas;
  throw new PolicyError({ given: replicas, where: 'replicas', problem: 'is not a number of replicas for the one way out', instead: 'a whole number from 2 to 100' });
}

/** A tag can be moved to another image by whoever may push it: the one way out is named by what is in it. */
function checkImage(image: string | undefined): string | undefined {
  if (image === undefined || (typeof image === 'string' && /^[^\s@]+@sha256:[0-9a-f]{64}$/.test(image))) return image;
  throw new PolicyError({ given: image, where: 'image', problem: 'is not an image by its digest', instead: '"registry.example.com/squid@sha256:..." with all 64 digits' });
}

/** Nothing is deployed where a proxy exists: props about a deployment would do nothing. */
function refuseDeploymentProps(props: EgressProxyProps): void {
  const given = Object.entries(props).filter(([name, value]) => name !== 'existing' && name !== 'owner' && value !== undefined).map(([name]) => name);
  if (given.length === 0) return;
  throw new PolicyError({ given, problem: 'are about a proxy that is deployed, but "existing" names one that runs already', instead: 'either existing, or the others' });
}
