/**
 * Values of this library are told by a registered symbol, never by `instanceof`: an app may hold several copies of it, for
 * example one of a shared package and one of its own.
 */
export type Brand = 'Cni' | 'Dns' | 'Monitoring' | 'IngressController' | 'Mesh' | 'ClusterProfile';

export function brand(value: object, as: Brand): void {
  Object.defineProperty(value, symbolOf(as), { value: true });
}

export function isBranded(value: unknown, as: Brand): boolean {
  return typeof value === 'object' && value !== null && symbolOf(as) in value;
}

function symbolOf(as: Brand): symbol {
  return Symbol.for(`cdk8s-netpol.${as}`);
}
