import { apiNotServed } from './api-not-served';
import { apiServerBySelector } from './api-server-by-selector';
import { auditStageExpired } from './audit-stage-expired';
import { auditWidens } from './audit-widens';
import { broadCidr } from './broad-cidr';
import { clientCidrBehindSnat } from './client-cidr-behind-snat';
import { crossEnvironment } from './cross-environment';
import { denyIsolates } from './deny-isolates';
import { dialectLimit } from './dialect-limit';
import { dnsBlocked } from './dns-blocked';
import { dnsUdpOnly } from './dns-udp-only';
import { duplicatePolicy } from './duplicate-policy';
import { egressNotThroughProxy } from './egress-not-through-proxy';
import { enforceWithoutEvidence } from './enforce-without-evidence';
import { exceptOutsideCidr } from './except-outside-cidr';
import { PolicyRule } from './framework/policy-rule';
import { hostNetworkEscapes } from './host-network-escapes';
import { invalidCidr } from './invalid-cidr';
import { ipblockCoversPods } from './ipblock-covers-pods';
import { ipblockForPods } from './ipblock-for-pods';
import { metadataReachable } from './metadata-reachable';
import { monitoringBlocked } from './monitoring-blocked';
import { namedPortMissing } from './named-port-missing';
import { namespaceWithoutPolicy } from './namespace-without-policy';
import { noAllPeers } from './no-all-peers';
import { noAllPorts } from './no-all-ports';
import { noAnyExternal } from './no-any-external';
import { oneSided } from './one-sided';
import { peerSelectsNothing } from './peer-selects-nothing';
import { policyTypesMissing } from './policy-types-missing';
import { priorityTie } from './priority-tie';
import { redundantRule } from './redundant-rule';
import { replicasCutOff } from './replicas-cut-off';
import { requireDefaultDeny } from './require-default-deny';
import { requireEnforcingCni } from './require-enforcing-cni';
import { requireOwner } from './require-owner';
import { selectsNothing } from './selects-nothing';
import { servicePortNotTargetPort } from './service-port-not-target-port';
import { shadowedRule } from './shadowed-rule';
import { tierEndsInDeny } from './tier-ends-in-deny';
import { unknownField } from './unknown-field';
import { workloadNotEnforced } from './workload-not-enforced';
import { workloadWithoutPolicy } from './workload-without-policy';
import { wrongNamespaceLabel } from './wrong-namespace-label';

/** Every rule that comes with netpol, by its id. A rule is a file of its name here, a page of docs/rules and a test. */
export const BUILT_IN_RULES: readonly PolicyRule[] = [
  apiNotServed,
  apiServerBySelector,
  auditStageExpired,
  auditWidens,
  broadCidr,
  clientCidrBehindSnat,
  crossEnvironment,
  denyIsolates,
  dialectLimit,
  dnsBlocked,
  dnsUdpOnly,
  duplicatePolicy,
  egressNotThroughProxy,
  enforceWithoutEvidence,
  exceptOutsideCidr,
  hostNetworkEscapes,
  invalidCidr,
  ipblockCoversPods,
  ipblockForPods,
  metadataReachable,
  monitoringBlocked,
  namedPortMissing,
  namespaceWithoutPolicy,
  noAllPeers,
  noAllPorts,
  noAnyExternal,
  oneSided,
  peerSelectsNothing,
  policyTypesMissing,
  priorityTie,
  redundantRule,
  replicasCutOff,
  requireDefaultDeny,
  requireEnforcingCni,
  requireOwner,
  selectsNothing,
  servicePortNotTargetPort,
  shadowedRule,
  tierEndsInDeny,
  unknownField,
  workloadNotEnforced,
  workloadWithoutPolicy,
  wrongNamespaceLabel,
];
