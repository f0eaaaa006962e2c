import { BUILT_IN_RULES, OWN_RULES, RuleDescription } from 'cdk8s-netpol/rules';
import { ruleMarkdown } from '../cli/src/check/rule-page';
import { netpolSchema } from '../cli/src/config/netpol-schema';

const NOTICE = '<!-- Generated from lib/rules by `npm run docs:rules`. -->\n\n';

/** What is generated from the rules, by its path in the repository. */
export function generatedPages(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  const own: readonly RuleDescription[] = Object.values(OWN_RULES);
  for (const rule of [...BUILT_IN_RULES, ...own]) pages.set(`docs/rules/${rule.id}.md`, `${NOTICE}${ruleMarkdown(rule)}`);
  pages.set('docs/rules/README.md', `${NOTICE}${indexPage(own)}`);
  pages.set('cli/schema/netpol.schema.json', `${JSON.stringify(netpolSchema(BUILT_IN_RULES), undefined, 2)}\n`);
  return pages;
}

function indexPage(own: readonly RuleDescription[]): string {
  const row = ({ id, title, severity, controls }: RuleDescription, ...more: readonly string[]): string => `| [${id}](${id}.md) | ${[title, severity, ...more, controls.join(', ')].join(' | ')} |`;
  return [
    '# Rules of netpol check',
    'How they are set, and how an exception is made, is in [check.md](../check.md).',
    [
      '| rule | finds | severity | on | mended by --fix | controls |', '| --- | --- | --- | --- | --- | --- |',
      ...BUILT_IN_RULES.map((rule) => row(rule, rule.onByDefault === false ? 'no' : 'yes', rule.fixable === true ? 'yes' : 'no')),
    ].join('\n'),
    '## What the check says about itself',
    'It cannot be turned off, and has no exceptions.',
    ['| rule | finds | severity | controls |', '| --- | --- | --- | --- |', ...own.map((rule) => row(rule))].join('\n'),
  ].join('\n\n') + '\n';
}
