import { readFileSync } from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { sharedPath } from '../shared-data';

type Json = Readonly<Record<string, unknown>>;

interface Version {
  readonly name: string;
  readonly schema: { readonly openAPIV3Schema: Json & { readonly properties: Json } };
}

interface Definition {
  readonly spec: { readonly versions: readonly Version[] };
}

const validators = new Map<string, ValidateFunction>();

/** What the published definition of a custom resource says against a spec, unknown fields included; CEL rules are not among it. */
export function specErrors(spec: unknown, group: string, version: string, plural: string): readonly string[] {
  const key = `${group}/${version}/${plural}`;
  let validate = validators.get(key);
  if (validate === undefined) {
    const definition = parse(readFileSync(sharedPath('schemas', group, version, `${plural}.yaml`), 'utf8')) as Definition;
    const schema = definition.spec.versions.find(({ name }) => name === version)!.schema.openAPIV3Schema;
    validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(closed(schema.properties.spec) as Json);
    validators.set(key, validate);
  }
  return validate(spec) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/** The API server drops fields that a definition does not have: here they are errors. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const hasFields = typeof copy.properties === 'object' && copy.properties !== null && copy.type === 'object' && copy.additionalProperties === undefined;
  return hasFields ? { ...copy, additionalProperties: false } : copy;
}
