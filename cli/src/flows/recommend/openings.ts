import { Cidr } from 'cdk8s-netpol/policy';
import { DnsEvidence } from './dns-evidence';
import { ingressControllerOf, isLinkLocal, isMetadata, monitoringOf } from './presets';
import { AddressEnd, EntityEnd, Need, Opening, PodEnd, Why } from './recommendation';
import { isUsualApiPort, rangeOf, RuleFacts } from './rule-facts';

/** How a need is opened: by rules of these namespaces, or not at all. */
export type Choice =
  | { readonly openings: ReadonlyArray<{ readonly namespace: string; readonly opening: Opening }> }
  | { readonly why: Why; readonly reason: string };

/** The construct that says a need, or why there is none. */
export function openingOf(need: Need, facts: RuleFacts, dns: DnsEvidence): Choice {
  const { src, dst } = need;
  if (dns.covers(need)) return one((src as PodEnd).namespace, { kind: 'dns', namespace: (src as PodEnd).namespace });
  if (src.kind === 'pods' && dst.kind === 'pods') return betweenPods(src, dst, facts);
  if (src.kind === 'pods') return dst.kind === 'address' ? toAddress(src, dst, need, facts) : toEntity(src, dst as EntityEnd, need, facts);
  if (dst.kind !== 'pods') return { why: 'unknown-peer', reason: 'neither end is a pod' };
  return src.kind === 'address' ? fromAddress(src, dst, facts) : fromEntity(src, dst, need, facts);
}

function one(namespace: string, opening: Opening): Choice {
  return { openings: [{ namespace, opening }] };
}

function betweenPods(from: PodEnd, to: PodEnd, { asked }: RuleFacts): Choice {
  if (!asked.has(to.namespace)) return one(from.namespace, { kind: 'pods', from, to });
  const [scraper, controller] = [monitoringOf(from), ingressControllerOf(from)];
  if (scraper !== undefined) return one(to.namespace, { kind: 'monitoring', from: scraper, to });
  if (controller !== undefined) return one(to.namespace, { kind: 'ingress-controller', from: controller, to });
  return one(to.namespace, { kind: 'pods', from, to });
}

function toAddress(from: PodEnd, { ip, names }: AddressEnd, { port }: Need, facts: RuleFacts): Choice {
  if (ip !== undefined && isMetadata(ip)) return { why: 'metadata', reason: `instance metadata: it hands out credentials and is never opened; see MetadataBlock for who needs it${port === 53 ? ', and Dns for a DNS that answers there' : ''}` };
  if (ip !== undefined && isLinkLocal(ip)) return { why: 'link-local', reason: 'a service of the node itself, which a person has to know' };
  if (facts.hasDomains && names.length > 0) return one(from.namespace, { kind: 'domains', from, domains: names });
  if (ip === undefined) return { why: 'no-construct', reason: 'the record has its name and no address, and the CNI knows no names: AllowToFqdn through an EgressProxy says it' };
  return addresses('egress', from, ip, facts);
}

function fromAddress({ ip }: AddressEnd, to: PodEnd, facts: RuleFacts): Choice {
  if (ip === undefined) return { why: 'unknown-peer', reason: 'the record has no address of the client' };
  if (isLinkLocal(ip)) return { why: 'link-local', reason: 'the node itself, such as probes in a mesh: Mesh in the ClusterProfile opens them' };
  return addresses('ingress', to, ip, facts);
}

function addresses(direction: 'ingress' | 'egress', pods: PodEnd, ip: string, { ranges, expires, podCidrs }: RuleFacts): Choice {
  const address = Cidr.host(ip);
  if (podCidrs.some((text) => Cidr.parse(text).contains(address))) return { why: 'unknown-peer', reason: 'it lies in the pod range of the cluster, and nobody knows whose it was' };
  const range = rangeOf(ip, ranges);
  return one(pods.namespace, { kind: 'addresses', direction, pods, cidrs: [(range?.cidr ?? address).toString()], expires: range === undefined ? expires : undefined });
}

function toEntity(from: PodEnd, { entity }: EntityEnd, { protocol, port }: Need, { hasEntities, apiServer }: RuleFacts): Choice {
  if (entity === 'kube-apiserver') {
    const isKnown = apiServer === undefined ? hasEntities && isUsualApiPort({ protocol, port }) : protocol === 'TCP' && apiServer.port === port;
    return isKnown ? one(from.namespace, { kind: 'api-server', direction: 'egress', pods: from }) : { why: 'no-construct', reason: 'the API server: its addresses and its one port are not in the record. Say apiServer in the ClusterProfile, and AllowToApiServer' };
  }
  return { why: 'no-construct', reason: REASONS[entity] ?? `no construct opens pods to "${entity}"` };
}

function fromEntity({ entity }: EntityEnd, to: PodEnd, { seen }: Need, { hasEntities, apiServer, nodeCidrs }: RuleFacts): Choice {
  switch (entity) {
    case 'kube-apiserver':
      return hasEntities || apiServer !== undefined
        ? one(to.namespace, { kind: 'api-server', direction: 'ingress', pods: to })
        : { why: 'no-construct', reason: 'the API server: its addresses are not in the record. Say apiServer in the ClusterProfile, and AllowFromApiServer' };
    case 'ingress':
      return hasEntities ? one(to.namespace, { kind: 'ingress-entity', to }) : { why: 'no-construct', reason: 'the ingress of Cilium, on a CNI that is not Cilium: give --cni cilium' };
    case 'host':
    case 'remote-node':
    case 'node':
      // of Hubble, the host is the own node of the pod
      if (entity === 'host' && seen.sources.every((source) => OWN_HOST.has(source))) return { why: 'not-needed', reason: 'the own node of a pod, such as probes of the kubelet: it always reaches its pods' };
      return hasEntities || nodeCidrs.length > 0
        ? one(to.namespace, { kind: 'nodes', to })
        : { why: 'no-construct', reason: 'a node: its own pods it always reaches; for other nodes give nodeCidrs in netpol.yaml, and the rule is AllowFromIngressController with IngressController.onNodes()' };
    default:
      return { why: 'no-construct', reason: REASONS[entity] ?? `no construct opens pods to "${entity}"` };
  }
}

const OWN_HOST: ReadonlySet<string> = new Set(['hubble', 'hubble-exporter', 'retina']);
const SOMEWHERE = 'the record says no more than that, and no address can be made of it: record with a source that has addresses, or name the domains and ranges by hand';
const REASONS: Readonly<Record<string, string | undefined>> = {
  'public': `an address of the Internet: ${SOMEWHERE}`,
  'private': `a private address: ${SOMEWHERE}`,
  'networkset': 'a network set of Calico: no construct names it. Give its range with --ranges, or write AllowToIpBlock or AllowFromIpBlock',
  'world': `outside of the cluster: ${SOMEWHERE}`,
  'world-ipv4': `outside of the cluster: ${SOMEWHERE}`,
  'world-ipv6': `outside of the cluster: ${SOMEWHERE}`,
  'host': 'a node: no construct opens pods to nodes, or to pods in the network of a node',
  'remote-node': 'a node: no construct opens pods to nodes, or to pods in the network of a node',
  'node': 'a node: no construct opens pods to nodes, or to pods in the network of a node',
  'health': 'the health checks of Cilium, which policies of namespaces do not concern',
};
