import { checkFields, checkLabelValue, locate, PolicyError } from '../policy';

/** Who answers for a namespace's policies. */
export interface Owner {
  /**
   * The team, as a label value: at most 63 letters, digits, `-`, `_` and `.`. It lands as the label `cdk8s-netpol/owner` on
   * every policy. Words that name nobody ("everyone", "tbd", ...) are refused.
   */
  readonly team: string;

  /**
   * How to reach the team: a chat channel, a mail address, an on-call page. It lands as the annotation `cdk8s-netpol/contact`.
   */
  readonly contact: string;
}

/** Words that people write where a form asks for an owner and nobody wants to be it. */
const NOBODY = new Set([
  'all', 'any', 'anybody', 'anyone', 'everybody', 'everyone', 'everything', 'fixme', 'foo', 'n-a', 'na', 'nobody', 'none', 'noone', 'no-one',
  'null', 'nil', 'owner', 'shared', 'someone', 'somebody', 'tba', 'tbd', 'team', 'test', 'todo', 'undefined', 'unknown', 'unowned', 'us', 'we', 'x', 'xxx',
]);

/** The owner with blanks cut off, or an error that says which part names nobody. */
export function checkOwner(owner: Owner | undefined): Owner {
  if (owner === undefined || owner === null || typeof owner !== 'object') {
    throw new PolicyError({ given: owner, problem: 'is no owner', instead: 'owner: { team: "payments", contact: "#payments" }' });
  }
  locate('owner', () => checkFields<Owner>(owner, { team: 'value', contact: 'value' }));
  const team = typeof owner.team === 'string' ? owner.team.trim() : owner.team;
  if (team === undefined || team === '' || NOBODY.has(String(team).toLowerCase().replace(/[^a-z]+/g, '-'))) {
    throw new PolicyError({ given: owner.team, problem: 'names nobody as the owner', instead: 'the one team that reviews these policies, such as "payments"' });
  }
  locate('owner.team', () => checkLabelValue(team, OWNER_LABEL));
  const contact = typeof owner.contact === 'string' ? owner.contact.trim() : '';
  if (contact === '' || NOBODY.has(contact.toLowerCase())) {
    throw new PolicyError({ given: owner.contact, problem: 'is no way to reach the owner', instead: 'a channel or an address, such as "#payments"' });
  }
  return { team, contact };
}

export const OWNER_LABEL = 'cdk8s-netpol/owner';
