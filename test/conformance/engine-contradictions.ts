/** Input that netpol-analyzer refuses and Kubernetes takes, with the reason: it is analysed. */
export const readable: readonly string[] = [
  // a named port towards an address matches nothing; that tool stops there
  'error-bad-netpols-subdir6',
  // pods of one owner with labels that a policy tells apart: they are apart in the list
  'error-example-pods-w-same-owner-and-labels-gap-with-bad-match-expression',
  'error-example-w-err-pods-w-same-owner-and-labels-gap-anp',
  'error-semanticdiff-same-topologies-illegal-podlist',
];
