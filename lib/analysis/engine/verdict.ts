import { Condition, distinctConditions } from './condition';
import { Note, Outcome } from './ledger';
import { PortSet, PortSpace } from './port-space';

/** What one direction says after all layers: a port in both sets may go either way. */
export interface DirectionVerdict {
  readonly allow: PortSet;
  readonly deny: PortSet;
  readonly notes: readonly Note[];
}

/** What both directions say together. The ports in neither set are denied. */
export interface PairVerdict {
  readonly allowed: PortSet;
  readonly depends: PortSet;
  /** What the ports of `depends` depend on: those of TCP, UDP and SCTP, where some of them do. */
  readonly conditions: readonly Condition[];
}

/** The layers in order; what none of them decides is allowed. */
export function chain(outcomes: readonly Outcome[], space: PortSpace): DirectionVerdict {
  let [allow, deny, open, deferred] = [space.none, space.none, space.all, space.none];
  const notes: Note[] = [];
  for (const outcome of outcomes) {
    allow = space.or(allow, space.and(open, outcome.allow));
    deny = space.or(deny, space.and(open, outcome.deny));
    for (const note of outcome.notes) notes.push({ ports: space.and(open, note.ports), condition: note.condition });
    deferred = space.or(deferred, space.and(open, outcome.deferred));
    open = space.and(open, space.or(outcome.open, outcome.pass));
  }
  return { allow: space.or(allow, space.minus(open, deferred)), deny, notes };
}

/** Egress of the source and ingress of the destination must both allow. */
export function both(egress: DirectionVerdict, ingress: DirectionVerdict, space: PortSpace): PairVerdict {
  const mayAllow = space.and(egress.allow, ingress.allow);
  const mayDeny = space.or(egress.deny, ingress.deny);
  const depends = space.and(mayAllow, mayDeny);
  const numbered = space.and(depends, space.transport);
  const told = numbered === space.none ? depends : numbered;
  return {
    allowed: space.minus(mayAllow, mayDeny),
    depends,
    conditions: told === space.none ? [] : conditionsFor(told, [...egress.notes, ...ingress.notes], space),
  };
}

export function conditionsFor(ports: PortSet, notes: readonly Note[], space: PortSpace): readonly Condition[] {
  return distinctConditions(notes.filter((note) => space.and(note.ports, ports) !== space.none).map(({ condition }) => condition));
}
