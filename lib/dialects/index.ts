export * as aws from './aws';
export * as calico from './calico';
export * as clusterNetworkPolicy from './cluster-network-policy';
export * from './document';
export * from './label-selector';
export * from './readers';
export * as cilium from './cilium';
export * as kubernetes from './kubernetes';
