import { matchesPattern } from '../../name-pattern';
import { UsageError } from '../../usage-error';
import { ObservedConnection } from '../store/flow-store';
import { EndFit, endsOf } from './end-fit';
import { allFit, anyFits, Fit, Unsaid } from './fit';
import { portFit, portQuestion } from './port-question';

export interface QuestionFlags {
  readonly from?: string;
  readonly to?: string;
  readonly between?: string;
  readonly port?: string;
}

/** What was found, and what may belong to it: the record does not say. */
export interface Answer {
  readonly connections: readonly ObservedConnection[];
  /** How many more leave open what decides whether they fit, by what they leave open. */
  readonly open: ReadonlyMap<Unsaid, number>;
}

type Test = (connection: ObservedConnection) => Fit;

/** Which connections are asked for. */
export class Question {
  public static async of({ from, to, between, port }: QuestionFlags, find: (text: string) => Promise<EndFit>): Promise<Question> {
    if (between !== undefined && (from !== undefined || to !== undefined)) throw new UsageError('--between names both ends. Instead: leave out --from and --to');
    const asked = port === undefined ? undefined : portQuestion(port);
    const tests: Test[] = asked === undefined ? [] : [(connection) => portFit(asked, connection)];
    if (between !== undefined) {
      const [a, b] = twoEnds(between);
      const [one, other] = [await find(a), await find(b)];
      tests.push((connection) => {
        const [source, destination] = endsOf(connection);
        return anyFits([allFit([one.of(source), other.of(destination)]), allFit([other.of(source), one.of(destination)])]);
      });
      return new Question(tests, [one, other]);
    }
    const [isFrom, isTo] = [from === undefined ? undefined : await find(from), to === undefined ? undefined : await find(to)];
    if (isFrom !== undefined) tests.push((connection) => isFrom.of(endsOf(connection)[0]));
    if (isTo !== undefined) tests.push((connection) => isTo.of(endsOf(connection)[1]));
    return new Question(tests, [isFrom, isTo].filter((end) => end !== undefined));
  }

  private constructor(private readonly tests: readonly Test[], private readonly ends: readonly EndFit[]) {}

  /** The newest first; of the same time those that were seen more often. */
  public answer(connections: readonly ObservedConnection[]): Answer {
    const open = new Map<Unsaid, number>();
    const fitting = connections.filter((connection) => {
      const fit = allFit(this.tests.map((test) => test(connection)));
      if (typeof fit === 'string') open.set(fit, (open.get(fit) ?? 0) + 1);
      return fit === true;
    });
    return { connections: fitting.sort((a, b) => b.lastSeen - a.lastSeen || b.count - a.count), open };
  }

  /** The namespaces that the question is about, of those there are; undefined where it is about all of the cluster. */
  public namespaces(connections: readonly ObservedConnection[]): readonly string[] | undefined {
    const pattern = this.ends.map((end) => end.pattern).find((each) => 'namespace' in each);
    if (pattern === undefined || !('namespace' in pattern)) return undefined;
    if (!pattern.namespace.includes('*')) return [pattern.namespace];
    const known = connections.flatMap(({ src, dst }) => [src, dst].flatMap((peer) => ('namespace' in peer && peer.namespace !== undefined ? [peer.namespace] : [])));
    return [...new Set(known)].filter((namespace) => matchesPattern(pattern.namespace, namespace)).sort();
  }
}

function twoEnds(text: string): readonly [string, string] {
  const [a = '', b = '', ...more] = text.split(',').map((end) => end.trim());
  if (a === '' || b === '' || more.length > 0) throw new UsageError(`--between: "${text}" is not two ends. Instead: A,B such as shop/web,pay/api`);
  return [a, b];
}
