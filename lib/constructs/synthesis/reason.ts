import { PolicyError } from '../../policy';

/** Shorter ones say nothing. */
const SHORTEST = 8;

/** Why somebody asks for an exception, without blanks around it. */
export function checkReason(reason: string, where: string, ofWhat: string): string {
  if (typeof reason === 'string' && reason.trim().length >= SHORTEST) return reason.trim();
  throw new PolicyError({ given: reason, where, problem: `does not say ${ofWhat}`, instead: 'a reason of at least eight characters' });
}
