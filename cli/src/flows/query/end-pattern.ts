import { Cidr, tryParseAddress } from 'cdk8s-netpol/policy';
import { UsageError } from '../../usage-error';

/** An end of a connection as it is asked for. Names may have `*` for any text. */
export type EndPattern =
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'workload'; readonly namespace: string; readonly name: string; readonly workload?: string }
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'block'; readonly block: Cidr }
  | { readonly kind: 'domain'; readonly name: string }
  | { readonly kind: 'entity'; readonly entity: string; readonly name?: string };

const INSTEAD = 'NAMESPACE, NAMESPACE/NAME, svc/NAMESPACE/NAME, an IP address, a CIDR, a domain name, or an entity such as {host}';
const NAMESPACE = '[a-z0-9*](?:[-a-z0-9*]*[a-z0-9*])?';
const NAME = '[a-z0-9*](?:[-a-z0-9.*]*[a-z0-9*])?';
const ENTITY = /^\{([-a-z0-9*]+)(?: ([^{}]+))?\}$/;
const SERVICE = new RegExp(`^svc/(${NAMESPACE})/(${NAME})$`);
const WORKLOAD = new RegExp(`^(${NAMESPACE})/(${NAME})(?:\\[([A-Za-z]+)\\])?$`);
const ONLY_NAMESPACE = new RegExp(`^${NAMESPACE}$`);
/** A namespace has no dot, and a domain name outside of the cluster has one. */
const DOMAIN = /^(?=.*\.)[a-z0-9_*](?:[-a-z0-9_.*]*[a-z0-9_*])?\.?$/i;
/** Nothing but an address, or one that is mistyped: as a domain name it would quietly be found nowhere. */
const ADDRESS = /^(?:[\d.*]*\.[\d.*]*|[0-9a-f.]*:[0-9a-f:.]*)(?:\/.*)?$/i;

/** @throws UsageError where the text is none, PolicyError where it is an address that cannot be */
export function endPattern(text: string): EndPattern {
  if (tryParseAddress(text) !== undefined) return { kind: 'block', block: Cidr.host(text) };
  if (ADDRESS.test(text)) return { kind: 'block', block: text.includes('/') ? Cidr.parse(text) : Cidr.host(text) };
  const [, entity, entityName] = ENTITY.exec(text) ?? [];
  if (entity !== undefined) return { kind: 'entity', entity, ...(entityName === undefined ? {} : { name: entityName }) };
  const [, ofService, service] = SERVICE.exec(text) ?? [];
  if (ofService !== undefined && service !== undefined) return { kind: 'service', namespace: ofService, name: service };
  const [, namespace, name, workload] = WORKLOAD.exec(text) ?? [];
  if (namespace !== undefined && name !== undefined) return { kind: 'workload', namespace, name, ...(workload === undefined ? {} : { workload }) };
  if (ONLY_NAMESPACE.test(text)) return { kind: 'namespace', namespace: text };
  if (DOMAIN.test(text)) return { kind: 'domain', name: text.toLowerCase().replace(/\.$/, '') };
  throw new UsageError(`"${text}" is not an end of a connection. Instead: ${INSTEAD}`);
}
