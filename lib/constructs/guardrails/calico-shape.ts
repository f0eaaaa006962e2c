import { isWholeFamily } from './cel-tests';
import type { PolicyShape, Side } from './shapes';

/** The end of a rule that is not the selected pod. */
const FAR: Readonly<Record<Side, string>> = { ingress: 'source', egress: 'destination' };

/** Fields of an end that say who is meant; `notNets` and `notSelector` alone leave all others. */
const WHO = ['nets', 'selector', 'namespaceSelector', 'serviceAccounts', 'services', 'domains'];
const isAll = (selector: string): string => `(e.?${selector}.orValue("all()").matches("^ *(all\\\\(\\\\)|has\\\\(projectcalico.org/name\\\\))? *$"))`;

function anyPeer(side: Side): string {
  const end = `r.?${FAR[side]}.orValue({})`;
  const nobody = WHO.map((field) => `!has(e.${field})`).join(' && ');
  const wholeFamily = `e.?nets.orValue([]).exists(n, ${isWholeFamily('n')}) && size(e.?notNets.orValue([])) == 0`;
  // A selector without a namespaceSelector means the namespace of the policy; in a policy of the whole cluster, all pods.
  const everyPod = `(has(e.selector) || has(e.namespaceSelector)) && ${WHO.filter((field) => !/[sS]elector$/.test(field)).map((field) => `!has(e.${field})`).join(' && ')}`
    + ` && ${isAll('selector')} && (has(e.namespaceSelector) ? ${isAll('namespaceSelector')} : request.?namespace.orValue("") == "")`;
  return `[${end}].exists(e, (${nobody}) || (${wholeFamily}) || (${everyPod}))`;
}

/**
 * Only rules that allow are judged. ICMP has no ports.
 * @see https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#rule
 */
export const CALICO_SHAPE: Omit<PolicyShape, 'api'> = {
  kinds: ['NetworkPolicy', 'GlobalNetworkPolicy'],
  suffix: '-calico',
  fields: ['spec'],
  specs: '[object.spec]',
  rules: (side) => `spec.?${side}.orValue([]).filter(r, r.action == "Allow")`,
  namesPorts: 'string(r.?protocol.orValue("")) in ["ICMP", "ICMPv6", "1", "58"]'
    + ' || (size(r.?destination.?ports.orValue([])) > 0 && r.destination.ports.all(p, !(string(p) in ["0:65535", "1:65535"])))',
  anyPeer,
  insteadOfAllPorts: 'destination: { ports: [8080] } and a protocol in each rule',
  insteadOfAnyPeer: 'source or destination with a selector, a namespaceSelector or nets',
};
