import { CONNECTION, Waiver, WaiverKind } from '../../config/gate-config';
import { matchesPattern } from '../../name-pattern';
import { JudgedConnection } from '../coverage/coverage';
import { observedPortText, peerText } from '../peer-text';

/** Waivers that hold today, and which of them were needed. */
export class Waivers {
  private readonly needed = new Set<Waiver>();
  private readonly holding: readonly Waiver[];

  public constructor(all: readonly Waiver[], today: string) {
    this.holding = all.filter(({ until }) => until >= today);
  }

  public get used(): readonly Waiver[] {
    return this.holding.filter((each) => this.needed.has(each));
  }

  /** Whether a waiver covers it; of several the one that holds longest. */
  public covers(kind: Exclude<WaiverKind, 'connection'>, name: string): boolean {
    return this.use(this.holding.filter((each) => each.kind === kind && matchesPattern(each.subject, name)));
  }

  public coversConnection(connection: Pick<JudgedConnection, 'src' | 'dst' | 'port' | 'protocol'>): boolean {
    const [src, dst, port] = [peerText(connection.src), peerText(connection.dst), observedPortText(connection.port, connection.protocol)];
    return this.use(this.holding.filter(({ kind, subject }) => {
      const [, from = '', to = '', on = ''] = (kind === 'connection' ? CONNECTION.exec(subject) : undefined) ?? [];
      return from !== '' && matchesPattern(from, src) && matchesPattern(to, dst) && matchesPattern(on, port);
    }));
  }

  private use(found: readonly Waiver[]): boolean {
    const [longest] = [...found].sort((a, b) => (a.until < b.until ? 1 : -1));
    if (longest !== undefined) this.needed.add(longest);
    return longest !== undefined;
  }
}
