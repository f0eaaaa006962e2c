import { relative, sep } from 'node:path';
import { Origin, Policy } from 'cdk8s-netpol/policy';

/** A policy and where it stood: `web (shop/web.yaml:3)`. */
export function originText({ name, origin }: Policy): string {
  return origin?.file === undefined ? name : `${name} (${placeText(origin)})`;
}

/** Relative to where one stands, the end of the path elsewhere: code must not tell on whose machine it was made. */
export function placeText({ file = 'the input', line }: Origin): string {
  const path = relative('.', file);
  const short = file.startsWith('<') ? [file] : path.startsWith('..') ? file.split(/[\\/]/).slice(-2) : path.split(sep);
  return `${short.join('/')}${line === undefined ? '' : `:${line}`}`;
}
