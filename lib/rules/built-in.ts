import { apiNotServed } from './api-not-served';
import { broadCidr } from './broad-cidr';
import { clientCidrBehindSnat } from './client-cidr-behind-snat';
import { crossEnvironment } from './cross-environment';
import { dnsBlocked } from './dns-blocked';
import { dnsUdpOnly } from './dns-udp-only';
import { egressNotThroughProxy } from './egress-not-through-proxy';
import { exceptOutsideCidr } from './except-outside-cidr';
import { PolicyRule } from './framework/policy-rule';
import { hostNetworkEscapes } from './host-network-escapes';
import { invalidCidr } from './invalid-cidr';
import { ipblockCoversPods } from './ipblock-covers-pods';
import { metadataReachable } from './metadata-reachable';
import { namedPortMissing } from './named-port-missing';
import { namespaceWithoutPolicy } from './namespace-without-policy';
import { noAllPeers } from './no-all-peers';
import { noAllPorts } from './no-all-ports';
import { noAnyExternal } from './no-any-external';
import { policyTypesMissing } from './policy-types-missing';
import { requireDefaultDeny } from './require-default-deny';
import { requireEnforcingCni } from './require-enforcing-cni';
import { requireOwner } from './require-owner';
import { selectsNothing } from './selects-nothing';
import { unknownField } from './unknown-field';
import { workloadNotEnforced } from './workload-not-enforced';
import { workloadWithoutPolicy } from './workload-without-policy';
import { wrongNamespaceLabel } from './wrong-namespace-label';

/** Every rule that comes with netpol, by its id. A rule is a file of its name here, a page of docs/rules and a test. */
export const BUILT_IN_RULES: readonly PolicyRule[] = [
  apiNotServed,
  broadCidr,
  clientCidrBehindSnat,
  crossEnvironment,
  dnsBlocked,
  dnsUdpOnly,
  egressNotThroughProxy,
  exceptOutsideCidr,
  hostNetworkEscapes,
  invalidCidr,
  ipblockCoversPods,
  metadataReachable,
  namedPortMissing,
  namespaceWithoutPolicy,
  noAllPeers,
  noAllPorts,
  noAnyExternal,
  policyTypesMissing,
  requireDefaultDeny,
  requireEnforcingCni,
  requireOwner,
  selectsNothing,
  unknownField,
  workloadNotEnforced,
  workloadWithoutPolicy,
  wrongNamespaceLabel,
];
