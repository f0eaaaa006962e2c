import { Cidr, Direction, IpBlock, PodSet, Policy, Selector } from 'cdk8s-netpol/policy';
import { Code, list, object, text } from './code';
import { DnsForm, dnsStatements } from './dns-form';
import { NamespaceInput, NamespaceInputs, sharesItsName } from './namespace-input';
import { namespacesCode, peerCode, Place, portsCode, subjectCode } from './pods-code';
import { inScope, isSaid, portsKey, Statement } from './statement';
import { peerWords, podWords } from './subject-words';

/** One construct, as code. */
export interface RuleCode {
  readonly construct: string;
  readonly id: string;
  readonly props: Code;
  /** The policies that said it. */
  readonly by: readonly Policy[];
}

/** What constructs say of a namespace, and what is left that none can say. */
export interface NamespaceRules {
  readonly rules: readonly RuleCode[];
  readonly unsaid: readonly Statement[];
  readonly allowDns: boolean;
  /** The directions in which constructs of the namespace isolate pods. */
  readonly isolated: ReadonlyArray<{ readonly subject: Selector; readonly direction: Direction }>;
}

/** What the rules of all namespaces have to know of one another. */
export interface Neighbours {
  readonly inputs: NamespaceInputs;
  readonly dns: DnsForm;
  /** Pod, node and service ranges of the cluster, which constructs leave out of blocks of addresses. */
  readonly clusterRanges: readonly Cidr[];
  /** Statements that a construct at the other end has said already. */
  readonly mirrored: Set<Statement>;
}

/** Turns the statements of one namespace into constructs. Statements about incoming connections speak for both ends. */
export class RulesCode {
  private readonly rules: RuleCode[] = [];
  private readonly unsaid: Statement[] = [];
  private readonly isolated: Array<{ subject: Selector; direction: Direction }> = [];
  private readonly ids = new Set<string>();
  private readonly done = new Set<Statement>();

  public constructor(private readonly input: NamespaceInput, private readonly neighbours: Neighbours, private readonly place: Place) {}

  /** Marks what a rule of this namespace says at the other end too: to be called for every namespace before any is written. */
  public claimMirrors(): void {
    for (const statement of this.input.statements) {
      if (statement.direction !== 'ingress' || this.neighbours.mirrored.has(statement) || this.withinOf(statement) !== undefined) continue;
      const twin = this.twinOf(statement);
      if (twin !== undefined) this.neighbours.mirrored.add(twin);
    }
  }

  public write(): NamespaceRules {
    const allowDns = this.writeDns();
    for (const statement of this.input.statements) {
      if (this.done.has(statement) || this.neighbours.mirrored.has(statement)) continue;
      this.done.add(statement);
      this.writeStatement(statement);
    }
    return { rules: this.rules, unsaid: this.unsaid, allowDns, isolated: this.isolated };
  }

  private get statements(): readonly Statement[] {
    return this.input.statements;
  }

  private get subjects(): readonly Selector[] {
    return this.statements.map(({ subject }) => subject);
  }

  private writeStatement(statement: Statement): void {
    const { peer } = statement;
    const [term, ...more] = peer?.terms ?? [];
    if (more.length > 0 || (term?.kind !== 'pods' && term?.kind !== 'ipBlock')) {
      this.unsaid.push(statement);
      return;
    }
    if (term.kind === 'ipBlock') return this.writeBlocks(statement, term);
    const within = this.withinOf(statement);
    if (within !== undefined) {
      for (const each of within) this.done.add(each);
      const pods = subjectCode(statement.subject, this.place);
      this.put('AllowWithin', `within-${podWords(statement.subject, this.input.name)}`, statement, { pods }, within);
      return;
    }
    const other = this.otherEnd(statement.direction, term);
    if (other === undefined) {
      this.unsaid.push(statement);
      return;
    }
    const here = subjectCode(statement.subject, this.place);
    const [from, to] = statement.direction === 'ingress' ? [other.code, here] : [here, other.code];
    const opensMore = this.mirrorOpensMore(statement, term);
    this.put(other.construct, this.idOf(statement), statement, { from, to }, [statement], opensMore ? { reciprocal: 'false' } : {});
  }

