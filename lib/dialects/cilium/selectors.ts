import { locate, matchingNamespaces, NAMESPACE_NAME_LABEL, namedNamespace, NamespaceScope, Peer, PeerTerm, PodSet, Selector } from '../../policy';
import { DocumentReader, FieldPath } from '../document';
import { CiliumEntity, ENTITIES } from './api';

/**
 * How endpoint selectors name what other APIs select by other means: each label may begin with its source, and the namespace, the
 * labels of the namespace, the cluster and the service account are labels of the pod.
 * @see https://docs.cilium.io/en/stable/network/kubernetes/policy/
 */
export const NAMESPACE_KEY = 'io.kubernetes.pod.namespace';
export const NAMESPACE_LABELS_PREFIX = 'io.cilium.k8s.namespace.labels.';
export const CLUSTER_KEY = 'io.cilium.k8s.policy.cluster';
export const SERVICE_ACCOUNT_KEY = 'io.cilium.k8s.policy.serviceaccount';

/** One condition with its source and key apart. */
interface Condition {
  readonly source: string;
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
  readonly isMatchLabel: boolean;
  readonly path: FieldPath;
}

/** What an endpoint selector says, before it is known whose namespace it is read in. */
export interface EndpointSelector {
  /** Conditions on namespaces; undefined where none is named. */
  readonly namespaces: Selector | undefined;
  readonly pods: Selector;
  /** Conditions on endpoints that are no pods, by their reserved names. */
  readonly reserved: readonly Condition[];
  /** Conditions that cannot be evaluated. */
  readonly unevaluated: readonly string[];
  /** The namespace that `matchLabels` names with the source `k8s`. */
  readonly namespaceMatch: { readonly name: string; readonly path: FieldPath } | undefined;
}

export function readEndpointSelector(reader: DocumentReader, value: unknown, path: FieldPath): EndpointSelector {
  const conditions = readConditions(reader, value, path);
  const unevaluated: string[] = [];
  const namespaces: Condition[] = [];
  const pods: Condition[] = [];
  const reserved: Condition[] = [];
  for (const condition of conditions) {
    const { source, key, operator, values } = condition;
    if (source === 'reserved') reserved.push(condition);
    else if (source !== 'k8s' && source !== 'any') unevaluated.push(`${condition.path}: labels with the source "${source}" are not evaluated`);
    else if (key === NAMESPACE_KEY) namespaces.push({ ...condition, key: NAMESPACE_NAME_LABEL });
    else if (key.startsWith(NAMESPACE_LABELS_PREFIX)) namespaces.push({ ...condition, key: key.slice(NAMESPACE_LABELS_PREFIX.length) });
    else if (key !== CLUSTER_KEY) pods.push(condition);
    // every pod has the label with the name of its cluster
    else if (operator === 'DoesNotExist') pods.push(condition);
    else if (operator !== 'Exists') unevaluated.push(`${condition.path}: whether the name of the cluster is ${values.join(' or ')} decides`);
  }
  const match = namespaces.find(({ source, isMatchLabel, key }) => source === 'k8s' && isMatchLabel && key === NAMESPACE_NAME_LABEL);
  return {
    // every pod has a namespace: to ask for that says only that no other one is meant
    namespaces: namespaces.length === 0 ? undefined : selectorOf(path, namespaces.filter(({ key, operator }) => key !== NAMESPACE_NAME_LABEL || operator !== 'Exists')),
    pods: selectorOf(path, pods),
    reserved,
    unevaluated,
    namespaceMatch: match === undefined ? undefined : { name: match.values[0]!, path: match.path },
  };
}

function selectorOf(path: FieldPath, conditions: readonly Condition[]): Selector {
  return locate(path, () => Selector.of({ matchExpressions: conditions.map(({ key, operator, values }) => ({ key, operator, values })) }));
}

function readConditions(reader: DocumentReader, value: unknown, path: FieldPath): Condition[] {
  const spec = reader.object(value, path, ['matchLabels', 'matchExpressions']);
  const labels = Object.entries(reader.labels(spec.matchLabels, `${path}.matchLabels`))
    .map(([text, label]) => ({ ...sourceAndKey(text), operator: 'In', values: [label], isMatchLabel: true, path: `${path}.matchLabels` }));
  const expressions = (reader.list(spec.matchExpressions, `${path}.matchExpressions`) ?? []).map((item, index) => {
    const at = `${path}.matchExpressions[${index}]`;
    const expression = reader.object(item, at, ['key', 'operator', 'values']);
    return {
      ...sourceAndKey(reader.string(expression.key, `${at}.key`)),
      operator: reader.word(expression.operator, `${at}.operator`, ['In', 'NotIn', 'Exists', 'DoesNotExist']),
      values: reader.strings(expression.values, `${at}.values`) ?? [],
      isMatchLabel: false,
      path: at,
    };
  });
  return [...labels, ...expressions];
}

