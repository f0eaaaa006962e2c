import { objectText } from 'cdk8s-netpol/analysis';
import { didYouMean } from 'cdk8s-netpol/cluster';
import {
  ConfiguredException, Finding, OptionSpec, OptionValue, OWN_RULE_IDS, PolicyRule, problemOf, RuleChoice, RuleSettings, SEVERITIES, Severity,
} from 'cdk8s-netpol/rules';
import { ChecksConfig, ExceptionEntry, RuleEntry } from '../config/checks-config';
import { ConfigReader } from '../config/config-reader';
import { Config } from '../config/netpol-yaml';
import { ownerKeysOf } from '../owners/read-owners';
import { fileMatches } from './file-pattern';

/** The settings of netpol.yaml, held against the rules that there are. */
export function ruleSettings(config: Config | undefined, rules: readonly PolicyRule[]): Partial<RuleSettings> {
  if (config === undefined) return {};
  const { checks, file } = config;
  const { reader, askFor, environments, trustedRanges } = checks;
  const choices = checks.rules.map((entry) => [entry.id, readChoice(reader, entry, rules)] as const);
  return {
    rules: Object.fromEntries(choices),
    exceptions: checks.exceptions.map((entry) => readException(checks, entry, rules, file)),
    trustedRanges,
    ownerKeys: ownerKeysOf(config),
    ...(askFor === undefined ? {} : { askFor }),
    ...(environments === undefined ? {} : { environments }),
  };
}

function readChoice(reader: ConfigReader, { id, path, severity, options }: RuleEntry, rules: readonly PolicyRule[]): RuleChoice {
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined) {
    if (OWN_RULE_IDS.includes(id)) return reader.refuse(path, `${id} is what the check says about itself: it cannot be set`);
    const near = didYouMean(id, rules.map((each) => each.id));
    return reader.refuse(path, `"${id}" is not a rule${near === undefined ? '' : ` (did you mean "${near}"?)`}`);
  }
  if (severity !== undefined && severity !== 'off' && !SEVERITIES.includes(severity as Severity)) {
    reader.refuse(path, `"${severity}" is not a severity. Instead: ${[...SEVERITIES, 'off'].join(', ')}`);
  }
  const table = rule.options ?? {};
  const values = Object.entries(options).map(([name, value]): readonly [string, OptionValue] => {
    const spec = Object.hasOwn(table, name) ? table[name] : undefined;
    if (spec === undefined) {
      const names = ['severity', ...Object.keys(table)];
      const near = didYouMean(name, names);
      return reader.refuse(`${path}.${name}`, `unknown key "${name}"${near === undefined ? '' : ` (did you mean "${near}"?)`}; known here: ${names.join(', ')}`);
    }
    return [name, readOption(reader, spec, value, `${path}.${name}`)];
  });
  return {
    ...(severity === undefined ? {} : { severity: severity as Severity | 'off' }),
    ...(values.length === 0 ? {} : { options: Object.fromEntries(values) }),
  };
}

function readOption(reader: ConfigReader, spec: OptionSpec, value: unknown, path: string): OptionValue {
  if (spec.type === 'texts') return reader.texts(value, path);
  const text = reader.text(value, path) ?? '';
  switch (spec.type) {
    case 'text':
      if (spec.choices !== undefined && !spec.choices.includes(text)) reader.refuse(path, `"${text}" is none of ${spec.choices.join(', ')}`);
      return text;
    case 'flag':
      return text === 'true' || (text === 'false' ? false : reader.refuse(path, `"${text}" is neither true nor false`));
    case 'number':
      return /^\d+$/.test(text) ? Number(text) : reader.refuse(path, `"${text}" is not a whole number`);
  }
}

function readException({ reader }: ChecksConfig, entry: ExceptionEntry, rules: readonly PolicyRule[], file: string): ConfiguredException {
  const { path, rule, reason, until } = entry;
  const problem = problemOf(rule, rule, until, reason, rules.map(({ id }) => id));
  if (problem !== undefined) reader.refuse(path, problem);
  const { place } = reader.problem(path, '');
  return {
    rule,
    reason,
    ...(until === undefined ? {} : { until }),
    covers: (finding) => covers(entry, finding),
    text: [entry.namespace, entry.object, entry.files].filter((part) => part !== undefined).join(' '),
    origin: { ...place, file },
    path,
  };
}

function covers({ namespace, object, files }: ExceptionEntry, finding: Finding): boolean {
  const own = finding.object.kind === 'Namespace' ? finding.object.name : finding.object.namespace;
  return (namespace === undefined || namespace === own)
    && (object === undefined || object === objectText(finding.object))
    && (files === undefined || fileMatches(files, finding.origin?.file));
}
