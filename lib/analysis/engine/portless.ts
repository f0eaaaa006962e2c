import { ProtocolMatch } from '../../policy';

/** Packets without ports that no rule tells apart: of one protocol, one ICMP type, one code; or all those that no rule names. */
export class PortlessPiece {
  public constructor(
    /** Undefined: every protocol that is not named. */
    private readonly number?: number,
    /** Undefined: every type that is not named. */
    private readonly icmpType?: number,
    private readonly icmpCode?: number,
    private readonly named: readonly ProtocolMatch[] = [],
  ) {}

  /** Whether a rule's entry holds all of the piece; it holds all or nothing. */
  public isIn({ number, icmpType, icmpCode }: ProtocolMatch): boolean {
    return number === this.number
      && (icmpType === undefined || icmpType === this.icmpType)
      && (icmpCode === undefined || icmpCode === this.icmpCode);
  }

  /** Whether a packet of this kind may be in the piece; what was not asked for may be anything. */
  public mayBe(number?: number, icmpType?: number, icmpCode?: number): boolean {
    if (number === undefined) return true;
    if (this.number === undefined) return !this.named.some((match) => match.number === number);
    if (this.number !== number) return false;
    const own = this.named.filter((match) => match.number === number);
    if (icmpType === undefined) return true;
    if (this.icmpType === undefined) return !own.some((match) => match.icmpType === icmpType);
    if (this.icmpType !== icmpType) return false;
    if (icmpCode === undefined) return true;
    if (this.icmpCode === undefined) return !own.some((match) => match.icmpType === icmpType && match.icmpCode === icmpCode);
    return this.icmpCode === icmpCode;
  }
}

/** All packets without ports, cut where rules name protocols, types and codes. */
export function portlessPieces(named: readonly ProtocolMatch[]): PortlessPiece[] {
  const pieces = [new PortlessPiece(undefined, undefined, undefined, named)];
  const numbers = distinct(named.map(({ number }) => number));
  for (const number of numbers) {
    const own = named.filter((match) => match.number === number);
    pieces.push(new PortlessPiece(number, undefined, undefined, named));
    for (const icmpType of distinct(own.map((match) => match.icmpType))) {
      const codes = distinct(own.filter((match) => match.icmpType === icmpType).map(({ icmpCode }) => icmpCode));
      pieces.push(new PortlessPiece(number, icmpType, undefined, named), ...codes.map((code) => new PortlessPiece(number, icmpType, code, named)));
    }
  }
  return pieces;
}

function distinct(values: ReadonlyArray<number | undefined>): number[] {
  return [...new Set(values)].filter((value) => value !== undefined).sort((a, b) => a - b);
}
