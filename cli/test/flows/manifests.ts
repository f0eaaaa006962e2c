import { Analysis, profileOf, readInventory } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { parseAllDocuments } from 'yaml';
import { InputObject } from '../../src/input';

/** Objects of YAML text, each at a line of its own. */
export function objectsOf(yaml: string): InputObject[] {
  return parseAllDocuments(yaml).map((document, index) => {
    const origin: InputObject['origin'] = { file: `${index}.yaml`, at: () => ({ file: `${index}.yaml` }), problemIn: (_path, reason) => ({ place: { file: `${index}.yaml` }, reason }) };
    return { object: document.toJS() as InputObject['object'], origin };
  }).filter(({ object }) => object as unknown !== null);
}

export function analysisOf(objects: readonly InputObject[], cni = 'generic'): Analysis {
  return new Analysis(readInventory(objects, { readers: POLICY_READERS }), profileOf(cni));
}

/** A Deployment with the label app; ports as YAML of a list. */
export function deployment(place: string, ports = '[]', kind = 'Deployment'): string {
  const [namespace, name] = place.split('/');
  return `apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name!}, namespace: ${namespace!} }
spec: { selector: { matchLabels: { app: ${name!} } }, template: { metadata: { labels: { app: ${name!} } }, spec: { containers: [{ name: main, image: main, ports: ${ports} }] } } }
---
`;
}

export function policy(place: string, spec: string): string {
  const [namespace, name] = place.split('/');
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name!}, namespace: ${namespace!} }\nspec: ${spec}\n---\n`;
}
