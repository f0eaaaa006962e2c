import { isWholeFamily, selectsAll } from './cel-tests';
import type { PolicyShape, Side } from './shapes';

const END: Readonly<Record<Side, string>> = { ingress: 'from', egress: 'to' };
/** Fields that name the other end. https://docs.cilium.io/en/stable/security/policy/language/ */
const ENDS: Readonly<Record<Side, readonly string[]>> = {
  ingress: ['fromEndpoints', 'fromRequires', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromGroups', 'fromNodes'],
  egress: ['toEndpoints', 'toRequires', 'toCIDR', 'toCIDRSet', 'toEntities', 'toGroups', 'toNodes', 'toServices', 'toFQDNs'],
};
/** Entities that hold every pod of the cluster, or every address outside of it. */
const WIDE_ENTITIES = ['all', 'cluster', 'world'];
/** The label that a selector names a namespace by; a selector that only asks for it to be there selects the pods of all of them. */
const NAMESPACE_LABEL = '(k8s:)?io\\\\.kubernetes\\\\.pod\\\\.namespace';

/** Without a namespace a selector means that of the policy; in a policy of the whole cluster, all of them. */
const EVERY_ENDPOINT = `((request.?namespace.orValue("") == "" && ${selectsAll('e')}) || (size(e.?matchLabels.orValue({})) == 0 && size(e.?matchExpressions.orValue([])) > 0`
  + ` && e.matchExpressions.all(x, x.operator == "Exists" && x.key.matches("^${NAMESPACE_LABEL}$"))))`;

function anyPeer(side: Side): string {
  const end = END[side];
  const named = ENDS[side].map((field) => `has(r.${field})`).join(' || ');
  return `(size(r) > 0 && (!(${named}) || r.?${end}Entities.orValue([]).exists(e, e in ${JSON.stringify(WIDE_ENTITIES)})`
    + ` || r.?${end}CIDR.orValue([]).exists(c, ${isWholeFamily('c')})`
    + ` || r.?${end}CIDRSet.orValue([]).exists(c, has(c.cidr) && size(c.?except.orValue([])) == 0 && ${isWholeFamily('c.cidr')})`
    + `${side === 'egress' ? ' || r.?toFQDNs.orValue([]).exists(f, f.?matchPattern.orValue("").matches("^[*]+$"))' : ''}`
    + ` || r.?${end}Endpoints.orValue([]).exists(e, ${EVERY_ENDPOINT})))`;
}

/**
 * An empty rule allows nobody: it is how a default-deny is written.
 * @see https://docs.cilium.io/en/stable/security/policy/language/
 */
export const CILIUM_SHAPE: Omit<PolicyShape, 'api'> = {
  kinds: ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'],
  suffix: '-cilium',
  fields: ['spec', 'specs'],
  specs: '(has(object.spec) ? [object.spec] : []) + object.?specs.orValue([])',
  rules: (side) => `spec.?${side}.orValue([])`,
  namesPorts: 'size(r) == 0 || size(r.?icmps.orValue([])) > 0 && size(r.?toPorts.orValue([])) == 0'
    + ' || (size(r.?toPorts.orValue([])) > 0 && r.toPorts.all(t, size(t.?ports.orValue([])) > 0'
    + ' && t.ports.all(p, !(p.port in ["", "0"]) && !(p.port == "1" && p.?endPort.orValue(0) == 65535))))',
  anyPeer,
  insteadOfAllPorts: 'toPorts: [{ ports: [{ port: \'8080\', protocol: TCP }] }] in each rule',
  insteadOfAnyPeer: 'fromEndpoints or toEndpoints with labels, toFQDNs, or blocks of addresses',
};
