import { defineRule } from './framework/policy-rule';

export const requireEnforcingCni = defineRule({
  id: 'require-enforcing-cni',
  title: 'The CNI enforces no policy',
  severity: 'error',
  rationale: 'The API server takes every policy, and nothing in the cluster drops a packet: the estate reads as closed and is open.',
  bad: `# with --cni aws,enable-network-policy=false
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: pay }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
`,
  good: `# with --cni aws,enable-network-policy=true
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: pay }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
`,
  fix: {
    summary: 'turn enforcement on in the CNI, and say so (cni in netpol.yaml, --cni); then ask the cluster: a policy that closes a pod has to stop a connection',
    yaml: 'cni: { name: aws, settings: { enable-network-policy: "true" } }',
    construct: "ClusterProfile.attach(app, { name: 'prod', cni: Cni.aws() }), which refuses a CNI that does not enforce",
  },
  controls: ['CIS Kubernetes 5.3.1', 'NIST SP 800-53 SC-7', 'NIST SP 800-53 CA-7'],
  check({ profile, profileIsAssumed, policies }, report) {
    // an assumed profile is one that enforces: which one the cluster has nobody said
    if (profileIsAssumed || policies.length === 0 || profile.layers.length > 0 || profile.tiers !== undefined) return;
    const settings = Object.entries(profile.settings).map(([name, value]) => `${name}=${value}`);
    const claim = [profile.id, ...(settings.length === 0 ? [] : [`with ${settings.join(', ')}`])].join(' ');
    report.finding({
      object: { kind: 'Cluster', name: profile.id },
      message: `${claim} enforces no policy: ${policies.length === 1 ? 'the policy that was given has' : `the ${policies.length} policies that were given have`} no effect`,
      key: 'cni',
    });
  },
});
