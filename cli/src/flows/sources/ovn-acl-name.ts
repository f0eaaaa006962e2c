import { Decider } from '../observation';

/** OVN-Kubernetes cuts names here, and says so nowhere. */
const MOST = 63;

export interface AclName {
  readonly decidedBy: readonly Decider[] | null;
  /** What is left of the name of the policy, where it may have been cut. */
  readonly cutPolicy?: string;
  readonly direction?: 'ingress' | 'egress';
}

const NOBODY: AclName = { decidedBy: null };

/**
 * `NP:namespace:policy:Ingress:0`, `NP:namespace:Ingress` for what the isolation of a pod drops, `ANP:policy:Egress:0`, `BANP:…`,
 * `EF:namespace:0`. Before these a rule was `namespace_policy_0`, and the isolation of a pod `namespace_policy` after any of its policies.
 * @see https://github.com/ovn-kubernetes/ovn-kubernetes/blob/master/go-controller/pkg/libovsdb/util/acl.go
 */
export function aclName(name: string): AclName {
  const parts = name.split(':');
  switch (parts[0]) {
    case 'NP': return networkPolicy(parts, name.length >= MOST);
    case 'ANP': return gressRule({ kind: 'AdminNetworkPolicy' }, parts.slice(1), name.length >= MOST);
    case 'BANP': return gressRule({ kind: 'BaselineAdminNetworkPolicy' }, parts.slice(1), name.length >= MOST);
    case 'EF': return egressFirewall(parts, name.length >= MOST);
    default: return oldName(name);
  }
}

function networkPolicy([, namespace, ...rest]: readonly string[], isCut: boolean): AclName {
  if (namespace === undefined) return NOBODY;
  // a name of a policy has no capitals
  const isolation = rest.length === 1 && /^(?:I|E)/.test(rest[0]!);
  if (isolation) return { decidedBy: null, ...directionOf(rest[0]) };
  if (rest.length === 0) return isCut ? { decidedBy: null, cutPolicy: '' } : NOBODY;
  return gressRule({ kind: 'NetworkPolicy', namespace }, rest, isCut);
}

function gressRule(owner: Omit<Decider, 'name'>, [name, direction, rule]: readonly string[], isCut: boolean): AclName {
  if (name === undefined || (name === '' && !isCut)) return NOBODY;
  if (direction === undefined) return isCut ? { decidedBy: [{ ...owner, name: null }], cutPolicy: name } : { decidedBy: [{ ...owner, name }] };
  return { decidedBy: [{ ...owner, name, ...(isCut || rule === undefined || rule === '' ? {} : { rule }) }], ...directionOf(direction) };
}

/** There is one in a namespace, and it is always called `default`. */
function egressFirewall([, namespace, rule]: readonly string[], isCut: boolean): AclName {
  if (namespace === undefined || namespace === '') return NOBODY;
  return { decidedBy: [{ kind: 'EgressFirewall', namespace, name: 'default', ...(isCut || rule === undefined || rule === '' ? {} : { rule }) }], direction: 'egress' };
}

function oldName(name: string): AclName {
  const [, namespace, policy, rule] = /^([a-z0-9-]+)_([a-z0-9.-]+)_(\d+)$/.exec(name) ?? [];
  return namespace === undefined || policy === undefined || rule === undefined || name.length >= MOST
    ? NOBODY
    : { decidedBy: [{ kind: 'NetworkPolicy', namespace, name: policy, rule }] };
}

function directionOf(word: string | undefined): Pick<AclName, 'direction'> {
  if (word?.startsWith('I')) return { direction: 'ingress' };
  return word?.startsWith('E') ? { direction: 'egress' } : {};
}
