import { readFileSync, statSync } from 'node:fs';
import { parsePort, Verdict } from 'cdk8s-netpol/analysis';
import { PolicyError } from 'cdk8s-netpol/policy';
import { ConfigReader } from '../config/config-reader';
import { decodeText } from '../input/decode-text';
import { DocumentError } from '../input/input-problem';
import { ParsedDocument } from '../input/parsed-document';
import { EMPTY, readTexts } from '../input/read-yaml';
import { Expectation, ExpectedEnd } from './expectation';

const FIELDS = ['name', 'from', 'to', 'port', 'expect'];
const END_FIELDS = ['namespace', 'namespaceLabels', 'labels'];
const VERDICTS: readonly Verdict[] = ['allowed', 'denied', 'depends'];
const KEY = 'expectations';

type Json = Readonly<Record<string, unknown>>;

/**
 * The expectations of a file, or undefined where it is no such file: a list of them, or a list below `expectations:`.
 *
 * ```yaml
 * - name: the web tier reaches the API
 *   from: shop/web
 *   to: pay/api
 *   port: 8080/TCP
 *   expect: allowed
 * - { from: '*' , to: { namespace: pay, labels: { app: db } }, port: 5432, expect: denied }
 * ```
 */
export function readExpectations(file: string): readonly Expectation[] | undefined {
  const documents = documentsOf(file);
  if (documents === undefined || !documents.some(isExpectations)) return undefined;
  return documents.flatMap((document) => {
    const reader = new ConfigReader(document);
    const { value } = document;
    if (Array.isArray(value)) return value.map((item: unknown, index) => readOne(reader, item, `[${index}]`, file));
    const list = reader.items(reader.mapping(value, '', [KEY])[KEY], KEY);
    return list.map((item, index) => readOne(reader, item, `${KEY}[${index}]`, file));
  });
}

/** Whatever cannot be read is left to the reader of manifests, which says why. */
function documentsOf(file: string): readonly ParsedDocument[] | undefined {
  if (!/\.(?:ya?ml|json)$/i.test(file) || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  try {
    const documents = [...readTexts(file, decodeText(file, readFileSync(file)))].filter((document) => document !== EMPTY);
    return documents.some((document) => document instanceof DocumentError) ? undefined : documents as ParsedDocument[];
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}

function isExpectations({ value }: ParsedDocument): boolean {
  if (Array.isArray(value)) return value.some((item) => isMapping(item) && ('expect' in item || ('from' in item && 'to' in item)));
  return isMapping(value) && KEY in value;
}

function isMapping(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readOne(reader: ConfigReader, value: unknown, path: string, file: string): Expectation {
  const at = (field: string): string => `${path}.${field}`;
  const fields = reader.mapping(value, path, FIELDS);
  const text = (field: string): string => reader.text(fields[field], at(field)) ?? reader.refuse(path, `has no ${field}. An expectation has ${FIELDS.join(', ')}; name may be missing`);
  const from = readEnd(reader, fields.from, at('from'));
  const to = readEnd(reader, fields.to, at('to'));
  const port = text('port');
  reader.guard(at('port'), () => parsePort(port), PolicyError);
  const expect = text('expect') as Verdict;
  if (!VERDICTS.includes(expect)) reader.refuse(at('expect'), `"${expect}" is nothing to expect. Instead: ${VERDICTS.join(', ')}`);
  return {
    name: reader.text(fields.name, at('name')) ?? '',
    from,
    to,
    port,
    expect,
    file,
    problem: (field, reason) => reader.problem(at(field), reason),
  };
}

function readEnd(reader: ConfigReader, value: unknown, path: string): ExpectedEnd {
  if (value === undefined || value === '') return reader.refuse(path, 'is missing. Instead: NAMESPACE/NAME, an IP address, a CIDR, an entity such as {host}, or labels');
  if (typeof value === 'string') return value === '*' ? '*/*' : value;
  // {host} without quotes is a mapping to YAML
  const keys = isMapping(value) ? Object.keys(value) : [];
  if (keys.length === 1 && !END_FIELDS.includes(keys[0]!) && (value as Json)[keys[0]!] === '') return `{${keys[0]}}`;
  const fields = reader.mapping(value, path, END_FIELDS);
  const namespace = reader.text(fields.namespace, `${path}.namespace`);
  return {
    ...(namespace === undefined ? {} : { namespace }),
    namespaceLabels: readLabels(reader, fields.namespaceLabels, `${path}.namespaceLabels`),
    labels: readLabels(reader, fields.labels, `${path}.labels`),
  };
}

function readLabels(reader: ConfigReader, value: unknown, path: string): Readonly<Record<string, string>> {
  const labels = reader.mapping(value ?? {}, path);
  return Object.fromEntries(Object.keys(labels).map((key) => [key, reader.text(labels[key], `${path}.${key}`) ?? '']));
}
