import { Direction, Origin } from '../policy';
import { Answer, answerPacket, factsOf, Packet, packetsFor, together, Verdict } from './answers';
import { resolveEnd } from './asked-end';
import { AskedPort, portText } from './asked-port';
import { ClusterModel } from './engine/cluster-model';
import { portsAt } from './engine/endpoint';
import { hitsInOrder } from './engine/first-match';
import { Hit, Selected } from './engine/layer-outcome';
import { LayerAnswer } from './engine/pair';

/** What a rule, a policy or a route has to do with a verdict. */
export type Effect =
  | 'allows' | 'denies' | 'passes'
  /** The policy selects the pod and has no rules in this direction. */
  | 'no-rules'
  | 'no-rule-selects-peer'
  /** The rule selects the other end, but not this port. */
  | 'ports-do-not-match'
  /** The rule selects the other end, but the destination has no container port of the name it gives. */
  | 'named-port-unresolved'
  /** The pod and its own node always reach each other. */
  | 'own-node'
  /** The cluster isolates every pod, and no rule lets the packet through. */
  | 'every-pod-isolated'
  /** Nothing selects the pod. */
  | 'system-default';

export interface Reason {
  readonly effect: Effect;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly ruleIndex?: number;
  readonly rule?: string;
  /** The Service that a route leads through. */
  readonly service?: string;
  /** False where the rule matches only under some conditions. */
  readonly certain: boolean;
  readonly origin?: Origin;
}

/** What one layer says, in the order in which layers are asked. */
export interface LayerExplanation {
  readonly layer: string;
  /** `undecided` where the next layer is asked. */
  readonly verdict: Verdict | 'undecided';
  readonly reasons: readonly Reason[];
}

export interface DirectionExplanation {
  readonly verdict: Verdict;
  /** The layers with policies that select the pod, up to the one that decides. */
  readonly layers: readonly LayerExplanation[];
  /** What decides; the default where nothing else does. */
  readonly decidedBy: readonly Reason[];
}

export interface Explanation extends Answer {
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly egress: DirectionExplanation;
  readonly ingress: DirectionExplanation;
  /** Where the names stand for several pods: which of them, and what each is told. */
  readonly parts?: ReadonlyArray<{ readonly from: string; readonly to: string; readonly verdict: Verdict }>;
}

/** Why a connection may or may not be opened. Of several pods the first is explained that has the verdict of all, or a denied one. */
export function explain(model: ClusterModel, from: string, to: string, port: AskedPort): Explanation {
  const packets = packetsFor(model, resolveEnd(model, from), resolveEnd(model, to), port);
  const answers = packets.map((packet) => answerPacket(model, packet));
  const answer = together(answers, `${from} to ${to}`);
  const place = answers.findIndex(({ verdict }) => verdict === answer.verdict);
  const denied = answers.findIndex(({ verdict }) => verdict === 'denied');
  const packet = packets[place >= 0 ? place : Math.max(denied, 0)]!;
  const parts = packets.map(({ source, destination }, index) => ({
    from: source.endpoint.text, to: destination.endpoint.text, verdict: answers[index]!.verdict,
  }));
  return {
    from,
    to,
    port: portText(port),
    ...answer,
    egress: explainDirection(model, 'egress', asEgressSees(model, packet)),
    ingress: explainDirection(model, 'ingress', packet),
    ...(parts.length > 1 ? { parts } : {}),
  };
}

/** The same for each of the pods that the names stand for, one by one. */
export function explainEach(model: ClusterModel, from: string, to: string, port: AskedPort): readonly Explanation[] {
  return packetsFor(model, resolveEnd(model, from), resolveEnd(model, to), port).map((packet) => ({
    from: packet.source.endpoint.text,
    to: packet.destination.endpoint.text,
    port: portText(port),
    ...answerPacket(model, packet),
    egress: explainDirection(model, 'egress', asEgressSees(model, packet)),
    ingress: explainDirection(model, 'ingress', packet),
  }));
}

