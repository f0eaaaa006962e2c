import {
  AddressSet, checkDnsLabel, CILIUM_CLUSTERWIDE_TIER, CILIUM_HOST_TIER, CILIUM_TIER, Direction, DIRECTIONS, everyNamespace, locate, NOTHING,
  Origin, Policy, PodSet, Selector,
} from '../../policy';
import { DocumentReader, FieldPath, ReadIssue, wrong } from '../document';
import { readLabelSelector } from '../label-selector';
import { readGroupBlocks } from './addresses';
import { CLUSTERWIDE_KIND, KIND, MAX_LOG_VALUE } from './api';
import { readDirection } from './rules';
import { readSubject } from './selectors';

/** What a document says: each of its specs is a policy. */
export interface ReadCiliumPolicies {
  readonly policies: readonly Policy[];
  readonly issues: readonly ReadIssue[];
}

/** The policies that a CiliumNetworkPolicy says. What the API server or the agent refuses is an error that names the field. */
export function readCiliumNetworkPolicy(document: unknown, origin?: Origin): ReadCiliumPolicies {
  const { reader, object, name, namespace } = openDocument(document, true);
  return { policies: readSpecs(reader, object, KIND, name, namespace, origin), issues: reader.issues };
}

/** The policies that a CiliumClusterwideNetworkPolicy says; some speak about nodes in place of pods. */
export function readCiliumClusterwideNetworkPolicy(document: unknown, origin?: Origin): ReadCiliumPolicies {
  const { reader, object, name } = openDocument(document, false);
  return { policies: readSpecs(reader, object, CLUSTERWIDE_KIND, name, undefined, origin), issues: reader.issues };
}

/** The addresses of a CiliumCIDRGroup, which policies name by its name or labels. */
export function readCiliumCidrGroup(document: unknown, origin?: Origin): { readonly addressSet: AddressSet; readonly issues: readonly ReadIssue[] } {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const metadata = (object.metadata ?? {}) as { readonly name?: unknown; readonly labels?: unknown };
  const name = reader.string(metadata.name, 'metadata.name');
  const { externalCIDRs } = reader.object(object.spec, 'spec', ['externalCIDRs']);
  if (externalCIDRs === undefined || externalCIDRs === null) throw wrong(object.spec, 'spec', 'has no externalCIDRs', 'externalCIDRs: a list of CIDRs');
  return {
    addressSet: {
      name,
      labels: reader.labels(metadata.labels, 'metadata.labels'),
      blocks: readGroupBlocks(reader, externalCIDRs, 'spec.externalCIDRs'),
      ...(origin === undefined ? {} : { origin }),
    },
    issues: reader.issues,
  };
}

interface Opened {
  readonly reader: DocumentReader;
  readonly object: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly namespace: string;
}

function openDocument(document: unknown, isNamespaced: boolean): Opened {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'specs', 'status']);
  const metadata = (object.metadata ?? {}) as { readonly name?: unknown; readonly namespace?: unknown };
  const given = metadata.namespace === undefined || metadata.namespace === null || metadata.namespace === '' ? 'default' : metadata.namespace;
  const namespace = isNamespaced ? locate('metadata.namespace', () => checkDnsLabel(given as string, 'namespace name')) : 'default';
  return { reader, object, name: reader.string(metadata.name, 'metadata.name'), namespace };
}

function readSpecs(
  reader: DocumentReader, object: Readonly<Record<string, unknown>>, kind: string, name: string, namespace: string | undefined, origin: Origin | undefined,
): Policy[] {
  const several = reader.list(object.specs, 'specs') ?? [];
  const single = object.spec === undefined || object.spec === null ? [] : [object.spec];
  if (single.length + several.length === 0) throw wrong(object, '', `is a ${kind} without spec and specs`, 'spec, with an endpointSelector and rules');
  const base = { name, ...(namespace === undefined ? {} : { namespace }), ...(origin === undefined ? {} : { origin }) };
  return [
    ...single.flatMap((spec) => readSpec(reader, spec, 'spec', base)),
    ...several.flatMap((spec, index) => readSpec(reader, spec, `specs[${index}]`, base).map((policy) => ({ ...policy, part: `specs[${index}]` }))),
  ];
}

