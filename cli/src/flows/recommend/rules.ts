import { Selector } from 'cdk8s-netpol/policy';
import { podWords } from '../../migrate/subject-words';
import { Confidence, confidenceOf, Watched } from './confidence';
import { DnsEvidence } from './dns-evidence';
import { isEphemeral } from './ephemeral';
import { KnownCluster } from './known-cluster';
import { openingOf } from './openings';
import { KnownPods, Need, Opening, OtherEnd, Pods, portsText, RecommendedRule, RulePort, sortedPorts, Unopened } from './recommendation';
import { RuleFacts } from './rule-facts';
import { together } from './seen';

/** More addresses than a person can look through; who has that many is the Internet, or a range with a name. */
const MOST_ADDRESSES = 100;
const MANY_ADDRESSES = 10;

interface Draft {
  readonly namespace: string;
  readonly opening: Opening;
  readonly ports: readonly RulePort[];
  readonly needs: readonly Need[];
}

export interface Rules {
  readonly rules: readonly RecommendedRule[];
  readonly unopened: readonly Unopened[];
  readonly others: readonly OtherEnd[];
  readonly dns: DnsEvidence;
}

/** The smallest set of rules that covers what was needed: one for each pair of ends, and none that another one says already. */
export function rulesFor(needs: readonly Need[], facts: RuleFacts, dns: DnsEvidence, known: KnownCluster, watched: Watched): Rules {
  const unopened: Unopened[] = [];
  const drafts = new Map<string, Draft>();
  const put = (draft: Draft, key = openingKey(draft.opening)): void => {
    const before = drafts.get(`${draft.namespace} ${key}`);
    drafts.set(`${draft.namespace} ${key}`, before === undefined ? draft : { ...before, ports: sortedPorts([...before.ports, ...draft.ports]), needs: [...before.needs, ...draft.needs] });
  };
  for (const namespace of facts.asked) put({ namespace, opening: { kind: 'dns', namespace }, ports: [], needs: [] });
  for (const need of needs) {
    const { src, dst, protocol, port, seen } = need;
    const choice = isEphemeral(need, needs, known)
      ? { why: 'ephemeral' as const, reason: 'a high port that few call and nobody declares: it may be a port for replies, or one that changes with each start. Declare it as a containerPort if it is fixed' }
      : openingOf(need, facts, dns);
    if ('why' in choice) unopened.push({ from: src.text, to: dst.text, port: `${protocol} ${port}`, seen, why: choice.why, reason: choice.reason });
    else for (const { namespace, opening } of choice.openings) put({ namespace, opening, ports: [{ protocol, port }], needs: [need] });
  }
  const blocks = mergedAddresses([...drafts.values()], unopened);
  const smallest = withoutImplied(blocks);
  const ids = new Ids();
  const rules = smallest.sort(byPlace).map((draft): RecommendedRule => {
    const seen = draft.needs.length === 0 ? undefined : together(draft.needs.map((need) => need.seen));
    const { construct, from, to, id } = wordsOf(draft.opening, draft.namespace);
    const confidence = draft.opening.kind === 'dns' ? ALWAYS : highestOf(draft.needs.map((need) => confidenceOf(need.seen, watched)));
    return { ...draft, construct, from, to, id: ids.free(draft.namespace, id), ports: sortedPorts(draft.ports), seen, confidence, notes: notesOf(draft) };
  });
  return { rules, unopened, others: otherEnds(smallest, facts.asked), dns };
}

const ALWAYS: Confidence = { level: 'high', reason: 'without DNS hardly anything works, so that it is always proposed' };

/** A rule is as sure as the surest of what it was made from: for that it is needed. */
function highestOf(all: readonly Confidence[]): Confidence {
  const order = ['high', 'medium', 'low'];
  return [...all].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level))[0]!;
}

// --- merging

/** Addresses with the same ports share a construct; those that nobody could look through are left for a person. */
function mergedAddresses(drafts: readonly Draft[], unopened: Unopened[]): Draft[] {
  const merged = new Map<string, Draft>();
  for (const draft of drafts) {
    const { opening } = draft;
    const ports = portsText(sortedPorts(draft.ports));
    const key = opening.kind === 'addresses' ? [draft.namespace, 'addresses', opening.direction, opening.pods.pods.key, opening.expires ?? '', ports].join(' ; ')
      : opening.kind === 'domains' ? [draft.namespace, 'domains', opening.from.pods.key, ports].join(' ; ') : `${draft.namespace} ${openingKey(opening)}`;
    const before = merged.get(key);
    if (before === undefined) merged.set(key, draft);
    else merged.set(key, { ...before, opening: joined(before.opening, opening), needs: [...before.needs, ...draft.needs] });
  }
  return [...merged.values()].filter(({ opening, needs }) => {
    if (opening.kind !== 'addresses' || opening.expires === undefined || opening.cidrs.length <= MOST_ADDRESSES) return true;
    const { src, dst, protocol, port } = needs[0]!;
    const [from, to] = opening.direction === 'egress' ? [src.text, `${opening.cidrs.length} addresses`] : [`${opening.cidrs.length} addresses`, dst.text];
    unopened.push({
      from, to, port: `${protocol} ${port}`, seen: together(needs.map(({ seen }) => seen)), why: 'too-many-addresses',
      reason: 'too many addresses for a list: name their range with --ranges, their domain, or decide that it is the Internet',
    });
    return false;
  });
}

