import { isWholeFamily, selectsAll } from './cel-tests';
import type { PolicyShape, Side } from './shapes';

const DIRECTION: Readonly<Record<Side, string>> = { ingress: 'Ingress', egress: 'Egress' };
const PEERS: Readonly<Record<Side, string>> = { ingress: 'from', egress: 'to' };

const BLOCK = `has(p.ipBlock) && size(p.ipBlock.?except.orValue([])) == 0 && ${isWholeFamily('p.ipBlock.cidr')}`;
const PODS = `has(p.namespaceSelector) && ${selectsAll('p.namespaceSelector')} && (!has(p.podSelector) || ${selectsAll('p.podSelector')})`;

/**
 * A block with exceptions is how a NetworkPolicy says "the Internet", so it is not everybody.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export const NETWORK_POLICY_SHAPE: Omit<PolicyShape, 'api'> = {
  kinds: ['NetworkPolicy'],
  suffix: '',
  fields: ['spec'],
  specs: '[object.spec]',
  // Rules of a direction that policyTypes leaves out do nothing.
  rules: (side) => `("${DIRECTION[side]}" in spec.?policyTypes.orValue([]) ? spec.?${side}.orValue([]) : [])`,
  namesPorts: 'size(r.?ports.orValue([])) > 0 && r.ports.all(p, has(p.port) && !(p.port == 1 && p.?endPort.orValue(0) == 65535))',
  anyPeer: (side) => `(size(r.?${PEERS[side]}.orValue([])) == 0 || r.${PEERS[side]}.exists(p, (${BLOCK}) || (${PODS})))`,
  insteadOfAllPorts: 'ports: [{ port: 8080, protocol: TCP }] in each rule',
  insteadOfAnyPeer: 'from or to with the pods, namespaces or addresses that are meant, such as a namespaceSelector with kubernetes.io/metadata.name',
};