const SPEC_FIELDS = ['endpointSelector', 'nodeSelector', 'ingress', 'ingressDeny', 'egress', 'egressDeny', 'enableDefaultDeny', 'description', 'labels', 'log'];

/** Nothing for a spec about endpoints that are no pods, such as `reserved:health`. */
function readSpec(reader: DocumentReader, value: unknown, path: FieldPath, base: Pick<Policy, 'name' | 'namespace' | 'origin'>): Policy[] {
  const spec = reader.object(value, path, SPEC_FIELDS);
  const [onPods, onNodes] = [spec.endpointSelector, spec.nodeSelector].map((selector) => selector !== undefined && selector !== null);
  if (onPods === onNodes) throw wrong(value, path, onPods ? 'has endpointSelector and nodeSelector' : 'selects nobody', 'exactly one of endpointSelector, nodeSelector');
  if (onNodes && base.namespace !== undefined) throw wrong(spec.nodeSelector, `${path}.nodeSelector`, 'stands in a policy of a namespace', `a ${CLUSTERWIDE_KIND}`);
  if (!['ingress', 'ingressDeny', 'egress', 'egressDeny'].some((field) => spec[field] !== undefined && spec[field] !== null)) {
    throw wrong(value, path, 'has no rules', 'at least one of ingress, ingressDeny, egress, egressDeny');
  }
  readRemarks(reader, spec, path);
  const directions = DIRECTIONS.map((direction) => ({ direction, ...readDirection(reader, spec, path, direction, base.namespace) }));
  const present = directions.filter((each) => each.present).map(({ direction }) => direction);
  const openDirections = readOpenDirections(reader, spec.enableDefaultDeny, `${path}.enableDefaultDeny`).filter((direction) => present.includes(direction));
  const policy = {
    ...base,
    isolates: present.filter((direction) => !openDirections.includes(direction)),
    ...(openDirections.length > 0 ? { withoutDefaultDeny: openDirections } : {}),
    rules: directions.flatMap(({ rules }) => rules),
    stage: 'enforced' as const,
  };
  if (onNodes) return [{ ...policy, tier: CILIUM_HOST_TIER, subject: nodeSubject(reader, spec.nodeSelector, `${path}.nodeSelector`) }];
  const selected = readSubject(reader, spec.endpointSelector, `${path}.endpointSelector`, base.namespace);
  if (selected === undefined) {
    reader.note('no-effect', `${path}.endpointSelector`, 'selects endpoints by reserved labels: no pod of the cluster');
    return [];
  }
  const { subject, unevaluated } = selected;
  const tier = base.namespace === undefined ? CILIUM_CLUSTERWIDE_TIER : CILIUM_TIER;
  return [{ ...policy, tier, subject, ...(unevaluated === undefined ? {} : { unevaluated }) }];
}

/** Pods of no kind: the policies of this tier are about the nodes themselves. */
function nodeSubject(reader: DocumentReader, value: unknown, path: FieldPath): PodSet {
  readLabelSelector(reader, value, path);
  return { kind: 'pods', namespaces: everyNamespace, pods: Selector.expression(NOTHING) };
}

/** The directions in which the policy says that its rules do not isolate. */
function readOpenDirections(reader: DocumentReader, value: unknown, path: FieldPath): Direction[] {
  const flags = reader.object(value, path, DIRECTIONS);
  return DIRECTIONS.filter((direction) => {
    const flag = flags[direction];
    if (flag !== undefined && flag !== null && typeof flag !== 'boolean') throw wrong(flag, `${path}.${direction}`, 'is neither true nor false', 'true or false');
    return flag === false;
  });
}

/** What says nothing about traffic. */
function readRemarks(reader: DocumentReader, spec: Readonly<Record<string, unknown>>, path: FieldPath): void {
  if (spec.description !== undefined && spec.description !== null) reader.string(spec.description, `${path}.description`);
  for (const [index, label] of (reader.list(spec.labels, `${path}.labels`) ?? []).entries()) reader.object(label, `${path}.labels[${index}]`, ['key', 'source', 'value']);
  const { value } = reader.object(spec.log, `${path}.log`, ['value']);
  if (value !== undefined && value !== null && reader.string(value, `${path}.log.value`).length > MAX_LOG_VALUE) {
    throw wrong(value, `${path}.log.value`, 'is too long', `at most ${MAX_LOG_VALUE} characters`);
  }
}
