import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BUILT_IN_RULES, OWN_RULE_IDS, PolicyRule, SEVERITIES } from 'cdk8s-netpol/rules';
import { Config } from '../config/netpol-yaml';

/** The rules that come with netpol, and those of the modules that netpol.yaml names. */
export async function allRules(config: Config | undefined): Promise<readonly PolicyRule[]> {
  const own: PolicyRule[] = [];
  for (const [index, name] of (config?.checks.customRules ?? []).entries()) {
    const refuse = (reason: string): never => config!.checks.reader.refuse(`customRules[${index}]`, `${name} ${reason}`);
    for (const value of rulesIn(await load(resolve(config!.folder, name), refuse), refuse)) {
      const problem = problemOf(value);
      if (problem !== undefined) refuse(problem);
      const rule = value as PolicyRule;
      if ([...BUILT_IN_RULES, ...own].some(({ id }) => id === rule.id) || OWN_RULE_IDS.includes(rule.id)) refuse(`has a rule "${rule.id}", and so has somebody else. Instead: another id`);
      own.push(rule);
    }
  }
  return [...BUILT_IN_RULES, ...own];
}

type Refuse = (reason: string) => never;

async function load(path: string, refuse: Refuse): Promise<unknown> {
  try {
    return createRequire(path)(path) as unknown;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_REQUIRE_ESM' && code !== 'ERR_REQUIRE_ASYNC_MODULE') return refuse(`cannot be loaded: ${message.split('\n')[0] ?? ''}`);
  }
  try {
    return await import(pathToFileURL(path).href) as unknown;
  } catch (error) {
    return refuse(`cannot be loaded: ${(error as Error).message}`);
  }
}

/** A module gives a rule or a list of them, as its default export, as `rules`, or as what it is. */
function rulesIn(module: unknown, refuse: Refuse): readonly unknown[] {
  const exported = module as { readonly default?: unknown; readonly rules?: unknown } | undefined;
  const given = exported?.default ?? exported?.rules ?? module;
  const rules = Array.isArray(given) ? given as unknown[] : (given as { readonly rules?: unknown[] } | undefined)?.rules ?? [given];
  return rules.length > 0 ? rules : refuse('has no rules. Instead: a rule or a list of them as its default export');
}

const TEXTS = ['title', 'rationale', 'bad', 'good'] as const;

/** Why a value is no rule: half of one would fail in the middle of a check. */
function problemOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'has something that is no rule. Instead: an object with id, title, severity, rationale, bad, good, fix, controls and check';
  const rule = value as Partial<PolicyRule>;
  const name = typeof rule.id === 'string' ? `"${rule.id}"` : 'without an id';
  if (typeof rule.id !== 'string' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(rule.id)) return `has a rule ${name}, which is no id. Instead: words in lower case with "-" between them`;
  const missing = TEXTS.find((field) => typeof rule[field] !== 'string' || rule[field] === '');
  if (missing !== undefined) return `has a rule ${name} without ${missing}`;
  if (!SEVERITIES.includes(rule.severity!)) return `has a rule ${name} whose severity is none. Instead: ${SEVERITIES.join(' or ')}`;
  if (typeof rule.fix?.summary !== 'string' || typeof rule.fix.yaml !== 'string' || typeof rule.fix.construct !== 'string') return `has a rule ${name} whose fix has no summary, yaml and construct`;
  if (!Array.isArray(rule.controls)) return `has a rule ${name} without controls. Instead: a list, which may be empty`;
  return typeof rule.check === 'function' ? undefined : `has a rule ${name} without a check`;
}
