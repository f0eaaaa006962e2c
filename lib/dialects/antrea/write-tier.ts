import { PolicyError, TierDefinition } from '../../policy';
import { API_VERSION, FIRST_RESERVED_PRIORITY, TIER, TIER_PREFIX } from './api';
import { WrittenAntreaObject } from './write';

/** A tier of users; those that Antrea makes itself need no object. */
export function writeAntreaTier({ tier, order, defaultAction }: TierDefinition): WrittenAntreaObject {
  const name = tier.name.slice(TIER_PREFIX.length);
  if (order === undefined || !Number.isInteger(order) || order < 0 || order >= FIRST_RESERVED_PRIORITY) {
    throw new PolicyError({ given: order, problem: `is not the priority of a tier of users (${name})`, instead: `a whole number below ${FIRST_RESERVED_PRIORITY}` });
  }
  if (defaultAction === 'deny') {
    throw new PolicyError({ given: defaultAction, problem: `is not what tiers of Antrea do at their end (${name})`, instead: 'a policy in the tier that denies' });
  }
  return { apiVersion: API_VERSION, kind: TIER, name, spec: { priority: order } };
}
