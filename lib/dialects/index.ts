export * from './document';
export * from './label-selector';
export * as kubernetes from './kubernetes';
