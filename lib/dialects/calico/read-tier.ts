import { AddressSet, IpBlock, Origin, TierDefinition } from '../../policy';
import { DocumentReader, ReadIssue, wrong } from '../document';
import { tierKey } from './api';
import { isEmpty, readBlocks } from './entity';
import { readName } from './read-policy';

/** @see https://docs.tigera.io/calico/latest/reference/resources/tier */
export function readTier(document: unknown, origin?: Origin): { readonly tier: TierDefinition; readonly issues: readonly ReadIssue[] } {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const { name } = readName(reader, object.metadata, true);
  const { order, defaultAction } = reader.object(object.spec, 'spec', ['order', 'defaultAction']);
  const action = isEmpty(defaultAction) ? 'Deny' : reader.word(defaultAction, 'spec.defaultAction', ['Deny', 'Pass']);
  if (!isEmpty(order) && (typeof order !== 'number' || !Number.isFinite(order))) {
    throw wrong(order, 'spec.order', 'is not an order', 'a number; lower is evaluated first');
  }
  return {
    tier: {
      tier: { name: tierKey(name) },
      ...(typeof order === 'number' ? { order } : {}),
      defaultAction: action === 'Pass' ? 'pass' : 'deny',
      ...(origin === undefined ? {} : { origin }),
    },
    issues: reader.issues,
  };
}

export interface ReadAddressSet {
  readonly addressSet: AddressSet;
  readonly issues: readonly ReadIssue[];
}

/** @see https://docs.tigera.io/calico/latest/reference/resources/networkset */
export function readNetworkSet(document: unknown, origin?: Origin): ReadAddressSet {
  return readSet(document, false, origin);
}

/** @see https://docs.tigera.io/calico/latest/reference/resources/globalnetworkset */
export function readGlobalNetworkSet(document: unknown, origin?: Origin): ReadAddressSet {
  return readSet(document, true, origin);
}

function readSet(document: unknown, isGlobal: boolean, origin: Origin | undefined): ReadAddressSet {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const name = readName(reader, object.metadata, isGlobal);
  const labels = reader.labels((object.metadata as { readonly labels?: unknown }).labels, 'metadata.labels');
  const { nets } = reader.object(object.spec, 'spec', ['nets']);
  const blocks = readBlocks(reader, nets, 'spec.nets').map((cidr): IpBlock => ({ kind: 'ipBlock', cidr, except: [] }));
  return { addressSet: { ...name, labels, blocks, ...(origin === undefined ? {} : { origin }) }, issues: reader.issues };
}
