import { checkDnsLabel } from '../policy/names';
import { locate, PolicyError } from '../policy/policy-error';
import { brand } from './brand';
import { checkOptions } from './field-checks';

/** Which namespaces are in the mesh. */
export interface IstioAmbientOptions {
  /**
   * Namespaces whose pods are in the mesh, beside those that the app owns: of gateways, or of the scraper.
   * @default - none
   */
  readonly namespaces?: string[];

  /**
   * Namespaces that the app owns and whose pods are not in the mesh.
   * @default - none
   */
  readonly exceptions?: string[];
}

/**
 * A service mesh beside the policies. It decides which port a policy sees: a claim about the cluster, not a resource.
 *
 * ```ts
 * ClusterProfile.attach(app, { name: 'prod', cni: Cni.calico(), mesh: Mesh.istioAmbient() });
 * ```
 */
export class Mesh {
  /**
   * Istio in ambient mode. Pods of the mesh talk to one another through a tunnel on TCP 15008, which is all that a NetworkPolicy
   * sees of it: every rule over TCP between pods of the mesh opens that port too, and a port that a rule names holds no longer
   * between them: an AuthorizationPolicy of Istio has to. Probes of the kubelet arrive from an address of their own, which every
   * `DefaultDenyNamespace` of the mesh lets in.
   * @param options which namespaces are in it
   * @throws if a namespace is no name of one, or is said twice
   * @see https://istio.io/latest/docs/ambient/usage/networkpolicy/
   */
  public static istioAmbient(options: IstioAmbientOptions = {}): Mesh {
    checkOptions('Mesh.istioAmbient', options, { namespaces: 'value', exceptions: 'value' });
    const more = checkNames('mesh.namespaces', options.namespaces);
    const others = checkNames('mesh.exceptions', options.exceptions);
    const both = more.find((name) => others.includes(name));
    if (both !== undefined) throw new PolicyError({ given: both, where: 'mesh.exceptions', problem: 'is in the mesh and is not', instead: 'namespaces or exceptions, one of the two' });
    return new Mesh('istio-ambient', more, others);
  }

  /** Which mesh it is: `istio-ambient`. */
  public readonly name: string;
  /** @internal */
  public readonly _namespaces: readonly string[];
  /** @internal */
  public readonly _exceptions: readonly string[];

  private constructor(name: string, namespaces: readonly string[], exceptions: readonly string[]) {
    this.name = name;
    this._namespaces = namespaces;
    this._exceptions = exceptions;
    brand(this, 'Mesh');
  }
}

function checkNames(where: string, names: readonly string[] | undefined): readonly string[] {
  if (names === undefined) return [];
  if (!Array.isArray(names)) throw new PolicyError({ given: names, where, problem: 'is not a list', instead: `[${JSON.stringify(names)}]` });
  return (names as string[]).map((name, index) => locate(`${where}[${index}]`, () => checkDnsLabel(name, 'namespace name')));
}
