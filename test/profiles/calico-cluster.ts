import { parseAllDocuments } from 'yaml';
import { Analysis, type AskedPort, type ProfileOptions, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';

/** A cluster from the text of its manifests, as Calico sees it. */
export function calico(yaml: string, options: ProfileOptions = { version: '3.32' }, id = 'calico'): Analysis {
  const objects = parseAllDocuments(yaml).map((each) => ({ object: each.toJS() as unknown }));
  return new Analysis(readInventory(objects, { readers: POLICY_READERS }), profileOf(id, options));
}

export function allowed(analysis: Analysis, from: string, to: string, port: string | AskedPort = '80/TCP'): string {
  return analysis.allows(from, to, port).verdict;
}

let address = 0;

/** A pod with an address of its own: `pod('shop/web', 'app: web')`. */
export function pod(name: string, labels = '', more = ''): string {
  return document('v1', 'Pod', { ...split(name), labels }, `spec: { nodeName: a, containers: [{ name: main, image: none, ports: [{ name: http, containerPort: 80 }] }] ${more} }
status: { podIP: 10.1.${Math.floor(address / 250)}.${(address++ % 250) + 1} }`);
}

export function namespace(name: string, labels = ''): string {
  return document('v1', 'Namespace', { name, labels }, '');
}

/** An object of Calico: `object('GlobalNetworkPolicy', 'x', 'selector: all()')`, the name with a namespace where it has one. */
export function object(kind: string, name: string, spec: string, labels = ''): string {
  return document('projectcalico.org/v3', kind, { ...split(name), labels }, `spec: { ${spec} }`);
}

export function networkPolicy(name: string, spec: string): string {
  return document('networking.k8s.io/v1', 'NetworkPolicy', { ...split(name), labels: '' }, `spec: { ${spec} }`);
}

export function clusterPolicy(name: string, spec: string): string {
  return document('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', { name, labels: '' }, `spec: { ${spec} }`);
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: string;
}

export function document(apiVersion: string, kind: string, { name, namespace: of, labels }: Metadata, rest: string): string {
  return `
---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: ${name}${of === undefined ? '' : `, namespace: ${of}`}, labels: { ${labels} } }
${rest}
`;
}

function split(text: string): { name: string; namespace?: string } {
  const [first, second] = text.split('/');
  return second === undefined ? { name: first! } : { namespace: first!, name: second };
}
