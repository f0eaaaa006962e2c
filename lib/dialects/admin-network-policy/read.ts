import { ADMIN_V1ALPHA1_TIER, BASELINE_V1ALPHA1_TIER, Origin } from '../../policy';
import { ClusterPolicyForm, readPortByKind, readPriority, readRules, readSubject } from '../cluster-network-policy/parts';
import { DocumentReader, wrong } from '../document';
import { ReadPolicy } from '../kubernetes';

export const API_VERSION = 'policy.networking.k8s.io/v1alpha1';
export const ADMIN_KIND = 'AdminNetworkPolicy';
export const BASELINE_KIND = 'BaselineAdminNetworkPolicy';

/** The name that alone a BaselineAdminNetworkPolicy can have. */
const SINGLETON = 'default';

const FORM: ClusterPolicyForm = {
  actions: { Allow: 'allow', Deny: 'deny', Pass: 'pass' },
  maxRules: 100,
  maxPeers: 100,
  portsField: 'ports',
  maxPorts: 100,
  maxNetworks: 25,
  podsFieldsRequired: [],
  egressPeers: ['namespaces', 'pods', 'nodes', 'networks', 'domainNames'],
  unknownPeer: 'failClosed',
  readPort: (reader, value, path) => readPortByKind(reader, value, path),
};

const BASELINE_FORM: ClusterPolicyForm = { ...FORM, actions: { Allow: 'allow', Deny: 'deny' } };

/**
 * AdminNetworkPolicy v1alpha1, which ClusterNetworkPolicy replaced. It is read, never written.
 * @see https://github.com/kubernetes-sigs/network-policy-api/tree/v0.1.7/apis/v1alpha1
 */
export function readAdminNetworkPolicy(document: unknown, origin?: Origin): ReadPolicy {
  const { reader, name, spec } = open(document, ['priority', 'subject', 'ingress', 'egress']);
  return {
    policy: {
      name,
      tier: ADMIN_V1ALPHA1_TIER,
      order: readPriority(spec.priority, 'spec.priority'),
      subject: readSubject(reader, spec.subject, 'spec.subject', FORM),
      isolates: [],
      rules: readRules(reader, spec, FORM),
      stage: 'enforced',
      ...(origin === undefined ? {} : { origin }),
    },
    issues: reader.issues,
  };
}

/** BaselineAdminNetworkPolicy v1alpha1: one in a cluster, without a priority. */
export function readBaselineAdminNetworkPolicy(document: unknown, origin?: Origin): ReadPolicy {
  const { reader, name, spec } = open(document, ['subject', 'ingress', 'egress']);
  if (name !== SINGLETON) throw wrong(name, 'metadata.name', 'is not the name of a BaselineAdminNetworkPolicy', `"${SINGLETON}": a cluster has one`);
  return {
    policy: {
      name,
      tier: BASELINE_V1ALPHA1_TIER,
      order: 0,
      subject: readSubject(reader, spec.subject, 'spec.subject', BASELINE_FORM),
      isolates: [],
      rules: readRules(reader, spec, BASELINE_FORM),
      stage: 'enforced',
      ...(origin === undefined ? {} : { origin }),
    },
    issues: reader.issues,
  };
}

function open(document: unknown, fields: readonly string[]): { reader: DocumentReader; name: string; spec: Readonly<Record<string, unknown>> } {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const name = reader.string((object.metadata as { readonly name?: unknown } | undefined)?.name, 'metadata.name');
  return { reader, name, spec: reader.object(object.spec, 'spec', fields) };
}
