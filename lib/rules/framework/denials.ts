import { Direction, Policy, Rule } from '../../policy';

/** A rule that closes a direction on purpose: no end, no port, no condition that anything could escape by. */
export function deniesEverything({ action, peers, ports, notPorts, subject, sourcePorts, notSourcePorts }: Rule): boolean {
  return action === 'deny' && [peers, ports, notPorts, subject, sourcePorts, notSourcePorts].every((narrowing) => narrowing === undefined);
}

/**
 * What the rules of a policy are in one direction: none, denials of some traffic alone (rules that only log count for nothing), one
 * that denies everything, or others, which let something through.
 */
export function denialsOf({ rules }: Policy, direction: Direction): 'none' | 'some' | 'all' | 'others' {
  const own = rules.filter((rule) => rule.direction === direction && rule.action !== 'log');
  if (own.some(({ action }) => action !== 'deny')) return 'others';
  if (own.some(deniesEverything)) return 'all';
  return own.length === 0 ? 'none' : 'some';
}
