import { AddressSet, TierDefinition } from '../../policy';
import { API_VERSION, GLOBAL_NETWORK_SET, NETWORK_SET, TIER, TIER_PREFIX } from './api';

type Json = Readonly<Record<string, unknown>>;

/** An object whose spec policies refer to. */
export interface WrittenCalicoObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec: Json;
}

/** `defaultAction` is always written: left out it is Deny, and that closes the pods that the tier's policies select. */
export function writeTier({ tier, order, defaultAction = 'deny' }: TierDefinition): WrittenCalicoObject {
  const spec = { ...(order === undefined ? {} : { order }), defaultAction: defaultAction === 'pass' ? 'Pass' : 'Deny' };
  return { apiVersion: API_VERSION, kind: TIER, name: tier.name.slice(TIER_PREFIX.length), spec };
}

/** A NetworkSet, or a GlobalNetworkSet where it has no namespace. */
export function writeNetworkSet({ name, namespace, labels, blocks }: AddressSet): WrittenCalicoObject {
  return {
    apiVersion: API_VERSION,
    kind: namespace === undefined ? GLOBAL_NETWORK_SET : NETWORK_SET,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels,
    spec: { nets: blocks.flatMap(({ cidr, except }) => (except.length === 0 ? [cidr] : cidr.minus(except))).map(String) },
  };
}