function joined(a: Opening, b: Opening): Opening {
  if (a.kind === 'addresses' && b.kind === 'addresses') return { ...a, cidrs: [...new Set([...a.cidrs, ...b.cidrs])].sort() };
  if (a.kind === 'domains' && b.kind === 'domains') return { ...a, domains: [...new Set([...a.domains, ...b.domains])].sort() };
  return a;
}

/** A rule between pods that another one says too, since its pods are among those of the other, is not written; its evidence goes there. */
function withoutImplied(drafts: readonly Draft[]): Draft[] {
  const kept = new Map(drafts.map((draft, index) => [index, draft]));
  for (const [index, draft] of [...kept]) {
    const wider = [...kept].find(([other, each]) => other !== index && says(each, draft) && (!says(draft, each) || other < index));
    if (wider === undefined) continue;
    kept.delete(index);
    kept.set(wider[0], { ...wider[1], needs: [...wider[1].needs, ...draft.needs] });
  }
  return [...kept.values()];
}

function says({ opening: wide, ports }: Draft, { opening: narrow, ports: asked }: Draft): boolean {
  if (wide.kind !== 'pods' || narrow.kind !== 'pods') return false;
  const isIn = (a: Pods, b: Pods): boolean => a.namespace === b.namespace && a.pods.implies(b.pods);
  return isIn(narrow.from, wide.from) && isIn(narrow.to, wide.to) && asked.every((port) => ports.some((each) => samePort(each, port)));
}

function samePort(a: RulePort, b: RulePort): boolean {
  return a.protocol === b.protocol && a.port === b.port;
}

// --- words

function openingKey(opening: Opening): string {
  const pods = ({ namespace, pods: selector }: Pods): string => `${namespace} ${selector.key}`;
  switch (opening.kind) {
    case 'pods':
      return ['pods', pods(opening.from), pods(opening.to)].join(' ; ');
    case 'monitoring':
    case 'ingress-controller':
      return [opening.kind, opening.from.method, opening.from.namespace ?? '', pods(opening.to)].join(' ; ');
    case 'addresses':
      return ['addresses', opening.direction, pods(opening.pods), ...opening.cidrs].join(' ; ');
    case 'domains':
      return ['domains', pods(opening.from), ...opening.domains].join(' ; ');
    case 'nodes':
    case 'ingress-entity':
      return [opening.kind, pods(opening.to)].join(' ; ');
    case 'api-server':
      return ['api-server', opening.direction, pods(opening.pods)].join(' ; ');
    case 'dns':
      return 'dns';
  }
}

