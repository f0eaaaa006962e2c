import { call, comment, object, print, text } from '../code';
import { MigrationPlan, NamespacePlan } from '../plan';
import { importLine, linesOf } from './lines';
import { originText } from './origin-text';
import { ownerCode } from './owners-file';
import { objectLines, policyLines } from './written-out';

export function namespaceFile(namespace: string): string {
  return `namespaces/${namespace}.ts`;
}

/** The file of one namespace: a function that makes it, and one that opens it to the others once all of them are made. */
export function namespaceText(plan: NamespacePlan, app: MigrationPlan): string {
  const { name, words, form, rules, uses } = plan;
  const isDenied = form.kind === 'denied';
  const variables = variableNames(plan, app);
  const namesDenied = isDenied || (rules.length > 0 && variables.some((each) => each.isDenied));
  const library = [...new Set([...uses.libraryNames, ...(isDenied ? ['RolloutStage'] : []), ...(namesDenied ? ['DefaultDenyNamespace'] : [])])].sort();
  return linesOf(
    importLine([...(writesOut(plan) ? ['ApiObject'] : []), 'App', 'Chart'], 'cdk8s'),
    library.length > 0 ? importLine(library, 'cdk8s-netpol') : undefined,
    isDenied ? "import { owners } from '../owners';" : undefined,
    '',
    ...(isDenied ? [`/** The namespace ${name}. */`] : [
      '/**',
      ` * The namespace ${name}, not behind a default-deny yet: ${form.why}.`,
      ' * A DefaultDenyNamespace would close what is open today: record flows first, and begin with RolloutStage.OBSERVE.',
      ' */',
    ]),
    `export function ${words.make}(app: App): ${isDenied ? 'DefaultDenyNamespace' : 'Chart'} {`,
    ...makingLines(plan),
    '}',
    ...(rules.length === 0 ? [] : [
      '',
      `/** What ${name} lets in, and where its pods may go. */`,
      `export function ${words.rules}(${parameterText(variables)}): void {`,
      ...ruleLines(plan),
      '}',
    ]),
  );
}

function writesOut({ leftOver, others }: NamespacePlan): boolean {
  return leftOver.length + others.length > 0;
}

/** What is written out comes first: it opens, and the default-deny closes. */
function makingLines(plan: NamespacePlan): string[] {
  const { name, form, leftOver, others, allowDns } = plan;
  const isDenied = form.kind === 'denied';
  const chart = isDenied ? call('new Chart', 'app', text(name)) : call('new Chart', 'app', text(name), object({ namespace: text(name) }));
  const props = object({ name: text(name), owner: ownerCode(name), stage: 'RolloutStage.ENFORCE', allowDns: allowDns ? undefined : 'false' });
  const denied = (scope: string): string => print(call('new DefaultDenyNamespace', scope, text(name), props), '  ', '  return ;'.length);
  if (!writesOut(plan)) return [`  return ${isDenied ? denied(print(chart)) : print(chart)};`];
  return [`  const chart = ${print(chart)};`, ...leftOver.flatMap(policyLines), ...others.flatMap(objectLines), `  return ${isDenied ? denied('chart') : 'chart'};`];
}

function ruleLines({ rules, words }: NamespacePlan): string[] {
  let before = '';
  return rules.flatMap(({ construct, id, props, by }) => {
    const origin = by.map(originText).join('; ');
    const heading = origin === before ? [] : [...(before === '' ? [] : ['']), `  ${comment(origin)}`];
    before = origin;
    return [...heading, `  ${print(call(`new ${construct}`, words.variable, text(id), props), '  ')};`];
  });
}

export interface Variable {
  readonly word: string;
  readonly isDenied: boolean;
}

/** The namespace itself, and those that its rules name. */
export function variableNames({ name, uses }: NamespacePlan, { namespaces }: MigrationPlan): Variable[] {
  return namespaces.filter((each) => each.name === name || uses.namespaces.includes(each.name))
    .map(({ words, form }) => ({ word: words.variable, isDenied: form.kind === 'denied' }));
}

function parameterText(given: readonly Variable[]): string {
  const type = (isDenied: boolean): string => (isDenied ? 'DefaultDenyNamespace' : 'Chart');
  const names = `{ ${given.map(({ word }) => word).join(', ')} }`;
  const kinds = new Set(given.map(({ isDenied }) => isDenied));
  if (given.length > 1 && kinds.size === 1) return `${names}: Record<${given.map(({ word }) => text(word)).join(' | ')}, ${type(given[0]!.isDenied)}>`;
  return `${names}: { ${given.map(({ word, isDenied }) => `readonly ${word}: ${type(isDenied)}`).join('; ')} }`;
}
