import { PortsJson } from './engine/port-space';

const WHOLE = { SCTP: 'all', TCP: 'all', UDP: 'all', OTHER: 'all' } as const;

/** Ports as output writes them, for comparing answers about two clusters. */
export class PortRanges {
  public static readonly none = new PortRanges(new Map());

  public static of(ports: PortsJson): PortRanges {
    const byProtocol = new Map<string, ReadonlyArray<readonly [number, number]>>();
    for (const [protocol, text] of Object.entries(ports === 'all' ? WHOLE : ports)) byProtocol.set(protocol, rangesOf(text));
    return new PortRanges(byProtocol);
  }

  private constructor(private readonly byProtocol: ReadonlyMap<string, ReadonlyArray<readonly [number, number]>>) {}

  public or(other: PortRanges): PortRanges {
    const joined = new Map(this.byProtocol);
    for (const [protocol, ranges] of other.byProtocol) joined.set(protocol, joinRanges([...(joined.get(protocol) ?? []), ...ranges]));
    return new PortRanges(joined);
  }

  /** Whether every port of this is in the other. */
  public within(other: PortRanges): boolean {
    return [...this.byProtocol].every(([protocol, ranges]) => {
      const wider = other.byProtocol.get(protocol) ?? [];
      return ranges.every(([first, last]) => wider.some(([from, to]) => from <= first && last <= to));
    });
  }
}

function rangesOf(text: string): ReadonlyArray<readonly [number, number]> {
  if (text === 'all') return [[0, 65535]];
  return joinRanges(text.split(',').map((part) => {
    const [first, last] = part.split('-').map(Number) as [number, number | undefined];
    return [first === 1 ? 0 : first, last ?? first] as const;
  }));
}

function joinRanges(ranges: ReadonlyArray<readonly [number, number]>): ReadonlyArray<readonly [number, number]> {
  const joined: Array<[number, number]> = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const run = joined.at(-1);
    if (run !== undefined && first <= run[1] + 1) run[1] = Math.max(run[1], last);
    else joined.push([first, last]);
  }
  return joined;
}
