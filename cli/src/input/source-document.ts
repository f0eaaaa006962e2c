import { Origin } from 'cdk8s-netpol/policy';
import { InputProblem, Place } from './input-problem';
import { locateJson } from './locate-json';
import { locateYaml } from './locate-yaml';
import { sourceFrame } from './source-frame';
import { lineAt, lineOf, positionOf, TextPosition } from './text-position';

/** A document as text: enough to tell later where one of its fields stands. Nothing is located before somebody asks. */
export class SourceDocument {
  /** @param parsed the text as it was parsed, where some of its lines had to be indented more */
  public constructor(
    public readonly file: string,
    private readonly text: string,
    private readonly linesBefore: number,
    private readonly format: 'yaml' | 'json',
    private readonly parsed = text,
  ) {}

  /** The place of an offset in the text that was parsed. */
  public positionOf(offset: number): TextPosition {
    const { line, column } = positionOf(this.text, this.original(offset));
    return { line: line + this.linesBefore, column };
  }

  /** The place of a field, or of the nearest thing around it that is there. */
  public locate(path: string): TextPosition {
    return this.positionOf(this.offsetOf(path));
  }

  public problemAt(offset: number, reason: string): InputProblem {
    const position = this.positionOf(offset);
    return { place: { file: this.file, ...position }, reason, frame: sourceFrame(this.text, this.original(offset), position.line) };
  }

  public problemIn(path: string, reason: string): InputProblem {
    return this.problemAt(this.offsetOf(path), reason);
  }

  private offsetOf(path: string): number {
    return this.format === 'json' ? locateJson(this.text, path) : locateYaml(this.parsed, path);
  }

  /** The offset in the text as it was written. */
  private original(offset: number): number {
    if (this.parsed === this.text) return offset;
    const { line, column } = positionOf(this.parsed, offset);
    const [added, written] = [lineOf(this.parsed, offset), lineAt(this.text, line)];
    const shift = (added.end - added.start) - (written.end - written.start);
    return written.start + Math.max(0, column - 1 - shift);
  }
}

/** Where an object of the input stands. */
export interface InputOrigin extends Origin {
  readonly file: string;
  /** The place of a field of the object, as far as there are lines. */
  at(path: string): Place;
  problemIn(path: string, reason: string): InputProblem;
}

/** An object in a file. Line and column are worked out when they are read. */
export class ObjectOrigin implements InputOrigin {
  private position?: TextPosition;

  /** @param prefix the path of the object in its document: empty, or `items[3]` within a List */
  public constructor(private readonly document: SourceDocument, private readonly prefix = '') {}

  public get file(): string {
    return this.document.file;
  }

  public get line(): number {
    return this.place.line;
  }

  public get column(): number {
    return this.place.column;
  }

  /** The place of a field of the object. */
  public at(path: string): Required<Place> {
    return { file: this.file, ...this.document.locate(this.inDocument(path)) };
  }

  public problemIn(path: string, reason: string): InputProblem {
    return this.document.problemIn(this.inDocument(path), reason);
  }

  /** The getters are no properties of their own: without this, JSON would have nothing of them. */
  public toJSON(): Origin {
    return { file: this.file, line: this.line, column: this.column };
  }

  private get place(): TextPosition {
    return (this.position ??= this.document.locate(this.prefix));
  }

  private inDocument(path: string): string {
    return path === '' ? this.prefix : this.prefix === '' ? path : `${this.prefix}.${path}`;
  }
}
