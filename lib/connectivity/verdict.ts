/** The three answers to "may this connection be opened?". */
export enum Verdict {
  /** Egress of the source and ingress of the destination let it through. */
  ALLOWED = 'allowed',
  /** One of them does not. */
  DENIED = 'denied',
  /** It hangs on something that is not known: the CNI, an address, a node. `explain` says what. */
  DEPENDS = 'depends',
}
