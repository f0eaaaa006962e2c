import { Cidr } from 'cdk8s-netpol/policy';
import { Finding } from 'cdk8s-netpol/rules';
import { isCollection, isMap, isPair, isScalar, isSeq, Node, Scalar, YAMLMap } from 'yaml';
import { ManifestText } from './manifest-text';
import { TextEdit } from './text-edit';

/** A change of the text, and the same change of the value: what the text reads as afterwards is held against it. */
export interface Fix {
  readonly edit: TextEdit;
  readonly apply: (object: Json) => void;
}

export type Json = Record<string, unknown>;
type Fixer = (file: ManifestText, object: YAMLMap, finding: Finding) => Fix | undefined;

/** The rules of which a finding may have one safe answer: one that opens nothing, and closes nothing that was open. */
export const FIXERS: Readonly<Record<string, Fixer>> = {
  'policy-types-missing': writePolicyTypes,
  'invalid-cidr': writeNetwork,
  'dns-udp-only': openTcp,
  'wrong-namespace-label': renameLabel,
};

/** What the API server fills in, where that is what the fields say, too: a surprise is for a person to decide. */
function writePolicyTypes(file: ManifestText, object: YAMLMap, { severity }: Finding): Fix | undefined {
  const spec = object.get('spec', true);
  if (!isMap(spec) || severity === 'error') return undefined;
  const egress = spec.get('egress', true);
  const types = isSeq(egress) && egress.items.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  const apply = (value: Json): void => {
    (value.spec as Json).policyTypes = types;
  };
  const list = (isQuoted: boolean): string => `[${types.map((type) => (isQuoted ? `"${type}"` : type)).join(', ')}]`;
  const [first] = spec.items;
  const key = first?.key;
  const isQuoted = isScalar(key) && key.type === Scalar.QUOTE_DOUBLE;
  const written = spec.get('policyTypes', true);
  if (isNode(written) && hasRange(written)) return { edit: { start: written.range[0], end: written.range[1], text: `${written.range[0] === written.range[1] ? ' ' : ''}${list(isQuoted)}` }, apply };
  const pair = spec.items.find((each) => isScalar(each.key) && each.key.value === 'podSelector');
  const [selectorKey, selector] = [pair?.key, pair?.value];
  if (!isScalar(selectorKey) || !hasRange(selectorKey) || !isNode(selector) || !hasRange(selector)) return undefined;
  const line = `${isQuoted ? '"policyTypes"' : 'policyTypes'}: ${list(isQuoted)}`;
  if (spec.flow === true) return { edit: at(selector.range[1], `, ${line}`), apply };
  return { edit: at(file.endOfLine(contentEnd(selector)), `${file.lineBreak}${' '.repeat(file.columnOf(selectorKey.range[0]))}${line}`), apply };
}

