import { Construct, IConstruct } from 'constructs';
import { didYouMean } from '../cluster/did-you-mean';
import { checkFields, PolicyError } from '../policy';
import { BUILT_IN_RULES, problemOf } from '../rules';
import { checkApp, inConstruct } from './synthesis/placement';
import { checkReason } from './synthesis/reason';
import { choicesOn, SYNTH_RULES } from './synthesis/rule-choices';

/** What a finding of a rule does to the synth. */
export enum RuleSeverity {
  /** It stops the synth, with the path of the construct. */
  ERROR = 'error',
  /** It is told on standard error, once an app. */
  WARNING = 'warning',
  /** The rule is not asked. */
  OFF = 'off',
}

/** Which rules are asked when the app synthesizes, and how strictly. */
export interface PolicyChecksOptions {
  /**
   * The severity of rules by their ids, as in `{ 'no-all-ports': RuleSeverity.ERROR }`. Rules that need the whole cluster to judge
   * are asked by `netpol check` alone, and refused here.
   */
  readonly rules: Record<string, RuleSeverity>;
}

/** An exception of a rule. */
export interface IgnoreRuleOptions {
  /** Why the finding is accepted: at least eight characters. It is written to the objects that it covers. */
  readonly reason: string;

  /**
   * The last day on which the exception holds, as in `2027-03-31`. After it the finding is there again.
   * @default - it holds for good
   */
  readonly until?: string;
}

/**
 * The rules of `netpol check` while an app synthesizes: those that the objects of the app decide, whatever else is in the cluster.
 * Errors stop the synth with the path of the construct; warnings are told on standard error. What is said about a construct holds
 * for everything below it; the nearest word about a rule counts.
 *
 * Without a word, `no-all-ports` and `policy-types-missing` warn; `duplicate-policy`, `redundant-rule` and `shadowed-rule` can be
 * turned on.
 *
 * An exception is written to the objects that it covers as the annotation `cdk8s-netpol/ignore`, so that `netpol check` accepts
 * the same. One that covers nothing is told, and one whose day has passed covers nothing any more.
 *
 * ```ts
 * const toVoip = new AllowFromPods(payments, 'voip', {
 *   from: payments.pods({ app: 'phone' }), to: payments.pods({ app: 'voip' }), ports: [Port.all({ reason: 'media ports are random', protocol: Protocol.UDP })],
 * });
 * PolicyChecks.of(app).configure({ rules: { 'no-all-ports': RuleSeverity.ERROR, 'redundant-rule': RuleSeverity.WARNING } });
 * PolicyChecks.of(toVoip).ignore('no-all-ports', { reason: 'RTP picks its ports at random' });
 * ```
 * ```yaml
 * apiVersion: networking.k8s.io/v1
 * kind: NetworkPolicy
 * metadata:
 *   name: allow-voip
 *   namespace: pay
 *   annotations: { cdk8s-netpol/ignore: "no-all-ports: RTP picks its ports at random" }
 * spec:
 *   podSelector: { matchLabels: { app: voip } }
 *   policyTypes: [Ingress]
 *   ingress:
 *     - from:
 *         - podSelector: { matchLabels: { app: phone } }
 *       ports: [{ protocol: UDP }]
 * ```
 */
export class PolicyChecks {
  /**
   * What is said about a construct and everything below it: an app, a chart, a DefaultDenyNamespace, a rule, or one object.
   * @param scope the construct
   */
  public static of(scope: IConstruct): PolicyChecks {
    if (!Construct.isConstruct(scope)) {
      throw new PolicyError({ given: scope, problem: 'is no construct', instead: 'the app, a chart, a namespace, a rule, or an object of the app' });
    }
    checkApp(scope);
    return new PolicyChecks(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Sets how strictly rules are asked here and below.
   * @returns this, for more
   */
  public configure(options: PolicyChecksOptions): PolicyChecks {
    inConstruct(this.scope, () => {
      checkFields<PolicyChecksOptions>(options, { rules: 'value' });
      for (const [id, severity] of Object.entries(options.rules)) {
        checkRule(id);
        if (!SYNTH_RULES.some((rule) => rule.id === id)) {
          throw new PolicyError({ given: id, problem: 'needs the whole cluster to judge, and is not asked when an app synthesizes', instead: 'its severity in netpol.yaml, for netpol check' });
        }
        if (!Object.values(RuleSeverity).includes(severity)) {
          throw new PolicyError({ given: severity, where: id, problem: 'is no severity', instead: 'RuleSeverity.ERROR, RuleSeverity.WARNING or RuleSeverity.OFF' });
        }
        choicesOn(this.scope).severities.set(id, severity);
      }
    });
    return this;
  }

  /**
   * Accepts what a rule finds here and below. A policy that several constructs speak in is covered where all of them are below.
   *
   * A rule that is asked by `netpol check` alone can be ignored on a DefaultDenyNamespace, for everything in it, or on one object.
   * @param rule the id of the rule
   * @returns this, for more
   */
  public ignore(rule: string, options: IgnoreRuleOptions): PolicyChecks {
    inConstruct(this.scope, () => {
      checkRule(rule);
      checkFields<IgnoreRuleOptions>(options, { reason: 'value', until: 'value' });
      const reason = checkReason(options.reason, 'reason', 'why the finding is accepted');
      const { until } = options;
      if (until !== undefined && problemOf(rule, rule, until, reason, [rule]) !== undefined) {
        throw new PolicyError({ given: until, where: 'until', problem: 'is not a day', instead: 'the last day on which the exception holds, such as "2027-03-31"' });
      }
      choicesOn(this.scope).exceptions.push({ scope: this.scope, rule, reason, ...(until === undefined ? {} : { until }) });
    });
    return this;
  }
}

function checkRule(id: string): void {
  const ids = BUILT_IN_RULES.map((rule) => rule.id);
  if (ids.includes(id)) return;
  const near = didYouMean(String(id), ids);
  throw new PolicyError({ given: id, problem: 'is not a rule', instead: near === undefined ? 'the id of a rule in docs/rules' : `"${near}"` });
}
