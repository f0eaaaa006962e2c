import { everyNamespace, matchingNamespaces, namedNamespace, nodePeer, Peer, podPeer, PodSet, Selector, termKey } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { readLabelSelector } from '../label-selector';
import { isGiven, onlyOne, podsOfServiceAccount, readReference } from './names';
import { externalEntities, groupPeer } from './peers';

/** Whom a policy or one of its rules is about. */
export interface AppliedTo {
  /** Undefined for every pod that the policy may be about at all. */
  readonly subject: readonly Peer[] | undefined;
  /** Whether it is about what comes in through the NodePorts of Services. */
  readonly isOfServices: boolean;
}

/** Where `appliedTo` stands decides what it takes. */
export type Place = 'policy' | 'ingress' | 'egress';

const OF_CLUSTER = ['podSelector', 'namespaceSelector', 'group', 'serviceAccount'];
const OF_NAMESPACE = ['podSelector', 'group', 'externalEntitySelector'];
const ALONE = ['group', 'serviceAccount', 'service', 'nodeSelector'];

/** Every pod that a policy may be about: those of its namespace, or all. */
export function everyPod(namespace: string | undefined): PodSet {
  return { kind: 'pods', namespaces: namespace === undefined ? everyNamespace : namedNamespace(namespace), pods: Selector.everything };
}

/**
 * The entries of `appliedTo`, a union; undefined where there are none.
 * @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#the-antrea-clusternetworkpolicy-resource
 */
export function readAppliedTo(reader: DocumentReader, value: unknown, path: FieldPath, place: Place, namespace: string | undefined): AppliedTo | undefined {
  const items = reader.list(value, path) ?? [];
  if (items.length === 0) return undefined;
  const fields = [
    ...(namespace === undefined ? OF_CLUSTER : OF_NAMESPACE),
    ...(namespace === undefined && place !== 'egress' ? ['service'] : []),
    ...(namespace === undefined && place === 'policy' ? ['nodeSelector'] : []),
  ];
  const entries = items.map((item, index) => ({ item, at: `${path}[${index}]`, parts: reader.object(item, `${path}[${index}]`, fields) }));
  const ofServices = entries.filter(({ parts }) => isGiven(parts.service));
  if (ofServices.length > 0 && ofServices.length < entries.length) {
    throw wrong(value, path, 'names Services beside other things', 'a policy for the Services, and another one for the rest');
  }
  const peers = entries.map(({ item, at, parts }) => readEntry(reader, item, parts, at, fields, namespace));
  const widest = termKey(everyPod(namespace));
  const isEverybody = peers.some(({ terms: [term, ...more] }) => term !== undefined && more.length === 0 && termKey(term) === widest);
  const hasNodes = entries.some(({ parts }) => isGiven(parts.nodeSelector));
  return { subject: isEverybody && !hasNodes ? undefined : peers, isOfServices: ofServices.length > 0 };
}

function readEntry(
  reader: DocumentReader, item: unknown, parts: Readonly<Record<string, unknown>>, path: FieldPath, fields: readonly string[], namespace: string | undefined,
): Peer {
  const alone = ALONE.find((field) => fields.includes(field) && isGiven(parts[field]));
  if (alone !== undefined) {
    onlyOne(item, path, parts, alone, fields);
    return readAlone(reader, alone, parts[alone], `${path}.${alone}`, namespace);
  }
  if (fields.includes('externalEntitySelector') && isGiven(parts.externalEntitySelector)) {
    onlyOne(item, path, parts, 'externalEntitySelector', ['podSelector']);
    return externalEntities(reader, parts.externalEntitySelector, `${path}.externalEntitySelector`);
  }
  const pods = readLabelSelector(reader, parts.podSelector, `${path}.podSelector`);
  const namespaces = fields.includes('namespaceSelector') ? readLabelSelector(reader, parts.namespaceSelector, `${path}.namespaceSelector`) : undefined;
  if (pods === undefined && namespaces === undefined) throw wrong(item, path, 'names nobody', `one of ${fields.join(', ')}; podSelector: {} for all pods`);
  const own = everyPod(namespace).namespaces;
  return podPeer(namespaces === undefined ? own : matchingNamespaces(namespaces), pods ?? Selector.everything);
}

function readAlone(reader: DocumentReader, field: string, content: unknown, path: FieldPath, namespace: string | undefined): Peer {
  switch (field) {
    case 'group':
      return groupPeer(reader.string(content, path), namespace);
    case 'serviceAccount':
      return { terms: [podsOfServiceAccount(readReference(reader, content, path, undefined))] };
    case 'service': {
      const { namespace: of, name } = readReference(reader, content, path, undefined);
      const what = `${path}: whether a connection comes in through the NodePort of the Service ${of}/${name} decides`;
      return { terms: [{ kind: 'servicePods', namespace: of, name }, { kind: 'unevaluated', what }] };
    }
    default:
      return nodePeer(readLabelSelector(reader, content, path)!);
  }
}