  private otherEnd(direction: Direction, term: PodSet): { readonly construct: string; readonly code: Code } | undefined {
    const { namespaces, pods } = term;
    const isVariable = namespaces.kind === 'named' && (namespaces.name === this.input.name || this.place.denied(namespaces.name) !== undefined);
    if (direction === 'ingress' && pods.matchesEverything && !isVariable) return { construct: 'AllowFromNamespaces', code: namespacesCode(namespaces, this.place) };
    const code = peerCode(term, this.place);
    return code === undefined ? undefined : { construct: direction === 'ingress' ? 'AllowFromPods' : 'AllowToPods', code };
  }

  private put(
    construct: string, id: string, statement: Statement, ends: Readonly<Record<string, Code | undefined>>, said: readonly Statement[],
    more: Readonly<Record<string, Code>> = {},
  ): void {
    const { uses } = this.place;
    const by = [...new Set(said.flatMap((each) => each.by))];
    const policyName = sharesItsName(statement.subject, this.input.spokenOf) ? { policyName: text(`allow-${podWords(statement.subject, '')}-by-name`) } : {};
    const ports = portsCode(statement.ports, by.map(({ name }) => name).join(', '), uses);
    const props = object({ ...ends, ports, ...more, ...policyName });
    this.rules.push({ construct: uses.library(construct), id: this.freeId(id), props, by });
    for (const { subject, direction } of said) this.isolated.push({ subject, direction });
  }

  private idOf({ direction, subject, peer }: Statement): string {
    const [here, there] = [podWords(subject, this.input.name), peerWords(peer!, this.input.name)];
    return direction === 'ingress' ? `${there}-to-${here}` : `${here}-to-${there}`;
  }

  private freeId(id: string): string {
    let free = id;
    for (let number = 2; this.ids.has(free); number++) free = `${id}-${number}`;
    this.ids.add(free);
    return free;
  }

  // --- addresses

  /** Blocks of the same pods and ports share a construct, where no exception of one would cut another. */
  private writeBlocks(statement: Statement, block: IpBlock): void {
    const group: Array<{ readonly statement: Statement; readonly block: IpBlock }> = [{ statement, block }];
    for (const other of this.statements) {
      const [term] = other.peer?.terms ?? [];
      if (term?.kind !== 'ipBlock' || this.done.has(other) || other.direction !== statement.direction) continue;
      if (!other.subject.sameAs(statement.subject) || portsKey(other.ports) !== portsKey(statement.ports)) continue;
      if (!group.every((each) => keepApart(each.block, term) && keepApart(term, each.block))) continue;
      this.done.add(other);
      group.push({ statement: other, block: term });
    }
    const blocks = group.map((each) => each.block);
    const exceptions = [...new Set(blocks.flatMap(({ except }) => except.map(String)))];
    const here = subjectCode(statement.subject, this.place);
    this.put(statement.direction === 'ingress' ? 'AllowFromIpBlock' : 'AllowToIpBlock', this.idOf(statement), statement, {
      cidrs: list(blocks.map(({ cidr }) => text(cidr.toString()))),
      exceptions: exceptions.length === 0 ? undefined : list(exceptions.map(text)),
      includeCluster: blocks.some((each) => this.holdsCluster(each)) ? 'true' : undefined,
      [statement.direction === 'ingress' ? 'to' : 'from']: here,
    }, group.map((each) => each.statement));
  }

  private holdsCluster({ cidr, except }: IpBlock): boolean {
    return this.neighbours.clusterRanges.some((range) => cidr.overlaps(range) && !except.some((hole) => hole.contains(range)));
  }

  // --- DNS

