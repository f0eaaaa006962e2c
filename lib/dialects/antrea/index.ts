export * from './api';
export * from './read-group';
export * from './read-policy';
export * from './read-tier';
export * from './readers';
export * from './write';
export * from './write-group';
export * from './write-tier';
