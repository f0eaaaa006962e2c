import { isIP } from 'node:net';
import { Cidr, PolicyError } from 'cdk8s-netpol/policy';
import { InputError } from '../../input';
import { ObservedProtocol } from '../observation';
import { Fields, fieldsOf, portOf, textOf } from '../sources/fields';
import { timeOf } from '../timestamps';

const PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'SCTP'];

/** One inventory as it lies in a file. What is not as it should be ends its reading, with the place. */
export class InventoryDocument {
  public constructor(private readonly file: string) {}

  public mapping(value: unknown, path: string): Fields {
    return fieldsOf(value) ?? this.refuse(path, 'is no object');
  }

  /** Nothing is a list of nothing. */
  public list(value: unknown, path: string): readonly unknown[] {
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value as unknown[] : this.refuse(path, 'is no list');
  }

  public each<T>(value: unknown, path: string, read: (item: unknown, path: string) => T): readonly T[] {
    return this.list(value, path).map((item, index) => read(item, `${path}[${index}]`));
  }

  public text(value: unknown, path: string): string {
    return textOf(value) ?? this.refuse(path, 'is missing. Instead: text');
  }

  public address(value: unknown, path: string): string {
    const text = this.text(value, path);
    return isIP(text) === 0 ? this.refuse(path, `"${text}" is no address`) : text;
  }

  public cidr(value: unknown, path: string): Cidr {
    try {
      return Cidr.parse(this.text(value, path));
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return this.refuse(path, error.message);
    }
  }

  public port(value: unknown, path: string): number {
    return portOf(value) ?? this.refuse(path, 'is no port. Instead: 1 to 65535');
  }

  public protocol(value: unknown, path: string): ObservedProtocol | undefined {
    if (value === undefined || value === null) return undefined;
    const protocol = this.text(value, path);
    return PROTOCOLS.includes(protocol) ? protocol as ObservedProtocol : this.refuse(path, `"${protocol}" is unknown. Instead: ${PROTOCOLS.join(', ')}`);
  }

  /** Milliseconds; null where there is none. */
  public time(value: unknown, path: string): number | null {
    if (value === undefined || value === null) return null;
    return (typeof value === 'string' ? timeOf(value) : undefined) ?? this.refuse(path, `${JSON.stringify(value)} is no time. Instead: RFC 3339, such as 2026-09-01T10:00:00Z`);
  }

  public refuse(path: string, reason: string): never {
    throw new InputError([{ place: { file: this.file }, reason: `${path === '' ? 'the document' : path} ${reason}` }]);
  }
}