/** Where egress policy sees the address of the Service, that is the other end. */
function asEgressSees({ profile }: ClusterModel, packet: Packet): Packet {
  if (packet.dialled === undefined || profile.servicesResolvedFirst !== false) return packet;
  return { ...packet, destination: { endpoint: packet.dialled.endpoint }, atom: packet.dialled.atom };
}

const DEFAULT: Reason = { effect: 'system-default', certain: true };

export function explainDirection(model: ClusterModel, direction: Direction, packet: Packet): DirectionExplanation {
  const { source } = packet;
  if (direction === 'ingress' && source.endpoint.kind === 'controller') return throughRoutes(model, packet);
  return explainPolicies(model, direction, packet);
}

/** The ingress controller needs a route that leads to the port, and policies that let it in. */
function throughRoutes(model: ClusterModel, packet: Packet): DirectionExplanation {
  const policies = explainPolicies(model, 'ingress', packet);
  const { endpoint } = packet.destination;
  const paths = endpoint.kind === 'pod' ? model.paths.to(endpoint) : [];
  const leading = paths.filter(({ ports }) => model.space.has(ports, packet.atom));
  const reasons = (leading.length > 0 ? leading : paths).map(({ route, service }): Reason => ({
    effect: leading.length > 0 ? 'allows' : 'ports-do-not-match',
    kind: route.kind,
    namespace: route.namespace,
    name: route.name,
    service: service.name,
    certain: true,
    ...(route.origin === undefined ? {} : { origin: route.origin }),
  }));
  const routes: LayerExplanation = { layer: 'routes', verdict: leading.length > 0 ? 'allowed' : 'denied', reasons };
  return {
    verdict: leading.length > 0 ? policies.verdict : 'denied',
    layers: [...policies.layers, routes],
    decidedBy: leading.length > 0 && policies.verdict !== 'allowed' ? policies.decidedBy : reasons,
  };
}

function explainPolicies(model: ClusterModel, direction: Direction, packet: Packet): DirectionExplanation {
  const { source, destination, atom } = packet;
  const answers = model.pairs.answers(direction, source.endpoint, destination.endpoint, factsOf(packet))
    .filter(({ outcome }) => !saysNothing(outcome, model));
  const layers: LayerExplanation[] = [];
  let open = true;
  let isDeferred = false;
  let [mayAllow, mayDeny] = [false, false];
  for (const answer of answers) {
    if (!open) break;
    const { allow, deny, pass, open: left, deferred } = answer.outcome;
    const has = (set: number): boolean => model.space.has(set, atom);
    mayAllow ||= has(allow);
    mayDeny ||= has(deny);
    open = has(left) || has(pass);
    isDeferred ||= has(deferred);
    const goesOn = open && !has(deferred);
    const verdict = has(allow) || has(deny) ? (goesOn || (has(allow) && has(deny)) ? 'depends' : has(allow) ? 'allowed' : 'denied') : 'undecided';
    const reasons = reasonsOf(model, direction, answer, packet, verdict);
    if (reasons.length > 0) layers.push({ layer: answer.layer.layer.name, verdict, reasons });
  }
  // what is denied unless a later layer allows it stays denied where none does
  if (open && isDeferred) open = false;
  if (open) mayAllow = true;
  const verdict = mayAllow && mayDeny ? 'depends' : mayAllow ? 'allowed' : 'denied';
  const policies = layers.flatMap(({ reasons }) => reasons);
  const decidedBy = open ? [...policies.filter(({ certain, effect }) => !certain || effect === 'passes'), DEFAULT] : (layers.at(-1)?.reasons ?? [DEFAULT]);
  return { verdict, layers, decidedBy };
}

function saysNothing(outcome: LayerAnswer['outcome'], { space }: ClusterModel): boolean {
  return outcome.allow === space.none && outcome.deny === space.none && outcome.pass === space.none;
}

