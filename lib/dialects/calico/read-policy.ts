import {
  checkDnsLabel, Direction, everyNamespace, locate, namedNamespace, Origin, PodSet, Policy, Selector,
} from '../../policy';
import { DocumentReader, wrong } from '../document';
import { ReadPolicy, readNetworkPolicy, API_VERSION as KUBERNETES_API, KIND as KUBERNETES_KIND } from '../kubernetes';
import { DEFAULT_TIER, tierKey } from './api';
import { isEmpty, optionalText } from './entity';
import { readRules } from './read-rules';
import { OF_ENDPOINTS, readPolicyScope, readServiceAccountSelector } from './scope';
import { parseSelector } from './selector-parser';

const COMMON = ['tier', 'order', 'selector', 'serviceAccountSelector', 'types', 'ingress', 'egress', 'performanceHints'];
const GLOBAL = [...COMMON, 'namespaceSelector', 'doNotTrack', 'preDNAT', 'applyOnForward'];

type Spec = Readonly<Record<string, unknown>>;
type Stage = Policy['stage'];

/** @see https://docs.tigera.io/calico/latest/reference/resources/networkpolicy */
export function readCalicoNetworkPolicy(document: unknown, origin?: Origin): ReadPolicy {
  return read(document, { fields: COMMON, isGlobal: false, isStaged: false }, origin);
}

/** @see https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy */
export function readGlobalNetworkPolicy(document: unknown, origin?: Origin): ReadPolicy {
  return read(document, { fields: GLOBAL, isGlobal: true, isStaged: false }, origin);
}

/** @see https://docs.tigera.io/calico/latest/reference/resources/stagednetworkpolicy */
export function readStagedNetworkPolicy(document: unknown, origin?: Origin): ReadPolicy {
  return read(document, { fields: [...COMMON, 'stagedAction'], isGlobal: false, isStaged: true }, origin);
}

/** @see https://docs.tigera.io/calico/latest/reference/resources/stagedglobalnetworkpolicy */
export function readStagedGlobalNetworkPolicy(document: unknown, origin?: Origin): ReadPolicy {
  return read(document, { fields: [...GLOBAL, 'stagedAction'], isGlobal: true, isStaged: true }, origin);
}

/**
 * A NetworkPolicy of Kubernetes that is staged: its spec is that of the native kind.
 * @see https://docs.tigera.io/calico/latest/reference/resources/stagedkubernetesnetworkpolicy
 */
export function readStagedKubernetesNetworkPolicy(document: unknown, origin?: Origin): ReadPolicy {
  const reader = new DocumentReader();
  const { spec } = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const { stagedAction, ...native } = (spec ?? {}) as Spec;
  const { policy, issues } = readNetworkPolicy({ ...(document as Spec), apiVersion: KUBERNETES_API, kind: KUBERNETES_KIND, spec: native }, origin);
  return { policy: { ...policy, stage: stageOf(reader, stagedAction) }, issues };
}

interface Form {
  readonly fields: readonly string[];
  readonly isGlobal: boolean;
  readonly isStaged: boolean;
}

function read(document: unknown, { fields, isGlobal, isStaged }: Form, origin?: Origin): ReadPolicy {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const { name, namespace } = readName(reader, object.metadata, isGlobal);
  const spec = reader.object(object.spec, 'spec', fields);
  const isolates = readTypes(reader, spec);
  const appliesToPods = !isHostEndpointPolicy(reader, spec);
  const rules = (['ingress', 'egress'] as const).flatMap((direction) => readRules(reader, spec, direction, namespace));
  for (const direction of ['ingress', 'egress'] as const) {
    if (isolates.includes(direction) || !rules.some((each) => each.direction === direction)) continue;
    reader.note('no-effect', `spec.${direction}`, `these rules have no effect: types does not name ${direction === 'ingress' ? 'Ingress' : 'Egress'}`);
  }
  return {
    policy: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      tier: { name: tierKey(optionalText(reader, spec.tier, 'spec.tier') ?? DEFAULT_TIER) },
      ...readOrder(spec.order),
      subject: readSubject(reader, spec, namespace),
      isolates: appliesToPods ? isolates : [],
      rules: appliesToPods ? rules.filter(({ direction }) => isolates.includes(direction)) : [],
      stage: isStaged ? stageOf(reader, spec.stagedAction) : 'enforced',
      ...(origin === undefined ? {} : { origin }),
    },
    issues: reader.issues,
  };
}