/** The network that is matched already, in the quotes that are there. */
function writeNetwork(file: ManifestText, object: YAMLMap, { path }: Finding): Fix | undefined {
  const steps = stepsOf(path);
  const node = object.getIn(steps, true);
  if (!isScalar(node) || typeof node.value !== 'string' || !hasRange(node)) return undefined;
  const network = networkOf(node.value);
  if (network === undefined) return undefined;
  const [start, end] = node.range;
  const quote = /^["']/.exec(file.text.slice(start, end))?.[0] ?? '';
  return { edit: { start, end, text: `${quote}${network}${quote}` }, apply: (value) => setAt(value, steps, network) };
}

function networkOf(text: string): string | undefined {
  try {
    return Cidr.lenient(text).toString();
  } catch {
    return undefined;
  }
}

/** TCP 53 behind UDP 53, in the style of the list. */
function openTcp(file: ManifestText, object: YAMLMap, { path }: Finding): Fix | undefined {
  const steps = stepsOf(path);
  const ports = object.getIn(steps, true);
  if (!isSeq(ports)) return undefined;
  const index = ports.items.findIndex((item) => isMap(item) && item.get('protocol') === 'UDP' && Number(item.get('port')) === 53 && !item.has('endPort'));
  const item = ports.items[index];
  if (!isMap(item) || !hasRange(item)) return undefined;
  const apply = (value: Json): void => {
    (getAt(value, steps) as unknown[]).splice(index + 1, 0, { protocol: 'TCP', port: 53 });
  };
  const isQuoted = item.items.every(({ key }) => isScalar(key) && key.type === Scalar.QUOTE_DOUBLE);
  const inFlow = isQuoted ? '{"protocol": "TCP", "port": 53}' : '{ protocol: TCP, port: 53 }';
  if (ports.flow === true) return { edit: at(item.range[1], `, ${inFlow}`), apply };
  const column = file.columnOf(item.range[0]);
  const dash = file.text.lastIndexOf('-', item.range[0] - 1);
  if (dash < 0 || file.text.slice(dash + 1, item.range[0]).trim() !== '') return undefined;
  const indent = ' '.repeat(file.columnOf(dash));
  const entry = item.flow === true ? inFlow : `protocol: TCP${file.lineBreak}${' '.repeat(column)}port: 53`;
  const gap = ' '.repeat(column - file.columnOf(dash) - 1);
  return { edit: at(file.endOfLine(contentEnd(item)), `${file.lineBreak}${indent}-${gap}${entry}`), apply };
}

/** The label that every Namespace has by its name, in place of one that nobody has set. */
function renameLabel(file: ManifestText, object: YAMLMap, { path, key }: Finding): Fix | undefined {
  const [label = '', name = ''] = key.split('=');
  const rule = object.getIn(stepsOf(path), true);
  const selectors = isCollection(rule) ? selectorsWith(rule.toJSON(), label, name) : [];
  const [steps, ...more] = selectors;
  if (steps === undefined || more.length > 0) return undefined;
  const labels = object.getIn([...stepsOf(path), ...steps], true);
  const pair = isMap(labels) ? labels.items.find((each) => isScalar(each.key) && each.key.value === label) : undefined;
  const node = pair?.key;
  if (!isMap(labels) || !isScalar(node) || !hasRange(node) || labels.has(NAME_LABEL)) return undefined;
  const [start, end] = node.range;
  const quote = /^["']/.exec(file.text.slice(start, end))?.[0] ?? '';
  return {
    edit: { start, end, text: `${quote}${NAME_LABEL}${quote}` },
    apply: (value) => {
      const own = getAt(value, [...stepsOf(path), ...steps]) as Json;
      own[NAME_LABEL] = own[label];
      delete own[label];
    },
  };
}

/** Where the labels of namespace selectors are that ask for a label with a value. */
function selectorsWith(value: unknown, label: string, name: string): Array<Array<string | number>> {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]): Array<Array<string | number>> => {
    const step = Array.isArray(value) ? Number(key) : key;
    const labels = key === 'namespaceSelector' ? (part as { readonly matchLabels?: Json } | null)?.matchLabels : undefined;
    if (labels?.[label] === name) return [[step, 'matchLabels']];
    return selectorsWith(part, label, name).map((rest) => [step, ...rest]);
  });
}

const NAME_LABEL = 'kubernetes.io/metadata.name';

function at(offset: number, text: string): TextEdit {
  return { start: offset, end: offset, text };
}

/** Where the last scalar of a node ends: comments behind it stay behind it. */
function contentEnd(node: Node & { range: [number, number, number] }): number {
  if (!isCollection(node) || node.flow === true) return node.range[1];
  const item: unknown = node.items.at(-1);
  const last = isPair(item) ? item.value ?? item.key : item;
  return isNode(last) && hasRange(last) ? contentEnd(last) : node.range[1];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value;
}

function hasRange<T extends Node>(node: T): node is T & { range: [number, number, number] } {
  return Array.isArray(node.range);
}

function stepsOf(path: string): Array<string | number> {
  return path.split(/\.|(?=\[)/).filter((step) => step !== '').map((step) => (step.startsWith('[') ? Number(step.slice(1, -1)) : step));
}

function getAt(value: unknown, steps: ReadonlyArray<string | number>): unknown {
  return steps.reduce<unknown>((part, step) => (part as Record<string | number, unknown>)[step], value);
}

function setAt(value: Json, steps: ReadonlyArray<string | number>, to: unknown): void {
  (getAt(value, steps.slice(0, -1)) as Record<string | number, unknown>)[steps.at(-1)!] = to;
}
