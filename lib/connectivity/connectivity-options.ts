import { Cni } from '../cluster/cni';
import { StagedPolicies } from './staged-policies';

/** What else is known of the cluster when connectivity is asked. */
export interface ConnectivityOptions {
  /**
   * Objects that run beside those of the app, as parsed manifests: workloads, Namespaces, Nodes, Services. Asking about a
   * workload that nobody knows is an error, so an app that has only policies needs them.
   * @default - none
   */
  readonly inventory?: unknown[];

  /**
   * The CNI whose evaluation is asked for.
   * @default - that of the `ClusterProfile`, else `Cni.generic()`
   */
  readonly cni?: Cni;

  /**
   * CIDRs of pods whose addresses the objects do not tell.
   * @default - those of the `ClusterProfile`
   */
  readonly podCidrs?: string[];

  /**
   * CIDRs of nodes whose addresses the objects do not tell.
   * @default - those of the `ClusterProfile`
   */
  readonly nodeCidrs?: string[];

  /**
   * What becomes of staged policies: those of Calico, which it shows in its flow logs and enforces nowhere. `ENFORCED` answers
   * what they will do once they are enforced; where the CNI serves no staged policies and the manifests have one, it is an error.
   *
   * ```ts
   * const soon = Connectivity.fromManifests(manifests, { cni: Cni.calico({ version: '3.32' }), staged: StagedPolicies.ENFORCED });
   * soon.assertAllowed('shop/web', 'pay/api', Port.tcp(8080));
   * ```
   * @default StagedPolicies.IGNORED
   */
  readonly staged?: StagedPolicies;
}

/** One line of `Connectivity.list`. */
export interface ConnectivityRow {
  /** The end that opens the connection: `shop/web[Deployment]`, CIDRs outside of the cluster, an entity in braces. */
  readonly source: string;
  /** The end that accepts it. */
  readonly destination: string;
  /** `all`, or ports by protocol: `TCP 80,443-445; UDP 53`. */
  readonly ports: string;
  /** What it depends on; empty where it is allowed for certain. */
  readonly conditions: string[];
}
