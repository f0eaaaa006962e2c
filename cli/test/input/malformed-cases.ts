/** A kind of malformed input: what stands in the file, the line that the message names, and what it says. */
export interface MalformedCase {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly line: number;
  readonly says: RegExp;
  /** `input.yaml` unless something else decides how the file is read. */
  readonly file?: string;
}

const bytes = (...parts: ReadonlyArray<string | readonly number[]>): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n';

/** A NetworkPolicy whose spec begins on line 4. */
const policy = (spec: string): string => `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\n${spec}\n`;
/** A policy with one peer on line 7. */
const peer = (text: string): string => policy(`spec:\n  podSelector: {}\n  ingress:\n    - from: [${text}]`);
/** A policy with one port on line 7. */
const port = (text: string): string => policy(`spec:\n  podSelector: {}\n  ingress:\n    - ports: [${text}]`);
/** A policy with one expression on line 5. */
const expression = (text: string): string => policy(`spec:\n  podSelector: {matchExpressions: [${text}]}`);
/** A Deployment with one container port on line 8. */
const containerPort = (text: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}\nspec:\n  template:\n    metadata: {labels: {app: a}}\n    spec:\n      containers: [{name: c, ports: [${text}]}]\n`;
/** A Service with its spec on line 4. */
const service = (text: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\nspec: ${text}\n`;
const aliasBomb = (): string => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level <= 9; level++) lines.push(`a${level}: &a${level} [${Array(10).fill(`*a${level - 1}`).join(', ')}]`);
  return `${lines.join('\n')}\n`;
};
const aliasChain = (): string => {
  const lines = ['b0: &b0 {x: 1}'];
  for (let level = 1; level <= 3000; level++) lines.push(`b${level}: &b${level} {x: *b${level - 1}}`);
  return `${lines.join('\n')}\n`;
};
const mergeBomb = (): string => {
  const keys = Array.from({ length: 400 }, (_, index) => `k${index}: 1`).join(', ');
  return `base: &base {${keys}}\nlist:\n${'  - {<<: *base}\n'.repeat(400)}`;
};

