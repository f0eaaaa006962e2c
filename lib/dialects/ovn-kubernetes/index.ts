export * from './api';
export * from './read-egress-firewall';
