import { ApiObject, JsonPatch, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { AUDIT_POLICY, checkDnsLabel, checkFields, Labels, locate, namedNamespace, NAMESPACE_NAME_LABEL, NETWORK_POLICY_TIER, Policy, PolicyError, Port, Protocol, Selector } from '../policy';
import { LabelExpression } from './label-expression';
import { Namespaces } from './namespaces';
import { checkOwner, Owner, OWNER_LABEL } from './owner';
import { Pods } from './pods';
import { RolloutStage } from './rollout-stage';
import {
  CONTACT_ANNOTATION, KEEP_ANNOTATIONS, MANAGED_BY, MANAGED_BY_LABEL, REASON_ANNOTATION, ROLLBACK_ANNOTATION, STAGE_ANNOTATION, SYNC_WAVE_ANNOTATION,
} from './synthesis/annotations';
import { ClosedEndpoint } from './synthesis/closed-endpoint';
import { open } from './synthesis/connect';
import { openDns } from './synthesis/dns';
import { Estate } from './synthesis/estate';
import { isInMesh, MESH_NOTE, probePeers } from './synthesis/mesh';
import { opener, shutOpener } from './synthesis/opener';
import { NATIVE_OPENER, openerForm } from './synthesis/opener-form';
import { chartOf, enter, inConstruct } from './synthesis/placement';
import { NATIVE_FORM, PolicyForm } from './synthesis/policy-form';
import { DEFAULT_DENY_POLICY, PROBES_POLICY } from './synthesis/policy-name';
import { PolicyObject } from './synthesis/policy-object';
import { Host } from './synthesis/policy-set';
import { previewOf } from './synthesis/preview';
import { checkReason } from './synthesis/reason';
import { rollbackCommand, rollbackNotes } from './synthesis/rollback';
import { stageNotes } from './synthesis/stage-record';

/** What a `DefaultDenyNamespace` needs to know. */
export interface DefaultDenyNamespaceProps {
  /** The name of the namespace: at most 63 lower-case letters, digits and `-`. */
  readonly name: string;

  /** Who answers for its policies. One owner a namespace; "everyone" is nobody and refused. */
  readonly owner: Owner;

  /**
   * How far the namespace has come. There is no default: somebody has to say whether traffic is dropped.
   */
  readonly stage: RolloutStage;

  /**
   * Make the Namespace object too, protected from pruning by Argo CD, Flux and Helm. Two owners of one Namespace object is
   * how namespaces get deleted: leave it where something else makes the namespace.
   * @default false
   */
  readonly create?: boolean;

  /**
   * Labels that the namespace has (with `create`: gets). Rules for "namespaces with these labels" find it by them.
   * @default - only `kubernetes.io/metadata.name`
   */
  readonly labels?: Record<string, string>;

  /**
   * Let every pod of the namespace ask the cluster's DNS, over UDP and TCP.
   * @default true
   */
  readonly allowDns?: boolean;
}

/**
 * A namespace with an owner and a default-deny in both directions: what no rule allows is dropped, once its stage is ENFORCE.
 *
 * Every pod may ask the cluster's DNS; everything else is said by the `Allow...` constructs, which take this one as their scope.
 * In AUDIT all policies are there and `netpol-audit` keeps the namespace open (all but instance metadata), so that recorded
 * traffic can be compared with them. Going from AUDIT to ENFORCE and back changes objects and deletes none. The annotation
 * `cdk8s-netpol/rollback` of `default-deny` is the line to run when ENFORCE has to be undone at once.
 *
 * ```ts
 * new DefaultDenyNamespace(chart, 'pay', {
 *   name: 'pay', owner: { team: 'payments', contact: '#payments' }, stage: RolloutStage.ENFORCE,
 * });
 * ```
 * ```yaml
 * apiVersion: networking.k8s.io/v1
 * kind: NetworkPolicy
 * metadata:
 *   name: default-deny
 *   namespace: pay
 *   labels: { cdk8s-netpol/owner: payments }
 *   annotations: { cdk8s-netpol/contact: "#payments", cdk8s-netpol/stage: ENFORCE }
 * spec:
 *   podSelector: {}
 *   policyTypes: [Ingress, Egress]
 * ---
 * apiVersion: networking.k8s.io/v1
 * kind: NetworkPolicy
 * metadata:
 *   name: allow-dns
 *   namespace: pay
 * spec:
 *   podSelector: {}
 *   policyTypes: [Egress]
 *   egress:
 *     - ports: [{ port: 53, protocol: TCP }, { port: 53, protocol: UDP }]
 *       to:
 *         - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
 *           podSelector: { matchLabels: { k8s-app: kube-dns } }
 * ```
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies
 */
export class DefaultDenyNamespace extends Construct {
  /** The name of the namespace. */
  public readonly namespaceName: string;
  /** Who answers for its policies. */
  public readonly owner: Owner;
  /** How far it has come. */
  public readonly stage: RolloutStage;

  /** @internal */
  public readonly _labels: Labels;
  /** @internal */
  public readonly _host: Host;
  /** @internal */
  public _acceptedOpening?: string;

  private readonly estate: Estate;
  private readonly audit?: PolicyObject;

  /**
   * Takes a namespace into the app.
   * @param scope the chart of the namespace: its objects, and rules of others at this end, are written there
   * @param id the id of the construct; names of objects do not depend on it
   * @param props the namespace
   */
  public constructor(scope: Construct, id: string, props: DefaultDenyNamespaceProps) {
    super(scope, id);
    inConstruct(this, () => chartOf(this));
    const checked = inConstruct(this, () => check(props));
    this.namespaceName = checked.name;
    this.owner = checked.owner;
    this.stage = checked.stage;
    this._labels = checked.labels;
    this.estate = enter(this);

    const labels = { [OWNER_LABEL]: this.owner.team };
    const annotations = { [CONTACT_ANNOTATION]: this.owner.contact, [STAGE_ANNOTATION]: this.stage };
    if (props.create === true) this.createNamespace(labels);
    this.keepRecord(labels, annotations);
    const form = openerForm(this.estate.profile.cni) ?? NATIVE_OPENER;
    // Objects are written in the order of the tree. The opener comes before everything that closes, and shuts after everything
    // that opens: no prefix of the file drops what the whole of it allows.
    if (this.stage === RolloutStage.AUDIT) {
      this.audit = this.policyObject(AUDIT_POLICY, '-2', labels, annotations, () => opener(AUDIT_POLICY, this.namespaceName, this.leftClosed(), form), form);
    }
    const preview = this.stage === RolloutStage.AUDIT ? previewOf(this.estate.profile.cni) : undefined;
    this._host = { construct: new Construct(this, 'rules'), stage: this.stage, labels, annotations, preview };
    if (this.stage !== RolloutStage.OBSERVE) {
      const deny = this.policyObject(DEFAULT_DENY_POLICY, '0', labels, annotations, () => this.defaultDeny());
      if (preview !== undefined) this.policyObject(preview.nameOf(DEFAULT_DENY_POLICY), '0', labels, annotations, () => preview.policyOf(this.defaultDeny()), preview.form);
      if (this.stage === RolloutStage.ENFORCE) {
        deny.metadata.addAnnotation(ROLLBACK_ANNOTATION, Lazy.any({ produce: () => this.rollbackCommand }) as string);
        this.audit = this.policyObject(AUDIT_POLICY, '1', labels, annotations, () => shutOpener(AUDIT_POLICY, this.namespaceName, form), form);
      }
    }
    inConstruct(this, () => this.estate.own(this));
    if (props.allowDns !== false) inConstruct(this, () => openDns(this, this.namespaceName, Pods.all()));
    if (isInMesh(this.estate, this.namespaceName)) inConstruct(this, () => this.openToProbes());
  }

  /** The line that opens the namespace again while it is in ENFORCE. It adds the object `netpol-rollback` and edits none. */
  public get rollbackCommand(): string {
    return rollbackCommand(this.namespaceName, this.owner, this.leftClosed(), this.estate.profile.cni);
  }

  /**
   * Pods of this namespace, as a peer for rules anywhere in the app.
   * @param labels the labels of the pods; every pod where they are not given
   */
  public pods(labels?: Record<string, string>): Pods {
    return Pods.inNamespaces(Namespaces.named(this.namespaceName), labels);
  }

  /**
   * Pods of this namespace whose labels meet all of these conditions.
   * @param expressions at least one
   */
  public podsMatching(expressions: LabelExpression[]): Pods {
    return Pods.matching(expressions)._within(namedNamespace(this.namespaceName));
  }

  /**
   * Accept that AUDIT opens what policies which are not of this app's constructs keep closed today. Without it, such a policy
   * in a namespace in AUDIT is an error.
   * @param reason why that is acceptable; written to `netpol-audit`
   */
  public acceptOpening(reason: string): void {
    this._acceptedOpening = checkReason(reason, this.node.path, 'why closed traffic may be opened');
    this.audit?.metadata.addAnnotation(REASON_ANNOTATION, this._acceptedOpening);
  }

  /** In an ambient mesh the kubelet is no node to policies: its probes come from an address that they have to name. */
  private openToProbes(): void {
    const reason = 'probes of the kubelet, on whatever port they ask';
    open({
      by: this, namespace: this.namespaceName, direction: 'ingress', subject: Pods.all(), peers: probePeers(), ports: [Port.all({ reason, protocol: Protocol.TCP })],
      fixedName: PROBES_POLICY, ignores: `no-all-ports: ${reason}`,
    });
  }

  private createNamespace(labels: Record<string, string>): void {
    const object = new ApiObject(this, 'namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: this.namespaceName,
        labels: { ...this._labels, [MANAGED_BY_LABEL]: MANAGED_BY, ...labels },
        annotations: { [CONTACT_ANNOTATION]: this.owner.contact, [SYNC_WAVE_ANNOTATION]: '-10', ...KEEP_ANNOTATIONS },
      },
    });
    if (object.metadata.namespace !== undefined) object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }

  /** Who owns the namespace, in which stage it is and how to go back, in every stage: OBSERVE has no other object. */
  private keepRecord(labels: Record<string, string>, annotations: Record<string, string>): void {
    const { cni } = this.estate.profile;
    new ApiObject(this, 'record', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'netpol-stage', namespace: this.namespaceName, labels: { [MANAGED_BY_LABEL]: MANAGED_BY, ...labels }, annotations },
      data: {
        'owner': this.owner.team,
        'contact': this.owner.contact,
        'stage': this.stage,
        ...stageNotes(this.stage, cni),
        'mesh': Lazy.any({ produce: () => (isInMesh(this.estate, this.namespaceName) ? MESH_NOTE : undefined) }),
        'metadata-exemption': Lazy.any({ produce: () => this.estate.metadata?._exemption(this.namespaceName) }),
        ...(this.stage === RolloutStage.ENFORCE ? rollbackNotes(this.namespaceName, cni) : {}),
        ...(this.stage === RolloutStage.ENFORCE ? { rollback: Lazy.any({ produce: () => this.rollbackCommand }) } : {}),
      },
    });
  }

  private policyObject(
    name: string, wave: string, labels: Record<string, string>, annotations: Record<string, string>, policy: () => Policy, form: PolicyForm = NATIVE_FORM,
  ): PolicyObject {
    return new PolicyObject(this, name, {
      name,
      namespace: this.namespaceName,
      labels: { [MANAGED_BY_LABEL]: MANAGED_BY, ...labels },
      annotations: { [SYNC_WAVE_ANNOTATION]: wave, ...annotations },
    }, policy, form);
  }

  private leftClosed(): readonly ClosedEndpoint[] {
    return this.estate.openerLeavesClosed(this.namespaceName);
  }

  private defaultDeny(): Policy {
    return {
      name: DEFAULT_DENY_POLICY,
      namespace: this.namespaceName,
      tier: NETWORK_POLICY_TIER,
      subject: { kind: 'pods', namespaces: namedNamespace(this.namespaceName), pods: Selector.everything },
      isolates: ['ingress', 'egress'],
      rules: [],
      stage: 'enforced',
    };
  }
}

function check(props: DefaultDenyNamespaceProps): { name: string; owner: Owner; stage: RolloutStage; labels: Labels } {
  checkFields<DefaultDenyNamespaceProps>(props, { name: 'value', owner: 'value', stage: 'value', create: 'flag', labels: 'value', allowDns: 'flag' });
  const { stage, labels } = props;
  if (!Object.values(RolloutStage).includes(stage)) {
    throw new PolicyError({ given: stage, problem: 'is not a stage', instead: 'stage: RolloutStage.OBSERVE, RolloutStage.AUDIT or RolloutStage.ENFORCE' });
  }
  const name = checkDnsLabel(props.name, 'namespace name');
  return { name, owner: checkOwner(props.owner), stage, labels: checkLabels(name, labels ?? {}) };
}

function checkLabels(name: string, labels: Labels): Labels {
  const checked = locate('labels', () => Selector.labels(labels)).asLabels ?? {};
  const given = checked[NAMESPACE_NAME_LABEL];
  if (given === undefined || given === name) return checked;
  throw new PolicyError({ given, where: `labels.${NAMESPACE_NAME_LABEL}`, problem: 'is not the name of this namespace, which the API server writes there', instead: 'nothing' });
}
