import { FIRST_PORT, GKE_FQDN_TIER, LAST_PORT, namedNamespace, Origin, PortMatch, Protocol, rule, Rule } from '../../policy';
import { portNumber, portRange } from '../cluster-network-policy/parts';
import { DocumentReader, FieldPath, wrong } from '../document';
import { ReadPolicy } from '../kubernetes';
import { readLabelSelector } from '../label-selector';
import { readNamespacedName } from '../namespaced-name';
import { readDomainMatch } from './domain-match';

const ALL = 'ALL';

/**
 * The policy that an FQDNNetworkPolicy says: egress of the selected pods is closed but for what its rules and those of every
 * NetworkPolicy allow. It has no effect on ingress.
 * @see https://github.com/datreeio/CRDs-catalog/blob/main/networking.gke.io/fqdnnetworkpolicy_v1alpha1.json
 */
export function readFqdnNetworkPolicy(document: unknown, origin?: Origin): ReadPolicy {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const { name, namespace } = readNamespacedName(reader, object.metadata);
  const spec = reader.object(object.spec, 'spec', ['podSelector', 'egress']);
  const pods = readLabelSelector(reader, spec.podSelector, 'spec.podSelector');
  if (pods === undefined) throw wrong(spec.podSelector, 'spec.podSelector', 'is missing', 'a label selector, {} for every pod of the namespace');
  const items = filled(reader, spec.egress, 'spec.egress', 'at least one rule');
  return {
    policy: {
      name,
      namespace,
      tier: GKE_FQDN_TIER,
      subject: { kind: 'pods', namespaces: namedNamespace(namespace), pods },
      isolates: ['egress'],
      rules: items.map((item, index) => readRule(reader, item, `spec.egress[${index}]`)),
      stage: 'enforced',
      ...(origin === undefined ? {} : { origin }),
    },
    issues: reader.issues,
  };
}

function filled(reader: DocumentReader, value: unknown, path: FieldPath, instead: string): readonly unknown[] {
  const items = reader.list(value, path) ?? [];
  if (items.length === 0) throw wrong(value, path, 'is missing or empty', instead);
  return items;
}

function readRule(reader: DocumentReader, value: unknown, path: FieldPath): Rule {
  const parts = reader.object(value, path, ['matches', 'ports']);
  const matches = filled(reader, parts.matches, `${path}.matches`, 'at least one entry with a name or a pattern');
  const ports = (reader.list(parts.ports, `${path}.ports`) ?? []).map((item, index) => readPort(reader, item, `${path}.ports[${index}]`));
  const limited = ports.flatMap((port) => port ?? []);
  return rule({
    direction: 'egress',
    action: 'allow',
    peers: matches.map((item, index) => readDomainMatch(reader, item, `${path}.matches[${index}]`)),
    ...(limited.length === 0 || ports.includes(undefined) ? {} : { ports: limited }),
  });
}

/** Without a port every one, without a protocol every one; without both, undefined: everything. */
function readPort(reader: DocumentReader, value: unknown, path: FieldPath): readonly PortMatch[] | undefined {
  const { protocol, port } = reader.object(value, path, ['protocol', 'port']);
  const word = protocol === undefined || protocol === null || protocol === '' ? ALL : reader.word(protocol, `${path}.protocol`, [Protocol.TCP, Protocol.UDP, ALL]);
  const number = port === undefined || port === null ? undefined : portNumber(port, `${path}.port`);
  if (word === ALL && number === undefined) return undefined;
  const protocols = word === ALL ? Object.values(Protocol) : [word];
  return protocols.map((each) => portRange(each, number ?? FIRST_PORT, number ?? LAST_PORT));
}
