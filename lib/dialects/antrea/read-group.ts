import { everyNamespace, Group, matchingNamespaces, namedNamespace, nodePeer, Origin, Peer, podPeer, Selector, unevaluatedPeer } from '../../policy';
import { DocumentReader, FieldPath, ReadIssue, wrong } from '../document';
import { readIpBlock } from '../ip-block';
import { readLabelSelector } from '../label-selector';
import { isGiven, readMetadata, readReference } from './names';
import { externalEntities, groupPeer } from './peers';

export interface ReadGroup {
  readonly group: Group;
  readonly issues: readonly ReadIssue[];
}

const FIELDS = ['podSelector', 'namespaceSelector', 'externalEntitySelector', 'ipBlocks', 'serviceReference', 'childGroups'];

/** @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#group */
export function readAntreaGroup(document: unknown, origin?: Origin): ReadGroup {
  return read(document, true, FIELDS, origin);
}

/** @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#clustergroup */
export function readAntreaClusterGroup(document: unknown, origin?: Origin): ReadGroup {
  return read(document, false, [...FIELDS, 'nodeSelector'], origin);
}

function read(document: unknown, isNamespaced: boolean, fields: readonly string[], origin: Origin | undefined): ReadGroup {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const metadata = readMetadata(reader, object.metadata, isNamespaced);
  const spec = reader.object(object.spec, 'spec', fields);
  const members = readMembers(reader, spec, fields, metadata.namespace);
  return { group: { ...metadata, members, ...(origin === undefined ? {} : { origin }) }, issues: reader.issues };
}

/** At most one way to put a group together; a namespaceSelector goes with the labels of what is in the namespaces. */
function readMembers(
  reader: DocumentReader, spec: Readonly<Record<string, unknown>>, fields: readonly string[], namespace: string | undefined,
): readonly Peer[] {
  const given = fields.filter((field) => isGiven(spec[field]) && !(Array.isArray(spec[field]) && spec[field].length === 0));
  const ways = given.filter((field) => field !== 'namespaceSelector');
  const goesWithNamespaces = ways.every((field) => field === 'podSelector' || field === 'externalEntitySelector');
  if (ways.length > 1 || (given.length > ways.length && !goesWithNamespaces)) {
    throw wrong(spec, 'spec', `has ${given.join(' and ')}`, 'one of them, or a group with childGroups');
  }
  const [way] = ways;
  const path: FieldPath = `spec.${way ?? ''}`;
  switch (way) {
    case 'ipBlocks':
      return (reader.list(spec.ipBlocks, path) ?? []).map((item, index) => readIpBlock(reader, item, `${path}[${index}]`));
    case 'serviceReference':
      return [{ terms: [{ kind: 'servicePods', ...readReference(reader, spec.serviceReference, path, namespace) }] }];
    case 'childGroups':
      return (reader.strings(spec.childGroups, path) ?? []).map((name) => groupPeer(name, namespace));
    case 'nodeSelector':
      return [nodePeer(readLabelSelector(reader, spec.nodeSelector, path)!)];
    case 'externalEntitySelector':
      return [externalEntities(reader, spec.externalEntitySelector, path)];
    default:
      return readPods(reader, spec, namespace);
  }
}

function readPods(reader: DocumentReader, spec: Readonly<Record<string, unknown>>, namespace: string | undefined): readonly Peer[] {
  const pods = readLabelSelector(reader, spec.podSelector, 'spec.podSelector');
  const namespaces = readLabelSelector(reader, spec.namespaceSelector, 'spec.namespaceSelector');
  if (pods === undefined && namespaces === undefined) return [unevaluatedPeer('whom a group without any selector means is not documented')];
  const own = namespace === undefined ? everyNamespace : namedNamespace(namespace);
  return [podPeer(namespaces === undefined ? own : matchingNamespaces(namespaces), pods ?? Selector.everything)];
}
