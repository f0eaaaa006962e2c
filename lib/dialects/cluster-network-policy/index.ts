export { API_VERSION, KIND, readClusterNetworkPolicy } from './read';
export * from './write';
