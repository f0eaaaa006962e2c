export * from './api';
export * from './read-fqdn';
export * from './read-network-logging';
export * from './write-fqdn';
