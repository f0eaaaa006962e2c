export { BUILT_IN_RULES } from './built-in';
export { askedEnd, podImaginedFor, podsOrImagined, podsSelectedBy, podsText } from './framework/asked-pods';
export { type CheckInput, checkRules, fixText } from './framework/check-rules';
export { IGNORE_ANNOTATION, problemOf } from './framework/exceptions';
export * from './framework/finding';
export { OWN_RULE_IDS, OWN_RULES } from './framework/own-rules';
export { compiledPlace, namespacePlace, policyPlace, rulePath } from './framework/place';
export * from './framework/policy-rule';
export * from './framework/settings';
