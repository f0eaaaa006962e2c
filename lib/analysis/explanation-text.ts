import { DirectionExplanation, Explanation, Reason } from './explain';
import { objectText } from './inventory';

const EFFECTS: Readonly<Record<Reason['effect'], string>> = {
  'allows': 'allows it',
  'denies': 'denies it',
  'passes': 'leaves it to the next layer',
  'no-rules': 'selects the pod and has no rule in this direction',
  'no-rule-selects-peer': 'selects the pod, and none of its rules selects the other end',
  'ports-do-not-match': 'selects the other end on other ports',
  'named-port-unresolved': 'names a port that no container of the destination has',
  'every-pod-isolated': 'the cluster isolates every pod',
  'own-node': 'a pod and its own node always reach each other',
  'system-default': 'no policy selects the pod: allowed by default',
};

/**
 * An explanation for people:
 *
 * ```text
 * shop/web to pay/api on 8080/TCP: denied
 *   egress of shop/web: allowed
 *     NetworkPolicy shop/allow-web, egress[0]: allows it (shop.k8s.yaml:12)
 *   ingress of pay/api: denied
 *     NetworkPolicy pay/default-deny: selects the pod and has no rule in this direction
 * ```
 */
export function explanationText(explanation: Explanation): string {
  const { from, to, port, verdict, conditions, egress, ingress, parts } = explanation;
  return [
    `${from} to ${to} on ${port}: ${verdict}`,
    ...directionLines(`egress of ${from}`, 'egress', egress),
    ...directionLines(`ingress of ${to}`, 'ingress', ingress),
    ...conditions.map(({ kind, at, why }) => `  it depends (${kind}): ${why}${at === '' ? '' : ` (${at})`}`),
    ...(parts === undefined ? [] : ['  the names stand for several pods:', ...parts.map((part) => `    ${part.from} to ${part.to}: ${part.verdict}`)]),
  ].join('\n');
}

function directionLines(title: string, direction: string, { verdict, decidedBy }: DirectionExplanation): string[] {
  return [`  ${title}: ${verdict}`, ...decidedBy.map((reason) => `    ${reasonText(reason, direction)}`)];
}

/** One reason in a line: which rule, what it does, where it was written. */
export function reasonText({ effect, kind, namespace, name, rule, ruleIndex, service, origin }: Reason, direction: string): string {
  if (kind === undefined || name === undefined) return EFFECTS[effect];
  const place = rule === undefined ? (ruleIndex === undefined ? '' : `, ${direction}[${ruleIndex}]`) : `, rule "${rule}"`;
  const through = service === undefined ? '' : ` through the Service ${service}`;
  const written = origin?.path ?? (origin?.file === undefined ? undefined : [origin.file, origin.line].filter((part) => part !== undefined).join(':'));
  return `${objectText({ kind, name, ...(namespace === undefined ? {} : { namespace }) })}${place}: ${EFFECTS[effect]}${through}${written === undefined ? '' : ` (${written})`}`;
}
