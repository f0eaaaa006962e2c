import { Construct } from 'constructs';
import { isBranded } from '../cluster/brand';
import { Cni } from '../cluster/cni';
import { SYSTEM_NAMESPACES } from '../cluster/system-namespaces';
import { checkDnsLabel, checkFields, everyNamespace, locate, matchingNamespaces, NAMESPACE_NAME_LABEL, PodSet, PolicyError, portMatches, Selector } from '../policy';
import { checkOwner, Owner } from './owner';
import { RolloutStage } from './rollout-stage';
import { ClusterBaseline, clusterBaselineOf } from './synthesis/cluster-baseline';
import { clusterPolicy } from './synthesis/cluster-object';
import { dnsPeers } from './synthesis/dns';
import { Estate } from './synthesis/estate';
import { chartOf, enter, inConstruct } from './synthesis/placement';
import { checkReason } from './synthesis/reason';

/** A namespace that a baseline of the cluster leaves alone. */
export interface NamespaceExemption {
  /** The namespace. */
  readonly namespace: string;
  /** Why nothing is closed there: at least eight characters. It lands in an annotation of the policy. */
  readonly reason: string;
}

/** What a `ClusterDefaultDeny` needs to know. */
export interface ClusterDefaultDenyProps {
  /** Who answers for it: whoever starts in a namespace without an owner comes to them. */
  readonly owner: Owner;

  /**
   * How far it has come. OBSERVE selects nobody; AUDIT is shown and not enforced (Calico 3.30 and later); ENFORCE denies. There is
   * no default: somebody has to say whether traffic is dropped.
   */
  readonly stage: RolloutStage;

  /** Namespaces that are left alone. `kube-system` has to be claimed by a `DefaultDenyNamespace`, or be among them. */
  readonly exemptions: NamespaceExemption[];
}

/**
 * A default-deny for every namespace that no `DefaultDenyNamespace` of the app claims: a namespace that somebody makes tomorrow
 * begins closed, but for DNS, and opens by policies of its own, which any of these forms leaves to decide.
 *
 * It is a policy of the cluster in the form of the CNI: a CiliumClusterwideNetworkPolicy, a GlobalNetworkPolicy behind all others
 * in the tier `default`, a Baseline ClusterNetworkPolicy (Kubernetes and GKE that serve it, the VPC CNI in its own API, Antrea in
 * its own). A Baseline policy says nothing about connections from outside of the cluster: no rule there names them. Where the
 * CNI has none of these, it is an error: a NetworkPolicy knows its own namespace alone.
 *
 * ```ts
 * // cni: Cni.cilium({ version: '1.18' }) in the ClusterProfile
 * new ClusterDefaultDeny(clusterChart, 'baseline', {
 *   owner: { team: 'platform', contact: '#platform' }, stage: RolloutStage.ENFORCE,
 *   exemptions: ClusterDefaultDeny.systemNamespaces(Cni.cilium()),
 * });
 * ```
 * ```yaml
 * apiVersion: cilium.io/v2
 * kind: CiliumClusterwideNetworkPolicy
 * metadata: { name: cluster-default-deny }
 * spec:
 *   endpointSelector:
 *     matchExpressions:
 *       - { key: k8s:io.kubernetes.pod.namespace, operator: Exists }
 *       - { key: k8s:io.kubernetes.pod.namespace, operator: NotIn, values: [kube-node-lease, kube-public, kube-system] }
 *   ingress: [{}]
 *   egress:
 *     - toEndpoints: [{ matchLabels: { k8s:io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns } }]
 *       toPorts: [{ ports: [{ port: "53", protocol: TCP }, { port: "53", protocol: UDP }] }]
 * ```
 * @see https://kubernetes.io/docs/concepts/security/multi-tenancy/#network-isolation
 */
export class ClusterDefaultDeny extends Construct {
  /**
   * The namespaces of Kubernetes and of the CNI itself, each with its reason. Cut off, they take the cluster with them.
   * @param cni the CNI of the cluster
   */
  public static systemNamespaces(cni: Cni): NamespaceExemption[] {
    if (!isBranded(cni, 'Cni')) throw new PolicyError({ given: cni, where: 'cni', problem: 'is no CNI', instead: 'Cni.cilium() or another' });
    return SYSTEM_NAMESPACES.filter((row) => row.cni === undefined || row.cni === cni.name).map(({ namespace, reason }) => ({ namespace, reason }));
  }

  /** How far it has come. */
  public readonly stage: RolloutStage;

