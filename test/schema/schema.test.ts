import { RolloutStage } from '../../lib';
import { everyConstruct } from './every-construct';
import { schemaErrors, unknownFields } from './kubernetes-schema';

interface Emitted {
  readonly apiVersion: string;
  readonly kind: string;
}

/** The kinds of Kubernetes itself; those of CNIs are held against their own definitions. */
const OF_KUBERNETES = ['v1', 'apps/v1', 'policy/v1', 'networking.k8s.io/v1', 'admissionregistration.k8s.io/v1'];
const EMITTED = Object.values(RolloutStage).flatMap((stage) => everyConstruct(stage) as Emitted[])
  .filter(({ apiVersion }) => OF_KUBERNETES.includes(apiVersion));
const policy = (spec: unknown): Emitted => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...{ metadata: { name: 'x' }, spec } });

test('every kind that the library writes is among what is validated', () => {
  expect([...new Set(EMITTED.map(({ kind }) => kind))].sort()).toEqual([
    'ConfigMap', 'Deployment', 'Namespace', 'NetworkPolicy', 'PodDisruptionBudget', 'Service', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding',
  ]);
  expect(EMITTED.filter(({ kind }) => kind === 'NetworkPolicy').length).toBeGreaterThan(30);
});

test('the published schema of Kubernetes accepts everything that is emitted', () => {
  expect(EMITTED.flatMap((object) => schemaErrors(object).map((error) => `${JSON.stringify(object)}: ${error}`))).toEqual([]);
});

test('no object has a field that the schema does not have', () => {
  expect(unknownFields(EMITTED)).toEqual([]);
});

test('the schema check refuses wrong types, formats and missing fields', () => {
  expect(schemaErrors(policy({ podSelector: {} }))).toEqual([]);
  expect(schemaErrors(policy({ podSelector: 'app=web' }))).toEqual([expect.stringContaining('podSelector')]);
  expect(schemaErrors(policy({ podSelector: {}, ingress: [{ ports: [{ endPort: '90' }] }] }))).toEqual([expect.stringContaining('endPort')]);
  expect(schemaErrors(policy({ podSelector: {}, egress: [{ to: [{ ipBlock: {} }] }] }))).toEqual([expect.stringContaining('cidr')]);
  expect(schemaErrors({ apiVersion: 'v1', kind: 'Pod' })).toEqual(['no schema for v1 Pod']);
});

test('the field check refuses an unknown field at any depth', () => {
  const wrong = [
    policy({ podSelector: {}, ingres: [] }), policy({ podSelector: { app: 'web' } }), policy({ podSelector: {}, egress: [{ to: [{ podSelector: {}, namespace: 'x' }] }] }),
    policy({ podSelector: {}, egress: [{ ports: [{ port: 80, name: 'http' }] }] }), { ...policy({ podSelector: {} }), spce: {} },
  ];
  const errors = unknownFields(wrong);
  for (const field of ['ingres', 'app', 'namespace', 'name', 'spce']) {
    expect(errors).toContainEqual(expect.stringContaining(`'"${field}"' does not exist in type`));
  }
  expect(errors).toHaveLength(wrong.length);
});
