import { checkDnsLabel, checkFields, locate, PolicyError, Selector } from '../../policy';
import type { MetadataExemption } from '../metadata-exemption';
import { checkReason } from './reason';

/** An exemption that was checked. */
export interface CheckedExemption {
  readonly reason: string;
  /** Undefined for every pod of the namespace. */
  readonly pods?: Selector;
}

/** Exemptions by their namespace. */
export function checkExemptions(exemptions: readonly MetadataExemption[]): ReadonlyMap<string, readonly CheckedExemption[]> {
  const checked = new Map<string, CheckedExemption[]>();
  for (const [index, exemption] of exemptions.entries()) {
    const where = `exemptions[${index}]`;
    const { namespace, reason, pods } = locate(where, () => checkFields(exemption, { namespace: 'value', reason: 'value', pods: 'value' }));
    locate(`${where}.namespace`, () => checkDnsLabel(namespace, 'namespace name'));
    const why = checkReason(reason, `${where}.reason`, 'why pods may use the metadata of their node');
    const selector = pods === undefined ? undefined : locate(`${where}.pods`, () => someLabels(pods));
    const before = checked.get(namespace) ?? [];
    if (before.some((each) => selector === undefined || each.pods === undefined || each.pods.sameAs(selector))) {
      throw new PolicyError({ given: namespace, where, problem: 'is exempt twice', instead: 'one exemption with both reasons' });
    }
    checked.set(namespace, [...before, { reason: why, ...(selector === undefined ? {} : { pods: selector }) }]);
  }
  return checked;
}

function someLabels(labels: Record<string, string>): Selector {
  const selector = Selector.labels(labels);
  if (!selector.matchesEverything) return selector;
  throw new PolicyError({ given: labels, problem: 'are no labels, which would be every pod', instead: 'at least one label, or no pods for the whole namespace' });
}
