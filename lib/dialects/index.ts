export * as aws from './aws';
export * from './document';
export * as gke from './gke';
export * from './label-selector';
export * from './readers';
export * as cilium from './cilium';
export * as kubernetes from './kubernetes';
export * as ovnKubernetes from './ovn-kubernetes';
