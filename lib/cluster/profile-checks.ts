import { Cidr } from '../policy/cidr';
import { checkFields } from '../policy/fields';
import { locate, PolicyError } from '../policy/policy-error';
import { Brand, isBranded } from './brand';
import { Cloud } from './cloud';
import { ApiServerAddresses, ClusterProfileProps } from './cluster-profile-props';
import { CniClaim, rowOf } from './cni-facts';
import { CNI_TABLE } from './cni-table';
import { didYouMean } from './did-you-mean';
import { Dns } from './dns';
import { checkAddress, checkPort, checkSomeCidrs, checkText } from './field-checks';
import { CLOUD_OF_IDENTITY } from './identity-cloud';
import { WorkloadIdentity } from './workload-identity';

const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** Every property, so that one with a typing error is not ignored; the compiler keeps the list complete. */
const PROPERTIES: Readonly<Record<keyof ClusterProfileProps, Brand | undefined>> = {
  name: undefined,
  cni: 'Cni',
  cloud: undefined,
  dns: 'Dns',
  monitoring: 'Monitoring',
  ingressController: 'IngressController',
  podCidrs: undefined,
  serviceCidrs: undefined,
  nodeCidrs: undefined,
  apiServer: undefined,
  workloadIdentity: undefined,
  mesh: 'Mesh',
  flowLogRetention: undefined,
  retentionReason: undefined,
  strictOwnership: undefined,
};

const FACTORY: Readonly<Record<string, string>> = {
  Cni: 'a value such as Cni.cilium() or Cni.parse("cilium@1.18")',
  Dns: 'a value such as Dns.coreDns()',
  Monitoring: 'a value such as Monitoring.kubePrometheus()',
  IngressController: 'a value such as IngressController.ingressNginx()',
  Mesh: 'a value such as Mesh.istioAmbient()',
};

/** Values of the wrong kind, which only a compiler would have found, and properties that do not exist. */
export function checkShape(props: ClusterProfileProps): void {
  if (typeof props !== 'object' || props === null) {
    throw new PolicyError({ given: props, problem: 'is no cluster profile', instead: '{ name: "prod-eu", cni: Cni.cilium() } and more' });
  }
  for (const property of Object.keys(props)) {
    if (Object.hasOwn(PROPERTIES, property)) continue;
    const near = didYouMean(property, Object.keys(PROPERTIES));
    throw new PolicyError({
      given: property, problem: 'is not a property of a cluster profile', instead: near === undefined ? `one of ${Object.keys(PROPERTIES).join(', ')}` : `"${near}"`,
    });
  }
  checkKinds(props);
  if (props.strictOwnership !== undefined && typeof props.strictOwnership !== 'boolean') {
    throw new PolicyError({ given: props.strictOwnership, where: 'strictOwnership', problem: 'is neither true nor false', instead: 'true or false' });
  }
  checkOneOf('cloud', props.cloud, Object.values(Cloud), 'Cloud');
  checkOneOf('workloadIdentity', props.workloadIdentity, Object.values(WorkloadIdentity), 'WorkloadIdentity');
  if (typeof props.name !== 'string' || !NAME.test(props.name)) {
    throw new PolicyError({
      given: props.name, where: 'name', problem: 'is not a name for a cluster',
      instead: 'at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, such as "prod-eu"',
    });
  }
}

function checkKinds(props: ClusterProfileProps): void {
  for (const [property, kind] of Object.entries(PROPERTIES)) {
    const value: unknown = props[property as keyof ClusterProfileProps];
    if (kind === undefined || isBranded(value, kind) || (value === undefined && property !== 'cni')) continue;
    throw new PolicyError({ given: value, where: property, problem: `is not of the type ${kind}`, instead: FACTORY[kind] });
  }
}

function checkOneOf(field: string, value: string | undefined, known: readonly string[], kind: string): void {
  if (value === undefined || known.includes(value)) return;
  throw new PolicyError({ given: value, where: field, problem: `is not of the type ${kind}`, instead: `one of ${known.join(', ')}` });
}

/** A range of the cluster: valid, and not the whole of a family, which would make everything a pod. */
export function checkRanges(field: string, cidrs: readonly string[] | undefined): string[] {
  if (cidrs === undefined) return [];
  const checked = checkSomeCidrs(field, cidrs);
  const everything = checked.findIndex((cidr) => cidr.endsWith('/0'));
  if (everything < 0) return checked;
  throw new PolicyError({
    given: checked[everything], where: `${field}[${everything}]`, problem: 'holds every address there is', instead: 'the range of the cluster, such as "10.244.0.0/16"',
  });
}

