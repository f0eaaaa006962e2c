import { Construct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import { checkDnsLabel, checkFields, Cidr, locate, PolicyError, Protocol } from '../policy';
import { ClosedEndpoint } from './synthesis/closed-endpoint';
import { metadataOf } from './synthesis/cluster-metadata';
import { estatesOf } from './synthesis/estate';
import { enter, inConstruct } from './synthesis/placement';

/** A namespace whose pods may use instance metadata. */
export interface MetadataExemption {
  /** The namespace. */
  readonly namespace: string;
  /** Why its pods need what belongs to the node: at least eight characters. It lands in the ConfigMap `netpol-stage` of the namespace. */
  readonly reason: string;
}

/** What a `MetadataBlock` needs to know. */
export interface MetadataBlockProps {
  /**
   * Namespaces whose pods may use instance metadata.
   * @default - none
   */
  readonly exemptions?: MetadataExemption[];

  /**
   * Further addresses that hand out metadata, on TCP port 80: a virtual router of CloudStack, a private cloud's own service.
   * @default - the endpoints of the cloud in the `ClusterProfile`, of every known cloud where it names none
   */
  readonly additionalAddresses?: string[];
}

/**
 * The promise that no pod reaches the metadata service of its node, and so the node's credentials.
 *
 * NetworkPolicies only allow, so no policy can forbid it for good: this makes every rule of the app's own constructs leave the
 * endpoints out, and stops the synth when any NetworkPolicy of the app, hand-written and included ones too, opens one of them on
 * its port. It governs every namespace of the cluster (all that share its `ClusterProfile`). What the workload identity of
 * the profile needs stays open, and so do other services on the same address, such as DNS.
 *
 * A pod that no policy isolates reaches the metadata service whatever is promised here: the promise begins with stage AUDIT.
 *
 * ```ts
 * // cloud: Cloud.DIGITALOCEAN in the ClusterProfile
 * new MetadataBlock(clusterChart, 'metadata');
 * new AllowToIpBlock(payments, 'world', { cidrs: ['0.0.0.0/0'], from: payments.pods({ app: 'api' }), ports: [Port.tcp(80)] });
 * ```
 * ```yaml
 * metadata: { name: allow-api, namespace: pay }
 * spec:
 *   podSelector: { matchLabels: { app: api } }
 *   policyTypes: [Egress]
 *   egress:
 *     - to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }]
 *       ports: [{ port: 80, protocol: TCP }]
 * ```
 * @see https://attack.mitre.org/techniques/T1552/005/
 */
export class MetadataBlock extends Construct {
  private readonly exempt: Map<string, string>;
  private readonly closed: readonly ClosedEndpoint[];

  /**
   * Promises that instance metadata stays closed.
   * @param scope a chart of the cluster
   * @param id the id of the construct
   * @param props exemptions
   */
  public constructor(scope: Construct, id: string, props: MetadataBlockProps = {}) {
    super(scope, id);
    const estate = enter(this);
    inConstruct(this, () => checkFields<MetadataBlockProps>(props, { exemptions: 'value', additionalAddresses: 'value' }));
    this.exempt = inConstruct(this, () => checkExemptions(listOf('exemptions', props.exemptions)));
    this.closed = inConstruct(this, () => [...metadataOf(ClusterProfile.of(this)), ...listOf('additionalAddresses', props.additionalAddresses).map(additional)]);
    if (estate.metadata !== undefined) {
      throw new PolicyError({
        given: this.node.id, where: this.node.path, problem: `is a second MetadataBlock: ${estate.metadata.node.path} governs this cluster already`,
        instead: 'one of them, with the exemptions of both',
      });
    }
    estate.metadata = this;
    // A promise made above several clusters would hold in none of those that have a profile of their own.
    this.node.addValidation({
      validate: () => estatesOf(this.node.root)
        .filter((other) => other !== estate && other.metadata === undefined && other.scope.node.scopes.includes(scope))
        .map((other) => `it does not govern the cluster "${other.profile.name}", which has a ClusterProfile of its own at ${other.scope.node.path}. `
          + `Instead: a MetadataBlock below ${other.scope.node.path} too`),
    });
  }

  /** @internal */
  public _closedIn(namespace: string | undefined): readonly ClosedEndpoint[] {
    return namespace !== undefined && this.exempt.has(namespace) ? [] : this.closed;
  }

  /** @internal */
  public _exemption(namespace: string): string | undefined {
    return this.exempt.get(namespace);
  }
}

function listOf<T>(where: string, given: readonly T[] | undefined): readonly T[] {
  if (given === undefined || Array.isArray(given)) return given ?? [];
  throw new PolicyError({ given, where, problem: 'is not a list', instead: 'a list, with one entry for each' });
}

function checkExemptions(exemptions: readonly MetadataExemption[]): Map<string, string> {
  const checked = new Map<string, string>();
  for (const [index, exemption] of exemptions.entries()) {
    const where = `exemptions[${index}]`;
    const { namespace, reason } = locate(where, () => checkFields(exemption, { namespace: 'value', reason: 'value' }));
    locate(`${where}.namespace`, () => checkDnsLabel(namespace, 'namespace name'));
    if (typeof reason !== 'string' || reason.trim().length < 8) {
      throw new PolicyError({ given: reason, where: `${where}.reason`, problem: 'does not say why pods may use the metadata of their node', instead: 'a reason of at least eight characters' });
    }
    if (checked.has(namespace)) throw new PolicyError({ given: namespace, where, problem: 'is exempt twice', instead: 'one exemption with both reasons' });
    checked.set(namespace, reason.trim());
  }
  return checked;
}

function additional(address: string, index: number): ClosedEndpoint {
  const cidr = locate(`additionalAddresses[${index}]`, () => Cidr.host(address));
  return { cidr, ports: [{ kind: 'range', protocol: Protocol.TCP, first: 80, last: 80 }] };
}
