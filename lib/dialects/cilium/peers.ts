import { Direction, domainPeer, Peer, PeerTerm, Selector } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { readLabelSelector } from '../label-selector';
import { readCidrPeer, readCidrSetPeer } from './addresses';
import { readDnsPattern } from './dns-patterns';
import { readEndpointPeer, readEntity } from './selectors';

type Read = (reader: DocumentReader, value: unknown, path: FieldPath, namespace: string | undefined) => readonly Peer[] | 'everybody';

const one = (read: (reader: DocumentReader, value: unknown, path: FieldPath, namespace: string | undefined) => Peer): Read =>
  (reader, value, path, namespace) => [read(reader, value, path, namespace)];

/** How each field names the other end. The agent refuses a policy that has two of them in one element. */
const FIELDS: Readonly<Record<string, Read>> = {
  Endpoints: one(readEndpointPeer),
  CIDR: one(readCidrPeer),
  CIDRSet: one(readCidrSetPeer),
  Entities: (reader, value, path) => {
    const entity = readEntity(reader, value, path);
    return entity === 'all' ? 'everybody' : [{ terms: [{ kind: 'entity', entity }] }];
  },
  Nodes: one(readNodePeer),
  Groups: one(readGroupPeer),
};

const EGRESS_FIELDS: Readonly<Record<string, Read>> = {
  ...FIELDS,
  FQDNs: one((reader, value, path) => domainPeer(readDnsPattern(reader, value, path))),
  Services: one(readServicePeer),
};

/** The fields of one end, with their names in the API: `fromEndpoints`, `toCIDR`, ... */
export function peerFields(direction: Direction, kind: 'allow' | 'deny'): Readonly<Record<string, Read>> {
  const fields = direction === 'ingress' ? FIELDS : EGRESS_FIELDS;
  const prefix = direction === 'ingress' ? 'from' : 'to';
  // domain names are learnt for what is allowed
  return Object.fromEntries(Object.entries(fields).filter(([name]) => kind === 'allow' || name !== 'FQDNs').map(([name, read]) => [`${prefix}${name}`, read]));
}

/** The other end: nobody where all lists are empty, undefined where no field names it, `everybody` for the wildcard entity. */
export function readPeers(
  reader: DocumentReader, parts: Readonly<Record<string, unknown>>, path: FieldPath, fields: Readonly<Record<string, Read>>, namespace: string | undefined,
): readonly Peer[] | 'everybody' | undefined {
  const given = Object.keys(fields).flatMap((field) => {
    const items = reader.list(parts[field], `${path}.${field}`);
    return items === undefined ? [] : [{ field, items }];
  });
  if (given.length === 0) return undefined;
  const filled = given.filter(({ items }) => items.length > 0);
  if (filled.length > 1) {
    throw wrong(filled.map(({ field }) => field), path, 'stand in one rule: the agent refuses the whole policy', 'a rule for each of them');
  }
  const peers: Peer[] = [];
  let everybody = false;
  for (const { field, items } of filled) {
    for (const [index, item] of items.entries()) {
      const found = fields[field]!(reader, item, `${path}.${field}[${index}]`, namespace);
      if (found === 'everybody') everybody = true;
      else peers.push(...found);
    }
  }
  return everybody ? 'everybody' : peers;
}

/** Nodes by labels are told apart only where the agent puts labels of nodes into their identity, and never the own one. */
function readNodePeer(reader: DocumentReader, value: unknown, path: FieldPath): Peer {
  const nodes = readLabelSelector(reader, value, path) ?? Selector.everything;
  const what = `${path}: nodes are told apart by labels only with enable-node-selector-labels, and by labels that node-labels names`;
  return { terms: [{ kind: 'nodes', nodes }, { kind: 'entity', entity: 'remote-node' }, { kind: 'unevaluated', what }] };
}

function readGroupPeer(reader: DocumentReader, value: unknown, path: FieldPath): Peer {
  const { aws } = reader.object(value, path, ['aws']);
  reader.object(aws, `${path}.aws`, ['labels', 'securityGroupsIds', 'securityGroupsNames', 'region']);
  return outside({ kind: 'unevaluated', what: `${path}: the addresses of a security group of the cloud are not known` });
}

/** Addresses that the cloud or a Service tells are those outside of the cluster. */
function outside(unknown: PeerTerm): Peer {
  return { terms: [{ kind: 'entity', entity: 'world' }, unknown] };
}

/**
 * A Service by its name or labels. Which addresses behind it the rule meets, and on which ports, changed from version to version:
 * the rule may meet any end.
 */
function readServicePeer(reader: DocumentReader, value: unknown, path: FieldPath): Peer {
  const { k8sService, k8sServiceSelector } = reader.object(value, path, ['k8sService', 'k8sServiceSelector']);
  const byName = k8sService !== undefined && k8sService !== null;
  if (byName === (k8sServiceSelector !== undefined && k8sServiceSelector !== null)) {
    throw wrong(value, path, byName ? 'has k8sService and k8sServiceSelector' : 'names no Service', 'exactly one of k8sService, k8sServiceSelector');
  }
  const at = `${path}.${byName ? 'k8sService' : 'k8sServiceSelector'}`;
  const parts = reader.object(byName ? k8sService : k8sServiceSelector, at, [byName ? 'serviceName' : 'selector', 'namespace']);
  const what = byName ? `the Service ${reader.string(parts.serviceName, `${at}.serviceName`)}` : `Services ${(readLabelSelector(reader, parts.selector, `${at}.selector`) ?? Selector.everything).toString()}`;
  if (parts.namespace !== undefined && parts.namespace !== null) reader.string(parts.namespace, `${at}.namespace`);
  return { terms: [{ kind: 'unevaluated', what: `${path}: which ends are behind ${what} is not evaluated` }] };
}
