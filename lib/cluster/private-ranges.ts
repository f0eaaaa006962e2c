/** A range in which networks of one's own have their addresses: pods, nodes, offices. */
export interface PrivateRangeRow {
  readonly cidr: string;
  readonly name: string;
  readonly source: string;
}

/** What is in none of these, and is unicast, is an address of the Internet. */
export const PRIVATE_RANGES: readonly PrivateRangeRow[] = [
  { cidr: '10.0.0.0/8', name: 'private use', source: 'https://www.rfc-editor.org/rfc/rfc1918' },
  { cidr: '172.16.0.0/12', name: 'private use', source: 'https://www.rfc-editor.org/rfc/rfc1918' },
  { cidr: '192.168.0.0/16', name: 'private use', source: 'https://www.rfc-editor.org/rfc/rfc1918' },
  { cidr: '100.64.0.0/10', name: 'shared address space, which clouds give to nodes and pods', source: 'https://www.rfc-editor.org/rfc/rfc6598' },
  { cidr: '198.18.0.0/15', name: 'benchmarking, which some networks use inside', source: 'https://www.rfc-editor.org/rfc/rfc2544' },
  { cidr: '127.0.0.0/8', name: 'loopback', source: 'https://www.rfc-editor.org/rfc/rfc1122#section-3.2.1.3' },
  { cidr: '169.254.0.0/16', name: 'link-local', source: 'https://www.rfc-editor.org/rfc/rfc3927' },
  { cidr: 'fc00::/7', name: 'unique local addresses', source: 'https://www.rfc-editor.org/rfc/rfc4193' },
  { cidr: 'fe80::/10', name: 'link-local', source: 'https://www.rfc-editor.org/rfc/rfc4291#section-2.5.6' },
];
