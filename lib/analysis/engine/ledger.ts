import { Decision } from '../../policy';
import { Condition } from './condition';
import { PortSet, PortSpace, PortSpan } from './port-space';

/** A condition and the ports for which it decides. */
export interface Note {
  readonly ports: PortSet;
  readonly condition: Condition;
}

/** What may happen to each port after some rules were asked; a port in two of the sets may go either way. */
export interface Outcome {
  readonly allow: PortSet;
  readonly deny: PortSet;
  /** Left the layer by a pass rule. */
  readonly pass: PortSet;
  /** Not decided. */
  readonly open: PortSet;
  /** Denied unless a later layer allows it, and nobody says whether one can. They count as not decided. */
  readonly deferred: PortSet;
  readonly notes: readonly Note[];
}

/** Asks rules one after the other: what a rule matches for certain is decided, what it may match is decided in some worlds. */
export class Ledger {
  public open: PortSet;
  private readonly sets: Record<Decision, PortSet>;
  private readonly notes: Note[] = [];
  private deferred: PortSet;

  public constructor(private readonly space: PortSpace, open: PortSet = space.all) {
    this.open = open;
    this.deferred = space.none;
    this.sets = { allow: space.none, deny: space.none, pass: space.none };
  }

  public take(action: Decision, span: PortSpan, conditions: readonly Condition[]): void {
    const { space } = this;
    const possible = space.and(this.open, span.possible);
    if (possible === space.none) return;
    const certain = space.and(this.open, span.certain);
    this.sets[action] = space.or(this.sets[action], possible);
    this.open = space.minus(this.open, certain);
    const unsure = space.minus(possible, certain);
    if (unsure !== space.none) this.note(unsure, conditions);
  }

  /** Denies what is left; whether a later layer may still allow it is not known. */
  public defer(span: PortSpan, conditions: readonly Condition[], unknown: Condition): void {
    const { space } = this;
    const possible = space.and(this.open, span.possible);
    // what may have left the layer before is not denied for certain
    const certain = space.minus(space.and(this.open, span.certain), this.sets.pass);
    this.sets.deny = space.or(this.sets.deny, possible);
    this.deferred = space.or(this.deferred, certain);
    if (certain !== space.none) this.note(certain, [unknown]);
    const unsure = space.minus(possible, certain);
    if (unsure !== space.none) this.note(unsure, conditions);
  }

  /** What several parts say, each decision of any of them before the next one. */
  public takeStrictest(parts: readonly Ledger[], order: readonly Decision[]): void {
    for (const action of order) {
      for (const part of parts) this.take(action, part.spanOf(action), part.notes.map(({ condition }) => condition));
    }
  }

  private spanOf(action: Decision): PortSpan {
    const { space, sets } = this;
    const others = (['allow', 'deny', 'pass'] as const).filter((other) => other !== action).reduce((sum, other) => space.or(sum, sets[other]), this.open);
    return { certain: space.minus(sets[action], others), possible: sets[action] };
  }

  /** Policies of equal order, asked apart: where they disagree, nobody says which holds. */
  public takeTied(ledgers: readonly Ledger[], tie: Condition): void {
    const { space } = this;
    const before = space.or(space.or(this.sets.allow, this.sets.deny), this.sets.pass);
    let open = this.open;
    const found: Record<Decision, PortSet> = { allow: space.none, deny: space.none, pass: space.none };
    for (const ledger of ledgers) {
      open = space.and(open, ledger.open);
      for (const action of ['allow', 'deny', 'pass'] as const) found[action] = space.or(found[action], ledger.sets[action]);
      this.notes.push(...ledger.notes);
    }
    const clash = space.or(space.or(space.and(found.allow, found.deny), space.and(found.allow, found.pass)), space.and(found.deny, found.pass));
    for (const action of ['allow', 'deny', 'pass'] as const) this.sets[action] = space.or(this.sets[action], found[action]);
    this.open = open;
    if (clash !== space.none && before !== space.all) this.note(clash, [tie]);
  }

  public outcome(): Outcome {
    const { sets: { allow, deny, pass }, open, deferred, notes } = this;
    return { allow, deny, pass, open, deferred, notes };
  }

  private note(ports: PortSet, conditions: readonly Condition[]): void {
    for (const condition of conditions) this.notes.push({ ports, condition });
  }
}
