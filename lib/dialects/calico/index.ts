export * from './api';
export * from './read-policy';
export * from './read-tier';
export * from './readers';
export { parseSelector } from './selector-parser';
export * from './write';
export * from './write-tier';
