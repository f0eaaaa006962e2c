import { readFileSync } from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { sharedPath } from '../../shared-data';

type Json = Record<string, unknown>;

const FILES: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networkpolicies', GlobalNetworkPolicy: 'globalnetworkpolicies', StagedNetworkPolicy: 'stagednetworkpolicies',
  StagedGlobalNetworkPolicy: 'stagedglobalnetworkpolicies', StagedKubernetesNetworkPolicy: 'stagedkubernetesnetworkpolicies', Tier: 'tiers',
  NetworkSet: 'networksets', GlobalNetworkSet: 'globalnetworksets',
};

const validators = new Map<string, ValidateFunction>();

/** What the published schema says against a document, unknown fields of the spec included; CEL rules are not among it. */
export function schemaErrors(document: unknown): readonly string[] {
  const { kind } = document as { readonly kind: string };
  let validate = validators.get(kind);
  if (validate === undefined) {
    const definition = parse(readFileSync(sharedPath('schemas', 'projectcalico.org', 'v3', `${FILES[kind]}.yaml`), 'utf8')) as Definition;
    const { properties, ...rest } = definition.spec.versions[0]!.schema.openAPIV3Schema;
    const schema = { ...rest, properties: { ...properties, spec: closed(properties.spec) } };
    validators.set(kind, (validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema)));
  }
  return validate(document) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

interface Definition {
  readonly spec: { readonly versions: ReadonlyArray<{ readonly schema: { readonly openAPIV3Schema: Json & { readonly properties: Json } } }> };
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isObject = typeof copy.properties === 'object' && copy.properties !== null && copy.additionalProperties === undefined && copy.type === 'object';
  return isObject ? { ...copy, additionalProperties: false } : copy;
}
