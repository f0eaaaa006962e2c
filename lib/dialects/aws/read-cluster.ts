import { AWS_ADMIN_TIER, AWS_BASELINE_TIER, Origin, Protocol } from '../../policy';
import { ClusterPolicyForm, readPortByKind, readPriority, readRules, readSubject } from '../cluster-network-policy/parts';
import { DocumentReader } from '../document';
import { ReadPolicy } from '../kubernetes';
import { MAX_NETWORKS, MAX_PEERS, MAX_PORTS, MAX_RULES } from './api';
import { notePortEntries } from './port-entries';

const FORM: ClusterPolicyForm = {
  actions: { Accept: 'allow', Deny: 'deny', Pass: 'pass' },
  maxRules: MAX_RULES,
  maxPeers: MAX_PEERS,
  portsField: 'ports',
  maxPorts: MAX_PORTS,
  maxNetworks: MAX_NETWORKS,
  podsFieldsRequired: ['namespaceSelector', 'podSelector'],
  egressPeers: ['namespaces', 'pods', 'networks', 'domainNames'],
  unknownPeer: 'unevaluated',
  // a port name is looked up among the TCP ports alone:
  // https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/clusternetworkpolicy_resolver.go
  readPort: (reader, value, path) => readPortByKind(reader, value, path, Protocol.TCP),
};

/**
 * The policy that a ClusterNetworkPolicy of AWS says: that of `policy.networking.k8s.io` but for its ports, its limits and for
 * what the order of its rules means (nothing: between rules of one priority Deny wins over Accept, Accept over Pass).
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
export function readClusterNetworkPolicy(document: unknown, origin?: Origin): ReadPolicy {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const name = reader.string((object.metadata as { readonly name?: unknown } | undefined)?.name, 'metadata.name');
  const spec = reader.object(object.spec, 'spec', ['tier', 'priority', 'subject', 'ingress', 'egress']);
  const tier = reader.word(spec.tier, 'spec.tier', ['Admin', 'Baseline']);
  const policy = {
    name,
    tier: tier === 'Admin' ? AWS_ADMIN_TIER : AWS_BASELINE_TIER,
    order: readPriority(spec.priority, 'spec.priority'),
    subject: readSubject(reader, spec.subject, 'spec.subject', FORM),
    isolates: [],
    rules: readRules(reader, spec, FORM),
    stage: 'enforced' as const,
    ...(origin === undefined ? {} : { origin }),
  };
  notePortEntries(reader, policy);
  return { policy, issues: reader.issues };
}
