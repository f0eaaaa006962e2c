import { Analysis, Condition, Connection, EndpointJson, endpointText, portsText as connectionPorts, Profile, readInventory, SourceObject } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { Cidr } from 'cdk8s-netpol/policy';
import { ProofEstate } from './proof-estate';
import { End, Need, PodEnd, portText, RecommendedRule } from './recommendation';
import { podsText } from './rules';

/** Something that the recommended rules open and that nobody was seen to do. */
export interface OpenedUnseen {
  readonly from: string;
  readonly to: string;
  readonly ports: string;
  /** How many it is: pairs of ends on one port, or addresses. */
  readonly count: number;
  readonly unit: 'connections' | 'addresses';
  readonly why: string;
}

export interface Proof {
  /** Connections that were seen and that the rules let through: all of them. */
  readonly covered: number;
  readonly openedUnseen: readonly OpenedUnseen[];
}

/** The rules do not let through what they were made from: a mistake of this program. */
export class NotCoveredError extends Error {
  public constructor(missing: readonly string[]) {
    super(`the recommended rules do not let through what they were made from (a mistake of netpol; please report it): ${missing.join('; ')}`);
    this.name = 'NotCoveredError';
  }
}

/** How much was opened and not seen. */
export function openedOf({ openedUnseen }: Proof): Readonly<Record<OpenedUnseen['unit'], number>> {
  const of = (unit: OpenedUnseen['unit']): number => openedUnseen.filter((each) => each.unit === unit).reduce((total, { count }) => total + count, 0);
  return { connections: of('connections'), addresses: of('addresses') };
}

export interface Claim {
  readonly rules: readonly RecommendedRule[];
  /** What the constructs synthesize. */
  readonly manifests: readonly SourceObject[];
  readonly profile: Profile;
  /** Workloads of the namespaces of the record, those too of which nothing was seen. */
  readonly workloads: readonly PodEnd[];
  readonly asked: ReadonlySet<string>;
  readonly hasEntities: boolean;
  /** Blocks that constructs open by what the profile says: the API server, nodes. */
  readonly wellKnown: readonly string[];
}

/** Evaluates the manifests against what they were made from: all of it passes, and what else does is counted. */
export function prove(claim: Claim): Proof {
  const { rules, manifests, profile, workloads, asked, hasEntities } = claim;
  const needs = rules.flatMap((rule) => rule.needs);
  const podsOf = (end: End): PodEnd[] => (end.kind === 'pods' ? [end] : []);
  const estate = new ProofEstate([...needs.flatMap(({ src, dst }) => [...podsOf(src), ...podsOf(dst)]), ...workloads]);
  const routed = needs.flatMap(({ src, dst, port }, index) => (src.kind === 'entity' && src.entity === 'ingress' && dst.kind === 'pods' ? routeTo(dst, port, index) : []));
  const analysis = new Analysis(readInventory([...manifests, ...estate.objects, ...routed], { readers: POLICY_READERS }), profile);
  const connections = analysis.connections();
  const missing = needs.flatMap((need) => denials(need, analysis, estate, hasEntities));
  if (missing.length > 0) throw new NotCoveredError(missing);
  const between = betweenWorkloads(connections, estate, needs, rules, asked);
  return { covered: needs.length, openedUnseen: [...rangesOf(rules), ...between, ...outside(connections, claim)] };
}

const ENTITIES: Readonly<Record<string, string | undefined>> = {
  'kube-apiserver': '{kube-apiserver}', 'host': '{remote-node}', 'remote-node': '{remote-node}', 'node': '{remote-node}', 'ingress': '{ingress-controller}',
};

/** An address of the documentation (RFC 5737), for names of which nobody knows the address. */
const ANY_ADDRESS = '203.0.113.1';
/** Facts about nodes that no manifest holds; the rule is there. */
const ABOUT_NODES: ReadonlySet<string> = new Set(['cni', 'address', 'node-placement']);

