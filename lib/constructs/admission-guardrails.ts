import { Construct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import { checkDnsLabel, checkFields, checkLabelKey, Fields, locate, PolicyError } from '../policy';
import { Guardrail } from './guardrails/guardrail';
import { GuardrailAction } from './guardrails/guardrail-action';
import { guardrailObjects, Outside } from './guardrails/guardrail-objects';
import { keepDefaultDeny } from './guardrails/keep-default-deny';
import { noHandEdits } from './guardrails/no-hand-edits';
import { ownerRequired } from './guardrails/owner-required';
import { checkGroup, Requester } from './guardrails/requester';
import { systemNamespaces } from './guardrails/system-namespaces';
import { noAnyPeer, portsRequired } from './guardrails/width';
import { OWNER_LABEL } from './owner';
import { chartOf, enter, inConstruct } from './synthesis/placement';

/** A namespace that the guardrails leave alone. */
export interface GuardrailExemption {
  /** The namespace. */
  readonly namespace: string;
  /** Why: at least eight characters. It lands as the annotation `cdk8s-netpol/reason` on each binding. */
  readonly reason: string;
}

/** What happens to a request that a guardrail refuses, for each guardrail. */
export interface GuardrailActions {
  /**
   * Each rule names its ports.
   * @default GuardrailAction.DENY
   */
  readonly portsRequired?: GuardrailAction;

  /**
   * No rule is for everybody: without peers, for all pods of all namespaces, or for all addresses.
   * @default GuardrailAction.DENY
   */
  readonly noAnyPeer?: GuardrailAction;

  /**
   * The `default-deny` of a namespace in ENFORCE is neither deleted nor opened.
   * @default GuardrailAction.DENY
   */
  readonly keepDefaultDeny?: GuardrailAction;

  /**
   * Each policy has a label that names its owner.
   * @default GuardrailAction.DENY
   */
  readonly ownerRequired?: GuardrailAction;

  /**
   * Policies that constructs of this library manage are created, changed and deleted by the deployers alone.
   * @default GuardrailAction.DENY
   */
  readonly noHandEdits?: GuardrailAction;
}

/** What `AdmissionGuardrails` needs to know. */
export interface AdmissionGuardrailsProps {
  /**
   * Who applies what this app synthesizes: the service account of Argo CD or Flux, the identity of a pipeline. At least one.
   * Whoever may impersonate them is one of them.
   */
  readonly deployers: Requester[];

  /**
   * The group of a team, with `{team}` where its name stands, as in the label `cdk8s-netpol/owner`: `oidc:{team}`. Its members
   * may delete and change the `default-deny` of a namespace in ENFORCE that their team owns.
   */
  readonly ownerGroup: string;

  /**
   * The group of those who undo ENFORCE when it drops what it should not. What they make, change or delete under the name
   * `netpol-rollback` is never refused, as long as it has the annotation `cdk8s-netpol/expires-after`.
   */
  readonly rollbackGroup: string;

  /**
   * What happens to refused requests. Begin with WARN or AUDIT on a cluster that has policies already.
   * @default - each of them is denied
   */
  readonly actions?: GuardrailActions;

  /**
   * Further labels that name the owner of a policy, such as `team`; one is enough. `cdk8s-netpol/owner` always does.
   * @default - none
   */
  readonly ownerLabels?: string[];

  /**
   * Namespaces in which none of this holds.
   * @default - none; the namespaces of the cluster itself, such as kube-system, need neither ports, peers nor an owner
   */
  readonly exemptions?: GuardrailExemption[];
}

/**
 * The API server refuses what the checks refuse before a merge: what somebody applies by hand, or a pipeline without checks.
 *
 * Each guardrail is a ValidatingAdmissionPolicy, which the API server evaluates itself: no webhook, nothing to run. They look at
 * NetworkPolicies and at the kinds of the CNI in the `ClusterProfile`, one object at a time: what takes two objects to see is for
 * `netpol check`. Policies that a deployer applies with `app.kubernetes.io/managed-by: cdk8s-netpol` were checked at synth and may be as
 * wide as the constructs made them; hand-written ones are held to the rules whoever applies them.
 *
 * Needs Kubernetes 1.30, and the right to write policies of admission. Only one in a cluster.
 *
 * ```ts
 * new AdmissionGuardrails(clusterChart, 'guardrails', {
 *   deployers: [Requester.serviceAccount('argocd', 'argocd-application-controller')],
 *   ownerGroup: 'oidc:{team}',
 *   rollbackGroup: 'oidc:on-call',
 *   actions: { ownerRequired: GuardrailAction.WARN },
 *   exemptions: [{ namespace: 'legacy', reason: 'its chart opens all ports until it goes in March' }],
 * });
 * ```
 * ```yaml
 * apiVersion: admissionregistration.k8s.io/v1
 * kind: ValidatingAdmissionPolicyBinding
 * metadata:
 *   name: cdk8s-netpol-owner-required
 *   annotations: { cdk8s-netpol/reason: 'legacy: its chart opens all ports until it goes in March' }
 * spec:
 *   policyName: cdk8s-netpol-owner-required
 *   validationActions: [Warn]
 *   matchResources:
 *     namespaceSelector:
 *       matchExpressions:
 *         - key: kubernetes.io/metadata.name
 *           operator: NotIn
 *           values: [kube-node-lease, kube-public, kube-system, legacy]
 * ```
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/3488-cel-admission-control
 */
export class AdmissionGuardrails extends Construct {
  /** Labels of which a policy needs one, and where it needs none; undefined where nothing is denied for that. */
  private readonly owners?: { readonly labels: readonly string[]; readonly notIn: readonly string[] };

  /**
   * Puts the guardrails of a cluster into a chart.
   * @param scope a chart of the cluster
   * @param id the id of the construct; names of objects do not depend on it
   * @param props who may do what
   */
  public constructor(scope: Construct, id: string, props: AdmissionGuardrailsProps) {
    super(scope, id);
    inConstruct(this, () => chartOf(this));
    const checked = inConstruct(this, () => check(props));
    const estate = enter(this);
    if (estate.guardrails !== undefined) {
      throw new PolicyError({
        given: this.node.id, where: this.node.path, problem: `is a second AdmissionGuardrails: ${estate.guardrails.node.path} governs this cluster already`,
        instead: 'one of them, with the deployers and exemptions of both',
      });
    }
    estate.guardrails = this;
    const { cni } = ClusterProfile.of(this);
    const { actions, exempt } = checked;
    const chosen = outside([...exempt.keys()], exempt);
    const chosenAndSystem = outside([...exempt.keys(), ...systemNamespaces(cni)], exempt);
    const put = (guardrails: readonly Guardrail[], action: GuardrailAction | undefined, where: Outside): void => {
      for (const guardrail of guardrails) guardrailObjects(this, guardrail, action ?? GuardrailAction.DENY, where);
    };
    put(portsRequired(cni, checked), actions.portsRequired, chosenAndSystem);
    put(noAnyPeer(cni, checked), actions.noAnyPeer, chosenAndSystem);
    put([ownerRequired(cni, checked, checked.ownerLabels)], actions.ownerRequired, chosenAndSystem);
    if ((actions.ownerRequired ?? GuardrailAction.DENY) === GuardrailAction.DENY) {
      this.owners = { labels: checked.ownerLabels, notIn: chosenAndSystem.namespaces };
    }
    put([keepDefaultDeny(cni, checked)], actions.keepDefaultDeny, chosen);
    put([noHandEdits(cni, checked)], actions.noHandEdits, chosen);
  }

  /** @internal */
  public _ownerLabelsIn(namespace: string | undefined): readonly string[] | undefined {
    return namespace !== undefined && this.owners?.notIn.includes(namespace) === true ? undefined : this.owners?.labels;
  }
}

function outside(namespaces: readonly string[], exempt: ReadonlyMap<string, string>): Outside {
  const reason = [...exempt].sort().map(([namespace, why]) => `${namespace}: ${why}`).join('; ');
  return { namespaces: [...new Set(namespaces)].sort(), ...(reason === '' ? {} : { reason }) };
}

interface Checked {
  readonly deployers: readonly Requester[];
  readonly ownerGroup: string;
  readonly rollbackGroup: string;
  readonly actions: GuardrailActions;
  readonly ownerLabels: readonly string[];
  readonly exempt: ReadonlyMap<string, string>;
}

const FIELDS: Fields<AdmissionGuardrailsProps> = {
  deployers: 'value', ownerGroup: 'value', rollbackGroup: 'value', actions: 'value', ownerLabels: 'value', exemptions: 'value',
};
const ACTION_FIELDS: Fields<GuardrailActions> = {
  portsRequired: 'value', noAnyPeer: 'value', keepDefaultDeny: 'value', ownerRequired: 'value', noHandEdits: 'value',
};

function check(props: AdmissionGuardrailsProps): Checked {
  checkFields<AdmissionGuardrailsProps>(props, FIELDS);
  return {
    deployers: checkDeployers(props.deployers),
    ownerGroup: locate('ownerGroup', () => checkOwnerGroup(props.ownerGroup)),
    rollbackGroup: locate('rollbackGroup', () => checkGroup(props.rollbackGroup)),
    actions: locate('actions', () => checkActions(props.actions ?? {})),
    ownerLabels: [...new Set([OWNER_LABEL, ...checkOwnerLabels(props.ownerLabels ?? [])])],
    exempt: checkExemptions(props.exemptions ?? []),
  };
}

function checkDeployers(deployers: readonly Requester[]): readonly Requester[] {
  if (Array.isArray(deployers) && deployers.length > 0 && deployers.every((each) => Requester._is(each))) return deployers;
  throw new PolicyError({
    given: deployers, where: 'deployers', problem: 'names nobody who may apply policies: the API server would refuse those of this app',
    instead: 'at least one Requester: [Requester.serviceAccount("argocd", "argocd-application-controller")]',
  });
}

function checkOwnerGroup(group: string): string {
  if (typeof group !== 'string' || group.split('{team}').length !== 2) {
    throw new PolicyError({ given: group, problem: 'does not say where the name of the team stands in the name of its group', instead: 'a text with {team} in it once, such as "oidc:{team}"' });
  }
  if (group.startsWith('system:')) {
    throw new PolicyError({ given: group, problem: 'makes groups of Kubernetes itself of the names of teams', instead: 'the prefix that your authenticator puts before groups, such as "oidc:{team}"' });
  }
  checkGroup(group);
  return group;
}

function checkActions(actions: GuardrailActions): GuardrailActions {
  checkFields<GuardrailActions>(actions, ACTION_FIELDS);
  for (const [name, action] of Object.entries(actions)) {
    if (action !== undefined && !Object.values(GuardrailAction).includes(action as GuardrailAction)) {
      throw new PolicyError({ given: action, where: name, problem: 'is no action', instead: 'GuardrailAction.DENY, GuardrailAction.WARN or GuardrailAction.AUDIT' });
    }
  }
  return actions;
}

function checkOwnerLabels(labels: readonly string[]): readonly string[] {
  if (!Array.isArray(labels)) throw new PolicyError({ given: labels, where: 'ownerLabels', problem: 'is no list of labels', instead: 'a list of label keys, such as ["team"]' });
  return labels.map((key: string, index) => locate(`ownerLabels[${index}]`, () => checkLabelKey(key)));
}

function checkExemptions(exemptions: readonly GuardrailExemption[]): ReadonlyMap<string, string> {
  if (!Array.isArray(exemptions)) throw new PolicyError({ given: exemptions, where: 'exemptions', problem: 'is not a list', instead: 'a list, with one entry for each' });
  const checked = new Map<string, string>();
  for (const [index, exemption] of (exemptions as readonly GuardrailExemption[]).entries()) {
    const where = `exemptions[${index}]`;
    const { namespace, reason } = locate(where, () => checkFields(exemption, { namespace: 'value', reason: 'value' }));
    locate(`${where}.namespace`, () => checkDnsLabel(namespace, 'namespace name'));
    if (typeof reason !== 'string' || reason.trim().length < 8) {
      throw new PolicyError({ given: reason, where: `${where}.reason`, problem: 'does not say why policies of the namespace are left alone', instead: 'a reason of at least eight characters' });
    }
    if (checked.has(namespace)) throw new PolicyError({ given: namespace, where, problem: 'is exempt twice', instead: 'one exemption with both reasons' });
    checked.set(namespace, reason.trim());
  }
  return checked;
}
