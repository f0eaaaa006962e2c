import {
  checkLabelKey, Direction, everyNamespace, locate, matchingNamespaces, namedNamespace, NAMESPACE_NAME_LABEL, nodePeer, Peer, podPeer, PodsAlike, Selector,
} from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { readIpBlock } from '../ip-block';
import { readLabelSelector } from '../label-selector';
import { CLUSTER_GROUP, GROUP } from './api';
import { readFqdn } from './fqdn';
import { isGiven, onlyOne, podsOfServiceAccount, readReference } from './names';

const COMMON = ['podSelector', 'namespaceSelector', 'ipBlock', 'group', 'nodeSelector', 'scope'];
const OF_CLUSTER = [...COMMON, 'namespaces', 'serviceAccount'];
const OF_NAMESPACE = [...COMMON, 'externalEntitySelector'];

/** Fields that say all about a peer by themselves. */
const ALONE = ['ipBlock', 'group', 'fqdn', 'serviceAccount', 'nodeSelector'];

/** The fields of a peer, in a policy of the cluster or of a namespace. */
function fieldsOf(direction: Direction, namespace: string | undefined): readonly string[] {
  return [...(namespace === undefined ? OF_CLUSTER : OF_NAMESPACE), ...(direction === 'egress' ? ['fqdn'] : [])];
}

/**
 * One entry of `from` or `to`.
 * @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#behavior-of-to-and-from-selectors
 */
export function readPeer(reader: DocumentReader, value: unknown, path: FieldPath, direction: Direction, namespace: string | undefined): readonly Peer[] {
  const fields = fieldsOf(direction, namespace);
  const parts = reader.object(value, path, fields);
  const scope = isGiven(parts.scope) ? reader.word(parts.scope, `${path}.scope`, ['Cluster', 'ClusterSet']) : 'Cluster';
  for (const field of ALONE.filter((each) => fields.includes(each) && isGiven(parts[each]))) {
    onlyOne(value, path, parts, field, fields.filter((other) => other !== 'scope'));
    return readAlone(reader, field, parts[field], `${path}.${field}`, namespace);
  }
  const peers = readSelected(reader, value, parts, path, namespace);
  return scope === 'Cluster' ? peers : [...peers, outside(`${path} means pods of other clusters as well`)];
}

function readAlone(reader: DocumentReader, field: string, content: unknown, path: FieldPath, namespace: string | undefined): readonly Peer[] {
  switch (field) {
    case 'ipBlock':
      return [readIpBlock(reader, content, path)];
    case 'group':
      return [groupPeer(reader.string(content, path), namespace)];
    case 'fqdn':
      return readFqdn(reader.string(content, path), path);
    case 'serviceAccount':
      return [{ terms: [podsOfServiceAccount(readReference(reader, content, path, undefined))] }];
    default:
      return [nodePeer(readLabelSelector(reader, content, path)!)];
  }
}

/** Groups of a namespace are looked for in the one of the policy. */
export function groupPeer(name: string, namespace: string | undefined): Peer {
  return { terms: [namespace === undefined ? { kind: 'group', of: CLUSTER_GROUP, name } : { kind: 'group', of: GROUP, namespace, name }] };
}

function readSelected(
  reader: DocumentReader, value: unknown, parts: Readonly<Record<string, unknown>>, path: FieldPath, namespace: string | undefined,
): readonly Peer[] {
  if (isGiven(parts.externalEntitySelector)) {
    onlyOne(value, path, parts, 'externalEntitySelector', ['podSelector']);
    return [externalEntities(reader, parts.externalEntitySelector, `${path}.externalEntitySelector`)];
  }
  const pods = readLabelSelector(reader, parts.podSelector, `${path}.podSelector`);
  const namespaces = readLabelSelector(reader, parts.namespaceSelector, `${path}.namespaceSelector`);
  if (isGiven(parts.namespaces)) {
    onlyOne(value, path, parts, 'namespaces', ['namespaceSelector']);
    return [{ terms: [{ kind: 'podsAlike', sameLabels: readSameLabels(reader, parts.namespaces, `${path}.namespaces`), pods: pods ?? Selector.everything }] }];
  }
  if (pods === undefined && namespaces === undefined) {
    throw wrong(value, path, 'is a peer that names nobody', 'podSelector, namespaceSelector or another field; for everybody leave the whole list out');
  }
  const own = namespace === undefined ? everyNamespace : namedNamespace(namespace);
  return [podPeer(namespaces === undefined ? own : matchingNamespaces(namespaces), pods ?? Selector.everything)];
}

/** `Self` is the namespace with the same name. */
function readSameLabels(reader: DocumentReader, value: unknown, path: FieldPath): PodsAlike['sameLabels'] {
  const { match, sameLabels } = reader.object(value, path, ['match', 'sameLabels']);
  const keys = reader.strings(sameLabels, `${path}.sameLabels`) ?? [];
  if (isGiven(match) === keys.length > 0) throw wrong(value, path, isGiven(match) ? 'has match and sameLabels' : 'is empty', 'exactly one of match, sameLabels');
  if (isGiven(match)) {
    reader.word(match, `${path}.match`, ['Self']);
    return [NAMESPACE_NAME_LABEL];
  }
  return keys.map((key, index) => locate(`${path}.sameLabels[${index}]`, () => checkLabelKey(key)));
}

/** Machines that the API describes by labels of their own: which addresses they have is not in the input. */
export function externalEntities(reader: DocumentReader, value: unknown, path: FieldPath): Peer {
  readLabelSelector(reader, value, path);
  return outside(`${path}: the addresses of ExternalEntities are not evaluated`);
}

function outside(what: string): Peer {
  return { terms: [{ kind: 'entity', entity: 'world' }, { kind: 'unevaluated', what }] };
}