interface Words {
  readonly construct: string;
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

function wordsOf(opening: Opening, namespace: string): Words {
  const short = ({ pods, namespace: own }: Pods): string => (own === namespace ? podWords(pods, own) : `${own}-${podWords(pods, 'pods')}`);
  switch (opening.kind) {
    case 'pods': {
      const [from, to] = [podsText(opening.from), podsText(opening.to)];
      if (from === to) return { construct: 'AllowWithin', id: `within-${short(opening.to)}`, from, to };
      return { construct: opening.to.namespace === namespace ? 'AllowFromPods' : 'AllowToPods', id: `${short(opening.from)}-to-${short(opening.to)}`, from, to };
    }
    case 'monitoring':
      return { construct: 'AllowFromMonitoring', id: `metrics-of-${short(opening.to)}`, from: knownText(opening.from), to: podsText(opening.to) };
    case 'ingress-controller':
      return { construct: 'AllowFromIngressController', id: `ingress-to-${short(opening.to)}`, from: knownText(opening.from), to: podsText(opening.to) };
    case 'ingress-entity':
      return { construct: 'AllowFromIngressController', id: `ingress-to-${short(opening.to)}`, from: '{ingress}', to: podsText(opening.to) };
    case 'nodes':
      return { construct: 'AllowFromIngressController', id: `nodes-to-${short(opening.to)}`, from: '{nodes}', to: podsText(opening.to) };
    case 'api-server':
      return opening.direction === 'egress'
        ? { construct: 'AllowToApiServer', id: `${short(opening.pods)}-to-api-server`, from: podsText(opening.pods), to: '{kube-apiserver}' }
        : { construct: 'AllowFromApiServer', id: `api-server-to-${short(opening.pods)}`, from: '{kube-apiserver}', to: podsText(opening.pods) };
    case 'addresses': {
      const blocks = opening.cidrs.join(', ');
      const what = opening.expires === undefined ? 'known-ranges' : 'addresses';
      return opening.direction === 'egress'
        ? { construct: 'AllowToIpBlock', id: `${short(opening.pods)}-to-${what}`, from: podsText(opening.pods), to: blocks }
        : { construct: 'AllowFromIpBlock', id: `${what}-to-${short(opening.pods)}`, from: blocks, to: podsText(opening.pods) };
    }
    case 'domains':
      return { construct: 'AllowToFqdn', id: `${short(opening.from)}-to-domains`, from: podsText(opening.from), to: opening.domains.join(', ') };
    case 'dns':
      return { construct: 'DefaultDenyNamespace', id: 'dns', from: `${namespace}/*`, to: '{dns}' };
  }
}

export function podsText({ namespace, pods }: Pods): string {
  return `${namespace}/${selectorText(pods)}`;
}

function selectorText(pods: Selector): string {
  return pods.asLabels === undefined ? pods.toString() : Object.entries(pods.asLabels).map(([key, value]) => `${key}=${value}`).join(',');
}

function knownText({ title, namespace }: KnownPods): string {
  return namespace === undefined ? title : `${title} in ${namespace}`;
}

function notesOf({ opening, needs }: Draft): readonly string[] {
  const ends = needs.flatMap(({ src, dst }) => [src, dst]).filter((end) => end.kind === 'pods');
  const taken = new Map(ends.filter(({ alsoSelects }) => alsoSelects.length > 0).map((end) => [end.text, `no label tells ${end.text} from ${end.alsoSelects.join(', ')}: the rule opens them too`]));
  const onlyOf = ends.filter(({ workload }) => workload?.kind === 'CronJob').map(({ text }) => text);
  return [
    ...(opening.kind === 'dns' ? [] : taken.values()),
    ...(opening.kind === 'addresses' && opening.expires !== undefined ? [`nobody knows these addresses: look at them again by ${opening.expires}`] : []),
    ...(opening.kind === 'addresses' && opening.expires !== undefined && opening.cidrs.length > MANY_ADDRESSES ? [`${opening.cidrs.length} addresses: a range with --ranges, or a domain, would say what they are`] : []),
    ...[...new Set(opening.kind === 'dns' ? [] : onlyOf)].map((text) => `${text} is a CronJob: one run a day or a month leaves few traces`),
  ];
}

// --- the other end

/** What owners of other namespaces have to add where they deny by default. */
function otherEnds(drafts: readonly Draft[], asked: ReadonlySet<string>): readonly OtherEnd[] {
  return drafts.flatMap(({ opening, needs, ports }): OtherEnd[] => {
    const ends = opening.kind === 'pods' ? [opening] : opening.kind === 'monitoring' || opening.kind === 'ingress-controller'
      ? needs.flatMap(({ src }) => (src.kind === 'pods' ? [{ from: src, to: opening.to }] : [])) : [];
    return ends.flatMap(({ from, to }): OtherEnd[] => {
      const common = { from: podsText(from), to: podsText(to), ports: sortedPorts(ports) };
      if (!asked.has(from.namespace)) return [{ namespace: from.namespace, construct: 'AllowToPods', ...common }];
      return asked.has(to.namespace) ? [] : [{ namespace: to.namespace, construct: 'AllowFromPods', ...common }];
    });
  }).filter((each, index, all) => all.findIndex((other) => otherKey(other) === otherKey(each)) === index)
    .sort((a, b) => (otherKey(a) < otherKey(b) ? -1 : 1));
}

function otherKey({ namespace, from, to, ports }: OtherEnd): string {
  return [namespace, from, to, portsText(ports)].join(' ; ');
}

function byPlace(a: Draft, b: Draft): number {
  const key = ({ namespace, opening }: Draft): string => `${namespace} ; ${opening.kind === 'dns' ? '' : openingKey(opening)}`;
  return key(a) < key(b) ? -1 : 1;
}

class Ids {
  private readonly taken = new Set<string>();

  public free(namespace: string, id: string): string {
    let free = id;
    for (let number = 2; this.taken.has(`${namespace} ${free}`); number++) free = `${id}-${number}`;
    this.taken.add(`${namespace} ${free}`);
    return free;
  }
}
