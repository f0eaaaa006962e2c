/** The public API: what people write charts with. */
export * from './policy/port';

export * from './cluster/cloud';
export * from './cluster/cluster-profile';
export * from './cluster/cluster-profile-props';
export * from './cluster/cni';
export * from './cluster/dns';
export * from './cluster/ingress-controller';
export * from './cluster/mesh';
export * from './cluster/monitoring';
export * from './cluster/workload-identity';

export * from './constructs/owner';
export * from './constructs/rollout-stage';
export * from './constructs/label-expression';
export * from './constructs/namespaces';
export * from './constructs/pods';
export * from './constructs/service-backend';

export * from './constructs/guardrails/guardrail-action';
export * from './constructs/guardrails/requester';
export * from './constructs/admission-guardrails';

export * from './constructs/allow-props';
export * from './constructs/allow-from-api-server';
export * from './constructs/allow-from-ingress-controller';
export * from './constructs/allow-from-ip-block';
export * from './constructs/allow-from-monitoring';
export * from './constructs/allow-from-namespaces';
export * from './constructs/allow-from-pods';
export * from './constructs/allow-to-api-server';
export * from './constructs/allow-to-dns';
export * from './constructs/allow-to-fqdn';
export * from './constructs/allow-to-ip-block';
export * from './constructs/allow-to-pods';
export * from './constructs/allow-to-service';
export * from './constructs/allow-within';
export * from './constructs/cluster-default-deny';
export * from './constructs/default-deny-namespace';
export * from './constructs/egress-proxy';
export * from './constructs/egress-proxy/existing-proxy';
export * from './constructs/metadata-block';
export * from './constructs/metadata-exemption';
export * from './constructs/policy-checks';

export * from './connectivity/connectivity';
export * from './connectivity/connectivity-options';
export * from './connectivity/staged-policies';
export * from './connectivity/verdict';
