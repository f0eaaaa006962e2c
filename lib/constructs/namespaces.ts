import { everyNamespace, matchingNamespaces, namedNamespace, NamespaceScope, Selector } from '../policy';
import { LabelExpression } from './label-expression';

/**
 * Namespaces by name or by their labels; a value, not a construct.
 *
 * ```ts
 * new AllowFromNamespaces(payments, 'tools', { from: Namespaces.withLabels({ purpose: 'tools' }), ports: [Port.tcp(8080)] });
 * ```
 * ```yaml
 * from:
 *   - namespaceSelector:
 *       matchLabels: { purpose: tools }
 * ```
 */
export class Namespaces {
  /** Every namespace of the cluster, also those that do not exist yet. */
  public static all(): Namespaces {
    return new Namespaces(everyNamespace);
  }

  /**
   * The one namespace of this name, by the label `kubernetes.io/metadata.name` that the API server keeps on it.
   * @param name at most 63 lower-case letters, digits and `-`
   */
  public static named(name: string): Namespaces {
    return new Namespaces(namedNamespace(name));
  }

  /**
   * Namespaces that have all of these labels. Whoever may label a namespace decides who is in it.
   * @param labels at least one
   */
  public static withLabels(labels: Record<string, string>): Namespaces {
    return new Namespaces(matchingNamespaces(Selector.labels(labels)));
  }

  /**
   * Namespaces whose labels meet all of these conditions.
   * @param expressions at least one
   */
  public static matching(expressions: LabelExpression[]): Namespaces {
    return new Namespaces(matchingNamespaces(Selector.of({ matchExpressions: expressions })));
  }

  /** @internal */
  public readonly _scope: NamespaceScope;

  private constructor(scope: NamespaceScope) {
    this._scope = scope;
  }
}