function reasonsOf(model: ClusterModel, direction: Direction, { layer, selected }: LayerAnswer, packet: Packet, verdict: LayerExplanation['verdict']): Reason[] {
  const { space } = model;
  if (selected.length === 0) return verdict === 'undecided' ? [] : [{ effect: verdict === 'denied' ? 'every-pod-isolated' : 'own-node', certain: verdict !== 'depends' }];
  const { combine } = layer.layer;
  if (combine.combinator === 'firstMatch') {
    const asked = hitsInOrder(selected, combine).filter(({ hit }) => space.has(hit.ports, packet.atom));
    const decisive = asked.find(({ each, hit }) => each.certain && (hit.certain || (hit.content !== undefined && combine.contentDecides === true)));
    const found = asked.filter(({ rank }) => decisive === undefined || rank <= decisive.rank).map(({ each, hit }) => ruleReason(each, hit));
    if (decisive !== undefined || combine.selectedEnd !== 'deny') return found;
    const closing = selected.filter(({ policy }) => policy.policy.isolates.includes(direction));
    return [...found, ...closing.flatMap((each) => missReasons(model, each, direction, packet))];
  }
  const matching = selected.flatMap((each) => each.hits.filter(({ ports }) => space.has(ports, packet.atom)).map((hit) => ({ each, hit })));
  const isForced = combine.ignoresWithoutDefaultDeny === true;
  const isolating = selected.filter(({ policy: { policy } }) => policy.isolates.includes(direction)
    || (isForced && policy.withoutDefaultDeny?.includes(direction) === true));
  if (isolating.length === 0 && matching.length === 0) return verdict === 'denied' ? [{ effect: 'every-pod-isolated', certain: true }] : [];
  const found = matching.map(({ each, hit }) => ruleReason(each, hit));
  if (verdict === 'allowed' || found.some(({ effect }) => effect === 'denies')) return found;
  return [...found, ...isolating.flatMap((each) => missReasons(model, each, direction, packet))];
}

const EFFECTS = { allow: 'allows', deny: 'denies', pass: 'passes' } as const;

function ruleReason(selected: Selected, { rule, certain }: Hit): Reason {
  return {
    effect: EFFECTS[rule.action],
    ...policyName(selected),
    ...(rule.isImplied === true ? {} : { ruleIndex: rule.index }),
    ...(rule.rule.name === undefined ? {} : { rule: rule.rule.name }),
    certain: certain && selected.certain,
    ...originOf(selected),
  };
}

/** Why a policy that isolates the pod does not let the packet through. */
function missReasons({ space }: ClusterModel, selected: Selected, direction: Direction, { atom, destination }: Packet): Reason[] {
  const base = { ...policyName(selected), certain: selected.certain, ...originOf(selected) };
  if (selected.policy.rules[direction].length === 0) return [{ effect: 'no-rules', ...base }];
  const misses = selected.hits.filter(({ ports, rule }) => rule.action === 'allow' && rule.isImplied !== true && !space.has(ports, atom));
  if (misses.length === 0) return selected.hits.some(({ rule }) => rule.isImplied !== true) ? [] : [{ effect: 'no-rule-selects-peer', ...base }];
  return misses.map(({ rule, ports }) => {
    const names = rule.rule.ports?.filter((port) => port.kind === 'named') ?? [];
    const isUnresolved = ports === space.none && names.every(({ name }) => !portsAt(destination.endpoint).some((port) => port.name === name));
    return { effect: isUnresolved ? 'named-port-unresolved' as const : 'ports-do-not-match' as const, ...base, ruleIndex: rule.index };
  });
}

function policyName({ policy: { kind, policy } }: Selected): Pick<Reason, 'kind' | 'namespace' | 'name'> {
  return { kind, ...(policy.namespace === undefined ? {} : { namespace: policy.namespace }), name: policy.name };
}

function originOf({ policy: { policy } }: Selected): { origin?: Origin } {
  return policy.origin === undefined ? {} : { origin: policy.origin };
}
