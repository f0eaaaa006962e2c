import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { locate, PolicyError } from '../policy/policy-error';
import { brand } from './brand';
import { Cloud } from './cloud';
import { ApiServerAddresses, ClusterProfileProps } from './cluster-profile-props';
import { Cni } from './cni';
import { cniFact, rowOf } from './cni-facts';
import { Dns } from './dns';
import { IngressController } from './ingress-controller';
import { Mesh } from './mesh';
import { Monitoring } from './monitoring';
import {
  checkApiServer, checkCloud, checkDisjoint, checkRanges, checkRetentionReason, checkShape, defaultDns, enforcingCnis,
} from './profile-checks';
import { pathOf, profileUser } from './profile-use';
import { WorkloadIdentity } from './workload-identity';

const ATTACHED = Symbol.for('cdk8s-netpol.ClusterProfile');
const UNDECLARED = Symbol.for('cdk8s-netpol.ClusterProfile.undeclared');

const SHORTEST_RETENTION_DAYS = 30;
const LONGEST_RETENTION_DAYS = 90;

/**
 * What the cluster of an app, or of a part of it, is like. It decides the form that policies take. A claim, not a resource:
 * it emits nothing.
 *
 * Attach it before the constructs that it is for: to the App, or to a Chart each for several clusters in one app.
 *
 * ```ts
 * const app = new App();
 * ClusterProfile.attach(app, {
 *   name: 'prod-eu',
 *   cni: Cni.cilium({ version: '1.18' }),
 *   cloud: Cloud.AWS,
 *   dns: Dns.coreDns({ nodeLocalCache: true }),
 *   monitoring: Monitoring.kubePrometheus(),
 *   podCidrs: ['10.244.0.0/16'],
 *   serviceCidrs: ['10.96.0.0/12'],
 *   flowLogRetention: Duration.days(60),
 * });
 * ```
 */
export class ClusterProfile {
  /**
   * Says what the cluster of everything below a scope is like.
   *
   * @param scope an App, a Chart, or any construct above those that it is for
   * @param props the claims
   * @throws if the scope has a profile already, if constructs of this library below it were built before, if a value is
   * invalid, or if two values contradict each other
   */
  public static attach(scope: IConstruct, props: ClusterProfileProps): ClusterProfile {
    if (scope?.node === undefined) {
      throw new PolicyError({ given: scope, problem: 'is no construct to attach a ClusterProfile to', instead: 'the App, or the Chart of a cluster' });
    }
    const path = pathOf(scope);
    const before = attachedTo(scope);
    if (before !== undefined) {
      throw new PolicyError({
        given: props?.name, where: path, problem: `is attached where the profile "${before.name}" is attached already`,
        instead: 'one profile for one scope: attach that of another cluster to the Chart of that cluster',
      });
    }
    const user = profileUser(scope);
    if (user !== undefined) {
      throw new PolicyError({
        given: props?.name, where: path, problem: `is attached after ${user} was built without it`,
        instead: 'ClusterProfile.attach before the first construct below that scope',
      });
    }
    const profile = locate(path, () => new ClusterProfile(scope, props, true));
    Object.defineProperty(scope, ATTACHED, { value: profile });
    scope.node.addValidation({ validate: () => [...profile.enforcementErrors(), ...profile.retentionErrors()] });
    return profile;
  }

  /**
   * The profile of a construct: the one attached to it or to the nearest construct above. Without any, `Cni.generic()` in an
   * unknown cloud, with `isDeclared` false.
   *
   * @param construct anything in the tree
   */
  public static of(construct: IConstruct): ClusterProfile {
    for (const scope of [...construct.node.scopes].reverse()) {
      const attached = attachedTo(scope);
      if (attached !== undefined) return attached;
    }
    return ClusterProfile.undeclared(construct.node.root);
  }

  /** One for each app, so that whoever asks twice gets the same. */
  private static undeclared(root: IConstruct): ClusterProfile {
    const holder = root as unknown as Record<symbol, ClusterProfile | undefined>;
    const known = holder[UNDECLARED];
    if (known !== undefined) return known;
    const profile = new ClusterProfile(root, { name: 'undeclared', cni: Cni.generic() }, false);
    Object.defineProperty(root, UNDECLARED, { value: profile });
    return profile;
  }

  /** Name of the cluster; "undeclared" where no profile is attached. */
  public readonly name: string;

  /** Whether somebody attached this profile. */
  public readonly isDeclared: boolean;

  /** What enforces network policy. */
  public readonly cni: Cni;

  /** Where the nodes run; undefined where neither the profile nor one of its parts says it. */
  public readonly cloud?: Cloud;

  /** Where cluster DNS answers. */
  public readonly dns: Dns;

