import { Cni } from '../../cluster/cni';
import { SUBJECT_VARIABLE } from './cel';
import { Guardrail, requirement } from './guardrail';
import { kindsOf } from './policy-kinds';
import { changes, Exceptions, notOurOwn, notTheRollback } from './requests';
import { POLICY_SHAPES, PolicyShape, Side, someRule } from './shapes';

/** A rule without ports opens all of them, those that somebody will start to listen on next year too. */
export function portsRequired(cni: Cni, exceptions: Exceptions): Guardrail[] {
  return judged(cni, exceptions, 'ports-required', ({ namesPorts }) => () => `!(${namesPorts})`, ({ insteadOfAllPorts }) =>
    `has a rule that opens every port. Write ${insteadOfAllPorts}`);
}

/** A rule for everybody makes the policies of the others in the namespace pointless: policies add up. */
export function noAnyPeer(cni: Cni, exceptions: Exceptions): Guardrail[] {
  return judged(cni, exceptions, 'no-any-peer', ({ anyPeer }) => anyPeer, ({ insteadOfAnyPeer }) =>
    `has a rule for everybody: without peers, for all pods of all namespaces, or for all addresses. Write ${insteadOfAnyPeer}`);
}

function judged(
  cni: Cni, exceptions: Exceptions, name: string, isWrong: (shape: PolicyShape) => (side: Side) => string, message: (shape: PolicyShape) => string,
): Guardrail[] {
  return POLICY_SHAPES.flatMap((shape): Guardrail[] => {
    const kinds = kindsOf(cni, shape.api, shape.kinds);
    if (kinds.length === 0) return [];
    return [{
      name: `${name}${shape.suffix}`,
      kinds,
      operations: ['CREATE', 'UPDATE'],
      matchConditions: [notTheRollback(exceptions), notOurOwn(exceptions), changes(shape.fields)],
      variables: [SUBJECT_VARIABLE, { name: 'specs', expression: shape.specs }],
      requirements: [requirement(`!(${someRule(shape, isWrong(shape))})`, message(shape))],
    }];
  });
}
