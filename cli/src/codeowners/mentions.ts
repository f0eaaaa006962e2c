import { UsageError } from '../usage-error';

/** Users, teams (`@org/team`, on GitLab `@group/subgroup`) and addresses: what a line of CODEOWNERS may name. */
const MENTION = /^(?:@{1,2}[\w.-]+(?:\/[\w.-]+)*|[^\s@#]+@[^\s@#]+\.[^\s@#]+)$/;

/** The words that stand for a team: `@org/payments @alice`. */
export function readMentions(text: string): readonly string[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const wrong = words.find((word) => !MENTION.test(word));
  if (wrong !== undefined || words.length === 0) {
    throw new UsageError(`"${wrong ?? text}" is nobody that CODEOWNERS can name. Instead: @user, @org/team or an address, several with blanks between them`);
  }
  return words;
}

/** The mapping of `--owner payments=@org/payments`, over that of netpol.yaml. */
export function mentionsOf(flags: readonly string[], configured: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, readonly string[]> {
  const mapping = new Map(Object.entries(configured));
  for (const flag of flags) {
    const [, team, mentions] = /^([^=]+)=(.*)$/.exec(flag) ?? [];
    if (team === undefined || mentions === undefined) throw new UsageError(`--owner "${flag}" says nobody's name. Instead: --owner TEAM=@ORG/TEAM`);
    mapping.set(team, readMentions(mentions));
  }
  return mapping;
}

/** Who is named for a team: what the mapping says, or the team itself where it is written as CODEOWNERS would. */
export function mentionsFor(team: string, mapping: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  return mapping.get(team) ?? (MENTION.test(team) ? [team] : undefined);
}
