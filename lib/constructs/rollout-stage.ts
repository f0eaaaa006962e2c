/**
 * How far a namespace has come on the way to an enforced default-deny. The stages follow one another: OBSERVE, AUDIT, ENFORCE;
 * the way back from ENFORCE is AUDIT.
 */
export enum RolloutStage {
  /**
   * The namespace has an owner and nothing else yet: no policy is shipped and all traffic passes. A ConfigMap, `netpol-stage`,
   * says who owns it. It is the time to record flows.
   */
  OBSERVE = 'OBSERVE',

  /**
   * All policies are shipped in their final form, and one object, `netpol-audit`, keeps every connection open but those to
   * instance metadata. Nothing is dropped; recorded traffic is compared with the policies.
   */
  AUDIT = 'AUDIT',

  /**
   * The policies hold: what no rule allows is dropped. `netpol-audit` stays and selects nothing, so that going from AUDIT to
   * ENFORCE and back deletes no object.
   */
  ENFORCE = 'ENFORCE',
}
