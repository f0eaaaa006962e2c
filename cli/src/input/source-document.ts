import { Origin } from 'cdk8s-netpol/policy';
import { InputProblem, Place } from './input-problem';
import { locateJson } from './locate-json';
import { locateYaml } from './locate-yaml';
import { sourceFrame } from './source-frame';
import { positionOf, TextPosition } from './text-position';

/** A document as text: enough to tell later where one of its fields stands. Nothing is located before somebody asks. */
export class SourceDocument {
  public constructor(
    public readonly file: string,
    private readonly text: string,
    private readonly linesBefore: number,
    private readonly format: 'yaml' | 'json',
  ) {}

  /** The place of an offset in the document's text. */
  public positionOf(offset: number): TextPosition {
    const { line, column } = positionOf(this.text, offset);
    return { line: line + this.linesBefore, column };
  }

  /** The place of a field, or of the nearest thing around it that is there. */
  public locate(path: string): TextPosition {
    return this.positionOf(this.offsetOf(path));
  }

  public problemAt(offset: number, reason: string): InputProblem {
    const position = this.positionOf(offset);
    return { place: { file: this.file, ...position }, reason, frame: sourceFrame(this.text, offset, position.line) };
  }

  public problemIn(path: string, reason: string): InputProblem {
    return this.problemAt(this.offsetOf(path), reason);
  }

  private offsetOf(path: string): number {
    return this.format === 'json' ? locateJson(this.text, path) : locateYaml(this.text, path);
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
