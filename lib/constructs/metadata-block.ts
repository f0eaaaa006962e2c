import { Construct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import {
  checkFields, Cidr, everyNamespace, ipBlockPeer, locate, matchingNamespaces, namedNamespace, NAMESPACE_NAME_LABEL, PodSet, PolicyError, portKey,
  Protocol, rule, Rule, Selector,
} from '../policy';
import { MetadataExemption } from './metadata-exemption';
import { checkOwner, Owner } from './owner';
import { RolloutStage } from './rollout-stage';
import { ClosedEndpoint } from './synthesis/closed-endpoint';
import { metadataOf } from './synthesis/cluster-metadata';
import { ClusterMetadata, clusterPolicy, tierObject } from './synthesis/cluster-object';
import { Estate, estatesOf } from './synthesis/estate';
import { HardDeny, hardDenyOf, isHardDeny } from './synthesis/hard-deny';
import { CheckedExemption, checkExemptions } from './synthesis/metadata-exemptions';
import { chartOf, enter, inConstruct } from './synthesis/placement';
import { isSynthesizing } from './synthesis/synth-window';
import { warn } from './synthesis/warn';

/** What a `MetadataBlock` needs to know. */
export interface MetadataBlockProps {
  /**
   * Pods that may use instance metadata.
   * @default - none
   */
  readonly exemptions?: MetadataExemption[];

  /**
   * Further addresses that hand out metadata, on TCP port 80: a virtual router of CloudStack, a private cloud's own service.
   * @default - the endpoints of the cloud in the `ClusterProfile`, of every known cloud where it names none
   */
  readonly additionalAddresses?: string[];

  /**
   * How far the denial of the cluster has come: with `ENFORCE` no pod reaches the endpoints but those that are exempt, in every
   * namespace, whatever its policies say; with `AUDIT` the CNI shows what that would deny (Calico 3.30 and later); with `OBSERVE`
   * its object selects nothing. The check over the app is on in every stage.
   * @default - ENFORCE where the CNI has such a denial, else the check alone
   */
  readonly stage?: RolloutStage;

  /**
   * Who answers for the denial.
   * @default - nobody is named in its objects
   */
  readonly owner?: Owner;
}

/**
 * The promise that no pod reaches the metadata service of its node, and so the node's credentials.
 *
 * Where the CNI has policies that deny, it is one for every pod of the cluster, before all others: an Admin policy of
 * ClusterNetworkPolicy (Kubernetes and GKE that serve it, Amazon VPC CNI 1.21 and later in its own API), a
 * CiliumClusterwideNetworkPolicy that isolates nobody (Cilium 1.16 and later), a GlobalNetworkPolicy in a tier of its own (Calico
 * 3.29 and later), a ClusterNetworkPolicy of Antrea. Synth fails where a policy of the app would come before it. Elsewhere, and
 * until its stage is ENFORCE, it is a check: every rule of the app's own constructs leaves the endpoints out, and synth fails
 * when any policy of the app opens one of them on its port.
 *
 * It governs every namespace of the cluster (all that share its `ClusterProfile`). What the workload identity of the profile
 * needs stays open, and so do other services on the same address, such as DNS. Agents of the system that read the metadata of
 * their node are cut off as well unless they are exempt: see `MetadataExemptions`. As a check alone it says nothing of a pod that
 * no policy isolates: that reaches the service whatever is promised here.
 *
 * ```ts
 * // cloud: Cloud.DIGITALOCEAN, cni: Cni.cilium({ version: '1.18' }) in the ClusterProfile
 * new MetadataBlock(clusterChart, 'metadata');
 * ```
 * ```yaml
 * apiVersion: cilium.io/v2
 * kind: CiliumClusterwideNetworkPolicy
 * metadata: { name: metadata-block }
 * spec:
 *   endpointSelector: {}
 *   enableDefaultDeny: { egress: false }
 *   egressDeny:
 *     - toCIDR: [169.254.169.254/32]
 *       toPorts: [{ ports: [{ port: "80", protocol: TCP }] }]
 * ```
 * @see https://attack.mitre.org/techniques/T1552/005/
 */
export class MetadataBlock extends Construct {
  /** Whether objects are emitted that deny, in whichever stage; else the promise is a check over the app. */
  public readonly hasHardDeny: boolean;

  /** How far the denial has come; OBSERVE where there is none. */
  public readonly stage: RolloutStage;

  private readonly exempt: ReadonlyMap<string, readonly CheckedExemption[]>;
  private readonly closed: readonly ClosedEndpoint[];

  /**
   * Promises that instance metadata stays closed.
   * @param scope a chart of the cluster
   * @param id the id of the construct
   * @param props exemptions
   * @throws if a denial is asked for that the CNI has not, or that would cut off every pod of the cluster
   */
  public constructor(scope: Construct, id: string, props: MetadataBlockProps = {}) {
    super(scope, id);
    const estate = enter(this);
    inConstruct(this, () => checkFields<MetadataBlockProps>(props, { exemptions: 'value', additionalAddresses: 'value', stage: 'value', owner: 'value' }));
    this.exempt = inConstruct(this, () => checkExemptions(listOf('exemptions', props.exemptions)));
    const more = inConstruct(this, () => listOf('additionalAddresses', props.additionalAddresses).map(additional));
    this.closed = [...metadataOf(ClusterProfile.of(this)), ...more];
    if (estate.metadata !== undefined) {
      throw new PolicyError({
        given: this.node.id, where: this.node.path, problem: `is a second MetadataBlock: ${estate.metadata.node.path} governs this cluster already`,
        instead: 'one of them, with the exemptions of both',
      });
    }
    estate.metadata = this;
    const deny = inConstruct(this, () => this.chooseDeny(estate, props.stage));
    this.hasHardDeny = deny !== undefined;
    this.stage = deny === undefined ? RolloutStage.OBSERVE : props.stage ?? RolloutStage.ENFORCE;
    if (deny !== undefined) inConstruct(this, () => this.emit(deny, props.owner));
    inConstruct(this, () => this.openToExempt(estate));
    // A promise made above several clusters would hold in none of those that have a profile of their own.
    this.node.addValidation({
      validate: () => estatesOf(this.node.root)
        .filter((other) => other !== estate && other.metadata === undefined && other.scope.node.scopes.includes(scope))
        .map((other) => `it does not govern the cluster "${other.profile.name}", which has a ClusterProfile of its own at ${other.scope.node.path}. `
          + `Instead: a MetadataBlock below ${other.scope.node.path} too`),
    });
  }

  /** @internal */
  public _closedIn(namespace: string | undefined, pods?: Selector): readonly ClosedEndpoint[] {
    const here = namespace === undefined ? [] : this.exempt.get(namespace) ?? [];
    return here.some((each) => each.pods === undefined || pods?.implies(each.pods) === true) ? [] : this.closed;
  }

  /** @internal */
  public _exemption(namespace: string): string | undefined {
    const reasons = this.exempt.get(namespace)?.map(({ pods, reason }) => (pods === undefined ? reason : `${pods.toString()}: ${reason}`));
    return reasons?.join('; ');
  }

  /** @internal whether it denies, whatever other policies allow */
  public get _denies(): boolean {
    return this.hasHardDeny && this.stage === RolloutStage.ENFORCE;
  }

  /** The denial of the CNI, if it has one and it is wanted. */
  private chooseDeny({ profile }: Estate, stage: RolloutStage | undefined): HardDeny | undefined {
    if (stage !== undefined && !Object.values(RolloutStage).includes(stage)) {
      throw new PolicyError({ given: stage, where: 'stage', problem: 'is not a stage', instead: 'stage: RolloutStage.OBSERVE, RolloutStage.AUDIT or RolloutStage.ENFORCE' });
    }
    const deny = hardDenyOf(profile.cni);
    if (isHardDeny(deny)) {
      if (stage === RolloutStage.AUDIT && deny.staged === undefined) {
        throw new PolicyError({
          given: stage, where: 'stage', problem: `cannot be shown before it holds: ${profile.cni.toString()} has no staged form of ${deny.form.kind}`,
          instead: 'RolloutStage.OBSERVE until recorded flows show nobody at these addresses, then ENFORCE',
        });
      }
      return deny;
    }
    if (stage === RolloutStage.OBSERVE) return undefined;
    if (stage !== undefined || deny.isDangerous === true) {
      throw new PolicyError({
        given: stage ?? profile.cni.toString(), where: 'stage', problem: `is no denial that this cluster can have: ${deny.because}`,
        instead: 'stage: RolloutStage.OBSERVE for the check over the app alone, or what it needs in the ClusterProfile',
      });
    }
    if (deny.isUnsure === true) {
      this.node.addValidation({
        validate: () => {
          if (isSynthesizing(this.node.root)) warn(this, `is a check over the app, and denies nothing in the cluster: ${deny.because}. With stage: RolloutStage.OBSERVE that is said`);
          return [];
        },
      });
    }
    return undefined;
  }

  private emit(deny: HardDeny, owner: Owner | undefined): void {
    chartOf(this);
    const metadata: ClusterMetadata = { stage: this.stage, ...(owner === undefined ? {} : { owner: checkOwner(owner) }) };
    if (deny.tier !== undefined) tierObject(this, deny.tier, -4, metadata);
    const rules = byPorts(this.closed).map(({ cidrs, ports }): Rule => rule({ direction: 'egress', action: 'deny', peers: cidrs.map((cidr) => ipBlockPeer(cidr)), ports }));
    for (const [index, subject] of this.subjects().entries()) {
      const name = index === 0 ? 'metadata-block' : `metadata-block-${index + 1}`;
      // Before it is enforced it is there and selects nothing, so that going back is an edit.
      const selected = this.stage === RolloutStage.ENFORCE ? subject : { ...subject, pods: deny.nobody };
      clusterPolicy(this, deny.nameOf(name), -3, metadata, deny.form, () => deny.policyOf(name, selected, rules, 'enforced'));
      if (this.stage === RolloutStage.AUDIT && deny.staged !== undefined) {
        clusterPolicy(this, deny.nameOf(name), -3, metadata, deny.staged, () => deny.policyOf(name, subject, rules, 'staged'));
      }
    }
  }

  /** Every pod but the exempt ones: those of other namespaces, and the others of namespaces with exempt pods. */
  private subjects(): readonly PodSet[] {
    const others = this.exempt.size === 0 ? everyNamespace : matchingNamespaces(Selector.of({
      matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: 'NotIn', values: [...this.exempt.keys()] }],
    }));
    const beside = [...this.exempt].flatMap(([namespace, exemptions]) => withoutAll(exemptions.map(({ pods }) => pods))
      .map((pods): PodSet => ({ kind: 'pods', namespaces: namedNamespace(namespace), pods })));
    return [{ kind: 'pods', namespaces: others, pods: Selector.everything }, ...beside];
  }

  /** Pods that are exempt by their labels may use what they are exempt for, also where all else is closed. */
  private openToExempt(estate: Estate): void {
    estate.onManaged(({ namespaceName }) => {
      for (const { pods, reason } of this.exempt.get(namespaceName) ?? []) {
        if (pods === undefined) continue;
        for (const { cidrs, ports } of byPorts(this.closed)) {
          const opened = rule({ direction: 'egress', action: 'allow', peers: cidrs.map((cidr) => ipBlockPeer(cidr)), ports });
          locate(this.node.path, () => estate.policies(namespaceName).put({ subject: pods, rule: opened, by: this, reason }));
        }
      }
    });
  }
}

