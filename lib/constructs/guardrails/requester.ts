import { checkDnsLabel, checkDnsSubdomain, PolicyError } from '../../policy';

const REQUESTER = Symbol.for('cdk8s-netpol.Requester');

/** Groups that hold everybody, or every workload: who is named by them is not named. */
const EVERYBODY: Readonly<Record<string, string>> = {
  'system:authenticated': 'everybody who has signed in',
  'system:unauthenticated': 'everybody who has not signed in',
  'system:serviceaccounts': 'every pod of the cluster',
};

/**
 * Who makes a request to the API server, by the name that its authenticator gives.
 *
 * ```ts
 * new AdmissionGuardrails(clusterChart, 'guardrails', {
 *   deployers: [Requester.serviceAccount('argocd', 'argocd-application-controller')],
 *   ownerGroup: 'oidc:{team}', rollbackGroup: 'oidc:on-call',
 * });
 * ```
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#users-in-kubernetes
 */
export class Requester {
  /**
   * One user.
   * @param name as the authenticator has it, with its prefix: `oidc:jane@example.com`
   */
  public static user(name: string): Requester {
    return new Requester('user', checkIdentity(name, 'user'));
  }

  /**
   * Everybody in a group. Groups that hold everybody or every pod are refused.
   * @param name as the authenticator has it, with its prefix: `oidc:platform`, `system:serviceaccounts:argocd`
   */
  public static group(name: string): Requester {
    return new Requester('group', checkGroup(name));
  }

  /**
   * A service account, as Argo CD, Flux and pipelines in the cluster have one.
   * @param namespace where it is
   * @param name its name
   */
  public static serviceAccount(namespace: string, name: string): Requester {
    return new Requester('user', `system:serviceaccount:${checkDnsLabel(namespace, 'namespace name')}:${checkDnsSubdomain(name, 'service account name')}`);
  }

  /** @internal */
  public static _is(value: unknown): value is Requester {
    return typeof value === 'object' && value !== null && REQUESTER in value;
  }

  /** @internal */
  private constructor(public readonly _kind: 'user' | 'group', public readonly _name: string) {
    Object.defineProperty(this, REQUESTER, { value: true });
  }

  /** How it is named in messages: `user system:serviceaccount:argocd:argocd-application-controller`. */
  public toString(): string {
    return `${this._kind} ${this._name}`;
  }
}

/** The name of a group, which is not everybody. */
export function checkGroup(name: string): string {
  const checked = checkIdentity(name, 'group');
  const everybody = EVERYBODY[checked];
  if (everybody === undefined) return checked;
  throw new PolicyError({ given: name, problem: `is ${everybody}: a guardrail that lets them pass holds nobody`, instead: 'the group of the people or accounts that are meant' });
}

function checkIdentity(name: string, what: string): string {
  // Blanks inside are legal in directory names, blanks around them are a slip
  if (typeof name === 'string' && name !== '' && name === name.trim() && !/\p{Cc}/u.test(name)) return name;
  throw new PolicyError({ given: name, problem: `is no name of a ${what}`, instead: `the name that the authenticator gives, with its prefix and no blanks around it: "oidc:platform"` });
}
