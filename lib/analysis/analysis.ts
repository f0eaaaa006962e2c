import { Answer, answer } from './answers';
import { AskedPort, parsePort } from './asked-port';
import { Connection } from './connection';
import { connectionsOf } from './connections';
import { ConnectionDiff, diffConnections } from './diff';
import { ClusterModel } from './engine/cluster-model';
import { unservedPolicies } from './engine/policies';
import { explain, explainEach, Explanation } from './explain';
import { Exposure, exposureOf } from './exposure';
import { Inventory, InventoryIssue, objectText } from './inventory';
import { missingGroups } from './missing-groups';
import { PodQuestions } from './pod-questions';
import { Profile } from './profile';
import { RuleQuestions } from './rule-questions';
import { stagedIssues } from './staged';
import { unpolicedWorkloads } from './unpoliced-workloads';

/** Why a cluster cannot be analysed: an answer would look whole and not be. */
export class InventoryError extends Error {
  public constructor(public readonly issues: readonly InventoryIssue[]) {
    super(issues.map(({ message }) => message).join('\n'));
    this.name = 'InventoryError';
  }
}

/**
 * Answers what can talk to what in a cluster.
 *
 * ```ts
 * const analysis = new Analysis(readInventory(objects, { readers }), profileOf('generic'));
 * analysis.allows('shop/web', 'pay/api', '8080/TCP').verdict; // 'allowed'
 * ```
 */
export class Analysis {
  public readonly model: ClusterModel;
  /**
   * What the profile leaves out: policies of an API that it does not serve, pods that nothing polices, what becomes of staged
   * policies; and groups that are not there.
   */
  public readonly issues: readonly InventoryIssue[];
  private questions: PodQuestions | undefined;

  /** An inventory with errors is refused, and so are staged policies that are to be evaluated where nothing serves them. */
  public constructor(public readonly inventory: Inventory, public readonly profile: Profile) {
    const errors = inventory.issues.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new InventoryError(errors);
    const idle = unservedPolicies(inventory, profile);
    const staged = stagedIssues(inventory, profile, idle);
    const refused = staged.filter(({ severity }) => severity === 'error');
    if (refused.length > 0) throw new InventoryError(refused);
    this.model = new ClusterModel(inventory, profile);
    const unserved = idle.map(({ kind, apiVersion, policy }) => {
      const object = { kind, name: policy.name, ...(policy.namespace === undefined ? {} : { namespace: policy.namespace }) };
      return {
        code: 'api-not-served',
        severity: 'warning' as const,
        message: `${objectText(object)}: ${profile.idleTiers?.[policy.tier.name] ?? `the profile ${profile.id} does not serve ${apiVersion} ${kind}; it has no effect there`}`,
        object,
        ...(policy.origin === undefined ? {} : { origin: policy.origin }),
      };
    });
    this.issues = [...unpolicedWorkloads(inventory, profile), ...unserved, ...missingGroups(inventory), ...staged];
  }

  /** Questions about single pods. */
  public get pods(): PodQuestions {
    return (this.questions ??= new PodQuestions(this.model));
  }

  /** Questions about single rules. */
  public get rules(): RuleQuestions {
    return new RuleQuestions(this.model, this.pods);
  }

  /** Every connection that may be opened, and those that depend on something that nobody told. */
  public connections(): Connection[] {
    return connectionsOf(this.model);
  }

  /** What changed from another cluster to this one. */
  public changesFrom(before: Analysis): ConnectionDiff {
    return diffConnections(before.connections(), this.connections());
  }

  /** What pods that may come to exist could reach or be reached by. */
  public exposure(): Exposure {
    return exposureOf(this.model);
  }

  /** Whether a connection may be opened: ends as in `NAMESPACE/NAME`, an address, `{host}`; the port as in `80/TCP`. */
  public allows(from: string, to: string, port: string | AskedPort): Answer {
    return answer(this.model, from, to, typeof port === 'string' ? parsePort(port) : port);
  }

  /** The same with the layers and rules behind it, in both directions. */
  public explain(from: string, to: string, port: string | AskedPort): Explanation {
    return explain(this.model, from, to, typeof port === 'string' ? parsePort(port) : port);
  }

  /** The same for each pod, or block of addresses, that the names stand for: what is told to one need not hold for another. */
  public explainEach(from: string, to: string, port: string | AskedPort): readonly Explanation[] {
    return explainEach(this.model, from, to, typeof port === 'string' ? parsePort(port) : port);
  }
}
