/** What a CNI makes of native objects, where it differs from the rest; a row a CNI, with the place where it can be read. */
interface Row {
  readonly cni: string;
  readonly source: string;
}

/**
 * An exception of an `ipBlock` is a denial of its own: it cuts the addresses also where another rule for the same pod allows
 * them. For everybody else an exception only ends the block.
 */
const EXCEPTIONS_DENY: readonly Row[] = [
  { cni: 'aws', source: 'https://github.com/aws/aws-network-policy-agent/blob/main/pkg/ebpf/bpf_client.go' },
  { cni: 'ovn-kubernetes', source: 'https://github.com/ovn-kubernetes/ovn-kubernetes/blob/master/docs/design/acls.md' },
];

/** A NetworkPolicy that allows everything does not reach nodes and the API server, which no `ipBlock` matches there. */
const NODES_OUT_OF_REACH: readonly Row[] = [
  { cni: 'cilium', source: 'https://docs.cilium.io/en/stable/security/policy/language/#cidr-based' },
  { cni: 'gke-dpv2', source: 'https://github.com/tryretool/retool-helm/issues/375' },
];

/** A NetworkPolicy with more ports for one address than the data plane has room for is cut. */
const KEEPS_PORT_ENTRIES: readonly Row[] = [
  { cni: 'aws', source: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html' },
];

export function keepsPortEntries(cni: { readonly name: string }): boolean {
  return KEEPS_PORT_ENTRIES.some((row) => row.cni === cni.name);
}

export function exceptionsDeny(cni: { readonly name: string }): boolean {
  return EXCEPTIONS_DENY.some((row) => row.cni === cni.name);
}

export function nodesOutOfReach(cni: { readonly name: string }): boolean {
  return NODES_OUT_OF_REACH.some((row) => row.cni === cni.name);
}
