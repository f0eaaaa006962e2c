import { Cloud } from '../cluster/cloud';
import { METADATA_AGENTS } from '../cluster/metadata-agents';
import { checkDnsLabel, checkFields, locate, PolicyError, Selector } from '../policy';

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

/** An exemption that was checked. */
export interface CheckedExemption {
  readonly reason: string;
  /** Undefined for every pod of the namespace. */
  readonly pods?: Selector;
}

/** @internal exemptions by their namespace */
export function checkExemptions(exemptions: readonly MetadataExemption[]): ReadonlyMap<string, readonly CheckedExemption[]> {
  const checked = new Map<string, CheckedExemption[]>();
  for (const [index, exemption] of exemptions.entries()) {
    const where = `exemptions[${index}]`;
    const { namespace, reason, pods } = locate(where, () => checkFields(exemption, { namespace: 'value', reason: 'value', pods: 'value' }));
    locate(`${where}.namespace`, () => checkDnsLabel(namespace, 'namespace name'));
    if (typeof reason !== 'string' || reason.trim().length < 8) {
      throw new PolicyError({ given: reason, where: `${where}.reason`, problem: 'does not say why pods may use the metadata of their node', instead: 'a reason of at least eight characters' });
    }
    const selector = pods === undefined ? undefined : locate(`${where}.pods`, () => someLabels(pods));
    const before = checked.get(namespace) ?? [];
    if (before.some((each) => selector === undefined || each.pods === undefined || each.pods.sameAs(selector))) {
      throw new PolicyError({ given: namespace, where, problem: 'is exempt twice', instead: 'one exemption with both reasons' });
    }
    checked.set(namespace, [...before, { reason: reason.trim(), ...(selector === undefined ? {} : { pods: selector }) }]);
  }
  return checked;
}

function someLabels(labels: Record<string, string>): Selector {
  const selector = Selector.labels(labels);
  if (!selector.matchesEverything) return selector;
  throw new PolicyError({ given: labels, problem: 'are no labels, which would be every pod', instead: 'at least one label, or no pods for the whole namespace' });
}
