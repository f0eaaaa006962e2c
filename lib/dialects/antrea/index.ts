export * from './api';
export * from './read-group';
export * from './read-policy';
export * from './read-tier';
export * from './readers';