export const SYNTAX: readonly MalformedCase[] = [
  { name: 'a tab for indentation', content: 'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\n', line: 4, says: /has a tab in its indentation/ },
  { name: 'a double quote that is not closed', content: 'apiVersion: v1\nkind: "Pod\nmetadata: {}\n', line: 3, says: /quote or bracket .* not closed/ },
  { name: 'a single quote that is not closed', content: "kind: 'Pod\n", line: 2, says: /quote or bracket .* not closed/ },
  { name: 'a flow list that is not closed', content: 'a: [1, 2\nb: 3\n', line: 2, says: /quote or bracket .* not closed/ },
  { name: 'a flow mapping that is not closed', content: '{a: {b: 1\n', line: 2, says: /"\[" or "\{" .* not closed/ },
  { name: 'a closing bracket too many', content: 'a: [1]]\n', line: 1, says: /closes or parts nothing/ },
  { name: 'a bracket of the other kind', content: 'a: [1}\n', line: 1, says: /is not YAML/ },
  { name: 'an indentation that fits nothing', content: 'a:\n    b: 1\n  c: 2\n', line: 3, says: /indentation fits nothing/ },
  { name: 'a list with entries at two depths', content: 'a:\n  - b\n    - c: 1\n   - d\n', line: 3, says: /indentation differs/ },
  { name: 'a list below a mapping', content: 'a: 1\n- b\n', line: 2, says: /is not YAML/ },
  { name: 'a mapping below a list', content: '- a\nb: 1\n', line: 2, says: /belongs to nothing before it/ },
  { name: 'two colons in a line', content: 'a: b: c\n', line: 1, says: /a second ": "/ },
  { name: 'a key without a colon', content: 'a: 1\nb\nc: 3\n', line: 3, says: /without ":" behind it, here or in the line before/ },
  { name: 'a value that begins with @', content: 'a: @b\n', line: 1, says: /cannot begin with "@"/ },
  { name: 'a value that begins with `', content: 'a: `b`\n', line: 1, says: /cannot begin with "`"/ },
  { name: 'a value that begins with %', content: 'a: %b\n', line: 1, says: /cannot begin with "%"/ },
  { name: 'a key that stands twice', content: `${POD}kind: Service\n`, line: 4, says: /the key "kind" stands twice/ },
  { name: 'a key that stands twice, quoted once', content: 'a:\n  b: 1\n  "b": 2\n', line: 3, says: /the key "b" stands twice/ },
  { name: 'a key that stands twice, far inside', content: policy('spec:\n  podSelector:\n    matchLabels:\n      app: a\n      app: b'), line: 8, says: /the key "app" stands twice/ },
  { name: 'a key that stands twice, in a flow mapping', content: 'a: {b: 1, b: 2}\n', line: 1, says: /the key "b" stands twice/ },
  { name: 'an alias without an anchor', content: 'a: *b\n', line: 1, says: /alias \*b has no anchor/ },
  { name: 'an alias before its anchor', content: 'a: *b\nb: &b 1\n', line: 1, says: /alias \*b has no anchor/ },
  { name: 'an alias of another document', content: 'a: &b 1\n---\nc: *b\n', line: 3, says: /alias \*b has no anchor/ },
  { name: 'an alias bomb', content: aliasBomb(), line: 1, says: /aliases that stand for .* values/ },
  { name: 'aliases of aliases without end', content: aliasChain(), line: 1, says: /deep by its aliases/ },
  { name: 'an alias inside of itself', content: 'a: &a\n  b: *a\n', line: 1, says: /inside of what it stands for/ },
  { name: 'a list inside of itself', content: 'a: &a [1, *a]\n', line: 1, says: /inside of what it stands for/ },
  { name: 'a merge bomb', content: mergeBomb(), line: 252, says: /merges \(<<\) copy too many/ },
  { name: 'a merge of text', content: 'a: &a text\nb: {<<: *a}\n', line: 2, says: /is not YAML/ },
  { name: 'a tag of another tool in an object', content: `${POD}spec: !Ref x\n`, line: 4, says: /the tag !Ref has no meaning/ },
  { name: 'a tag that its value does not fit', content: 'a: !!int x\n', line: 1, says: /not what its tag !!int says/ },
  { name: 'an undeclared tag handle', content: 'a: !x!y z\n', line: 1, says: /undeclared tag handle/ },
  { name: 'a mapping for a key', content: '? {a: b}\n: c\n', line: 1, says: /where a key should be/ },
  { name: 'a list for a key', content: '[a, b]: c\n', line: 1, says: /where a key should be/ },
  { name: 'an unknown escape', content: 'a: "\\q"\n', line: 1, says: /unknown escape/ },
  { name: 'an escape without its digits', content: 'a: "\\u12"\n', line: 1, says: /hexadecimal/ },
  { name: 'a block scalar with a wrong indicator', content: 'a: |x\n  b\n', line: 1, says: /is not YAML/ },
  { name: 'a block scalar indented by a tab', content: 'a: |\n\tb\n', line: 2, says: /is not YAML/ },
  { name: 'an unknown YAML version', content: '%YAML 2.0\n---\na: 1\n', line: 2, says: /YAML version/ },
  { name: 'a directive without a document', content: '%YAML 1.2\na: 1\n', line: 2, says: /directives end mark/ },
  { name: 'the same directive twice', content: '%YAML 1.2\n%YAML 1.2\n---\na: 1\n', line: 3, says: /duplication of %YAML/ },
  { name: 'an anchor without a name', content: 'a: & b\n', line: 1, says: /anchor/ },
  { name: 'two anchors on one value', content: 'a: &b &c 1\n', line: 1, says: /anchor/ },
  { name: 'text behind a quoted value', content: 'a: "b" c\n', line: 1, says: /is not YAML/ },
  { name: 'an error in the third document', content: 'a: 1\n---\nb: 2\n---\nc: [\n', line: 6, says: /not closed/ },
  { name: 'an error behind Windows line breaks', content: 'a: 1\r\nb: 2\r\nc: @d\r\n', line: 3, says: /cannot begin with "@"/ },
  { name: 'an error behind a byte order mark', content: '\ufeffa: 1\nc: @d\n', line: 2, says: /cannot begin with "@"/ },
  { name: 'an error behind old Mac line breaks', content: 'a: 1\rb: 2\rc: @d\r', line: 3, says: /cannot begin with "@"/ },
  { name: 'merge markers of git', content: `${POD}<<<<<<< HEAD\nspec: {}\n=======\nspec: {a: 1}\n>>>>>>> other\n`, line: 5, says: /is not YAML/ },
  { name: 'a diff in place of a file', content: '--- a/x.yaml\n+++ b/x.yaml\n@@ -1 +1 @@\n-a: 1\n+a: 2\n', line: 4, says: /is not YAML/ },
];

