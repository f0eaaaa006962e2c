import { EndpointJson, endpointText } from 'cdk8s-netpol/analysis';
import { codeCell } from '../../output';

/** One end of a row: an endpoint as it is, or all workloads of a namespace or of the cluster that fare alike. */
export type WideEnd =
  | { readonly kind: 'endpoint'; readonly endpoint: EndpointJson }
  | { readonly kind: 'namespace'; readonly namespace: string; readonly workloads: number }
  | { readonly kind: 'cluster'; readonly workloads: number };

/** Words for pictures and keys. */
export function endText(end: WideEnd): string {
  switch (end.kind) {
    case 'endpoint':
      return endpointText(end.endpoint);
    case 'namespace':
      return `every workload of ${end.namespace} (${end.workloads})`;
    case 'cluster':
      return `every workload (${end.workloads})`;
  }
}

export function endCell(end: WideEnd): string {
  return end.kind === 'namespace' ? `every workload of ${codeCell(end.namespace)} (${end.workloads})`
    : end.kind === 'cluster' ? endText(end) : codeCell(endpointText(end.endpoint));
}

/** The namespace that an end lies in; undefined for what is outside, and for the whole cluster. */
export function namespaceOf(end: WideEnd): string | undefined {
  if (end.kind === 'namespace') return end.namespace;
  return end.kind === 'endpoint' && (end.endpoint.kind === 'workload' || end.endpoint.kind === 'service') ? end.endpoint.namespace : undefined;
}

export function isOutside(end: WideEnd): boolean {
  return end.kind === 'endpoint' && (end.endpoint.kind === 'external' || end.endpoint.kind === 'fqdn');
}
