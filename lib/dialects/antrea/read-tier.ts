import { Origin, TierDefinition } from '../../policy';
import { DocumentReader, ReadIssue, wrong } from '../document';
import { FIRST_RESERVED_PRIORITY, MAX_TIER_PRIORITY, STATIC_TIERS, tierKey } from './api';
import { optionalText, readMetadata } from './names';

/** @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#tier-crds */
export function readAntreaTier(document: unknown, origin?: Origin): { readonly tier: TierDefinition; readonly issues: readonly ReadIssue[] } {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const { name } = readMetadata(reader, object.metadata, false);
  const { priority, description } = reader.object(object.spec, 'spec', ['priority', 'description']);
  optionalText(reader, description, 'spec.description');
  if (typeof priority !== 'number' || !Number.isInteger(priority) || priority < 0 || priority > MAX_TIER_PRIORITY) {
    throw wrong(priority, 'spec.priority', 'is not the priority of a tier', `a whole number below ${FIRST_RESERVED_PRIORITY}; lower is evaluated first`);
  }
  const own = Object.hasOwn(STATIC_TIERS, name) ? STATIC_TIERS[name] : undefined;
  if (own !== undefined && own !== priority) throw wrong(priority, 'spec.priority', `is not that of the tier ${name}, which Antrea makes itself`, `${own}, or another name`);
  if (own === undefined && priority >= FIRST_RESERVED_PRIORITY) {
    throw wrong(priority, 'spec.priority', 'is reserved: Antrea refuses tiers of users there', `a whole number below ${FIRST_RESERVED_PRIORITY}`);
  }
  return {
    tier: { tier: { name: tierKey(name) }, order: priority, defaultAction: 'pass', ...(origin === undefined ? {} : { origin }) },
    issues: reader.issues,
  };
}
