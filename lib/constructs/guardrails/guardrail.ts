/** A named CEL expression, as the API has them for variables and match conditions. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** What must hold of a request, and what is said where it does not. */
export interface Requirement {
  readonly expression: string;
  /** One line of text: what is wrong and what to write instead. */
  readonly message: string;
  /** CEL that puts the name of the object before the message. */
  readonly messageExpression: string;
}

/** The kinds that a guardrail is asked about: the part of a `NamedRuleWithOperations` that names them. */
export interface GuardedResources {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly resources: readonly string[];
}

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

/** One ValidatingAdmissionPolicy, before it is an object. */
export interface Guardrail {
  /** The name of the object after `cdk8s-netpol-`. */
  readonly name: string;
  readonly kinds: readonly GuardedResources[];
  readonly operations: readonly Operation[];
  /** Requests for which one of these is false are not asked about at all. */
  readonly matchConditions: readonly NamedExpression[];
  readonly variables: readonly NamedExpression[];
  readonly requirements: readonly Requirement[];
}

/** A requirement whose message begins with the kind and name of the object. */
export function requirement(expression: string, message: string): Requirement {
  return { expression, message, messageExpression: `variables.subject + ${JSON.stringify(`: ${message}`)}` };
}
