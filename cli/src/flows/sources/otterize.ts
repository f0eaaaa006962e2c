import { isIP } from 'node:net';
import { ExternalPeer, Observation, ObservedPeer } from '../observation';
import { Fields, fieldsOf, listOf, portOf, textOf } from './fields';
import { FlowSource, Reading, skipped } from './flow-source';
import { otterizeObservation, otterizePeer } from './otterize-service';

/** One target of a client, with the intents that it is from. */
interface OtterizeTarget {
  readonly intents: unknown;
  readonly target: unknown;
}

const CLIENT_INTENTS = 'ClientIntents';
const API = /"apiVersion"\s*:\s*"k8s\.otterize\.com\//;
const KIND = /"kind"\s*:\s*"ClientIntents"/;
/** Resources of a cloud, and databases by what Otterize calls them: nothing of which a policy of the network could speak. */
const NOT_OF_THE_NETWORK = ['aws', 'gcp', 'azure', 'sql'];
/** The same in intents of the first version. */
const TYPES_NOT_OF_THE_NETWORK: readonly unknown[] = ['aws', 'gcp', 'azure', 'database', 's3'];
const SERVICE_PREFIX = 'svc:';
const ONE_ADDRESS = /\/(?:32|128)$/;

/**
 * `otterize network-mapper export --format json`: what the network mapper has seen, as the ClientIntents that would allow it.
 * @see https://github.com/otterize/otterize-cli/blob/main/src/cmd/networkmapper/export/mapper-export.go
 * @see https://github.com/otterize/intents-operator/blob/main/src/operator/api/v2beta1/clientintents_types.go
 */
export const OTTERIZE: FlowSource = {
  id: 'otterize',
  title: 'Otterize network mapper (otterize network-mapper export --format json)',
  framing: 'document',
  setUpOnly: false,
  independent: true,
  recognises: ([head = '']) => /^\s*\[/.test(head) && API.test(head) && KIND.test(head),
  documentRecords: (document) => (isExport(document) ? targetsOf(document) : undefined),
  reader: () => ({ read: (record) => readTarget(fieldsOf(record)) }),
};

/** A `List` is what kubectl gives: intents that somebody declared, and nobody saw. */
function isExport(document: unknown): document is readonly unknown[] {
  return Array.isArray(document) && (document.length === 0 || document.some((each) => fieldsOf(each)?.kind === CLIENT_INTENTS));
}

function* targetsOf(document: readonly unknown[]): Generator<OtterizeTarget> {
  for (const intents of document) {
    const fields = fieldsOf(intents);
    const spec = fieldsOf(fields?.spec);
    if (fields?.kind !== CLIENT_INTENTS) yield { intents, target: undefined };
    else for (const target of [...listOf(spec?.targets), ...listOf(spec?.calls).map(targetOfCall)]) yield { intents, target };
  }
}

/** A call of the first version of the format, as a target of the second. */
function targetOfCall(value: unknown): unknown {
  const call = fieldsOf(value);
  if (call === undefined) return value;
  if (call.type === 'internet') return { internet: call.internet ?? {} };
  if (TYPES_NOT_OF_THE_NETWORK.includes(call.type)) return { aws: call };
  const name = textOf(call.name);
  return name?.startsWith(SERVICE_PREFIX) === true ? { service: { name: name.slice(SERVICE_PREFIX.length) } } : { kubernetes: call };
}

function readTarget(record: Fields | undefined): Reading {
  const intents = fieldsOf(record?.intents);
  const target = fieldsOf(record?.target);
  if (intents === undefined) return skipped('malformed', { detail: 'is no JSON object' });
  if (intents.kind !== CLIENT_INTENTS) return skipped('not-a-flow');
  if (target === undefined) return skipped('malformed', { detail: 'has a target that is no JSON object' });
  const metadata = fieldsOf(intents.metadata);
  if (metadata?.uid !== undefined) return skipped('not-a-flow', { detail: 'is an intent that is declared in a cluster, and not one that was seen' });
  const spec = fieldsOf(intents.spec);
  const client = fieldsOf(spec?.workload) ?? fieldsOf(spec?.service);
  const namespace = textOf(metadata?.namespace);
  const name = textOf(client?.name);
  if (namespace === undefined || name === undefined) return skipped('missing-fields', { detail: `has no ${name === undefined ? 'name' : 'namespace'} of its client` });
  return readTargetOf(otterizePeer({ namespace, name, kind: textOf(client?.kind) ?? null }), namespace, target);
}

function readTargetOf(src: ObservedPeer, namespace: string, target: Fields): Reading {
  if (NOT_OF_THE_NETWORK.some((key) => target[key] !== undefined && target[key] !== null)) return skipped('not-a-flow');
  const internet = fieldsOf(target.internet);
  if (internet !== undefined) return readInternet(src, internet);
  const service = fieldsOf(target.service);
  const workload = fieldsOf(target.kubernetes) ?? fieldsOf(target.kafka) ?? service;
  if (workload === undefined) return skipped('missing-fields', { detail: 'has a target of no kind that is known' });
  const [name, targetNamespace = namespace] = (textOf(workload.name) ?? '').split('.');
  if (name === undefined || name === '' || targetNamespace === '') return skipped('missing-fields', { detail: 'has no name of its target' });
  const kind = service === workload ? 'Service' : textOf(workload.kind) ?? null;
  return { observations: [otterizeObservation(src, otterizePeer({ namespace: targetNamespace, name, kind }))] };
}

/** Each name and each address is a peer of its own. Only intents that were written by hand have ports. */
function readInternet(src: ObservedPeer, internet: Fields): Reading {
  const names = listOf(internet.domains).map(textOf);
  const addresses = listOf(internet.ips).map((ip) => textOf(ip)?.replace(ONE_ADDRESS, ''));
  const ports = listOf(internet.ports).map(portOf);
  if ([...names, ...addresses, ...ports].includes(undefined)) return skipped('malformed', { detail: 'has a domain, an address or a port that is none' });
  if (addresses.some((ip) => isIP(ip!) === 0)) return skipped('malformed', { detail: 'has an address that is none' });
  const peers: readonly ExternalPeer[] = [...names.map((name) => namedPeer(name!)), ...addresses.map((ip) => ({ kind: 'external', ip: ip! }) as const)];
  const destinations: readonly ExternalPeer[] = peers.length === 0 ? [{ kind: 'external', ip: null }] : peers;
  const calls = ports.length === 0 ? [null] : ports.map((port) => port!);
  return { observations: destinations.flatMap((dst): Observation[] => calls.map((port) => otterizeObservation(src, dst, port))) };
}

/** A pattern is the name of nobody. */
function namedPeer(domain: string): ExternalPeer {
  return domain.includes('*') ? { kind: 'external', ip: null } : { kind: 'external', ip: null, names: [domain.replace(/\.$/, '')] };
}
