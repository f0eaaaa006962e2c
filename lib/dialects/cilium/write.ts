import {
  CILIUM_CLUSTERWIDE_TIER, CILIUM_TIER, Direction, DIRECTIONS, Peer, Policy, PolicyError, Rule,
} from '../../policy';
import { CiliumRuleJson, CiliumSpecJson, CLUSTERWIDE_KIND, KIND, MAX_LOG_VALUE } from './api';
import { cannotSay } from './cannot-say';
import { writePeerField } from './write-peers';
import { writePorts } from './write-ports';
import { writeSubject } from './write-selectors';

/** One object to emit. */
export interface WrittenCiliumPolicy {
  readonly kind: typeof KIND | typeof CLUSTERWIDE_KIND;
  readonly name: string;
  readonly namespace?: string;
  readonly spec: CiliumSpecJson;
}

export interface CiliumWriting {
  /** A word for the flow log of connections that the policy matches. */
  readonly log?: string;
}

/**
 * The object that says what the policy says, or an error naming what Cilium cannot say.
 *
 * A direction without rules that is isolated all the same is one empty rule, which allows nobody; the same text in a NetworkPolicy
 * would allow everybody. A rule with ends of several kinds becomes one rule for each kind: the agent refuses them together.
 * @see https://docs.cilium.io/en/stable/security/policy/language/
 */
export function writeCiliumPolicy(policy: Policy, writing: CiliumWriting = {}): WrittenCiliumPolicy {
  const { namespace, name, tier } = policy;
  const wanted = namespace === undefined ? CILIUM_CLUSTERWIDE_TIER : CILIUM_TIER;
  if (tier.name !== wanted.name || policy.order !== undefined) throw cannotSay(policy, 'a tier or an order');
  if (policy.stage !== 'enforced') throw cannotSay(policy, 'a staged policy');
  if (policy.unevaluated !== undefined) throw cannotSay(policy, `a subject that was not read completely (${policy.unevaluated})`);
  const directions = DIRECTIONS.map((direction) => writeDirection(policy, direction));
  const open = directions.filter(({ isOpen }) => isOpen).map(({ direction }) => [direction, false] as const);
  const rules = Object.assign({}, ...directions.map(({ lists }) => lists)) as Readonly<Record<string, readonly CiliumRuleJson[]>>;
  return {
    kind: namespace === undefined ? CLUSTERWIDE_KIND : KIND,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    spec: {
      endpointSelector: writeSubject(policy),
      ...(open.length > 0 ? { enableDefaultDeny: Object.fromEntries(open) } : {}),
      // the API wants one of the lists, though an empty one says nothing
      ...(Object.keys(rules).length > 0 ? rules : { ingress: [] }),
      ...(writing.log === undefined ? {} : { log: { value: checkLog(writing.log) } }),
    },
  };
}

interface WrittenDirection {
  readonly direction: Direction;
  readonly isOpen: boolean;
  readonly lists: Readonly<Record<string, readonly CiliumRuleJson[]>>;
}

function writeDirection(policy: Policy, direction: Direction): WrittenDirection {
  const own = policy.rules.filter((rule) => rule.direction === direction && rule.peers?.length !== 0);
  const [denies, allows] = (['deny', 'allow'] as const).map((action) => own.filter((rule) => rule.action === action).flatMap((rule) => writeRule(policy, rule)));
  const other = own.find(({ action }) => action !== 'deny' && action !== 'allow');
  if (other !== undefined) throw cannotSay(policy, `the action ${other.action}`);
  const isolates = policy.isolates.includes(direction);
  const isOpen = own.length > 0 && !isolates;
  if (isOpen && policy.withoutDefaultDeny?.includes(direction) !== true) {
    throw cannotSay(policy, `${direction} rules that neither isolate nor say that they do not`);
  }
  if (!isOpen && policy.withoutDefaultDeny?.includes(direction) === true) throw cannotSay(policy, `a direction without rules that does not isolate (${direction})`);
  const isEmpty = own.length === 0;
  return {
    direction,
    isOpen,
    lists: {
      ...(denies!.length > 0 ? { [`${direction}Deny`]: denies! } : {}),
      ...(allows!.length > 0 ? { [direction]: allows! } : {}),
      ...(isEmpty && isolates ? { [direction]: [{}] } : {}),
    },
  };
}

function writeRule(policy: Policy, rule: Rule): CiliumRuleJson[] {
  const { subject, sourcePorts, notSourcePorts, notPorts, l7 } = rule;
  if (subject !== undefined) throw cannotSay(policy, 'a rule about a part of its pods');
  if (sourcePorts !== undefined || notSourcePorts !== undefined) throw cannotSay(policy, 'source ports');
  if (notPorts !== undefined) throw cannotSay(policy, 'every port but some');
  if (l7 !== undefined) throw cannotSay(policy, `a condition that was not read completely (${l7})`);
  return writeEnds(policy, rule).flatMap((end) => writePorts(policy, rule).map((ports) => ({ ...end, ...ports })));
}

/** One element for each kind of end; everybody is the wildcard entity. */
function writeEnds(policy: Policy, { direction, peers }: Rule): CiliumRuleJson[] {
  const prefix = direction === 'ingress' ? 'from' : 'to';
  if (peers === undefined) return [{ [`${prefix}Entities`]: ['all'] }];
  const lists = new Map<string, unknown[]>();
  for (const peer of peers) {
    const { field, value } = writePeerField(policy, onlyTerm(policy, peer), direction);
    const list = lists.get(field);
    if (list === undefined) lists.set(field, [value]);
    else list.push(value);
  }
  return [...lists].map(([field, list]) => ({ [`${prefix}${field}`]: list }));
}

function onlyTerm(policy: Policy, { terms }: Peer): Peer['terms'][number] {
  const [term, ...more] = terms;
  if (term === undefined || more.length > 0) throw cannotSay(policy, 'several conditions on one peer');
  return term;
}

function checkLog(value: string): string {
  if (value.length <= MAX_LOG_VALUE && /^\P{C}*$/u.test(value)) return value;
  throw new PolicyError({ given: value, problem: 'is not a word for the flow log', instead: `at most ${MAX_LOG_VALUE} printable characters` });
}
