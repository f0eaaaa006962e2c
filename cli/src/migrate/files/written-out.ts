import { kubernetes } from 'cdk8s-netpol/dialects';
import { InputObject } from '../../input';
import { mapping } from '../../owners/object-metadata';
import { call, Code, comment, literal, print, text } from '../code';
import { LeftOver } from '../left-over';
import { MigrationPlan } from '../plan';
import { importLine, linesOf } from './lines';
import { originText, placeText } from './origin-text';

const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/** A policy that no construct writes, and why. */
export function policyLines({ policy, opensFirst, why, by }: LeftOver): string[] {
  const metadata = { name: policy.name, namespace: policy.namespace, ...(opensFirst ? { annotations: { [SYNC_WAVE]: '-1' } } : {}) };
  const object = { apiVersion: kubernetes.API_VERSION, kind: kubernetes.KIND, metadata, spec: kubernetes.writeNetworkPolicySpec(policy) };
  const origin = by.length === 0 ? [] : [by.map(originText).join('; ')];
  return [...[...origin, ...why].map((line) => `  ${comment(line)}`), `  ${print(objectCode(object), '  ')};`];
}

/** A policy of an API that no construct writes. */
export function objectLines({ object, origin }: InputObject): string[] {
  return [`  ${comment(`${placeText(origin)}: no construct writes a ${object.kind}.`)}`, `  ${print(objectCode(object), '  ')};`];
}

export function clusterWideFile({ clusterWide }: MigrationPlan): string {
  return linesOf(
    importLine(['ApiObject', 'App', 'Chart'], 'cdk8s'),
    '',
    '/** Policies of the whole cluster, as they were written. */',
    'export function clusterWidePolicies(app: App): void {',
    "  const chart = new Chart(app, 'cluster-wide-policies');",
    ...clusterWide.flatMap(objectLines),
    '}',
  );
}

/** What the API server writes into objects and people do not. */
const SERVER_FIELDS = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink'];
const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function objectCode(given: Readonly<Record<string, unknown>>): Code {
  const { apiVersion, kind, metadata } = given;
  const own = Object.entries(mapping(metadata)).filter(([key]) => !SERVER_FIELDS.includes(key))
    .map(([key, value]) => [key, key === 'annotations' ? without(mapping(value), [APPLIED]) : value] as const);
  const { name, namespace } = mapping(metadata);
  const id = kind === kubernetes.KIND && name !== namespace ? String(name) : `${String(kind)}-${String(name)}`;
  const rest = without(given, ['apiVersion', 'kind', 'metadata', 'status']);
  return call('new ApiObject', 'chart', text(id), literal({ apiVersion, kind, metadata: Object.fromEntries(own), ...rest }));
}

function without(object: Readonly<Record<string, unknown>>, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
