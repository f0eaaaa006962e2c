import { DirectionExplanation, Explanation, Reason } from 'cdk8s-netpol/analysis';
import { Direction } from 'cdk8s-netpol/policy';
import { isInputOrigin } from './inventory-problems';

/** An explanation whose rules stand where they are written, not where their policy begins. */
export function located(explanation: Explanation): Explanation {
  return { ...explanation, egress: locatedDirection(explanation.egress, 'egress'), ingress: locatedDirection(explanation.ingress, 'ingress') };
}

function locatedDirection(direction: DirectionExplanation, name: Direction): DirectionExplanation {
  const locate = (reason: Reason): Reason => {
    const { origin, ruleIndex } = reason;
    if (!isInputOrigin(origin)) return reason;
    return { ...reason, origin: origin.at(ruleIndex === undefined ? '' : `spec.${name}[${ruleIndex}]`) };
  };
  return {
    ...direction,
    layers: direction.layers.map((layer) => ({ ...layer, reasons: layer.reasons.map(locate) })),
    decidedBy: direction.decidedBy.map(locate),
  };
}