/** Every way in which a need does not pass. */
function denials(need: Need, analysis: Analysis, estate: ProofEstate, hasEntities: boolean): string[] {
  const { src, dst, protocol, port } = need;
  return namesOf(src, estate, hasEntities).flatMap((from) => namesOf(dst, estate, hasEntities).flatMap((to) => {
    const { verdict, conditions } = analysis.allows(from, to, `${port}/${protocol}`);
    return verdict === 'allowed' || (verdict === 'depends' && isOpen(need, conditions)) ? [] : [`${src.text} to ${dst.text}, ${portText(need)}: ${verdict}`];
  }));
}

/** What a name resolves to, and where nodes are, no manifest tells; that a rule names them is what is proved. */
function isOpen({ src, dst }: Need, conditions: readonly Condition[]): boolean {
  if (dst.kind === 'address' && dst.names.length > 0) return dst.names.every((name) => conditions.some(({ kind, why }) => kind === 'fqdn' && why.includes(name)));
  // that it is Cilium's own ingress which brings the traffic is what the record says, and no manifest
  if (src.kind === 'entity' && src.entity === 'ingress') return true;
  return (src.kind === 'entity' || dst.kind === 'entity') && conditions.every(({ kind }) => ABOUT_NODES.has(kind));
}

function namesOf(end: End, estate: ProofEstate, hasEntities: boolean): readonly string[] {
  switch (end.kind) {
    case 'pods':
      return estate.names(end);
    case 'address':
      return [end.ip ?? ANY_ADDRESS];
    case 'entity':
      return [hasEntities ? ENTITIES[end.entity] ?? end.text : end.ip ?? ENTITIES[end.entity] ?? end.text];
  }
}

/** A way in from outside: the ingress controller opens connections where routes lead. */
function routeTo({ namespace, variants }: PodEnd, port: number, index: number): SourceObject[] {
  const name = `route-${index}`;
  const backend = { service: { name, port: { number: port } } };
  return [
    { object: { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector: variants[0], ports: [{ port }] } } },
    { object: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace }, spec: { defaultBackend: backend } } },
  ];
}

// --- what was not seen

/** Addresses of known ranges that nobody called or was called from. */
function rangesOf(rules: readonly RecommendedRule[]): OpenedUnseen[] {
  return rules.flatMap(({ opening, needs, from, to, ports }) => {
    if (opening.kind !== 'addresses' || opening.expires !== undefined) return [];
    const seen = new Set(needs.flatMap(({ src, dst }) => [src, dst]).flatMap((end) => (end.kind === 'address' ? end.ip ?? [] : [])));
    const size = opening.cidrs.map((each) => Cidr.parse(each)).reduce((total, { first, last }) => total + Number(last - first + 1n), 0);
    const unseen = size - seen.size;
    return unseen <= 0 ? [] : [{ from, to, ports: ports.map(portText).join(', '), count: unseen, unit: 'addresses', why: `addresses of known ranges; ${seen.size} of them were seen` }];
  });
}

function betweenWorkloads(
  connections: readonly Connection[], estate: ProofEstate, needs: readonly Need[], rules: readonly RecommendedRule[], asked: ReadonlySet<string>,
): OpenedUnseen[] {
  const wanted = new Set(needs.map(({ src, dst, protocol, port }) => [src.text, dst.text, protocol, port].join(' ')));
  const found = new Map<string, OpenedUnseen>();
  for (const { source, destination, ports } of connections) {
    const [from, to] = [endOf(source, estate), endOf(destination, estate)];
    if (from === undefined || to === undefined || !(asked.has(from.namespace) || asked.has(to.namespace))) continue;
    for (const { protocol, first, last } of intervals(ports)) {
      for (const port of numbers(first, last)) {
        if (wanted.has([from.text, to.text, protocol, port].join(' '))) continue;
        const rule = rules.find((each) => opens(each, from, to, protocol, port));
        const key = [from.text, to.text, rule?.id, rule?.namespace].join(' ; ');
        const word = first === 1 && last === 65535 ? `${protocol} all` : `${protocol} ${port}`;
        const before = found.get(key);
        found.set(key, before === undefined
          ? { from: from.text, to: to.text, ports: word, count: last - first + 1, unit: 'connections', why: reasonOf(rule, from, to) }
          : before.ports.split(', ').includes(word) ? before : { ...before, ports: `${before.ports}, ${word}`, count: before.count + 1 });
        if (first === 1 && last === 65535) break;
      }
    }
  }
  return [...found.values()].sort((a, b) => (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1));
}

