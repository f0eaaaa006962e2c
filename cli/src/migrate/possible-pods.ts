import { Inventory, SourceObject } from 'cdk8s-netpol/analysis';
import { Labels, NAMESPACE_NAME_LABEL, NamespaceScope, namespaceSelector, PeerTerm, PodSet, PortMatch, Protocol, Selector } from 'cdk8s-netpol/policy';
import { InputObject } from '../input';
import { inScope } from './statement';

type Json = InputObject['object'];

export interface PossiblePods {
  readonly workloads: readonly Json[];
  /** The workloads, and the namespaces that they are in where the input has none. */
  readonly objects: readonly SourceObject[];
  /** Every namespace that there is, or may be. */
  readonly namespaces: readonly string[];
  /** Those that the input does not have. */
  readonly madeNamespaces: readonly string[];
}

const ORIGIN = { file: 'workloads that may come to exist' };

/** Values of `In` that are tried of each condition; the others fare like one of them. */
const VALUES = 3;
/** Up to how many kinds of pods in a namespace all pairs are tried: pods that two selectors match at once. */
const PAIRED = 8;
/** Ports for the names of ports: high enough to be in no rule of anybody. */
const FIRST_NUMBER = 61001;

/**
 * Workloads that may come to exist, for a comparison that does not hang on those that the input has: for each set of pods that a
 * policy of either side speaks of, pods of that kind in every namespace where it looks for them, pods that are of two kinds
 * at once, and pods of no kind. Two replicas each, since replicas of one workload are policed too.
 */
export function possiblePods(sides: readonly Inventory[]): PossiblePods {
  const policies = sides.flatMap((side) => side.policies.map(({ policy }) => policy));
  const rules = policies.flatMap((policy) => policy.rules);
  const terms = rules.flatMap(({ peers = [], subject = [] }) => [...peers, ...subject]).flatMap((peer) => peer.terms);
  const sets = [...policies.map(({ subject }) => subject), ...terms.flatMap(podSets)];
  const ports = rules.flatMap((rule) => rule.ports ?? []);
  const containers = containersFor(ports);
  const namespaces = new Map<string, Labels>(sides.flatMap((side) => [...side.namespaces.values()].map(({ name, labels }) => [name, labels] as const)));
  const made = newNamespaces(sets.map((set) => set.namespaces), namespaces);
  for (const [name, labels] of made) namespaces.set(name, labels);
  const kinds = new Map([...namespaces.keys()].map((name) => [name, new Map<string, Labels>([['', {}]])]));
  for (const { namespaces: scope, pods } of sets) {
    for (const [name, labels] of namespaces) {
      if (!inScope(scope, name, labels)) continue;
      for (const each of labelsFor(pods)) kinds.get(name)!.set(textOf(each), each);
    }
  }
  const workloads = [...kinds].flatMap(([namespace, own]) => {
    const single = [...own.values()];
    const all = single.length > PAIRED ? own : new Map<string, Labels>([...own, ...pairs(single)]);
    return [...all.values()].map((labels, index) => workload(namespace, labels, index, containers));
  });
  const objects = [...[...made].map(([name, labels]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })), ...workloads];
  return { namespaces: [...namespaces.keys()], madeNamespaces: [...made.keys()], workloads, objects: objects.map((object) => ({ object, origin: ORIGIN })) };
}

function podSets(term: PeerTerm): PodSet[] {
  switch (term.kind) {
    case 'pods':
      return [term];
    case 'anyOf':
      return term.terms.flatMap(podSets);
    case 'not':
      return podSets(term.term);
    default:
      return [];
  }
}

/** Namespaces that selectors look for and the input does not have, and one that none looks for. */
function newNamespaces(scopes: readonly NamespaceScope[], known: ReadonlyMap<string, Labels>): Map<string, Labels> {
  const made = new Map<string, Labels>();
  for (const scope of [...scopes, { kind: 'matching' as const, selector: Selector.everything }]) {
    for (const labels of labelsFor(namespaceSelector(scope))) {
      const name = labels[NAMESPACE_NAME_LABEL] ?? `possible-${textOf(labels) === '' ? 'elsewhere' : nameOf(labels)}`;
      if (!known.has(name)) made.set(name, { ...labels, [NAMESPACE_NAME_LABEL]: name });
    }
  }
  return made;
}

/** Labels that a selector matches, a few of them where it names several values; none where nothing can match it. */
export function labelsFor(selector: Selector): Labels[] {
  const keys = [...new Set(selector.requirements.map(({ key }) => key))];
  let found: Array<Record<string, string>> = [{}];
  for (const key of keys) {
    const values = valuesFor(selector, key);
    found = found.flatMap((labels) => values.map((value) => (value === undefined ? labels : { ...labels, [key]: value }))).slice(0, VALUES * VALUES);
  }
  return found.filter((labels) => selector.matches(labels));
}

/** Values of one label that could do, or undefined for its absence. */
function valuesFor({ requirements }: Selector, key: string): Array<string | undefined> {
  const own = requirements.filter((each) => each.key === key);
  const listed = own.filter(({ operator }) => operator === 'In').flatMap(({ values }) => values.slice(0, VALUES));
  const candidates = [undefined, ...listed, 'any', 'any-other'];
  const conditions = Selector.of({ matchExpressions: own });
  const fitting = candidates.filter((value) => conditions.matches(value === undefined ? {} : { [key]: value }));
  return [...new Set(fitting)].slice(0, VALUES);
}

/** Labels of two kinds at once, where one label does not have to have two values. */
function pairs(kinds: readonly Labels[]): Array<readonly [string, Labels]> {
  return kinds.flatMap((a, index) => kinds.slice(index + 1).flatMap((b) => {
    if (Object.entries(a).some(([key, value]) => b[key] !== undefined && b[key] !== value)) return [];
    const both = { ...a, ...b };
    return [[textOf(both), both] as const];
  }));
}

function containersFor(ports: readonly PortMatch[]): unknown[] {
  const named = new Map(ports.flatMap((port) => (port.kind === 'named' ? [[`${port.name}/${port.protocol ?? Protocol.TCP}`, port] as const] : [])));
  const declared = [...named.values()].map(({ name, protocol }, index) => ({ name, protocol: protocol ?? Protocol.TCP, containerPort: FIRST_NUMBER + index }));
  // a name stands once in a container; two protocols of one name are two containers
  return declared.length === 0 ? [{ name: 'main', image: 'none' }] : declared.map((port, index) => ({ name: `main-${index}`, image: 'none', ports: [port] }));
}

function workload(namespace: string, labels: Labels, index: number, containers: unknown[]): Json {
  const name = `possible-${index}${textOf(labels) === '' ? '' : `-${nameOf(labels)}`}`;
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { replicas: 2, template: { metadata: { labels }, spec: { containers } } } };
}

function textOf(labels: Labels): string {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`).sort().join(',');
}

function nameOf(labels: Labels): string {
  return textOf(labels).toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '');
}