/** Endpoints of the same ports, which are one rule. */
function byPorts(endpoints: readonly ClosedEndpoint[]): ReadonlyArray<{ readonly cidrs: readonly Cidr[]; readonly ports: ClosedEndpoint['ports'] }> {
  const groups = new Map<string, { readonly cidrs: Cidr[]; readonly ports: ClosedEndpoint['ports'] }>();
  for (const { cidr, ports } of endpoints) {
    const key = ports.map(portKey).join(',');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { cidrs: [cidr], ports });
    else group.cidrs.push(cidr);
  }
  return [...groups.values()];
}

/** Selectors that together match what none of some selectors of labels matches; an absent selector matches everything. */
function withoutAll(selectors: ReadonlyArray<Selector | undefined>): Selector[] {
  return selectors.reduce<Selector[]>((left, selector) => (selector === undefined ? [] : left.flatMap((each) => selector.requirements.map(({ key, values }) => (
    each.and(Selector.of({ matchExpressions: [{ key, operator: 'NotIn', values: [...values] }] }))
  )))), [Selector.everything]);
}

function listOf<T>(where: string, given: readonly T[] | undefined): readonly T[] {
  if (given === undefined || Array.isArray(given)) return given ?? [];
  throw new PolicyError({ given, where, problem: 'is not a list', instead: 'a list, with one entry for each' });
}

function additional(address: string, index: number): ClosedEndpoint {
  const cidr = locate(`additionalAddresses[${index}]`, () => Cidr.host(address));
  return { cidr, ports: [{ kind: 'range', protocol: Protocol.TCP, first: 80, last: 80 }] };
}
