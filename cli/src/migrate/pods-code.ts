import { NamespaceScope, PodSet, PortMatch, Protocol, Selector, FIRST_PORT, LAST_PORT } from 'cdk8s-netpol/policy';
import { call, Code, list, literal, object, text } from './code';

/** What a file uses of the library and of the other namespaces, noted while its code is written. */
export class Uses {
  private readonly names = new Set<string>();
  private readonly others = new Set<string>();

  /** A name of the library. */
  public library(name: string): string {
    this.names.add(name);
    return name;
  }

  /** A namespace of the app. */
  public namespace(name: string): void {
    this.others.add(name);
  }

  public get libraryNames(): readonly string[] {
    return [...this.names].sort();
  }

  public get namespaces(): readonly string[] {
    return [...this.others].sort();
  }
}

/** Where the code stands: in which namespace, and which others are variables with `pods()`. */
export interface Place {
  readonly namespace: string;
  /** The variable of a DefaultDenyNamespace of the app. */
  readonly denied: (namespace: string) => string | undefined;
  readonly uses: Uses;
}

/** Pods as the subject of a rule in their own namespace; undefined for all of them, which is the default. */
export function subjectCode(pods: Selector, place: Place): Code | undefined {
  return pods.matchesEverything ? undefined : podsHere(pods, place);
}

/** Pods at the other end; undefined where no construct has a word for them. */
export function peerCode({ namespaces, pods }: PodSet, place: Place): Code | undefined {
  if (namespaces.kind === 'named' && namespaces.name === place.namespace) return podsHere(pods, place);
  const variable = namespaces.kind === 'named' ? place.denied(namespaces.name) : undefined;
  if (namespaces.kind === 'named' && variable !== undefined) {
    place.uses.namespace(namespaces.name);
    return podsOf(variable, pods, place);
  }
  const labels = pods.asLabels;
  if (labels === undefined) return undefined;
  const there = namespacesCode(namespaces, place);
  const head = `${place.uses.library('Pods')}.inNamespaces`;
  return pods.matchesEverything ? call(head, there) : call(head, there, literal(labels));
}

export function namespacesCode(scope: NamespaceScope, { uses }: Place): Code {
  const head = uses.library('Namespaces');
  if (scope.kind === 'named') return call(`${head}.named`, text(scope.name));
  const { selector } = scope;
  if (selector.matchesEverything) return call(`${head}.all`);
  return selector.asLabels === undefined ? call(`${head}.matching`, expressions(selector, uses)) : call(`${head}.withLabels`, literal(selector.asLabels));
}

function podsHere(pods: Selector, place: Place): Code {
  const variable = place.denied(place.namespace);
  if (variable !== undefined) return podsOf(variable, pods, place);
  const head = place.uses.library('Pods');
  if (pods.matchesEverything) return call(`${head}.all`);
  return pods.asLabels === undefined ? call(`${head}.matching`, expressions(pods, place.uses)) : call(`${head}.withLabels`, literal(pods.asLabels));
}

function podsOf(variable: string, pods: Selector, { uses }: Place): Code {
  if (pods.matchesEverything) return call(`${variable}.pods`);
  return pods.asLabels === undefined ? call(`${variable}.podsMatching`, expressions(pods, uses)) : call(`${variable}.pods`, literal(pods.asLabels));
}

const OPERATORS = { In: 'in', NotIn: 'notIn', Exists: 'exists', DoesNotExist: 'doesNotExist' } as const;

function expressions({ requirements }: Selector, uses: Uses): Code {
  const head = uses.library('LabelExpression');
  return list(requirements.map(({ key, operator, values }) => {
    const more = values.length === 0 ? [] : [literal(values)];
    return call(`${head}.${OPERATORS[operator]}`, text(key), ...more);
  }));
}

/** Ports as the constructs take them. Every port needs a reason: it is that somebody wrote so, and where. */
export function portsCode(ports: readonly PortMatch[] | undefined, writtenIn: string, uses: Uses): Code {
  const head = uses.library('Port');
  const all = (protocol?: Code): Code => call(`${head}.all`, object({ protocol, reason: text(`every port was open by hand: ${writtenIn}`) }));
  if (ports === undefined) return list([all()]);
  return list(ports.map((port) => {
    if (port.kind === 'protocol') throw new Error('a NetworkPolicy names no protocol without ports');
    if (port.kind === 'named') {
      const protocol = port.protocol === undefined || port.protocol === Protocol.TCP ? [] : [`${uses.library('Protocol')}.${port.protocol}`];
      return call(`${head}.named`, text(port.name), ...protocol);
    }
    const { protocol, first, last } = port;
    if (first === FIRST_PORT && last === LAST_PORT) return all(`${uses.library('Protocol')}.${protocol}`);
    const word = protocol.toLowerCase();
    return first === last ? call(`${head}.${word}`, String(first)) : call(`${head}.${word}Range`, String(first), String(last));
  }));
}
