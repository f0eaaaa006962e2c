import { Cidr, PolicyError } from 'cdk8s-netpol/policy';
import { ConfigReader } from './config-reader';

/** What is said about one rule, before it is known which rules there are. */
export interface RuleEntry {
  readonly id: string;
  /** Its field in netpol.yaml. */
  readonly path: string;
  readonly severity?: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface ExceptionEntry {
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
  readonly until?: string;
  readonly namespace?: string;
  /** `KIND NAMESPACE/NAME`, or `KIND NAME`. */
  readonly object?: string;
  /** A pattern of file names, in which `*` stands for any text. */
  readonly files?: string;
}

/** The part of netpol.yaml about `netpol check`. */
export interface ChecksConfig {
  readonly rules: readonly RuleEntry[];
  /** Modules with rules of one's own, relative to the folder of the file. */
  readonly customRules: readonly string[];
  readonly exceptions: readonly ExceptionEntry[];
  readonly askFor?: string;
  readonly trustedRanges: readonly Cidr[];
  readonly environments?: { readonly label: string; readonly mayTalk: ReadonlyArray<readonly [string, string]> };
  /** Files without findings: what they have is context. */
  readonly ignorePaths: readonly string[];
  readonly reader: ConfigReader;
}

export const CHECK_KEYS = ['rules', 'customRules', 'exceptions', 'askFor', 'trustedRanges', 'environments', 'ignorePaths'];

type Json = Readonly<Record<string, unknown>>;

export function readChecks(reader: ConfigReader, root: Json): ChecksConfig {
  const askFor = reader.text(root.askFor, 'askFor');
  return {
    rules: Object.entries(reader.mapping(root.rules ?? {}, 'rules')).map(([id, value]) => readRule(reader, id, value)),
    customRules: reader.texts(root.customRules, 'customRules'),
    exceptions: reader.items(root.exceptions, 'exceptions').map((item, index) => readException(reader, item, `exceptions[${index}]`)),
    ...(askFor === undefined ? {} : { askFor }),
    trustedRanges: reader.texts(root.trustedRanges, 'trustedRanges').map((text, index) => reader.guard(`trustedRanges[${index}]`, () => Cidr.parse(text), PolicyError)),
    ...(root.environments === undefined ? {} : { environments: readEnvironments(reader, root.environments) }),
    ignorePaths: reader.texts(root.ignorePaths, 'ignorePaths'),
    reader,
  };
}

function readRule(reader: ConfigReader, id: string, value: unknown): RuleEntry {
  const path = `rules.${id}`;
  if (typeof value === 'string') return { id, path, severity: value, options: {} };
  const { severity, ...options } = reader.mapping(value, path);
  const text = reader.text(severity, `${path}.severity`);
  return { id, path, ...(text === undefined ? {} : { severity: text }), options };
}

function readException(reader: ConfigReader, value: unknown, path: string): ExceptionEntry {
  const fields = reader.mapping(value, path, ['rule', 'reason', 'until', 'namespace', 'object', 'files']);
  const wanted = (name: string): string => reader.text(fields[name], `${path}.${name}`) ?? reader.refuse(path, `has no ${name}`);
  const optional = (name: 'until' | 'namespace' | 'object' | 'files'): Partial<Record<typeof name, string>> => {
    const text = reader.text(fields[name], `${path}.${name}`);
    return text === undefined ? {} : { [name]: text };
  };
  const scope = { ...optional('namespace'), ...optional('object'), ...optional('files') };
  if (Object.keys(scope).length === 0) reader.refuse(path, 'covers everything. Instead: namespace, object or files; a rule that nobody wants is turned off below rules');
  return { path, rule: wanted('rule'), reason: wanted('reason'), ...optional('until'), ...scope };
}

function readEnvironments(reader: ConfigReader, value: unknown): NonNullable<ChecksConfig['environments']> {
  const fields = reader.mapping(value, 'environments', ['label', 'mayTalk']);
  const label = reader.text(fields.label, 'environments.label') ?? reader.refuse('environments', 'has no label. Instead: label, the label of namespaces that names their environment');
  const mayTalk = reader.items(fields.mayTalk, 'environments.mayTalk').map((item, index): readonly [string, string] => {
    const path = `environments.mayTalk[${index}]`;
    const [one, other, ...more] = reader.texts(item, path);
    return one === undefined || other === undefined || more.length > 0 ? reader.refuse(path, 'is no pair. Instead: two environments, such as [staging, shared]') : [one, other];
  });
  return { label, mayTalk };
}