export const TEMPLATES: readonly MalformedCase[] = [
  { name: 'a Helm value without quotes', content: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n', line: 4, says: /is a template, not YAML: "\{\{ \.Values\.name \}\}"/ },
  { name: 'a Helm block', content: '{{- if .Values.enabled }}\napiVersion: v1\nkind: Pod\n{{- end }}\n', line: 1, says: /is a template, not YAML/ },
  { name: 'a Helm include in a list', content: 'a:\n  b: 1\n{{ include "x" . | indent 2 }}\n', line: 3, says: /is a template, not YAML/ },
  { name: 'a Jinja block', content: 'a: 1\n{% if b %}\nc: 2\n{% endif %}\n', line: 2, says: /is a template, not YAML/ },
  { name: 'an ERB tag', content: 'a: 1\n<% x %>\nb: 2\n', line: 2, says: /is a template, not YAML/ },
];

export const ENCODINGS: readonly MalformedCase[] = [
  { name: 'a NUL byte', content: bytes('a: 1\nb: ', [0], '\n'), line: 2, says: /binary file/ },
  { name: 'a picture', content: bytes([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]), line: 1, says: /binary file/ },
  { name: 'an archive', content: bytes([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), line: 1, says: /binary file/ },
  { name: 'Latin-1', content: bytes('a: 1\nb: caf', [0xe9], '\n'), line: 2, says: /not UTF-8/ },
  { name: 'half of a character', content: bytes('a: 1\n\nb: ', [0xe2, 0x82]), line: 3, says: /not UTF-8/ },
  { name: 'a control character', content: 'a: 1\nb: x\u0007\n', line: 2, says: /control character/ },
  { name: 'a lone surrogate in UTF-8', content: bytes('a: ', [0xed, 0xa0, 0x80], '\n'), line: 1, says: /not UTF-8/ },
];

export const JSON_TEXT: readonly MalformedCase[] = [
  { name: 'JSON with a comma at the end', content: '{\n  "a": 1,\n}\n', file: 'input.json', line: 3, says: /expected a key in double quotes, found "\}"/ },
  { name: 'JSON that ends early', content: '{\n  "a": [1,\n', file: 'input.json', line: 3, says: /expected a value, found the end of the input/ },
  { name: 'JSON without a comma', content: '{"a": 1\n "b": 2}', file: 'input.json', line: 2, says: /expected "," or "\}"/ },
  { name: 'JSON with a comment', content: '{\n  // no\n  "a": 1}', file: 'input.json', line: 2, says: /expected a key in double quotes/ },
  { name: 'JSON with single quotes', content: "{\n  'a': 1}", file: 'input.json', line: 2, says: /expected a key in double quotes/ },
  { name: 'JSON with a key that stands twice', content: '{"apiVersion": "v1",\n "kind": "Pod",\n "kind": "Service"}', file: 'input.json', line: 3, says: /the key "kind" stands twice/ },
  { name: 'JSON with a key that stands twice, escaped once', content: '{"a": 1,\n "\\u0061": 2}', file: 'input.json', line: 2, says: /the key "a" stands twice/ },
  { name: 'JSON with a string that is not closed', content: '{\n "a": "b\n}', file: 'input.json', line: 2, says: /without a closing quote/ },
  { name: 'JSON with an unknown escape', content: '{"a": "\\q"}', file: 'input.json', line: 1, says: /escape that JSON does not know/ },
  { name: 'JSON with a number that begins with 0', content: '{"a": 01}', file: 'input.json', line: 1, says: /expected a value, found "01"/ },
  { name: 'JSON with NaN', content: '{"a": NaN}', file: 'input.json', line: 1, says: /expected a value, found "NaN"/ },
  { name: 'JSON with a bracket of the other kind', content: '{"a": [1}', file: 'input.json', line: 1, says: /expected "," or "\]", found "\}"/ },
  { name: 'JSON with text behind it', content: '{"a": 1}\noops', file: 'input.json', line: 2, says: /expected a value, found "oops"/ },
  { name: 'JSON that is nested too deeply', content: `{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`, file: 'input.json', line: 1, says: /more than 256 deep/ },
  { name: 'an error in the second JSON value', content: '{"a": 1}\n{"b": }\n', file: 'input.json', line: 2, says: /expected a value, found "\}"/ },
];

export const SHAPES: readonly MalformedCase[] = [
  { name: 'text for a document', content: 'Error: chart not found\n---\njust text\n', line: 3, says: /is text "just text" where an object should be/ },
  { name: 'a number for a document', content: '42\n', line: 1, says: /is the number "42" where an object should be/ },
  { name: 'a switch for a document', content: '# a\ntrue\n', line: 2, says: /is the boolean "true"/ },
  { name: 'null in words for a document', content: 'null\n', line: 1, says: /is null where an object should be/ },
  { name: 'a list of objects', content: '- apiVersion: v1\n  kind: Pod\n', line: 1, says: /kind: List with items/ },
  { name: 'an object without a kind', content: 'apiVersion: v1\nmetadata: {name: a}\n', line: 1, says: /has no kind/ },
  { name: 'an object without an apiVersion', content: 'kind: NetworkPolicy\nmetadata: {name: a}\n', line: 1, says: /has no apiVersion/ },
  { name: 'a kind in the wrong case', content: 'apiVersion: v1\nKind: Pod\n', line: 1, says: /has "Kind" where "kind" should be/ },
  { name: 'an apiVersion in the wrong case', content: 'apiversion: v1\nkind: Pod\n', line: 1, says: /has "apiversion" where "apiVersion" should be/ },
  { name: 'a number for a kind', content: 'apiVersion: v1\nkind: 7\n', line: 2, says: /the number "7" for its kind/ },
  { name: 'a number for an apiVersion', content: 'apiVersion: 1\nkind: Pod\n', line: 1, says: /the number "1" for its apiVersion/ },
  { name: 'a list for a kind', content: 'apiVersion: v1\nkind: [Pod]\n', line: 2, says: /a list for its kind/ },
  { name: 'an empty kind', content: 'apiVersion: v1\nkind: ""\n', line: 2, says: /has no kind/ },
  { name: 'a List whose items are a mapping', content: 'apiVersion: v1\nkind: List\nitems: {a: 1}\n', line: 3, says: /the items of a List are a mapping/ },
  { name: 'a List without items', content: 'apiVersion: v1\nkind: List\n', line: 1, says: /the items of a List are/ },
  { name: 'a List with an item that is text', content: 'apiVersion: v1\nkind: List\nitems:\n  - Pod\n', line: 4, says: /is text "Pod" where an object should be/ },
  { name: 'a List with an item that is null', content: 'apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Pod, metadata: {name: a}}\n  -\n', line: 3, says: /is null where an object should be/ },
  { name: 'a List with an item without a kind', content: 'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n', line: 4, says: /has no kind/ },
  { name: 'Lists in Lists without end', content: `${'{"apiVersion": "v1", "kind": "List", "items": ['.repeat(20)}${']}'.repeat(20)}`, line: 1, says: /lists inside lists/ },
  { name: 'YAML that is nested too deeply', content: `a: ${'['.repeat(5000)}${']'.repeat(5000)}\n`, line: 1, says: /more than 256 deep/ },
  { name: 'the same object twice in a file', content: `${POD}---\n${POD}`, line: 5, says: /Pod shop\/a is in the input twice: .*:1 and .*:5/ },
  { name: 'the same object with and without the default namespace', content: 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: default}\n', line: 5, says: /is in the input twice/ },
  { name: 'the same object in two versions of its API', content: `${containerPort('{containerPort: 80}')}---\n${containerPort('{containerPort: 80}').replace('apps/v1', 'apps/v1beta1')}`, line: 10, says: /is in the input twice/ },
  { name: 'the same object twice in a List', content: 'apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Pod, metadata: {name: a}}\n  - {apiVersion: v1, kind: Pod, metadata: {name: a}}\n', line: 5, says: /is in the input twice: .*:4 and .*:5/ },
  { name: 'a file with comments alone', content: '# nothing\n---\n# here\n', line: 0, says: /no Kubernetes object in it/ },
  { name: 'an empty file', content: '', line: 0, says: /no Kubernetes object in it/ },
  { name: 'a file of another tool', content: 'services: {web: {image: x}}\n', line: 0, says: /no Kubernetes object in it \(skipped: 1 document that is no Kubernetes object/ },
];

export const OBJECTS: readonly MalformedCase[] = [
  { name: 'metadata that is text', content: 'apiVersion: v1\nkind: Pod\nmetadata: shop\n', line: 3, says: /metadata.*is not an object/ },
  { name: 'a name that is a number', content: policy('spec: {}').replace('name: p', 'name: 7'), line: 3, says: /is not a string/ },
  { name: 'a policy without a name', content: policy('spec: {}').replace('name: p, ', ''), line: 3, says: /metadata\.name/ },
  { name: 'a namespace that cannot be', content: policy('spec: {}').replace('shop', 'Shop_1'), line: 3, says: /not a valid namespace name/ },
  { name: 'a label that YAML reads as a switch', content: policy('spec:\n  podSelector:\n    matchLabels:\n      debug: on'), line: 7, says: /true is not a string/ },
  { name: 'a label that YAML reads as a number', content: policy('spec:\n  podSelector:\n    matchLabels:\n      version: 1.0'), line: 7, says: /1 is not a string/ },
  { name: 'a label that cannot be a value', content: policy('spec:\n  podSelector:\n    matchLabels:\n      app: a b'), line: 5, says: /not a value that the label "app" can have/ },
  { name: 'labels that are a list', content: policy('spec:\n  podSelector:\n    matchLabels: [a]'), line: 6, says: /is not a map of labels/ },
  { name: 'a spec that is a list', content: policy('spec: []'), line: 4, says: /is not an object/ },
  { name: 'a spec that is text', content: policy('spec: all'), line: 4, says: /is not an object/ },
  { name: 'ingress that is a mapping', content: policy('spec:\n  podSelector: {}\n  ingress: {}'), line: 6, says: /is not a list/ },
  { name: 'a rule that is text', content: policy('spec:\n  podSelector: {}\n  ingress: [all]'), line: 6, says: /is not an object/ },
  { name: 'from that is a mapping', content: policy('spec:\n  podSelector: {}\n  ingress:\n    - from: {podSelector: {}}'), line: 7, says: /is not a list/ },
  { name: 'an unknown policy type', content: policy('spec:\n  podSelector: {}\n  policyTypes: [Egres]'), line: 6, says: /"Egres" is not one of the values/ },
  { name: 'policy types that are text', content: policy('spec:\n  podSelector: {}\n  policyTypes: Ingress'), line: 6, says: /is not a list/ },
  { name: 'an unknown operator', content: expression('{key: a, operator: Is, values: [b]}'), line: 5, says: /"Is"/ },
  { name: 'an operator without its values', content: expression('{key: a, operator: In}'), line: 5, says: /In/ },
  { name: 'an operator with values that it does not take', content: expression('{key: a, operator: Exists, values: [b]}'), line: 5, says: /Exists/ },
  { name: 'a key that cannot be', content: expression('{key: "a b", operator: Exists}'), line: 5, says: /not a label key/ },
  { name: 'values that are text', content: expression('{key: a, operator: In, values: b}'), line: 5, says: /is not a list/ },
  { name: 'a peer that names nobody', content: peer('{}'), line: 7, says: /names nobody/ },
  { name: 'a peer that is text', content: peer('web'), line: 7, says: /is not an object/ },
  { name: 'an ipBlock beside a selector', content: peer('{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}'), line: 7, says: /ipBlock beside a selector/ },
  { name: 'an ipBlock without a cidr', content: peer('{ipBlock: {except: [10.0.0.0/16]}}'), line: 7, says: /cidr/ },
  { name: 'an address without a prefix', content: peer('{ipBlock: {cidr: 10.0.0.1}}'), line: 7, says: /"10\.0\.0\.1"/ },
  { name: 'an address that cannot be', content: peer('{ipBlock: {cidr: 10.0.0.256/24}}'), line: 7, says: /"10\.0\.0\.256\/24"/ },
  { name: 'a prefix that is too long', content: peer('{ipBlock: {cidr: 10.0.0.0/33}}'), line: 7, says: /"10\.0\.0\.0\/33"/ },
  { name: 'an IPv6 prefix that is too long', content: peer('{ipBlock: {cidr: "fd00::/129"}}'), line: 7, says: /"fd00::\/129"/ },
  { name: 'an IPv6 address with two gaps', content: peer('{ipBlock: {cidr: "1::2::3/64"}}'), line: 7, says: /"1::2::3\/64"/ },
  { name: 'a cidr that is a number', content: peer('{ipBlock: {cidr: 10.8}}'), line: 7, says: /10\.8 is not a string/ },
  { name: 'except that is text', content: peer('{ipBlock: {cidr: 10.0.0.0/8, except: 10.1.0.0/16}}'), line: 7, says: /is not a list/ },
  { name: 'a port of 0', content: port('{port: 0}'), line: 7, says: /0 is not a port number/ },
  { name: 'a port that is too large', content: port('{port: 65536}'), line: 7, says: /65536 is not a port number/ },
  { name: 'a port below 0', content: port('{port: -1}'), line: 7, says: /-1 is not a port number/ },
  { name: 'half a port', content: port('{port: 80.5}'), line: 7, says: /80\.5 is not a port number/ },
  { name: 'a port name that is too long', content: port('{port: a-very-long-port-name}'), line: 7, says: /is not a port name/ },
  { name: 'a port that is quoted', content: port('{port: "80"}'), line: 7, says: /is not a port name/ },
  { name: 'a port that is a list', content: port('{port: [80]}'), line: 7, says: /is not a port number/ },
  { name: 'an unknown protocol', content: port('{protocol: HTTP, port: 80}'), line: 7, says: /"HTTP" is not one of the values/ },
  { name: 'an end of a range below its start', content: port('{port: 90, endPort: 80}'), line: 7, says: /is below its port 90/ },
  { name: 'an end of a range without a start', content: port('{endPort: 80}'), line: 7, says: /endPort without a port/ },
  { name: 'an end of a range beside a name', content: port('{port: http, endPort: 80}'), line: 7, says: /endPort beside a named port/ },
  { name: 'a misspelt field of a policy', content: policy('spec:\n  podSelector: {}\n  ingres: []'), line: 6, says: /unknown field "ingres".*networking\.k8s\.io\/v1/ },
  { name: 'a misspelt field of a rule', content: policy('spec:\n  podSelector: {}\n  ingress:\n    - form: []'), line: 7, says: /unknown field "form"/ },
  { name: 'a container port of 0', content: containerPort('{containerPort: 0}'), line: 8, says: /0 is not a port number/ },
  { name: 'a container port that is text', content: containerPort('{containerPort: http}'), line: 8, says: /is not a port number/ },
  { name: 'container ports that are a mapping', content: containerPort('1').replace('[1]', '{a: 1}'), line: 8, says: /is not a list/ },
  { name: 'pod labels with a number', content: containerPort('').replace('app: a', 'app: 1'), line: 6, says: /1 is not a string/ },
  { name: 'a Service port of 0', content: service('{ports: [{port: 0}]}'), line: 4, says: /0 is not a port number/ },
  { name: 'a Service selector with a switch', content: service('{selector: {app: yes}, ports: []}'), line: 4, says: /true is not a string/ },
];