  /**
   * Closes the namespaces that nobody claims.
   * @param scope a chart of the cluster
   * @param id the id of the construct
   * @param props who answers for it, how far it has come, and what it leaves alone
   * @throws if the CNI has no policy of the cluster, or AUDIT is asked for where nothing shows it
   */
  public constructor(scope: Construct, id: string, props: ClusterDefaultDenyProps) {
    super(scope, id);
    const estate = enter(this);
    inConstruct(this, () => chartOf(this));
    inConstruct(this, () => checkFields<ClusterDefaultDenyProps>(props, { owner: 'value', stage: 'value', exemptions: 'value' }));
    const owner = inConstruct(this, () => checkOwner(props.owner));
    const exempt = inConstruct(this, () => checkExemptions(props.exemptions));
    const baseline = inConstruct(this, () => chooseBaseline(estate, props.stage));
    this.stage = props.stage;
    inConstruct(this, () => estate.takeUnclaimed(this));
    const annotations = { 'cdk8s-netpol/exemptions': [...exempt].map(([namespace, reason]) => `${namespace}: ${reason}`).join('; ') };
    const metadata = { stage: this.stage, owner, annotations };
    const { peers, ports } = dnsPeers(this);
    const dns = { peers, ports: portMatches(ports) ?? [] };
    const subject = (): PodSet => unclaimed(estate, [...exempt.keys()]);
    const { form, staged, nobody } = baseline;
    const enforced = (): PodSet => (this.stage === RolloutStage.ENFORCE ? subject() : { ...subject(), pods: nobody });
    for (const part of baseline.parts) {
      const name = baseline.nameOf(part.suffix === undefined ? NAME : `${NAME}-${part.suffix}`);
      clusterPolicy(this, name, 2, metadata, form, () => part.policyOf(name, enforced(), dns, 'enforced'));
      if (staged === undefined || this.stage !== RolloutStage.AUDIT) continue;
      clusterPolicy(this, name, 2, metadata, staged, () => part.policyOf(name, subject(), dns, 'staged'));
    }
    this.node.addValidation({ validate: () => ESSENTIAL.filter((name) => !exempt.has(name) && !estate.managed.has(name)).map(missing) });
  }
}

const NAME = 'cluster-default-deny';

/** What a cluster cannot run without: somebody has to have thought about it. */
const ESSENTIAL = ['kube-system'];

function missing(namespace: string): string {
  return `it would close "${namespace}", and DNS with it. Instead: exemptions: ClusterDefaultDeny.systemNamespaces(cni), or a DefaultDenyNamespace for it`;
}

/** Pods of all namespaces but these. */
function unclaimed({ managed }: Estate, exempt: readonly string[]): PodSet {
  const names = [...new Set([...managed.keys(), ...exempt])].sort();
  const others = names.length === 0 ? everyNamespace : matchingNamespaces(Selector.of({ matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: 'NotIn', values: names }] }));
  return { kind: 'pods', namespaces: others, pods: Selector.everything };
}

function chooseBaseline({ profile }: Estate, stage: RolloutStage): ClusterBaseline {
  if (!Object.values(RolloutStage).includes(stage)) {
    throw new PolicyError({ given: stage, where: 'stage', problem: 'is not a stage', instead: 'stage: RolloutStage.OBSERVE, RolloutStage.AUDIT or RolloutStage.ENFORCE' });
  }
  const baseline = clusterBaselineOf(profile.cni);
  if (!('form' in baseline)) {
    throw new PolicyError({
      given: profile.cni.toString(), problem: `has no default-deny of the cluster: ${baseline.because}`,
      instead: 'a DefaultDenyNamespace for each namespace, or what it needs in the ClusterProfile',
    });
  }
  if (stage === RolloutStage.AUDIT && baseline.staged === undefined) {
    throw new PolicyError({
      given: stage, where: 'stage', problem: `cannot be shown before it holds: ${profile.cni.toString()} has no staged form of ${baseline.form.kind}`,
      instead: 'RolloutStage.OBSERVE until recorded flows of the unclaimed namespaces are covered, then ENFORCE',
    });
  }
  return baseline;
}

function checkExemptions(exemptions: readonly NamespaceExemption[]): ReadonlyMap<string, string> {
  if (!Array.isArray(exemptions)) {
    throw new PolicyError({ given: exemptions, where: 'exemptions', problem: 'are no exemptions', instead: 'ClusterDefaultDeny.systemNamespaces(cni), or a list of your own' });
  }
  const checked = new Map<string, string>();
  for (const [index, exemption] of (exemptions as NamespaceExemption[]).entries()) {
    const where = `exemptions[${index}]`;
    const { namespace, reason } = locate(where, () => checkFields(exemption, { namespace: 'value', reason: 'value' }));
    locate(`${where}.namespace`, () => checkDnsLabel(namespace, 'namespace name'));
    const why = checkReason(reason, `${where}.reason`, 'why nothing is closed there');
    if (checked.has(namespace)) throw new PolicyError({ given: namespace, where, problem: 'is exempt twice', instead: 'one exemption with both reasons' });
    checked.set(namespace, why);
  }
  return checked;
}
