import { CORE_DNS, INGRESS_CONTROLLERS, METADATA_TABLE, MONITORING_PRESETS, NODE_LOCAL_DNS, OPENSHIFT_DNS, OPENSHIFT_DNS_PORT, PodLabels, PodPreset } from 'cdk8s-netpol/cluster';
import { Cidr, Labels, Selector, tryParseAddress } from 'cdk8s-netpol/policy';
import { KnownPods, PodEnd } from './recommendation';

const NAME = 'app.kubernetes.io/name';
const DNS_PRESETS: readonly PodPreset[] = [CORE_DNS, NODE_LOCAL_DNS, OPENSHIFT_DNS];
/** Of each kind, by the method of the library that names it. */
const MONITORING: Readonly<Record<string, PodPreset>> = MONITORING_PRESETS;
const CONTROLLERS: Readonly<Record<string, PodPreset>> = INGRESS_CONTROLLERS;
/** Those that take no namespace: they are where their product puts them. */
const FIXED = new Set(['gmp', 'openshift']);
const LINK_LOCAL = [Cidr.parse('169.254.0.0/16'), Cidr.parse('fe80::/10')];
const METADATA = METADATA_TABLE.map(({ cidr }) => Cidr.parse(cidr));

/** The well-known DNS that these pods are, if they are one on this port. */
export function dnsPresetOf(end: PodEnd, port: number): PodPreset | undefined {
  const preset = DNS_PRESETS.find((each) => each.namespaces.includes(end.namespace) && isOf(each, end));
  return port === 53 || (preset === OPENSHIFT_DNS && port === OPENSHIFT_DNS_PORT) ? preset : undefined;
}

/** What the workloads and Services of DNS are called, for records without labels. */
const DNS_NAMES: ReadonlySet<string> = new Set(['coredns', 'kube-dns', 'node-local-dns', 'dns-default']);

/** Cluster DNS by its name, where the record has no labels of it. */
export function dnsByName(namespace: string, name: string, port: number | null): PodEnd | undefined {
  if (!DNS_NAMES.has(name) || (port !== 53 && port !== OPENSHIFT_DNS_PORT)) return undefined;
  const preset = DNS_PRESETS.find(({ namespaces, pods }) => namespaces.includes(namespace) && (name !== 'node-local-dns' || pods.some(({ matchLabels }) => matchLabels['k8s-app'] === name)));
  const labels = preset?.pods[0]?.matchLabels;
  return labels === undefined ? undefined : {
    kind: 'pods', namespace, workload: undefined, text: `${namespace}/${name}`, variants: [labels], pods: Selector.labels(labels), alsoSelects: [],
  };
}

/** The scraper that these pods are. */
export function monitoringOf(end: PodEnd): KnownPods | undefined {
  return knownIn('Monitoring', MONITORING, end);
}

/** The ingress controller that these pods are. */
export function ingressControllerOf(end: PodEnd): KnownPods | undefined {
  return knownIn('IngressController', CONTROLLERS, end);
}

/** Whether an address hands out data of a machine, or credentials. */
export function isMetadata(ip: string): boolean {
  const address = Cidr.host(ip);
  return METADATA.some((each) => each.sameAs(address));
}

export function isLinkLocal(ip: string): boolean {
  const address = Cidr.host(ip);
  return LINK_LOCAL.some((each) => each.family === address.family && each.contains(address));
}

export function isAddress(text: string): boolean {
  return tryParseAddress(text) !== undefined;
}

function knownIn(type: string, presets: Readonly<Record<string, PodPreset>>, end: PodEnd): KnownPods | undefined {
  const fits = Object.entries(presets).filter(([, preset]) => isOf(preset, end));
  const atHome = fits.find(([, { namespaces }]) => namespaces.includes(end.namespace));
  if (atHome !== undefined) return { method: `${type}.${atHome[0]}`, title: atHome[1].title, namespace: undefined };
  // elsewhere only by the name of the product: what else charts write is said by others too
  const moved = fits.find(([method, { pods }]) => !FIXED.has(method) && pods.some((each) => NAME in each.matchLabels && each.matchLabels[NAME] !== 'collector' && isWith(each, end)));
  return moved === undefined ? undefined : { method: `${type}.${moved[0]}`, title: moved[1].title, namespace: end.namespace };
}

function isOf({ pods }: PodPreset, end: PodEnd): boolean {
  return pods.some((each) => isWith(each, end));
}

function isWith(labels: PodLabels, { variants }: PodEnd): boolean {
  const selector = selectorOf(labels);
  return variants.length > 0 && variants.every((each: Labels) => selector.matches(each));
}

function selectorOf({ matchLabels, matchExpressions }: PodLabels): Selector {
  return Selector.of({
    matchLabels,
    matchExpressions: (matchExpressions ?? []).map(({ key, operator, values }) => ({ key, operator, values: [...values ?? []] })),
  });
}
