export * from './inventory';
export * from './read-inventory';
export { type Json } from './json';
