import { Selector } from 'cdk8s-netpol/policy';
import { Sheet } from '../../output';
import { dayText, isoText } from '../timestamps';
import { Recommendation } from './recommend';
import { End, Need, Opening, portsText, RecommendedRule, Unopened } from './recommendation';
import { Seen } from './seen';
import { Tightening } from './tighten';
import { seenText } from './words';

const SHOWN = 8;

/** The rules, a line each, with what they rest on. */
export function ruleSheet(rules: readonly RecommendedRule[]): Sheet {
  return {
    columns: ['namespace', 'construct', 'from', 'to', 'ports', 'times', 'first', 'last', 'confidence', 'because'],
    rows: rules.map(({ namespace, construct, from, to, ports, seen, confidence, notes }) => [
      namespace, construct, short(from), short(to), ports.length === 0 ? '-' : portsText(ports),
      seen === undefined ? '0' : String(seen.count), seen === undefined ? '-' : dayText(seen.firstSeen), seen === undefined ? '-' : dayText(seen.lastSeen),
      confidence.level, [confidence.reason, ...notes].join('; '),
    ]),
  };
}

export function unopenedSheet(unopened: readonly Unopened[]): Sheet {
  return {
    columns: ['from', 'to', 'port', 'seen', 'why', 'what to do'],
    rows: unopened.map(({ from, to, port, seen, why, reason }) => [from, to, port, seenText(seen), why, reason]),
  };
}

export function othersSheet({ others }: Recommendation): Sheet {
  return { columns: ['namespace', 'construct', 'from', 'to', 'ports'], rows: others.map(({ namespace, construct, from, to, ports }) => [namespace, construct, from, to, portsText(ports)]) };
}

export function unseenSheet({ unseen }: Recommendation): Sheet {
  return { columns: ['workload', 'never seen'], rows: unseen.map(({ workload, directions }) => [workload, directions.join(', ')]) };
}

export function openedUnseenSheet({ proof }: Recommendation): Sheet {
  return { columns: ['from', 'to', 'ports', 'number', 'why'],
    rows: proof.openedUnseen.map(({ from, to, ports, count, unit, why }) => [short(from), short(to), ports, `${count} ${unit}`, why]),
  };
}

export function tightenSheet(findings: readonly Tightening[]): Sheet {
  return {
    columns: ['policy', 'rule', 'finding', 'what', 'where'],
    rows: findings.map(({ policy: { kind, namespace, name }, rule, kind: word, what, file, line }) => [
      `${kind} ${namespace}/${name}`, rule, word, what, file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}`,
    ]),
  };
}

/** Long lists of addresses are whole in JSON and in the code. */
function short(list: string): string {
  const items = list.split(', ');
  return items.length <= SHOWN ? list : `${items.slice(0, SHOWN).join(', ')} and ${items.length - SHOWN} more`;
}

export function ruleJson({ namespace, id, construct, opening, from, to, ports, needs, seen, confidence, notes }: RecommendedRule): unknown {
  return {
    namespace, id, construct, from, to, opening: openingJson(opening), ports: ports.map((port) => ({ ...port })),
    seen: seen === undefined ? null : seenJson(seen), confidence, notes, evidence: needs.map(needJson),
  };
}

function openingJson(opening: Opening): unknown {
  return JSON.parse(JSON.stringify(opening, (_, value: unknown) => (isPods(value) ? { namespace: value.namespace, podSelector: value.pods.toSpec() } : value)));
}

function isPods(value: unknown): value is { readonly namespace: string; readonly pods: Selector } {
  return typeof value === 'object' && value !== null && 'namespace' in value && 'pods' in value && typeof value.pods === 'object';
}

function needJson({ src, dst, protocol, port, seen }: Need): unknown {
  return { from: endJson(src), to: endJson(dst), protocol, port, seen: seenJson(seen) };
}

function endJson(end: End): unknown {
  switch (end.kind) {
    case 'pods':
      return { kind: 'pods', namespace: end.namespace, workload: end.workload ?? null, podSelector: end.pods.toSpec() };
    case 'address':
      return { kind: 'address', ip: end.ip ?? null, names: end.names };
    case 'entity':
      return { kind: 'entity', entity: end.entity };
  }
}

export function unopenedJson({ seen, ...rest }: Unopened): unknown {
  return { ...rest, seen: seenJson(seen) };
}

function seenJson({ count, firstSeen, lastSeen, hours, sources, alsoDenied }: Seen): unknown {
  const denied = alsoDenied > 0 ? { alsoDenied } : {};
  return { count, firstSeen: isoText(firstSeen), lastSeen: isoText(lastSeen), hours, sources, ...denied };
}
