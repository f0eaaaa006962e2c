import {
  anyOf, Cidr, everyNamespace, IpBlock, LabelExpression, locate, namedNamespace, NamespaceScope, not, Peer, PeerTerm, Selector, tryParseAddress,
} from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { OF_ENDPOINTS, readRuleScope, readServiceAccountSelector, serviceAccountNamed } from './scope';
import { parseSelector } from './selector-parser';

/** The fields of `source` and `destination`. https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#entityrule */
export const ENTITY_FIELDS = ['nets', 'notNets', 'selector', 'notSelector', 'namespaceSelector', 'ports', 'notPorts', 'serviceAccounts', 'services'];

export type Entity = Readonly<Record<string, unknown>>;

/** Who one end of a rule may be; undefined for everybody. All fields hold at once. */
export function readEntity(
  reader: DocumentReader, entity: Entity, path: FieldPath, namespace: string | undefined, ipVersion: 4 | 6 | undefined,
): readonly Peer[] | undefined {
  const service = readService(reader, entity.services, `${path}.services`, namespace);
  if (service !== undefined) return withService(entity, path, service);
  const notLabels = optionalText(reader, entity.notSelector, `${path}.notSelector`);
  const labelled = readLabelled(reader, entity, path, namespace, notLabels !== undefined);
  const { nets, exceptions } = readNets(reader, entity, path, ipVersion);
  const terms: PeerTerm[] = [...(labelled === undefined ? [] : [labelled])];
  if (notLabels !== undefined) {
    const labels = Selector.expression(parseSelector(notLabels, `${path}.notSelector`, OF_ENDPOINTS));
    terms.push(not({ kind: 'labelled', namespaces: everyNamespace, labels }));
  }
  terms.push(...exceptions.map(not));
  if (nets === undefined) return terms.length === 0 ? undefined : [{ terms }];
  // nets alone are a plain list of blocks
  if (terms.length === 0 || nets.length === 0) return nets.map((term) => ({ terms: [term] }));
  return [{ terms: [anyOf(nets), ...terms] }];
}

/**
 * What the selectors of an end take, together: as soon as there is one (`notSelector` counts), a namespaced policy speaks only of
 * its own namespace, or of those that `namespaceSelector` names. That takes away every address that is in no set.
 * @see https://github.com/projectcalico/calico/blob/master/libcalico-go/lib/backend/syncersv1/updateprocessors/rules.go
 */
function readLabelled(reader: DocumentReader, entity: Entity, path: FieldPath, namespace: string | undefined, hasNot: boolean): PeerTerm | undefined {
  const labels = optionalText(reader, entity.selector, `${path}.selector`);
  const namespaces = optionalText(reader, entity.namespaceSelector, `${path}.namespaceSelector`);
  const accounts = readServiceAccounts(reader, entity.serviceAccounts, `${path}.serviceAccounts`);
  const isSelected = labels !== undefined || namespaces !== undefined || accounts.length > 0;
  if (!isSelected && (namespace === undefined || !hasNot)) return undefined;
  const own = labels === undefined ? [] : [parseSelector(labels, `${path}.selector`, OF_ENDPOINTS)];
  return {
    kind: 'labelled',
    namespaces: scopeOf(namespaces, `${path}.namespaceSelector`, namespace),
    labels: Selector.expression({ kind: 'and', of: [...own, ...accounts] }),
  };
}

function scopeOf(namespaces: string | undefined, path: FieldPath, namespace: string | undefined): NamespaceScope {
  if (namespaces !== undefined) return readRuleScope(namespaces, path);
  return namespace === undefined ? everyNamespace : namedNamespace(namespace);
}

function readServiceAccounts(reader: DocumentReader, value: unknown, path: FieldPath): LabelExpression[] {
  const accounts = reader.object(value, path, ['names', 'selector']);
  const names = reader.strings(accounts.names, `${path}.names`) ?? [];
  const selector = optionalText(reader, accounts.selector, `${path}.selector`);
  return [
    ...(names.length > 0 ? [serviceAccountNamed(names)] : []),
    ...(selector === undefined ? [] : [readServiceAccountSelector(selector, `${path}.selector`)]),
  ];
}