export function readName(reader: DocumentReader, value: unknown, isGlobal: boolean): { name: string; namespace?: string } {
  const metadata = (value ?? {}) as { readonly name?: unknown; readonly namespace?: unknown };
  if (typeof metadata !== 'object' || Array.isArray(metadata)) throw wrong(metadata, 'metadata', 'is not an object', 'an object with a name');
  const name = reader.string(metadata.name, 'metadata.name');
  if (isGlobal) return { name };
  if (isEmpty(metadata.namespace)) return { name, namespace: 'default' };
  return { name, namespace: locate('metadata.namespace', () => checkDnsLabel(metadata.namespace as string, 'namespace name')) };
}

function readSubject(reader: DocumentReader, spec: Spec, namespace: string | undefined): PodSet {
  const selector = optionalText(reader, spec.selector, 'spec.selector');
  const accounts = optionalText(reader, spec.serviceAccountSelector, 'spec.serviceAccountSelector');
  const namespaces = optionalText(reader, spec.namespaceSelector, 'spec.namespaceSelector');
  const of = [
    ...(selector === undefined ? [] : [parseSelector(selector, 'spec.selector', OF_ENDPOINTS)]),
    ...(accounts === undefined ? [] : [readServiceAccountSelector(accounts, 'spec.serviceAccountSelector')]),
  ];
  const own = namespace === undefined ? everyNamespace : namedNamespace(namespace);
  return {
    kind: 'pods',
    namespaces: namespaces === undefined ? own : readPolicyScope(namespaces, 'spec.namespaceSelector'),
    pods: Selector.expression({ kind: 'and', of }),
  };
}

/**
 * Left out: the directions of the rules, and Ingress where there are none. A NetworkPolicy of Kubernetes with egress rules alone
 * has Ingress as well; this one has not.
 * @see https://github.com/projectcalico/calico/blob/master/api/pkg/defaults/networkpolicy.go
 */
function readTypes(reader: DocumentReader, spec: Spec): readonly Direction[] {
  const types = reader.list(spec.types, 'spec.types') ?? [];
  if (types.length === 0) {
    if (isEmpty(spec.egress)) return ['ingress'];
    return isEmpty(spec.ingress) ? ['egress'] : ['ingress', 'egress'];
  }
  const words = types.map((type, index) => reader.word(type, `spec.types[${index}]`, ['Ingress', 'Egress']));
  return (['ingress', 'egress'] as const).filter((direction) => words.includes(direction === 'ingress' ? 'Ingress' : 'Egress'));
}

function readOrder(value: unknown): { readonly order?: number } {
  if (value === undefined || value === null) return {};
  if (typeof value === 'number' && Number.isFinite(value)) return { order: value };
  throw wrong(value, 'spec.order', 'is not an order', 'a number; lower is evaluated first');
}

/** Policies before connection tracking or address translation are asked at the interfaces of nodes alone. */
function isHostEndpointPolicy(reader: DocumentReader, spec: Spec): boolean {
  const field = ['doNotTrack', 'preDNAT'].find((name) => flag(spec[name], `spec.${name}`));
  flag(spec.applyOnForward, 'spec.applyOnForward');
  reader.list(spec.performanceHints, 'spec.performanceHints');
  if (field === undefined) return false;
  reader.note('no-effect', `spec.${field}`, `${field} policies apply to host endpoints, never to pods: this one is not evaluated`);
  return true;
}

function flag(value: unknown, path: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw wrong(value, path, 'is neither true nor false', 'true or false');
  return value;
}

const STAGES: Readonly<Record<string, Stage>> = { Set: 'staged', Delete: 'staged-removal', Learn: 'staged-ignored', Ignore: 'staged-ignored' };

function stageOf(reader: DocumentReader, value: unknown): Stage {
  return isEmpty(value) ? 'staged' : STAGES[reader.word(value, 'spec.stagedAction', Object.keys(STAGES))]!;
}
