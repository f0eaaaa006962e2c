import { everyNamespace, matchingNamespaces, namedNamespace, NamespaceScope, PolicyError, Selector } from '../policy';
import { LabelExpression } from './label-expression';

const NAMESPACES = Symbol.for('cdk8s-netpol.Namespaces');

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
    return new Namespaces(matchingNamespaces(some(Selector.labels(labels), labels, 'labels')));
  }

  /**
   * Namespaces whose labels meet all of these conditions.
   * @param expressions at least one
   */
  public static matching(expressions: LabelExpression[]): Namespaces {
    return new Namespaces(matchingNamespaces(some(Selector.of({ matchExpressions: expressions }), expressions, 'conditions')));
  }

  /** @internal whether a value is namespaces, of whichever copy of this library */
  public static _is(value: unknown): value is Namespaces {
    return typeof value === 'object' && value !== null && NAMESPACES in value;
  }

  // private, so that TypeScript tells it from other values; what is internal is not in the published types
  private readonly scope: NamespaceScope;

  private constructor(scope: NamespaceScope) {
    this.scope = scope;
    Object.defineProperty(this, NAMESPACES, { value: true });
  }

  /** @internal */
  public get _scope(): NamespaceScope {
    return this.scope;
  }
}

/** Without a condition it would be every namespace of the cluster. */
function some(selector: Selector, given: unknown, what: string): Selector {
  if (!selector.matchesEverything) return selector;
  throw new PolicyError({ given, problem: `are no ${what}, which would be every namespace`, instead: `at least one of the ${what}, or Namespaces.all()` });
}
