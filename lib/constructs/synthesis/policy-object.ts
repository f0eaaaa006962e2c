import { ApiObject, ApiObjectMetadata, App, JsonPatch, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { ClusterProfile } from '../../cluster/cluster-profile';
import { Policy } from '../../policy';
import { inFormOf } from './cni-form';
import { NATIVE_FORM, PolicyForm } from './policy-form';
import { isSynthesizing } from './synth-window';

const POLICY_OBJECT = Symbol.for('cdk8s-netpol.PolicyObject');

/** A policy as an object of the app: its spec is written when the app synthesizes, from what all constructs have said by then. */
export class PolicyObject extends ApiObject {
  public static is(construct: unknown): construct is PolicyObject {
    return typeof construct === 'object' && construct !== null && POLICY_OBJECT in construct;
  }

  /** The constructs whose rules it has; none where one construct alone speaks in it. */
  public saidBy: () => readonly IConstruct[] = () => [];
  private patched = false;
  private rendered: unknown;
  private said?: Policy;

  public constructor(
    scope: Construct, id: string, metadata: ApiObjectMetadata, private readonly say: () => Policy, public readonly form: PolicyForm = NATIVE_FORM,
  ) {
    super(scope, id, {
      apiVersion: form.apiVersion,
      kind: form.kind,
      metadata,
      spec: Lazy.any({ produce: () => form.write(this.policy()) }),
    });
    Object.defineProperty(this, POLICY_OBJECT, { value: true });
    // cdk8s gives every object the namespace of its chart; the patch is ours, and the spec still says the model
    if (form.isOfCluster === true && this.metadata.namespace !== undefined) super.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }

  public override addJsonPatch(...ops: JsonPatch[]): void {
    this.patched = true;
    super.addJsonPatch(...ops);
  }

  /**
   * Whether the object says what the model says. Where somebody used the escape hatch, or the app has resolvers of its own, it
   * says what its JSON says.
   */
  public get saysTheModel(): boolean {
    return !this.patched && !resolvesMore(this.node.root);
  }

  /** What the constructs have said by now. */
  public policy(): Policy {
    const now = (): Policy => inFormOf(ClusterProfile.of(this).cni, this.say());
    if (!isSynthesizing(this.node.root)) return now();
    this.said ??= now();
    return this.said;
  }

  /** Rendered once in a synth: the checks of the whole app look at the same JSON that is written to the file. */
  public override toJson(): unknown {
    if (!isSynthesizing(this.node.root)) return super.toJson();
    this.rendered ??= this.saysTheModel ? this.plainJson() : super.toJson();
    return this.rendered;
  }

  /**
   * What cdk8s would make of it, without its search for tokens in the spec: that is what our writer has just written, plain
   * JSON without any. It is a third of the time of a synth.
   */
  private plainJson(): unknown {
    const { namespace, ...metadata } = this.metadata.toJson() as { readonly namespace?: string };
    return {
      apiVersion: this.apiVersion,
      kind: this.kind,
      metadata: this.form.isOfCluster === true || namespace === undefined ? metadata : inKeyOrder({ ...metadata, namespace }),
      spec: inKeyOrder(this.form.write(this.policy())),
    };
  }

  public forget(): void {
    this.rendered = undefined;
    this.said = undefined;
  }
}

const DEFAULT_RESOLVERS = resolversOf(new App());

/** Whether an app has resolvers of its own, which find tokens where cdk8s has none, or keeps the order of keys. */
function resolvesMore(root: IConstruct): boolean {
  return resolversOf(root) !== DEFAULT_RESOLVERS || Boolean(process.env.CDK8S_DISABLE_SORT);
}

function resolversOf(root: IConstruct): string {
  const { resolvers } = root as { resolvers?: ReadonlyArray<{ readonly constructor: { readonly name: string } }> };
  return (resolvers ?? []).map((resolver) => resolver.constructor.name).join();
}

/** A copy with sorted keys, as cdk8s writes objects. */
function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(object).sort().map((key) => [key, inKeyOrder(object[key])]));
}
