import { readFileSync } from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { sharedPath } from '../../shared-data';

type Json = Record<string, unknown>;

/** The newest published schema of each kind, with unknown fields refused. */
const FILES: Readonly<Record<string, string>> = {
  CiliumNetworkPolicy: 'ciliumnetworkpolicies.yaml',
  CiliumClusterwideNetworkPolicy: 'ciliumclusterwidenetworkpolicies.yaml',
  CiliumCIDRGroup: 'ciliumcidrgroups.yaml',
};

const validators = new Map<string, ValidateFunction>();

/** What the published schema says against a document; rules that need more than a schema (CEL, formats) are not among it. */
export function schemaErrors(kind: string, document: unknown): readonly string[] {
  let validate = validators.get(kind);
  if (validate === undefined) {
    const definition = parse(readFileSync(sharedPath('schemas', 'cilium.io', 'v2', FILES[kind]!), 'utf8')) as { spec: { versions: Array<{ schema: { openAPIV3Schema: Json } }> } };
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    validate = ajv.compile(closed(definition.spec.versions[0]!.schema.openAPIV3Schema, true) as Json);
    validators.set(kind, validate);
  }
  return validate(document) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/** Objects with listed properties take no others, but for metadata. The pattern of the log value does not compile in JavaScript. */
function closed(schema: unknown, isRoot = false): unknown {
  if (Array.isArray(schema)) return schema.map((each) => closed(each));
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Json = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'pattern' && value === '^\\PC*$') continue;
    copy[key] = key === 'oneOf' || key === 'anyOf' ? value : closed(value);
  }
  if (typeof copy.properties === 'object' && copy.properties !== null && Object.keys(copy.properties).length > 0 && copy.additionalProperties === undefined) {
    copy.additionalProperties = false;
  }
  return isRoot ? { ...copy, additionalProperties: true } : copy;
}