/** Addresses of Services are nobody else's: kube-proxy rewrites them wherever they are used. */
export function checkDisjoint(name: string, cidrs: readonly string[], services: readonly string[]): void {
  for (const cidr of cidrs) {
    const clash = services.find((service) => Cidr.parse(service).overlaps(Cidr.parse(cidr)));
    if (clash === undefined) continue;
    throw new PolicyError({ given: cidr, where: name, problem: `overlaps "${clash}" of serviceCidrs`, instead: 'ranges of the cluster that do not overlap' });
  }
}

export function checkApiServer(apiServer: ApiServerAddresses, services: readonly string[]): ApiServerAddresses {
  locate('apiServer', () => checkFields(apiServer, { addresses: 'value', port: 'value', serviceIp: 'value' }));
  const addresses = checkRanges('apiServer.addresses', apiServer.addresses ?? []);
  const port = checkPort('apiServer.port', apiServer.port ?? 6443);
  if (apiServer.serviceIp === undefined) return { addresses, port };
  const service = Cidr.parse(checkAddress('apiServer.serviceIp', apiServer.serviceIp));
  const ofFamily = services.map((text) => Cidr.parse(text)).filter(({ family }) => family === service.family);
  if (ofFamily.length > 0 && !ofFamily.some((range) => range.contains(service))) {
    throw new PolicyError({
      given: apiServer.serviceIp, where: 'apiServer.serviceIp', problem: 'is outside of serviceCidrs', instead: `an address in ${ofFamily.join(', ')}`,
    });
  }
  return { addresses, port, serviceIp: apiServer.serviceIp };
}

/** Something that exists on some clouds alone. */
interface Bound {
  readonly field: string;
  readonly name: string;
  readonly clouds: readonly Cloud[] | undefined;
}

/** The cloud of the profile: the one that was said, or the one that its parts exist on. Parts of two clouds are an error. */
export function checkCloud(props: ClusterProfileProps): Cloud | undefined {
  const identity = props.workloadIdentity;
  const identityCloud = identity === undefined ? undefined : CLOUD_OF_IDENTITY[identity];
  const parts: readonly Bound[] = [
    { field: 'cni', name: props.cni.name, clouds: rowOf(props.cni).clouds },
    { field: 'workloadIdentity', name: identity ?? '', clouds: identityCloud === undefined ? undefined : [identityCloud] },
    { field: 'dns', name: props.dns?.name ?? '', clouds: props.dns?._clouds },
    { field: 'ingressController', name: props.ingressController?.name ?? '', clouds: props.ingressController?._clouds },
  ];
  let cloud = props.cloud;
  let saidBy = 'cloud';
  for (const { field, name, clouds } of parts) {
    if (clouds === undefined) continue;
    if (cloud !== undefined && !clouds.includes(cloud)) {
      throw new PolicyError({
        given: name, where: field, problem: `exists on ${clouds.join(', ')} alone, and ${saidBy} says ${cloud}`, instead: `another ${field}, or the cloud that the cluster runs on`,
      });
    }
    if (cloud === undefined && clouds.length === 1) {
      cloud = clouds[0];
      saidBy = field;
    }
  }
  return cloud;
}

/** DNS where the profile does not say it. A guess that is wrong would be an outage: there is none for EKS Auto Mode. */
export function defaultDns(cni: CniClaim): Dns {
  if (cni.name.startsWith('gke-')) return Dns._gkeEither();
  if (cni.name === 'aws' && cni.settings.autoMode === 'true') {
    throw new PolicyError({
      given: 'autoMode=true', where: 'dns', problem: 'means DNS without pods, and nothing says its address',
      instead: 'dns: Dns.eksAutoMode({ clusterIp: "10.100.0.10" }) with the ClusterIP of kube-system/kube-dns',
    });
  }
  return Dns.coreDns();
}

/** A reason that is there says something, and is about a retention. */
export function checkRetentionReason({ flowLogRetention, retentionReason }: ClusterProfileProps): void {
  if (flowLogRetention !== undefined && typeof flowLogRetention.toDays !== 'function') {
    throw new PolicyError({ given: flowLogRetention, where: 'flowLogRetention', problem: 'is not a Duration', instead: 'Duration.days(60) of cdk8s' });
  }
  if (retentionReason === undefined) return;
  checkText('retentionReason', retentionReason, 'why flows are kept for more than 90 days, or nothing');
  if (flowLogRetention === undefined) {
    throw new PolicyError({ given: retentionReason, where: 'retentionReason', problem: 'is the reason of a retention that is not there', instead: 'flowLogRetention besides, or no reason' });
  }
}

/** CNIs to name where one does not enforce. */
export function enforcingCnis(): string {
  const names = CNI_TABLE.filter((row) => row.enforcesNetworkPolicy.value === true && row.clouds === undefined && row.name !== 'generic');
  return names.map((row) => row.name).join(', ');
}
