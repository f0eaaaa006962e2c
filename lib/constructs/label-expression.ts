import { Requirement, Selector } from '../policy';

/**
 * A condition on one label, as `matchExpressions` has them.
 *
 * ```ts
 * Pods.matching([LabelExpression.in('tier', ['web', 'edge']), LabelExpression.doesNotExist('legacy')])
 * ```
 * ```yaml
 * podSelector:
 *   matchExpressions:
 *     - { key: legacy, operator: DoesNotExist }
 *     - { key: tier, operator: In, values: [edge, web] }
 * ```
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
 */
export class LabelExpression {
  /**
   * The label is there and has one of the values.
   * @param key the label
   * @param values at least one
   */
  public static in(key: string, values: string[]): LabelExpression {
    return new LabelExpression(key, 'In', values);
  }

  /**
   * The label is not there, or has none of the values.
   * @param key the label
   * @param values at least one
   */
  public static notIn(key: string, values: string[]): LabelExpression {
    return new LabelExpression(key, 'NotIn', values);
  }

  /**
   * The label is there, whatever its value.
   * @param key the label
   */
  public static exists(key: string): LabelExpression {
    return new LabelExpression(key, 'Exists');
  }

  /**
   * The label is not there.
   * @param key the label
   */
  public static doesNotExist(key: string): LabelExpression {
    return new LabelExpression(key, 'DoesNotExist');
  }

  /** The label. */
  public readonly key: string;
  /** The operator as the API writes it: `In`, `NotIn`, `Exists`, `DoesNotExist`. */
  public readonly operator: string;
  /** The values; empty for `Exists` and `DoesNotExist`. */
  public readonly values: string[];

  private constructor(key: string, operator: Requirement['operator'], values?: string[]) {
    Selector.of({ matchExpressions: [{ key, operator, values }] });
    this.key = key;
    this.operator = operator;
    this.values = [...(values ?? [])];
  }
}
