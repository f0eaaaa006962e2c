import { LabelSelectorSpec, Selector } from '../policy';
import { blocksText } from './blocks-text';
import { Condition } from './engine/condition';
import { PortsJson } from './engine/port-space';

/** One end of a connection, as output names it. */
export type EndpointJson =
  | { readonly kind: 'workload'; readonly namespace: string; readonly name: string; readonly workload: string; readonly pods?: readonly string[] }
  | { readonly kind: 'external'; readonly cidrs: readonly string[] }
  | { readonly kind: 'entity'; readonly entity: string }
  | { readonly kind: 'nodes'; readonly nodes: readonly string[] }
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'fqdn'; readonly fqdn: string }
  | { readonly kind: 'cluster' }
  | { readonly kind: 'selector'; readonly namespaceSelector: LabelSelectorSpec; readonly podSelector: LabelSelectorSpec };

/** Ports that one end may open connections to at the other. With conditions the answer is `depends`, not `allowed`. */
export interface Connection {
  readonly source: EndpointJson;
  readonly destination: EndpointJson;
  readonly ports: PortsJson;
  readonly conditions: readonly Condition[];
}

/** The text of an endpoint in tables and messages. */
export function endpointText(endpoint: EndpointJson): string {
  switch (endpoint.kind) {
    case 'workload':
      return `${endpoint.namespace}/${endpoint.name}[${endpoint.workload}]${endpoint.pods === undefined ? '' : `(${endpoint.pods.join(',')})`}`;
    case 'external':
      return blocksText(endpoint.cidrs);
    case 'entity':
      return `{${endpoint.entity}}`;
    case 'nodes':
      return `nodes ${endpoint.nodes.join(',')}`;
    case 'service':
      return `svc/${endpoint.namespace}/${endpoint.name}`;
    case 'fqdn':
      return endpoint.fqdn;
    case 'cluster':
      return 'any pod';
    case 'selector':
      return `any pod ${Selector.of(endpoint.podSelector).toString()} in namespaces ${Selector.of(endpoint.namespaceSelector).toString()}`;
  }
}

/** The text of ports: `all`, or `TCP 80,443-445; UDP all`. */
export function portsText(ports: PortsJson): string {
  return ports === 'all' ? 'all' : Object.entries(ports).map(([protocol, numbers]) => `${protocol} ${numbers}`).join('; ');
}
