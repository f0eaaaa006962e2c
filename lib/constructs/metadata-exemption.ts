import { Cloud } from '../cluster/cloud';
import { METADATA_AGENTS } from '../cluster/metadata-agents';
import { PolicyError } from '../policy';

/** Pods that may use instance metadata. */
export interface MetadataExemption {
  /** Their namespace. */
  readonly namespace: string;

  /** Why they need what belongs to the node: at least eight characters. It lands in the ConfigMap `netpol-stage` of the namespace. */
  readonly reason: string;

  /**
   * Labels of the pods, all of which they have. In a namespace of this app they get the rule that lets them, too.
   * @default - every pod of the namespace, whose rules say what is opened
   */
  readonly pods?: Record<string, string>;
}

/** Well-known agents that read instance metadata to do their work. */
export class MetadataExemptions {
  /**
   * The agents of a cloud that run as pods, in the namespaces and with the labels of their own manifests. Agents in the network of
   * their node are not in the list: no policy of pods is about them. Check which of them your cluster runs, and leave out the rest.
   *
   * ```ts
   * // cloud: Cloud.AWS in the ClusterProfile
   * new MetadataBlock(clusterChart, 'metadata', { exemptions: MetadataExemptions.systemAgents(Cloud.AWS) });
   * ```
   * @param cloud the cloud
   */
  public static systemAgents(cloud: Cloud): MetadataExemption[] {
    if (!Object.values(Cloud).includes(cloud)) throw new PolicyError({ given: cloud, where: 'cloud', problem: 'is no cloud', instead: 'Cloud.AWS or another' });
    return METADATA_AGENTS.filter((row) => row.cloud === cloud)
      .map(({ namespace, pods, reason }) => ({ namespace, reason, ...(pods === undefined ? {} : { pods: { ...pods } }) }));
  }

  private constructor() {}
}
