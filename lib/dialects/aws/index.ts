export * from './api';
export * from './port-entries';
export * from './read-application';
export * from './read-cluster';
export * from './write';
