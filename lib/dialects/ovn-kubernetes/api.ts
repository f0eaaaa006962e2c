/** @see https://github.com/ovn-kubernetes/ovn-kubernetes/blob/master/go-controller/pkg/crd/egressfirewall/v1/types.go */
export const API_VERSION = 'k8s.ovn.org/v1';
export const EGRESS_FIREWALL_KIND = 'EgressFirewall';

/**
 * How many rules one object can have; with more of them none is programmed.
 * @see https://github.com/ovn-kubernetes/ovn-kubernetes/blob/master/go-controller/pkg/ovn/egressfirewall.go
 */
export const MAX_RULES = 8000;
