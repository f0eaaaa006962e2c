/** What the API server does with a request that a guardrail refuses. */
export enum GuardrailAction {
  /** The request fails with the message of the guardrail. */
  DENY = 'Deny',

  /** The request passes, and whoever made it gets the message as a warning: kubectl prints it. */
  WARN = 'Warn',

  /** The request passes, and the message lands in the audit log of the API server. */
  AUDIT = 'Audit',
}
