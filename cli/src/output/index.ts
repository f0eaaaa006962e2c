export { csv } from './csv';
export { dot } from './dot';
export { type Edge } from './graph';
export { json, SCHEMA_VERSION } from './json';
export { junit, type JunitCase } from './junit';
export { codeCell, codeSpan, escapeMarkdown, markdown, sentence } from './markdown';
export { mermaid } from './mermaid';
export { type Sheet, withoutEmptyColumns } from './sheet';
export { table } from './table';
