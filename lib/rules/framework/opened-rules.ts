import { AskedPod, AskedPort, CompiledRule, Endpoint, groupBy, PolicyDocument, portText } from '../../analysis';
import { Direction, isNamed, Labels, Protocol } from '../../policy';
import { askedEnd, podImaginedFor, podsSelectedBy, podsWhere } from './asked-pods';
import { Evidence } from './finding';
import { policyPlace } from './place';
import { Report, RuleContext } from './policy-rule';
import { isStageOpener } from './stage-opener';

/** A rule that opens something, as the engine sees it, with the pods that it speaks about. */
export interface OpenedRule {
  readonly document: PolicyDocument;
  readonly direction: Direction;
  /** What the engine makes of one written rule: more than one where it keeps addresses apart. Never empty. */
  readonly parts: readonly CompiledRule[];
  /** Those of the input that are policed, or one that the policy would select. Never empty. */
  readonly pods: readonly AskedPod[];
  readonly areImagined: boolean;
}

/** What every rule that asks is told of a policy: looked up once for all of them. */
interface OpeningPolicy extends Pick<OpenedRule, 'document' | 'pods' | 'areImagined'> {
  /** The written rules, each with what the engine makes of it. */
  readonly written: ReadonlyArray<readonly CompiledRule[]>;
}

/** By the policies that are checked: they are the same list for all rules of one check. */
const OPENING = new WeakMap<readonly PolicyDocument[], readonly OpeningPolicy[]>();

/**
 * The rules of the policies to check that allow: without the openers of a stage, policies without effect, and those about pods in
 * exempt namespaces.
 */
export function openedRules(context: RuleContext, exempt: readonly string[], report: Report): readonly OpenedRule[] {
  let opening = OPENING.get(context.policies);
  if (opening === undefined) OPENING.set(context.policies, (opening = openingPolicies(context)));
  return opening.flatMap(({ document, written, areImagined, pods }): readonly OpenedRule[] => {
    const judged = pods.filter(({ endpoint: { namespace } }) => {
      if (exempt.includes(namespace)) return false;
      const unclear = context.unclear(namespace);
      if (unclear !== undefined) report.notEvaluated(namespace, unclear);
      return unclear === undefined;
    });
    return judged.length === 0 ? [] : written.map((parts) => ({ document, direction: parts[0]!.rule.direction, parts, pods: judged, areImagined }));
  });
}

function openingPolicies(context: RuleContext): readonly OpeningPolicy[] {
  const compiled = new Map(context.analysis.model.layers.flatMap(({ policies }) => policies.map((each) => [each.policy, each] as const)).reverse());
  return context.policies.flatMap((document): readonly OpeningPolicy[] => {
    const { policy } = document;
    const own = compiled.get(policy);
    if (own === undefined || policy.stage !== 'enforced' || !policy.rules.some(({ action }) => action === 'allow') || !context.isServed(document)) return [];
    if (isStageOpener(policyPlace(document).object, context.objects)) return [];
    const opening = [...own.rules.ingress, ...own.rules.egress].filter(({ action, isImplied }) => action === 'allow' && isImplied !== true);
    const written = groupBy(opening, ({ text }) => text);
    return [{ document, written: [...written.values()], ...podsOf(context, document) }];
  });
}

function podsOf(context: RuleContext, { policy }: PolicyDocument): Pick<OpenedRule, 'pods' | 'areImagined'> {
  const selected = podsSelectedBy(context, policy);
  if (selected.length > 0) return { pods: selected.filter(({ endpoint }) => endpoint.isUnpoliced !== true), areImagined: false };
  const imagined = podImaginedFor(context, policy);
  return { pods: imagined === undefined ? [] : [imagined], areImagined: true };
}

/** A connection that the engine says a rule lets through. */
export interface LetThrough {
  readonly pod: AskedPod;
  readonly port: NumberedPort;
}

export interface NumberedPort extends AskedPort {
  readonly protocol: Protocol;
}

/** Which pods may talk with another end by this rule, each with a port that shows it. */
export function letThrough({ analysis }: Pick<RuleContext, 'analysis'>, { direction, parts, pods }: OpenedRule, peer: Endpoint): readonly LetThrough[] {
  const questions = analysis.pods;
  const { text } = parts[0]!;
  return pods.flatMap((pod): readonly LetThrough[] => {
    const port = portsToAsk(parts, pod).find(({ protocol, port: number }) => {
      const { verdict, allowedBy } = questions.ask(direction, pod, peer, protocol, number);
      return verdict === 'allowed' && allowedBy.some((each) => each.text === text);
    });
    return port === undefined ? [] : [{ pod, port }];
  });
}

const ASKED = 3;

/** Some of the ports that a rule opens; those of the pod where it names them. */
export function portsToAsk(parts: readonly CompiledRule[], { endpoint }: AskedPod): readonly NumberedPort[] {
  const numbers = parts.flatMap(({ rule: { ports, direction } }): NumberedPort[] => {
    if (ports === undefined) return [{ protocol: Protocol.TCP, port: 443 }, { protocol: Protocol.TCP, port: 80 }];
    return ports.flatMap((match): NumberedPort[] => {
      if (match.kind === 'range') return [{ protocol: match.protocol, port: match.first }];
      if (match.kind === 'protocol' || direction === 'egress') return [];
      return endpoint.ports.filter((port) => isNamed(match, port))
        .map(({ protocol, number }) => ({ protocol, port: number }));
    });
  });
  return [...new Map(numbers.map((number) => [portText(number), number])).values()].slice(0, ASKED);
}

/** Whether a rule opens nothing but some single ports. */
export function opensOnly(parts: readonly CompiledRule[], few: readonly AskedPort[]): boolean {
  return parts.every(({ rule: { ports } }) => ports?.every((match) => match.kind === 'range'
    && few.some(({ protocol, port }) => protocol === match.protocol && port === match.first && port === match.last)) === true);
}

/** The connection as `netpol explain` takes it; undefined for a pod that the input does not show. */
export function evidenceOf(direction: Direction, { pod, port }: LetThrough, other: string): Evidence | undefined {
  const own = askedEnd(pod);
  if (own === undefined) return undefined;
  return direction === 'egress' ? { from: own, to: other, port: portText(port) } : { from: other, to: own, port: portText(port) };
}

/** Those that no Service and no route leads to from outside of the cluster: the others are open on purpose. */
export function notReachedFromOutside({ analysis, inventory }: Pick<RuleContext, 'analysis' | 'inventory'>, found: readonly LetThrough[]): readonly LetThrough[] {
  const leads = (namespace: string, labels: Labels): boolean => inventory.services.some(({ external, selector, ...service }) => external
    && selector !== undefined && service.namespace === namespace && Object.entries(selector).every(([key, value]) => labels[key] === value));
  return found.flatMap(({ pod, port }) => podsWhere([pod], (namespace, labels) =>
    !leads(namespace, labels) && analysis.model.paths.to({ ...pod.endpoint, labels }).length === 0).map((each) => ({ pod: each, port })));
}
