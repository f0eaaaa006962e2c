import { NAMESPACE_NAME_LABEL, PolicyError } from '../policy';
import { AskedEnd, Part, resolveEnd } from './asked-end';
import { AskedPort, portText } from './asked-port';
import { ClusterModel } from './engine/cluster-model';
import { Condition, distinctConditions } from './engine/condition';
import { ExternalEndpoint, placesOf, portsAt } from './engine/endpoint';
import { PacketFacts } from './engine/pair';
import { DialledService } from './engine/service-entries';
import { conditionsFor, DirectionVerdict, PairVerdict } from './engine/verdict';
import { Service, ServicePort } from './inventory';
import { selects } from './paths';

export type Verdict = 'allowed' | 'denied' | 'depends';

export interface Answer {
  readonly verdict: Verdict;
  /** What the verdict depends on; empty unless it is `depends`. */
  readonly conditions: readonly Condition[];
}

/** One packet: from one part to another, on one port as the destination sees it. */
export interface Packet {
  readonly source: Part;
  readonly destination: Part;
  readonly atom: number;
  /** The port that it comes from, where that was asked. */
  readonly sourcePort?: number;
  /** The Service whose address was dialled. */
  readonly service?: Pick<Service, 'namespace' | 'name'>;
  /** What egress policy sees where it comes before the address of a Service is replaced. */
  readonly dialled?: { readonly endpoint: ExternalEndpoint; readonly atom: number };
}

const ALLOWED: Answer = { verdict: 'allowed', conditions: [] };

/** Whether a connection may be opened. */
export function answer(model: ClusterModel, from: string, to: string, port: AskedPort): Answer {
  const packets = packetsFor(model, resolveEnd(model, from), resolveEnd(model, to), port);
  return together(packets.map((packet) => answerPacket(model, packet)), `${from} to ${to}`);
}

/** Every packet that a question stands for. */
export function packetsFor(model: ClusterModel, from: AskedEnd, to: AskedEnd, port: AskedPort): Packet[] {
  const sources = from.kind === 'parts' ? from.parts : backends(model, from.service);
  if (to.kind === 'service') return throughService(model, sources, to.service, port);
  const atoms = model.space.atomsOf(port);
  return sources.flatMap((source) => to.parts.flatMap((destination) => atoms.map((atom) => ({ source, destination, atom, ...sourceOf(port) }))));
}

/** A Service is dialled on its own port; behind it is a pod, on the port that the pod listens on. */
function throughService(model: ClusterModel, sources: readonly Part[], service: Service, port: AskedPort): Packet[] {
  const { space, profile } = model;
  const name = serviceText(service);
  const own = service.ports.filter((each) => each.protocol === port.protocol && each.port === port.port);
  if (own.length === 0) {
    const has = service.ports.map((each) => `${each.port}/${each.protocol}`).join(', ');
    throw new PolicyError({ given: portText(port), problem: `is no port of ${name}`, instead: has === '' ? 'another Service: it has no ports' : has });
  }
  if (port.protocol === 'OTHER') throw new PolicyError({ given: portText(port), problem: `is no port of ${name}`, instead: 'a port of the Service' });
  const asked = space.atomOf(port.protocol, port.port);
  const dialled: ExternalEndpoint = { kind: 'external', text: name, places: placesOf(service.clusterAddresses, []), service: dialledService(model, service) };
  const packets = own.flatMap((each) => backends(model, service).flatMap((destination) => sources.flatMap((source): Packet[] => {
    // the name of a headless Service resolves to the pods, and nobody changes the port
    if (service.headless) return [{ source, destination, atom: asked, ...sourceOf(port) }];
    const seen = { service, ...(profile.servicesResolvedFirst === true ? {} : { dialled: { endpoint: dialled, atom: asked } }) };
    return targetNumbers(each, destination).map((number) => ({ source, destination, atom: space.atomOf(each.protocol, number), ...sourceOf(port), ...seen }));
  })));
  if (packets.length === 0) {
    throw new PolicyError({ given: name, problem: `has no pod behind its port ${portText(port)}`, instead: 'a Service whose selector and target port match pods of the input' });
  }
  return packets;
}

function serviceText({ namespace, name }: Pick<Service, 'namespace' | 'name'>): string {
  return `svc/${namespace}/${name}`;
}

function dialledService(model: ClusterModel, service: Service): DialledService {
  const { namespace, selector = {}, ports } = service;
  const namespaceLabels = model.inventory.namespaces.get(namespace)?.labels ?? { [NAMESPACE_NAME_LABEL]: namespace };
  return { namespace, namespaceLabels, selector, ports, backends: backends(model, service).map(({ endpoint }) => portsAt(endpoint)) };
}

function sourceOf({ sourcePort }: AskedPort): { readonly sourcePort?: number } {
  return sourcePort === undefined ? {} : { sourcePort };
}

function targetNumbers({ target, protocol }: ServicePort, { endpoint }: Part): readonly number[] {
  if (typeof target === 'number') return [target];
  return portsAt(endpoint).filter((port) => port.name === target && port.protocol === protocol).map(({ number }) => number);
}

/** The pods behind a Service. */
export function backends({ axis }: ClusterModel, service: Service): Part[] {
  return [...axis.pods, ...axis.hostPods].flatMap(({ members }) => members)
    .filter(({ endpoint, workload }) => workload.namespace === service.namespace && selects(service, endpoint.labels))
    .map((member) => ({ endpoint: member.endpoint, workload: member.workload, ...(member.workload.replicated ? {} : { pod: member.workload.name }) }));
}

