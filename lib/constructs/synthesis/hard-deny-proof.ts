import { Analysis, readInventory, SourceObject } from '../../analysis';
import { POLICY_READERS } from '../../dialects';
import { Cidr, PortMatch } from '../../policy';
import { AppFacts, AppPolicy } from './app-check';
import { ClosedEndpoint } from './closed-endpoint';
import { evaluationOf } from './evaluation';
import { SelectedPod, selectedPod } from './selected-pod';

/** A policy of the app that may open what a denial of the cluster is to keep closed. */
export interface Suspect {
  readonly found: AppPolicy;
  readonly endpoints: readonly ClosedEndpoint[];
}

/** An endpoint that the pods of a policy reach, or may reach, in spite of the denial. */
export interface Outranked {
  readonly found: AppPolicy;
  readonly endpoint: ClosedEndpoint;
  /** What was asked and how it came out; nothing where no pod could be made to ask for. */
  readonly because?: string;
}

/**
 * Which suspects come before the denial: a pod of each is put into the cluster of the app, and the layers of its CNI are asked.
 * What cannot be shown to be denied counts as open.
 */
export function outranking(suspects: readonly Suspect[], { estate, objects }: AppFacts): Outranked[] {
  if (suspects.length === 0) return [];
  const asked = suspects.map((suspect, index) => ({ ...suspect, name: `netpol-proof-${index}`, pod: selectedPod(suspect.found.policy.subject, `netpol-proof-${index}`) }));
  const pods = asked.flatMap(({ name, pod }) => (pod === undefined ? [] : [podManifest(name, pod)]));
  const namespaces = new Map(asked.flatMap(({ pod }) => (pod === undefined ? [] : [[pod.namespace, namespaceManifest(pod)] as const])));
  for (const { namespaceName, _labels } of estate.managed.values()) {
    if (namespaces.has(namespaceName)) namespaces.set(namespaceName, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespaceName, labels: _labels } });
  }
  const declared = objects.filter(({ kind }) => kind !== 'Namespace').map((object): SourceObject => ({ object: object.toJson(), origin: { path: object.node.path } }));
  const inventory = readInventory([...declared, ...[...namespaces.values(), ...pods].map((object) => ({ object, origin: {} }))], { readers: POLICY_READERS });
  const profile = evaluationOf(estate.profile);
  const analysis = new Analysis(inventory, profile);
  return asked.flatMap(({ found, endpoints, name, pod }): Outranked[] => endpoints.flatMap((endpoint): Outranked[] => {
    if (pod === undefined) return [{ found, endpoint }];
    // where one family is policed, pods have no address of the other
    if (profile.policedFamily !== undefined && endpoint.cidr.family !== profile.policedFamily) return [];
    const open = askedPorts(endpoint.ports).find((port) => analysis.allows(`${pod.namespace}/${name}`, addressOf(endpoint.cidr), port).verdict !== 'denied');
    if (open === undefined) return [];
    return [{ found, endpoint, because: `a pod with ${Object.entries(pod.labels).map((label) => label.join('=')).join(', ') || 'no labels'} in ${pod.namespace} reaches ${open}` }];
  }));
}

/** Endpoints have few ports; both ends of a range stand for it. */
function askedPorts(ports: readonly PortMatch[]): string[] {
  return ports.flatMap((match) => (match.kind === 'range' ? [...new Set([match.first, match.last])].map((number) => `${number}/${match.protocol}`) : []));
}

function addressOf(cidr: Cidr): string {
  return cidr.toString().replace(/\/\d+$/, '');
}

function podManifest(name: string, { namespace, labels }: SelectedPod): unknown {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: { containers: [{ name: 'asks' }] } };
}

function namespaceManifest({ namespace, namespaceLabels }: SelectedPod): unknown {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: namespaceLabels } };
}
