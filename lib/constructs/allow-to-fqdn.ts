import { Construct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import { checkFields, domainPeer, locate, namedNamespace, PolicyError, Port } from '../policy';
import { AllowProps } from './allow-props';
import { DomainPattern } from './domain-pattern';
import { EgressProxy } from './egress-proxy';
import { Pods } from './pods';
import { ALLOW_FIELDS } from './synthesis/allow-fields';
import { checkPorts, open, peerPods, subjectIn } from './synthesis/connect';
import { dnsPeers } from './synthesis/dns';
import { Estate } from './synthesis/estate';
import { cannotReach, FqdnForm, fqdnForm } from './synthesis/fqdn-form';
import { enter, inConstruct, namespaceOf } from './synthesis/placement';

/** Which pods may connect to which domains. */
export interface AllowToFqdnProps extends AllowProps {
  /**
   * The domains: `api.example.com` is that name alone, `*.example.com` one label in front of it, `**.example.com` any number of
   * labels; the apex is never implied. At least one. What the CNI of the cluster cannot say is an error, never something wider.
   */
  readonly domains: string[];

  /**
   * The pods that may connect.
   * @default - every pod of the namespace
   */
  readonly from?: Pods;

  /**
   * The proxy to go through, where the CNI knows no domain names or traffic is to leave through it all the same.
   * @default - the CNI's own form; where it has none, the one `EgressProxy` that the cluster has in this app
   */
  readonly through?: EgressProxy;
}

/**
 * Pods may connect to domains, by name. NetworkPolicies know addresses only, so the form is that of the CNI: a CiliumNetworkPolicy
 * with `toFQDNs` (and the rule that lets Cilium read the answers of DNS), an ApplicationNetworkPolicy on EKS Auto Mode, an
 * FQDNNetworkPolicy on GKE, an Antrea NetworkPolicy. Everywhere else the connection goes through an `EgressProxy` of the app: the
 * domains join its allowlist, and the pods may use it. Where there is neither, synth fails.
 *
 * A name stands for the addresses that it resolves to at the time. Servers that share them (CDNs) open with it, and a CNI keeps
 * only so many addresses of a name; a proxy has neither trouble.
 *
 * ```ts
 * // cni: Cni.cilium({ version: '1.18' }) in the ClusterProfile
 * new AllowToFqdn(payments, 'stripe', { domains: ['api.stripe.com'], from: payments.pods({ app: 'api' }), ports: [Port.tcp(443)] });
 * ```
 * ```yaml
 * apiVersion: cilium.io/v2
 * kind: CiliumNetworkPolicy
 * metadata: { name: allow-api, namespace: pay }
 * spec:
 *   endpointSelector: { matchLabels: { app: api } }
 *   egress:
 *     - toFQDNs: [{ matchName: api.stripe.com }]
 *       toPorts: [{ ports: [{ port: "443", protocol: TCP }] }]
 *     - toEndpoints: [{ matchLabels: { k8s:io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns } }]
 *       toPorts:
 *         - ports: [{ port: "53", protocol: TCP }, { port: "53", protocol: UDP }]
 *           rules: { dns: [{ matchPattern: "*" }] }
 * ```
 * @see https://docs.cilium.io/en/stable/security/policy/language/#dns-based
 */
export class AllowToFqdn extends Construct {
  /**
   * Lets pods connect to domains.
   * @param scope the namespace, or a chart
   * @param id the id of the construct
   * @param props who, to which domains, on which ports
   */
  public constructor(scope: Construct, id: string, props: AllowToFqdnProps) {
    super(scope, id);
    const estate = enter(this);
    inConstruct(this, () => {
      checkFields<AllowToFqdnProps>(props, { ...ALLOW_FIELDS, domains: 'value', from: 'value', through: 'value' });
      const patterns = checkDomains(props.domains);
      const ports = checkPorts(props.ports);
      const subject = props.from === undefined ? Pods.all() : peerPods(props.from, 'from');
      const namespace = namespaceOf(this, props.namespace);
      const { cni } = ClusterProfile.of(this);
      const native = props.through === undefined ? fqdnForm(cni) : undefined;
      if (native === undefined) {
        this.goThroughProxy(estate, props, { patterns, ports, clients: clientsIn(subject, namespace) });
        return;
      }
      for (const [index, pattern] of patterns.entries()) {
        const problem = cannotReach(native, pattern, cni);
        if (problem !== undefined) {
          throw new PolicyError({ given: pattern.toString(), where: `domains[${index}]`, problem, instead: 'the names themselves, or through: an EgressProxy, which knows every pattern' });
        }
      }
      this.open(native, { namespace, subject, patterns, ports, policyName: props.policyName });
    });
  }

  private open(
    { form, readsDns }: FqdnForm,
    { patterns, ...common }: { namespace: string; subject: Pods; patterns: readonly DomainPattern[]; ports: readonly Port[]; policyName: string | undefined },
  ): void {
    open({ ...common, by: this, direction: 'egress', peers: patterns.map((pattern) => domainPeer(pattern.toString())), form });
    if (!readsDns) return;
    const { peers, ports } = dnsPeers(this);
    for (const peer of peers) open({ ...common, by: this, direction: 'egress', peers: [peer], ports, dnsNames: ['*'], form });
  }

  private goThroughProxy(
    estate: Estate, { through, policyName }: AllowToFqdnProps, way: { patterns: readonly DomainPattern[]; ports: readonly Port[]; clients: Pods },
  ): void {
    if (policyName !== undefined) {
      throw new PolicyError({ given: policyName, where: 'policyName', problem: 'would name a policy that is not written: pods go through the proxy', instead: 'no policyName' });
    }
    const other = way.ports.find((port) => ![80, 443].some((number) => port.sameAs(Port.tcp(number))));
    if (other !== undefined) {
      throw new PolicyError({
        given: other.toString(), where: 'ports', problem: 'is a port to which no proxy of this library leads, and the CNI of this cluster knows no domain names',
        instead: 'Port.tcp(443), Port.tcp(80), or AllowToIpBlock with the addresses',
      });
    }
    if (through !== undefined) {
      if (typeof through._carry !== 'function') throw new PolicyError({ given: through, where: 'through', problem: 'is no EgressProxy', instead: 'the EgressProxy construct' });
      through._carry(way.clients, way.patterns);
      return;
    }
    // The proxy may be built after this.
    estate.onProxy((proxy) => locate(this.node.path, () => proxy._carry(way.clients, way.patterns)));
    this.node.addValidation({
      validate: () => {
        if (estate.proxies.length === 1) return [];
        const { name, cni } = estate.profile;
        const found = estate.proxies.length === 0 ? 'this app has no EgressProxy for it' : `this app has ${estate.proxies.length} proxies for it (${estate.proxies.map(({ node }) => node.path).join(', ')})`;
        return [`no policy of ${cni.name} allows domain names in the cluster "${name}", and ${found}. Instead: ${estate.proxies.length === 0 ? 'new EgressProxy(chart, \'egress\', { ... }), or a CNI with domain names' : 'through: the one of them'}`];
      },
    });
  }
}

/** The pods with their namespace, in which they have to be. */
function clientsIn(subject: Pods, namespace: string): Pods {
  subjectIn(subject, namespace, 'from');
  return subject._within(namedNamespace(namespace));
}

function checkDomains(domains: readonly string[]): DomainPattern[] {
  if (!Array.isArray(domains) || domains.length === 0) {
    throw new PolicyError({ given: domains, where: 'domains', problem: 'are no domains', instead: 'domains: ["api.example.com"]' });
  }
  return (domains as string[]).map((domain, index) => locate(`domains[${index}]`, () => DomainPattern.parse(domain)));
}