  /** Folds DNS for every pod into the DefaultDenyNamespace; DNS for some pods is a construct of its own. */
  private writeDns(): boolean {
    const { dns } = this.neighbours;
    const isDenied = this.input.form.kind === 'denied';
    let allowDns = false;
    const subjects = new Map(this.subjects.map((subject) => [subject.key, subject]));
    for (const subject of [Selector.everything, ...[...subjects.values()].filter((each) => !each.matchesEverything)]) {
      if (sharesItsName(subject, this.input.spokenOf) || this.dnsOpensMore(subject)) continue;
      const said = dnsStatements(dns, this.statements, subject);
      const isFolded = subject.matchesEverything && isDenied;
      // where egress is open as a whole, DNS is open already, and still will be when it is closed
      if (isFolded && (said !== undefined || this.isOpen('egress'))) allowDns = true;
      if (said === undefined) continue;
      for (const each of said) this.done.add(each);
      this.isolated.push({ subject, direction: 'egress' });
      if (isFolded) continue;
      const by = [...new Set(said.flatMap((each) => each.by))];
      const id = this.freeId(`${podWords(subject, this.input.name)}-to-dns`);
      this.rules.push({ construct: this.place.uses.library('AllowToDns'), id, props: object({ from: subjectCode(subject, this.place) }), by });
    }
    return allowDns;
  }

  private isOpen(direction: Direction): boolean {
    return this.input.form.kind === 'denied' && this.input.form.stillOpen.includes(direction);
  }

  private dnsOpensMore(subject: Selector): boolean {
    const { dns } = this.neighbours;
    return dns.peers.some(({ terms: [term] }) => term?.kind === 'pods' && this.mirrorOpensMore({ direction: 'egress', subject, ports: dns.ports }, term));
  }

  // --- the other end

  /** What says that pods may talk to their own kind: in both directions, or in one where the other is open as a whole. */
  private withinOf(statement: Statement): readonly Statement[] | undefined {
    const { direction, subject, ports } = statement;
    if (!isPods(statement, this.input.name, subject)) return undefined;
    const back = this.statements.find((each) => each.direction !== direction && each.subject.sameAs(subject)
      && portsKey(each.ports) === portsKey(ports) && isPods(each, this.input.name, subject));
    if (back !== undefined) return [statement, back];
    return this.isOpen(direction === 'ingress' ? 'egress' : 'ingress') ? [statement] : undefined;
  }

  /** The statement at the other end that says just the same, where a construct here writes it there. */
  private twinOf(statement: Statement): Statement | undefined {
    const [term] = statement.peer?.terms ?? [];
    if (term?.kind !== 'pods' || term.namespaces.kind !== 'named' || this.otherEnd(statement.direction, term) === undefined) return undefined;
    const other = this.neighbours.inputs.get(term.namespaces.name);
    if (other?.form.kind !== 'denied' || this.mirrorOpensMore(statement, term)) return undefined;
    return other.statements.find((each) => each.direction !== statement.direction && each.subject.sameAs(term.pods)
      && portsKey(each.ports) === portsKey(statement.ports) && isPods(each, this.input.name, statement.subject));
  }

  /** Whether the rule that the library would write at the other end opens what is closed there, or collides with another. */
  private mirrorOpensMore({ direction, subject, ports }: Pick<Statement, 'direction' | 'subject' | 'ports'>, term: PodSet): boolean {
    const back: Direction = direction === 'ingress' ? 'egress' : 'ingress';
    const here = { namespace: this.input.name, labels: this.input.labels, pods: subject };
    return [...this.neighbours.inputs.values()].some(({ form, name, labels, statements, spokenOf }) => {
      // the library knows the namespace by its name; it will know its labels too once somebody writes them down
      if (form.kind !== 'denied' || !(inScope(term.namespaces, name, labels) || inScope(term.namespaces, name, {}))) return false;
      if (sharesItsName(term.pods, spokenOf)) return true;
      return !form.stillOpen.includes(back) && !isSaid(statements, { direction: back, subject: term.pods, ports }, here);
    });
  }
}

/** Whether the other end of a statement is these pods of a namespace. */
function isPods({ peer }: Statement, namespace: string, pods: Selector): boolean {
  const [term, ...more] = peer?.terms ?? [];
  return more.length === 0 && term?.kind === 'pods' && term.namespaces.kind === 'named' && term.namespaces.name === namespace && term.pods.sameAs(pods);
}

/** Whether the exceptions of one block leave another whole, or are its own too. */
function keepApart({ except }: IpBlock, other: IpBlock): boolean {
  return except.every((hole) => !hole.contains(other.cidr) && (!other.cidr.contains(hole) || other.except.some((own) => own.sameAs(hole))));
}
