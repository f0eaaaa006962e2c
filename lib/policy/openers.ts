/** The policy that opens a namespace in AUDIT. */
export const AUDIT_POLICY = 'netpol-audit';
/** The policy that opens a namespace by hand. */
export const ROLLBACK_POLICY = 'netpol-rollback';

/** What opens a namespace on purpose, and for a time. */
export const OPENERS: readonly string[] = [AUDIT_POLICY, ROLLBACK_POLICY];