  /** Who scrapes metrics; undefined where nobody said it. */
  public readonly monitoring?: Monitoring;

  /** What brings traffic from outside to applications; undefined where nobody said it. */
  public readonly ingressController?: IngressController;

  /** CIDRs of pods in canonical form; empty where nobody said them. */
  public readonly podCidrs: string[];

  /** CIDRs of Services in canonical form; empty where nobody said them. */
  public readonly serviceCidrs: string[];

  /** CIDRs of nodes in canonical form; empty where nobody said them. */
  public readonly nodeCidrs: string[];

  /** Where the API server answers, with its port; undefined where nobody said it. */
  public readonly apiServer?: ApiServerAddresses;

  /** How pods get credentials of the cloud; undefined where nobody said it. */
  public readonly workloadIdentity?: WorkloadIdentity;

  /** The service mesh beside the policies; undefined where nobody said it. */
  public readonly mesh?: Mesh;

  /** How long recorded flows are kept; undefined where none are recorded. */
  public readonly flowLogRetention?: Duration;

  /** Why flows are kept for more than 90 days. */
  public readonly retentionReason?: string;

  /** Whether a policy for a namespace without an owner fails synth. */
  public readonly strictOwnership: boolean;

  /**
   * The construct that it is attached to; the root where nobody attached one.
   * @internal
   */
  public readonly _scope: IConstruct;

  private constructor(scope: IConstruct, props: ClusterProfileProps, isDeclared: boolean) {
    checkShape(props);
    checkRetentionReason(props);
    this._scope = scope;
    this.isDeclared = isDeclared;
    this.name = props.name;
    this.cni = props.cni;
    this.cloud = checkCloud(props);
    this.dns = props.dns ?? defaultDns(props.cni);
    this.monitoring = props.monitoring;
    this.ingressController = props.ingressController;
    this.podCidrs = checkRanges('podCidrs', props.podCidrs);
    this.serviceCidrs = checkRanges('serviceCidrs', props.serviceCidrs);
    this.nodeCidrs = checkRanges('nodeCidrs', props.nodeCidrs);
    checkDisjoint('podCidrs', this.podCidrs, this.serviceCidrs);
    checkDisjoint('nodeCidrs', this.nodeCidrs, this.serviceCidrs);
    this.apiServer = props.apiServer === undefined ? undefined : checkApiServer(props.apiServer, this.serviceCidrs);
    this.workloadIdentity = props.workloadIdentity;
    this.mesh = props.mesh;
    this.flowLogRetention = props.flowLogRetention;
    this.retentionReason = props.retentionReason;
    this.strictOwnership = props.strictOwnership ?? false;
    brand(this, 'ClusterProfile');
  }

  /** Policies that nothing enforces look like protection: synth fails. */
  private enforcementErrors(): string[] {
    const enforces = cniFact(this.cni, 'enforcesNetworkPolicy');
    if (enforces.value !== false) return [];
    const { title, remedy = `let ${title} enforce` } = rowOf(this.cni);
    const first = enforces.setting === undefined ? remedy : `another value of ${enforces.setting}`;
    const why = enforces.why === undefined ? '' : ` (${enforces.why})`;
    return [new PolicyError({
      given: this.cni.toString(),
      problem: `does not enforce network policy${why}: in the cluster "${this.name}" policies would be documentation only and every `
        + `connection would stay open, whatever they say. See ${enforces.source}`,
      instead: `${first}, or run one that does and attach its profile: ${enforcingCnis()}`,
    }).message];
  }

  private retentionErrors(): string[] {
    if (this.flowLogRetention === undefined) return [];
    const days = this.flowLogRetention.toDays({ integral: false });
    if (days < SHORTEST_RETENTION_DAYS) {
      return [new PolicyError({
        given: `${days} days`, where: 'flowLogRetention',
        problem: `is too short for flow logs of the cluster "${this.name}": what happens once a month would never be seen, and ENFORCE would cut it`,
        instead: `Duration.days(${SHORTEST_RETENTION_DAYS}) or more`,
      }).message];
    }
    if (days > LONGEST_RETENTION_DAYS && this.retentionReason === undefined) {
      return [new PolicyError({
        given: `${days} days`, where: 'flowLogRetention',
        problem: `keeps flow logs of the cluster "${this.name}" for more than ${LONGEST_RETENTION_DAYS} days without a reason; they say who talked to whom`,
        instead: `Duration.days(${LONGEST_RETENTION_DAYS}) or less, or a retentionReason`,
      }).message];
    }
    return [];
  }
}

function attachedTo(scope: IConstruct): ClusterProfile | undefined {
  return (scope as unknown as Record<symbol, ClusterProfile | undefined>)[ATTACHED];
}
