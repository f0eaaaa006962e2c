import { ApiObject, ApiObjectMetadata, JsonPatch, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { ClusterProfile } from '../../cluster/cluster-profile';
import { kubernetes } from '../../dialects';
import { Policy } from '../../policy';
import { inFormOf } from './cni-form';
import { isSynthesizing } from './synth-window';

const POLICY_OBJECT = Symbol.for('cdk8s-netpol.PolicyObject');

/** A policy as an object of the app: its spec is written when the app synthesizes, from what all constructs have said by then. */
export class PolicyObject extends ApiObject {
  public static is(construct: unknown): construct is PolicyObject {
    return typeof construct === 'object' && construct !== null && POLICY_OBJECT in construct;
  }

  /** Whether somebody used the escape hatch: then the object says what its JSON says, no longer what the model says. */
  public patched = false;
  private rendered: unknown;
  private said?: Policy;

  public constructor(scope: Construct, id: string, metadata: ApiObjectMetadata, private readonly say: () => Policy) {
    super(scope, id, {
      apiVersion: kubernetes.API_VERSION,
      kind: kubernetes.KIND,
      metadata,
      spec: Lazy.any({ produce: () => kubernetes.writeNetworkPolicySpec(this.policy()) }),
    });
    Object.defineProperty(this, POLICY_OBJECT, { value: true });
  }

  public override addJsonPatch(...ops: JsonPatch[]): void {
    this.patched = true;
    super.addJsonPatch(...ops);
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
    this.rendered ??= super.toJson();
    return this.rendered;
  }

  public forget(): void {
    this.rendered = undefined;
    this.said = undefined;
  }
}
