export * as antrea from './antrea';
export * as aws from './aws';
export * from './document';
export * from './label-selector';
export * from './readers';
export * as cilium from './cilium';
export * as kubernetes from './kubernetes';