const UNNAMED = 'no rule of these names it: it is the CNI that lets it pass, or something that was not meant';

function reasonOf(rule: RecommendedRule | undefined, from: PodEnd, to: PodEnd): string {
  if (rule === undefined) return UNNAMED;
  if (rule.opening.kind === 'dns') return 'DNS, which every namespace gets over UDP and TCP';
  const wide = rule.opening.kind === 'pods' ? `${podsText(rule.opening.from)} to ${podsText(rule.opening.to)}` : rule.to;
  return `the rule ${rule.namespace}/${rule.id} (${wide}) takes in ${[from.text, to.text].join(' to ')}, and no label tells them apart`;
}

function opens({ opening, ports }: RecommendedRule, from: PodEnd, to: PodEnd, protocol: string, port: number): boolean {
  const isIn = (pods: { readonly namespace: string; readonly pods: PodEnd['pods'] }, end: PodEnd): boolean => pods.namespace === end.namespace && end.variants.some((labels) => pods.pods.matches(labels));
  if (opening.kind === 'dns') return from.namespace === opening.namespace && (port === 53 || port === 5353);
  if (!ports.some((each) => each.protocol === protocol && each.port === port)) return false;
  if (opening.kind === 'pods') return isIn(opening.from, from) && isIn(opening.to, to);
  return (opening.kind === 'monitoring' || opening.kind === 'ingress-controller') && isIn(opening.to, to);
}

/** Addresses outside that are open and that no rule names. What is behind a domain name is not known, and is no such thing. */
function outside(connections: readonly Connection[], { rules, asked, wellKnown }: Claim): OpenedUnseen[] {
  const texts = [...wellKnown, ...rules.flatMap(({ opening }) => (opening.kind === 'addresses' ? opening.cidrs : []))];
  const named = texts.map((each) => Cidr.parse(each));
  return connections.flatMap(({ source, destination, ports, conditions }) => {
    const [pod, end] = source.kind === 'external' ? [destination, source] : [source, destination];
    if (end.kind !== 'external' || pod.kind !== 'workload' || !asked.has(pod.namespace) || conditions.some(({ kind }) => kind === 'fqdn')) return [];
    if (intervals(ports).every(({ first, last }) => first === 53 && last === 53)) return [];
    const unnamed = end.cidrs.map((each) => Cidr.parse(each)).filter((cidr) => !named.some((each) => each.family === cidr.family && each.contains(cidr)));
    if (unnamed.length === 0) return [];
    return [{ from: endpointText(source), to: endpointText(destination), ports: connectionPorts(ports), count: unnamed.length, unit: 'connections', why: UNNAMED }];
  });
}

function endOf(endpoint: EndpointJson, estate: ProofEstate): PodEnd | undefined {
  return endpoint.kind === 'workload' ? estate.ownerOf(endpoint.namespace, endpoint.name) : undefined;
}

interface Interval {
  readonly protocol: string;
  readonly first: number;
  readonly last: number;
}

function intervals(ports: Connection['ports']): Interval[] {
  const all = (protocol: string): Interval => ({ protocol, first: 1, last: 65535 });
  if (ports === 'all') return ['TCP', 'UDP', 'SCTP'].map(all);
  return Object.entries(ports).flatMap(([protocol, text]) => (text === 'all' ? [all(protocol)] : text.split(',').map((part) => {
    const [first, last] = part.split('-').map(Number);
    return { protocol, first: first!, last: last ?? first! };
  })));
}

function* numbers(first: number, last: number): Generator<number> {
  for (let port = first; port <= last; port++) yield port;
}
