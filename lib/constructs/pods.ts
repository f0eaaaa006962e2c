import { IConstruct } from 'constructs';
import { NamespaceScope, namedNamespace, PodSet, PolicyError, Selector } from '../policy';
import { LabelExpression } from './label-expression';
import { Namespaces } from './namespaces';
import { readWorkload, Workload } from './synthesis/workload';

const PODS = Symbol.for('cdk8s-netpol.Pods');

/**
 * Pods by their labels; a value, not a construct. Without a namespace they are pods of the namespace whose policy is written.
 *
 * ```ts
 * new AllowFromPods(payments, 'web', { from: Pods.inNamespaces(Namespaces.named('shop'), { app: 'web' }), ports: [Port.tcp(8080)] });
 * ```
 * ```yaml
 * from:
 *   - namespaceSelector:
 *       matchLabels: { kubernetes.io/metadata.name: shop }
 *     podSelector:
 *       matchLabels: { app: web }
 * ```
 */
export class Pods {
  /** Every pod of the namespace. */
  public static all(): Pods {
    return new Pods(undefined, Selector.everything);
  }

  /**
   * Pods of the namespace that have all of these labels.
   * @param labels at least one; for every pod say `Pods.all()`
   */
  public static withLabels(labels: Record<string, string>): Pods {
    return new Pods(undefined, someLabels(labels));
  }

  /**
   * Pods of the namespace whose labels meet all of these conditions.
   * @param expressions at least one
   */
  public static matching(expressions: LabelExpression[]): Pods {
    if (!Array.isArray(expressions) || expressions.length === 0) {
      throw new PolicyError({ given: expressions, problem: 'are no conditions, which would be every pod', instead: 'at least one LabelExpression, or Pods.all()' });
    }
    return new Pods(undefined, Selector.of({ matchExpressions: expressions }));
  }

  /**
   * The pods of a workload: a Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod or any other object with a pod template,
   * as a cdk8s `ApiObject`, a cdk8s-plus workload, or an object of an `Include`.
   *
   * Pods are found by the workload's own selector where it has one, else by the labels of its pod template; the namespace is
   * the workload's.
   * @param workload the construct
   */
  public static of(workload: IConstruct): Pods {
    const read = readWorkload(workload);
    return new Pods(read.namespace === undefined ? undefined : namedNamespace(read.namespace), read.selector, read);
  }

  /**
   * Pods in other namespaces. Both conditions hold at once: in one of the namespaces, and with all of the labels.
   * @param namespaces in which namespaces
   * @param labels the labels of the pods; every pod where they are not given
   */
  public static inNamespaces(namespaces: Namespaces, labels?: Record<string, string>): Pods {
    if (!Namespaces._is(namespaces)) {
      throw new PolicyError({ given: Pods._is(namespaces) ? String(namespaces) : namespaces, problem: 'are no namespaces', instead: 'Namespaces.named("shop") or Namespaces.withLabels({ ... })' });
    }
    return new Pods(namespaces._scope, labels === undefined ? Selector.everything : someLabels(labels));
  }

  /** @internal whether a value is pods, of whichever copy of this library */
  public static _is(value: unknown): value is Pods {
    return typeof value === 'object' && value !== null && PODS in value;
  }

  /** @internal undefined for the namespace whose policy is written */
  public readonly _scope?: NamespaceScope;
  /** @internal the workload that they were taken from */
  public readonly _workload?: Workload;
  // private, so that TypeScript tells it from other values; what is internal is not in the published types
  private readonly selector: Selector;

  private constructor(scope: NamespaceScope | undefined, selector: Selector, workload?: Workload) {
    this._scope = scope;
    this.selector = selector;
    this._workload = workload;
    Object.defineProperty(this, PODS, { value: true });
  }

  /** @internal */
  public get _selector(): Selector {
    return this.selector;
  }

  /** The pods as `netpol` prints them: `shop/app=web`; without a namespace, `app=web`. */
  public toString(): string {
    const pods = this._selector.toString();
    if (this._scope === undefined) return pods;
    return `${this._scope.kind === 'named' ? this._scope.name : `{${this._scope.selector.toString()}}`}/${pods}`;
  }

  /** @internal the same pods in other namespaces */
  public _within(scope: NamespaceScope): Pods {
    return new Pods(scope, this._selector, this._workload);
  }

  /** @internal as seen from a namespace */
  public _in(namespace: string): PodSet {
    return { kind: 'pods', namespaces: this._scope ?? namedNamespace(namespace), pods: this._selector };
  }
}

function someLabels(labels: Record<string, string>): Selector {
  if (labels === undefined || labels === null || typeof labels !== 'object' || Object.keys(labels).length === 0) {
    throw new PolicyError({ given: labels, problem: 'are no labels, which would be every pod', instead: 'at least one label, or Pods.all()' });
  }
  return Selector.labels(labels);
}
