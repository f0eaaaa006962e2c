import { Direction, DIRECTIONS, Policy, Rule, rule, Selector } from 'cdk8s-netpol/policy';
import { NamespaceInput, namesOfConstructs } from './namespace-input';
import { NamespaceRules } from './rules-code';
import { Statement } from './statement';

/** A NetworkPolicy that stays one: no construct says it. */
export interface LeftOver {
  readonly policy: Policy;
  /** Why it is written out, a sentence each. */
  readonly why: readonly string[];
  /** The policies that said it. */
  readonly by: readonly Policy[];
  /** Whether it has to be there before anything closes. */
  readonly opensFirst: boolean;
}

/** What has to be written out of a namespace, so that it allows and isolates what it did. */
export function leftOverOf(input: NamespaceInput, { unsaid, isolated }: NamespaceRules): LeftOver[] {
  const names = new FreeNames(namesOfConstructs(input.spokenOf));
  const [first] = input.policies;
  if (first === undefined) return [];
  const stillOpen = input.form.kind === 'denied' ? input.form.stillOpen : [];
  const openers = stillOpen.map((direction): LeftOver => ({
    policy: {
      ...first,
      name: names.take(`allow-all-${direction}`),
      subject: { ...first.subject, pods: Selector.everything },
      isolates: [direction],
      rules: [rule({ direction, action: 'allow' })],
    },
    why: [`No policy denies ${direction} here, and DefaultDenyNamespace does: this keeps it open until its rules are known.`],
    by: [],
    opensFirst: true,
  }));
  const subjects = new Map(input.policies.map(({ subject: { pods } }) => [pods.key, pods]));
  const rest = [...subjects.values()].flatMap((subject): LeftOver[] => {
    const said = unsaid.filter((each) => each.subject.sameAs(subject));
    const alone = input.form.kind === 'denied' ? [] : isolatedAlone(subject, input.policies, isolated, said);
    const closing = input.policies.filter((each) => each.subject.pods.sameAs(subject) && alone.some((direction) => each.isolates.includes(direction)));
    const by = [...new Set([...said.flatMap((each) => each.by), ...closing])];
    const [named] = by;
    if (named === undefined) return [];
    return [{
      policy: {
        ...named,
        // under its old name it would replace a policy that says more, before the constructs say the rest
        name: names.take(saysAll(by, said, input.statements) ? named.name : `${named.name}-rest`),
        isolates: DIRECTIONS.filter((direction) => alone.includes(direction) || said.some((each) => each.direction === direction)),
        rules: said.map(ruleOf),
      },
      why: reasonsFor(said, alone),
      by,
      opensFirst: false,
    }];
  });
  return [...openers, ...rest];
}

/** Whether what is left is everything that these policies said. */
function saysAll(by: readonly Policy[], said: readonly Statement[], statements: readonly Statement[]): boolean {
  return statements.every((each) => said.includes(each) || !each.by.some((policy) => by.includes(policy)));
}

function ruleOf({ direction, peer, ports }: Statement): Rule {
  return rule({ direction, action: 'allow', ...(peer === undefined ? {} : { peers: [peer] }), ...(ports === undefined ? {} : { ports }) });
}

/** The directions in which policies close pods and no construct of theirs says anything. */
function isolatedAlone(subject: Selector, policies: readonly Policy[], isolated: NamespaceRules['isolated'], said: readonly Statement[]): Direction[] {
  return DIRECTIONS.filter((direction) => policies.some((each) => each.subject.pods.sameAs(subject) && each.isolates.includes(direction))
    && !isolated.some((each) => each.direction === direction && each.subject.sameAs(subject))
    && !said.some((each) => each.direction === direction));
}

function reasonsFor(said: readonly Statement[], alone: readonly Direction[]): string[] {
  return [
    ...(said.some(({ peer }) => peer === undefined) ? ['A rule without peers lets in or out everybody, nodes and the outside too: no construct opens that much.'] : []),
    ...(said.some(({ peer }) => peer !== undefined) ? ['Conditions on pods in namespaces that this app does not own: constructs take plain labels there.'] : []),
    ...(alone.length > 0 ? [`It closes ${alone.join(' and ')} of some pods and opens nothing: constructs deny by whole namespaces.`] : []),
  ];
}

/** Names for objects, none of them twice, and none that a construct would give. */
class FreeNames {
  private readonly taken: Set<string>;

  public constructor(taken: ReadonlySet<string>) {
    this.taken = new Set(taken);
  }

  public take(wanted: string): string {
    let name = wanted;
    for (let number = 1; this.taken.has(name); number++) name = `${wanted}-${number + 1}`;
    this.taken.add(name);
    return name;
  }
}
