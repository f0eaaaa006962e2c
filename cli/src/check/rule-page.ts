import { OptionSpec, PolicyRule, RuleDescription } from 'cdk8s-netpol/rules';

const PAGES = 'https://github.com/cdk8s-netpol/cdk8s-netpol/blob/main/docs/rules';

/** Where people read about a rule. */
export function ruleAddress(id: string): string {
  return `${PAGES}/${id}.md`;
}

/** The page of a rule, as `docs/rules` and SARIF viewers show it. */
export function ruleMarkdown(rule: RuleDescription & Pick<PolicyRule, 'onByDefault' | 'fixable' | 'options'>): string {
  const { id, title, severity, rationale, bad, good, fix, controls, onByDefault = true, fixable = false, options = {} } = rule;
  const facts = [`Severity \`${severity}\``, onByDefault ? 'on by default' : 'off by default', ...(fixable ? ['mended by `netpol check --fix`'] : [])];
  return [
    `# ${id}`,
    `${title}. ${rationale}`,
    `${facts.join(', ')}.`,
    '## Found',
    fenced('yaml', bad),
    '## Clean',
    fenced('yaml', good),
    '## What to write instead',
    `${capital(fix.summary)}.`,
    ...(fix.yaml === '' ? [] : [fenced('yaml', fix.yaml)]),
    ...(fix.construct === '' ? [] : [fenced('ts', fix.construct)]),
    ...optionSection(options),
    ...(controls.length === 0 ? [] : ['## Controls', controls.map((control) => `- ${control}`).join('\n')]),
  ].join('\n\n') + '\n';
}

function optionSection(options: Readonly<Record<string, OptionSpec>>): string[] {
  const rows = Object.entries(options).map(([name, { type, default: value, description, ...more }]) => {
    const choices = 'choices' in more && more.choices !== undefined ? `: ${more.choices.join(', ')}` : '';
    return `| \`${name}\` | ${type} | ${valueText(value)} | ${description}${choices} |`;
  });
  return rows.length === 0 ? [] : ['## Options', ['| option | type | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n')];
}

function valueText(value: OptionSpec['default']): string {
  if (typeof value === 'object') return value.length === 0 ? 'none' : value.map((each) => `\`${each}\``).join(', ');
  return value === '' ? 'none' : `\`${String(value)}\``;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
