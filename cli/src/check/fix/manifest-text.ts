import { ObjectName } from 'cdk8s-netpol/analysis';
import { Document, isMap, isScalar, isSeq, parseAllDocuments, YAMLMap } from 'yaml';

/** A file as text with the places of its nodes: what is edited is a part of the text, so that everything else stays as it is. */
export class ManifestText {
  private readonly documents: readonly Document[];
  public readonly lineBreak: string;

  public constructor(public readonly text: string) {
    this.lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
    const parsed = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' });
    this.documents = Array.isArray(parsed) ? parsed as Document[] : [];
  }

  /** The values, to see what an edit has changed. */
  public get values(): readonly unknown[] {
    return this.documents.map((document) => document.toJS() as unknown);
  }

  public get isReadable(): boolean {
    return this.documents.length > 0 && this.documents.every(({ errors }) => errors.length === 0);
  }

  /** The one object of that name, in a document of its own or in a List; undefined where there are several. */
  public object(name: ObjectName): { readonly node: YAMLMap; readonly path: ReadonlyArray<string | number> } | undefined {
    const found = this.documents.flatMap((document, index) => [...objectsOf(document.contents, [index])]).filter(({ node }) => isNamed(node, name));
    return found.length === 1 ? found[0] : undefined;
  }

  /** The column at which a place stands, from 0. */
  public columnOf(offset: number): number {
    return offset - (this.text.lastIndexOf('\n', offset - 1) + 1);
  }

  /** Where the line of a place ends. */
  public endOfLine(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    if (end < 0) return this.text.length;
    return this.text[end - 1] === '\r' ? end - 1 : end;
  }
}

function* objectsOf(node: unknown, path: ReadonlyArray<string | number>): Generator<{ node: YAMLMap; path: ReadonlyArray<string | number> }> {
  if (!isMap(node)) return;
  const items = node.get('items', true);
  if (!isSeq(items)) {
    yield { node, path };
    return;
  }
  for (const [index, item] of items.items.entries()) yield* objectsOf(item, [...path, 'items', index]);
}

function isNamed(node: YAMLMap, { kind, name, namespace = 'default' }: ObjectName): boolean {
  const text = (...path: string[]): unknown => {
    const found = node.getIn(path, true);
    return isScalar(found) ? found.value : undefined;
  };
  return text('kind') === kind && text('metadata', 'name') === name && (text('metadata', 'namespace') ?? 'default') === namespace;
}
