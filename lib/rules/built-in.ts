import { apiNotServed } from './api-not-served';
import { auditStageExpired } from './audit-stage-expired';
import { auditWidens } from './audit-widens';
import { dnsBlocked } from './dns-blocked';
import { dnsUdpOnly } from './dns-udp-only';
import { duplicatePolicy } from './duplicate-policy';
import { exceptOutsideCidr } from './except-outside-cidr';
import { PolicyRule } from './framework/policy-rule';
import { invalidCidr } from './invalid-cidr';
import { metadataReachable } from './metadata-reachable';
import { namedPortMissing } from './named-port-missing';
import { namespaceWithoutPolicy } from './namespace-without-policy';
import { noAllPorts } from './no-all-ports';
import { policyTypesMissing } from './policy-types-missing';
import { redundantRule } from './redundant-rule';
import { requireDefaultDeny } from './require-default-deny';
import { requireOwner } from './require-owner';
import { selectsNothing } from './selects-nothing';
import { shadowedRule } from './shadowed-rule';
import { unknownField } from './unknown-field';
import { wrongNamespaceLabel } from './wrong-namespace-label';

/** Every rule that comes with netpol, by its id. A rule is a file of its name here, a page of docs/rules and a test. */
export const BUILT_IN_RULES: readonly PolicyRule[] = [
  apiNotServed,
  auditStageExpired,
  auditWidens,
  dnsBlocked,
  dnsUdpOnly,
  duplicatePolicy,
  exceptOutsideCidr,
  invalidCidr,
  metadataReachable,
  namedPortMissing,
  namespaceWithoutPolicy,
  noAllPorts,
  policyTypesMissing,
  redundantRule,
  requireDefaultDeny,
  requireOwner,
  selectsNothing,
  shadowedRule,
  unknownField,
  wrongNamespaceLabel,
];