/** `k8s:app` has the source k8s; `app` may have any. */
function sourceAndKey(text: string): { readonly source: string; readonly key: string } {
  const colon = text.indexOf(':');
  return colon < 0 ? { source: 'any', key: text } : { source: text.slice(0, colon), key: text.slice(colon + 1) };
}

/** Pods of the whole cluster are named by this selector; a policy of a namespace speaks of its own where it names none. */
export function scopeOf(selector: EndpointSelector, namespace: string | undefined): NamespaceScope {
  if (selector.namespaces !== undefined) return matchingNamespaces(selector.namespaces);
  return namespace === undefined ? { kind: 'matching', selector: Selector.everything } : namedNamespace(namespace);
}

/**
 * The endpoints of a peer list. Without a namespace they are those of the policy's own; a policy of the cluster means the pods of
 * every namespace.
 */
export function readEndpointPeer(reader: DocumentReader, value: unknown, path: FieldPath, namespace: string | undefined): Peer {
  const selector = readEndpointSelector(reader, value, path);
  if (selector.reserved.length > 0) return reservedPeer(selector, path);
  const pods: PodSet = { kind: 'pods', namespaces: scopeOf(selector, namespace), pods: selector.pods };
  return { terms: [pods, ...selector.unevaluated.map((what): PeerTerm => ({ kind: 'unevaluated', what }))] };
}

/** `reserved:host` and the like are the entities; they carry no other labels that could be asked for. */
function reservedPeer({ reserved, namespaces, pods, unevaluated }: EndpointSelector, path: FieldPath): Peer {
  const [only, ...more] = reserved;
  const entity = ENTITIES.find((name) => name === only?.key);
  const isPlain = more.length === 0 && namespaces === undefined && pods.matchesEverything && unevaluated.length === 0;
  const isPresence = only !== undefined && (only.operator === 'Exists' || (only.operator === 'In' && only.values.every((text) => text === '')));
  if (entity === undefined || !isPlain || !isPresence) {
    return { terms: [{ kind: 'unevaluated', what: `${path}: reserved labels beside others are not evaluated` }] };
  }
  return { terms: [{ kind: 'entity', entity }] };
}

/** An entity by name; the wildcard is undefined. */
export function readEntity(reader: DocumentReader, value: unknown, path: FieldPath): CiliumEntity | 'all' {
  return reader.word(value, path, ['all', ...ENTITIES]);
}

/** The pods that a policy speaks about, and what about them cannot be evaluated. Undefined where it names endpoints that are no pods. */
export function readSubject(
  reader: DocumentReader, value: unknown, path: FieldPath, namespace: string | undefined,
): { readonly subject: PodSet; readonly unevaluated?: string } | undefined {
  const selector = readEndpointSelector(reader, value, path);
  if (selector.reserved.length > 0) return undefined;
  const subject: PodSet = { kind: 'pods', namespaces: subjectScope(reader, selector, namespace), pods: selector.pods };
  return selector.unevaluated.length === 0 ? { subject } : { subject, unevaluated: selector.unevaluated.join('; ') };
}

/** A policy of a namespace never selects pods of another one, whatever its selector says. */
function subjectScope(reader: DocumentReader, selector: EndpointSelector, namespace: string | undefined): NamespaceScope {
  if (namespace === undefined) return scopeOf(selector, undefined);
  const { namespaceMatch } = selector;
  if (namespaceMatch !== undefined && namespaceMatch.name !== namespace) {
    reader.note('no-effect', namespaceMatch.path, `the namespace "${namespaceMatch.name}" is ignored: a CiliumNetworkPolicy selects pods of its own namespace ${namespace}`);
  }
  const own = Selector.labels({ [NAMESPACE_NAME_LABEL]: namespace });
  const others = selector.namespaces?.requirements.filter(({ key, operator, values }) => namespaceMatch === undefined
    || key !== NAMESPACE_NAME_LABEL || operator !== 'In' || values.length !== 1 || values[0] !== namespaceMatch.name) ?? [];
  return matchingNamespaces(others.length === 0 ? own : own.and(Selector.of({ matchExpressions: others })));
}
