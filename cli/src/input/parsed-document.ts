import { SourceDocument } from './source-document';

/** A document's value, and the text that it came from. */
export interface ParsedDocument {
  readonly value: unknown;
  readonly source: SourceDocument;
}