export function answerPacket(model: ClusterModel, packet: Packet): Answer {
  if (!isOwnPod(packet)) return answerBetween(model, packet);
  const { ownPodThroughService = 'allowed' } = model.profile;
  if (packet.service === undefined || ownPodThroughService === 'allowed') return ALLOWED;
  const policed = ownPodThroughService === 'egressDecides' ? answerEgress(model, packet) : answerBetween(model, packet);
  if (policed.verdict === 'allowed' || ownPodThroughService === 'egressDecides') return policed;
  const hairpin: Condition = { kind: 'cni', at: serviceText(packet.service), why: 'whether policies stop what a pod sends to itself through a Service is up to the CNI' };
  return { verdict: 'depends', conditions: distinctConditions([hairpin, ...policed.conditions]) };
}

/** What the rules for what a pod sends say alone. */
function answerEgress(model: ClusterModel, packet: Packet): Answer {
  const { source, destination, atom } = packet;
  const egress = model.pairs.direction('egress', source.endpoint, destination.endpoint, factsOf(packet));
  return answerPort(model, egress, { allow: model.space.all, deny: model.space.none, notes: [] }, atom, atom);
}

/** Between two ends that are not the same pod, or as if they were not. */
function answerBetween(model: ClusterModel, packet: Packet): Answer {
  if (!isRouted(model, packet)) return { verdict: 'denied', conditions: [] };
  const { source, destination, atom, dialled } = packet;
  const facts = factsOf(packet);
  if (source.endpoint.kind === 'external' && destination.endpoint.kind === 'pod') {
    const hidden = model.sourceNat.ports(destination.endpoint);
    if (model.space.has(hidden, atom)) return answerHidden(model, model.sourceNat.verdict(source.endpoint, destination.endpoint, hidden), atom);
  }
  const ingress = model.pairs.direction('ingress', source.endpoint, destination.endpoint, facts);
  const egress = model.pairs.direction('egress', source.endpoint, destination.endpoint, facts);
  const seen = answerPort(model, egress, ingress, atom, atom);
  if (dialled === undefined) return seen;
  const unseen = answerPort(model, model.pairs.direction('egress', source.endpoint, dialled.endpoint, facts), ingress, dialled.atom, atom);
  if (model.profile.servicesResolvedFirst === false) return unseen;
  if (seen.verdict === unseen.verdict && seen.verdict !== 'depends') return seen;
  const rewriting: Condition = { kind: 'cni', at: dialled.endpoint.text, why: 'whether egress policy sees the pod behind a Service or the address of the Service is up to the CNI' };
  return { verdict: 'depends', conditions: distinctConditions([rewriting, ...seen.conditions, ...unseen.conditions]) };
}

/** What the question says about a packet beside its ends. A headless Service has no address that can be dialled. */
export function factsOf({ sourcePort, service }: Packet): PacketFacts {
  return { ...(sourcePort === undefined ? {} : { sourcePort }), dialled: service ?? 'none' };
}

/** A client from outside that the pod may see as a node. */
function answerHidden({ space }: ClusterModel, { allowed, depends, conditions }: PairVerdict, atom: number): Answer {
  if (space.has(allowed, atom)) return ALLOWED;
  return space.has(depends, atom) ? { verdict: 'depends', conditions } : { verdict: 'denied', conditions: [] };
}

function answerPort({ space }: ClusterModel, egress: DirectionVerdict, ingress: DirectionVerdict, egressAtom: number, ingressAtom: number): Answer {
  const mayAllow = space.has(egress.allow, egressAtom) && space.has(ingress.allow, ingressAtom);
  const mayDeny = space.has(egress.deny, egressAtom) || space.has(ingress.deny, ingressAtom);
  if (!mayAllow) return { verdict: 'denied', conditions: [] };
  if (!mayDeny) return ALLOWED;
  const conditions = [
    ...conditionsFor(space.ofAtoms([egressAtom]), egress.notes, space),
    ...conditionsFor(space.ofAtoms([ingressAtom]), ingress.notes, space),
  ];
  return { verdict: 'depends', conditions: distinctConditions(conditions) };
}

/** The ingress controller is asked about for what it passes on: it opens connections where routes lead, and nowhere else. */
function isRouted({ paths, space }: ClusterModel, { source, destination: { endpoint }, atom }: Packet): boolean {
  return source.endpoint.kind !== 'controller' || (endpoint.kind === 'pod' && space.has(paths.portsTo(endpoint), atom));
}

/** A pod cannot block itself; its replicas are others. */
export function isOwnPod({ source, destination }: Packet): boolean {
  return source.workload !== undefined && source.workload === destination.workload && source.pod !== undefined && source.pod === destination.pod;
}

/** One answer for all parts, where they agree. */
export function together(answers: readonly Answer[], at: string): Answer {
  const verdicts = new Set(answers.map(({ verdict }) => verdict));
  const conditions = answers.flatMap((each) => each.conditions);
  if (verdicts.size === 1 && answers[0] !== undefined) return { verdict: answers[0].verdict, conditions: distinctConditions(conditions) };
  const parts: Condition = { kind: 'parts-differ', at, why: 'the answer is not the same for all pods or addresses of that name' };
  return { verdict: 'depends', conditions: distinctConditions([parts, ...conditions]) };
}
