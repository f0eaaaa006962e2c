import fc from 'fast-check';
import { APPS, Manifests, NAMESPACES, PORT_NUMBERS } from './random-app';

type Json = Readonly<Record<string, unknown>>;
type Manifest = Manifests[number];

const namespace = fc.constantFrom(...NAMESPACES, 'elsewhere');
const labels = fc.option(fc.constantFrom(...APPS), { nil: undefined });
const selectorOf = (app: string | undefined): Json => (app === undefined ? {} : { matchLabels: { app } });

const peer: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ app: labels, space: fc.option(namespace, { nil: undefined }) }).map(({ app, space }) => ({
    podSelector: selectorOf(app), ...(space === undefined ? {} : { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': space } } }),
  })),
  fc.constantFrom('0.0.0.0/0', '198.51.100.0/24', '169.254.0.0/16', '169.254.169.254/32').map((cidr) => ({ ipBlock: { cidr } })),
);
const rule = (end: 'from' | 'to'): fc.Arbitrary<Json> => fc.record({
  peers: fc.option(fc.array(peer, { minLength: 1, maxLength: 2 }), { nil: undefined }), port: fc.option(fc.constantFrom(...PORT_NUMBERS), { nil: undefined }),
}).map(({ peers, port }) => ({ ...(peers === undefined ? {} : { [end]: peers }), ...(port === undefined ? {} : { ports: [{ port, protocol: 'TCP' }] }) }));

/** Any NetworkPolicy, in a namespace of the app or in another one. */
export const foreignNetworkPolicy: fc.Arbitrary<Manifest> = fc.record({
  space: namespace,
  app: labels,
  types: fc.constantFrom<string[][]>(['Ingress'], ['Egress'], ['Ingress', 'Egress']),
  ingress: fc.array(rule('from'), { maxLength: 2 }),
  egress: fc.array(rule('to'), { maxLength: 2 }),
}).map(({ space, app, types, ingress, egress }) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'foreign', namespace: space },
  spec: {
    podSelector: selectorOf(app), policyTypes: types, ...(types.includes('Ingress') ? { ingress } : {}), ...(types.includes('Egress') ? { egress } : {}),
  },
}));

const networks = fc.constantFrom('0.0.0.0/0', '169.254.0.0/16', '169.254.169.254/32', '198.51.100.0/24');
const oneOf = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const ofCluster = { action: oneOf('Accept', 'Deny', 'Pass'), cidr: networks, priority: oneOf(0, 1, 500), tier: oneOf('Admin', 'Baseline') };

/** Policies in other APIs that may open what a promise keeps closed, by the CNI that serves them. */
export const FOREIGN_KINDS: Readonly<Record<string, fc.Arbitrary<Manifest>>> = {
  ClusterNetworkPolicy: fc.record({ ...ofCluster, space: fc.option(namespace, { nil: undefined }) })
    .map(({ action, cidr, priority, tier, space }) => ({
      apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name: 'foreign' },
      spec: {
        tier, priority, subject: { namespaces: space === undefined ? {} : { matchLabels: { 'kubernetes.io/metadata.name': space } } },
        egress: [{ action, to: [{ networks: [cidr] }] }],
      },
    })),
  AwsClusterNetworkPolicy: fc.record(ofCluster).map(({ action, cidr, priority, tier }) => ({
    apiVersion: 'networking.k8s.aws/v1alpha1', kind: 'ClusterNetworkPolicy', metadata: { name: 'foreign' },
    spec: { tier, priority, subject: { namespaces: {} }, egress: [{ name: 'any', action, to: [{ networks: [cidr] }] }] },
  })),
  Antrea: fc.record({ action: oneOf('Allow', 'Drop', 'Pass'), cidr: networks, priority: oneOf(1, 5), tier: oneOf('emergency', 'securityops', 'application', 'baseline') })
    .map(({ action, cidr, priority, tier }) => ({
      apiVersion: 'crd.antrea.io/v1beta1', kind: 'ClusterNetworkPolicy', metadata: { name: 'foreign' },
      // the API refuses Pass in the last tier
      spec: {
        tier, priority, appliedTo: [{ podSelector: {} }], egress: [{ action: action === 'Pass' && tier === 'baseline' ? 'Allow' : action, to: [{ ipBlock: { cidr } }] }],
      },
    })),
  Cilium: fc.record({ deny: fc.boolean(), cidr: networks, space: fc.option(namespace, { nil: undefined }), app: labels }).map(({ deny, cidr, space, app }) => ({
    apiVersion: 'cilium.io/v2',
    kind: space === undefined ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy',
    metadata: { name: 'foreign', ...(space === undefined ? {} : { namespace: space }) },
    spec: { endpointSelector: selectorOf(app), [deny ? 'egressDeny' : 'egress']: [{ toCIDR: [cidr] }] },
  })),
  Calico: fc.record({ action: oneOf('Allow', 'Deny', 'Pass'), cidr: networks, order: oneOf(1, 999, 2000), app: labels }).map(({ action, cidr, order, app }) => ({
    apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'default.foreign' },
    spec: { tier: 'default', order, selector: app === undefined ? 'all()' : `app == '${app}'`, types: ['Egress'], egress: [{ action, destination: { nets: [cidr] } }] },
  })),
};

/** A tier of Calico before every other, with a policy that lets some pods out. */
export const EARLY_TIER: Manifests = [
  { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'first' }, spec: { order: 1, defaultAction: 'Pass' } },
  {
    apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'first.foreign' },
    spec: { tier: 'first', order: 1, selector: "app == 'web'", types: ['Egress'], egress: [{ action: 'Allow' }] },
  },
];