interface Nets {
  readonly nets: readonly IpBlock[] | undefined;
  readonly exceptions: readonly IpBlock[];
}

function readNets(reader: DocumentReader, entity: Entity, path: FieldPath, ipVersion: 4 | 6 | undefined): Nets {
  const nets = readBlocks(reader, entity.nets, `${path}.nets`);
  const notNets = readBlocks(reader, entity.notNets, `${path}.notNets`);
  const [only, ...more] = nets;
  // one block without parts of it is what other APIs call exceptions
  const isSingle = only !== undefined && more.length === 0 && ipVersion === undefined;
  if (isSingle && notNets.length > 0 && notNets.every((hole) => only.contains(hole) && !only.sameAs(hole))) {
    return { nets: [{ kind: 'ipBlock', cidr: only, except: distinct(notNets) }], exceptions: [] };
  }
  const inFamily = ipVersion === undefined ? nets : (nets.length === 0 ? [Cidr.all(ipVersion)] : nets).filter(({ family }) => family === ipVersion);
  const hasNets = nets.length > 0 || ipVersion !== undefined;
  return { nets: hasNets ? distinct(inFamily).map(block) : undefined, exceptions: distinct(notNets).map(block) };
}

/** Blocks, or single addresses without a prefix length. */
export function readBlocks(reader: DocumentReader, value: unknown, path: FieldPath): Cidr[] {
  return (reader.strings(value, path) ?? []).map((text, index) => {
    const at = `${path}[${index}]`;
    const cidr = locate(at, () => (text.includes('/') || tryParseAddress(text) === undefined ? Cidr.lenient(text) : Cidr.host(text)));
    if (text.includes('/') && locate(at, () => Cidr.host(text.slice(0, text.indexOf('/')))).first !== cidr.first) {
      reader.note('host-bits', at, `"${text}" has host bits set; it means the network ${cidr.toString()}`);
    }
    return cidr;
  });
}

function block(cidr: Cidr): IpBlock {
  return { kind: 'ipBlock', cidr, except: [] };
}

function distinct(cidrs: readonly Cidr[]): readonly Cidr[] {
  const byText = new Map(cidrs.map((cidr) => [cidr.toString(), cidr]));
  return [...byText.keys()].sort().map((text) => byText.get(text)!);
}

function readService(reader: DocumentReader, value: unknown, path: FieldPath, namespace: string | undefined): PeerTerm | undefined {
  if (value === undefined || value === null) return undefined;
  const service = reader.object(value, path, ['name', 'namespace']);
  const name = reader.string(service.name, `${path}.name`);
  const of = optionalText(reader, service.namespace, `${path}.namespace`) ?? namespace;
  if (name === '') throw wrong(name, `${path}.name`, 'names no Service', 'the name of a Service');
  if (of === undefined) throw wrong(value, path, 'names a Service without its namespace in a policy that has none', 'namespace: where the Service is');
  return { kind: 'service', namespace: of, name };
}

/** The API refuses most fields beside a Service. */
function withService(entity: Entity, path: FieldPath, service: PeerTerm): readonly Peer[] {
  for (const field of ['nets', 'notNets', 'selector', 'notSelector', 'namespaceSelector', 'serviceAccounts', 'ports', 'notPorts']) {
    if (!isEmpty(entity[field])) throw wrong(entity[field], `${path}.${field}`, 'stands beside services, which the API refuses', 'two rules');
  }
  return [{ terms: [service] }];
}

/** Left out, null and empty are the same to Calico. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

export function optionalText(reader: DocumentReader, value: unknown, path: FieldPath): string | undefined {
  return isEmpty(value) && !Array.isArray(value) ? undefined : reader.string(value, path);
}
