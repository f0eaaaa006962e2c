import { call, Code, literal, object, print, text } from '../code';
import { CORE_DNS_FORM } from '../dns-form';
import { MigrationPlan, NamespacePlan } from '../plan';
import { importLine, linesOf } from './lines';
import { namespaceFile, variableNames } from './namespace-file';

/** The entry of the app: the cluster, its namespaces, and what they open. */
export function mainFile(plan: MigrationPlan): string {
  const { clusterWide, profile, metadataBlock, dns } = plan;
  const saysDns = dns !== CORE_DNS_FORM || hasDnsOfItsOwn(profile.cni);
  const library = ['ClusterProfile', 'Cni', ...(saysDns ? ['Dns'] : []), ...(metadataBlock ? ['MetadataBlock'] : [])];
  const attach = call('ClusterProfile.attach', 'app', object({
    name: text(profile.name),
    cni: cniCode(profile.cni),
    dns: saysDns ? dns.code : undefined,
    podCidrs: profile.podCidrs.length === 0 ? undefined : literal(profile.podCidrs),
    nodeCidrs: profile.nodeCidrs.length === 0 ? undefined : literal(profile.nodeCidrs),
  }));
  const { imports, made, opened } = partsOf(plan);
  return linesOf(
    importLine(metadataBlock ? ['App', 'Chart'] : ['App'], 'cdk8s'),
    importLine(library, 'cdk8s-netpol'),
    clusterWide.length > 0 ? importLine(['clusterWidePolicies'], './cluster-wide') : undefined,
    ...imports,
    '',
    'const app = new App();',
    `${print(attach)};`,
    metadataBlock ? "new MetadataBlock(new Chart(app, 'metadata-block'), 'metadata');" : undefined,
    clusterWide.length > 0 ? 'clusterWidePolicies(app);' : undefined,
    '',
    ...made,
    '',
    ...opened,
    opened.length > 0 ? '' : undefined,
    'app.synth();',
  );
}

/** The lines of main.ts that are about the namespaces. */
export function mainLines(plan: MigrationPlan): string[] {
  const { imports, made, opened } = partsOf(plan);
  return [...imports, ...made, ...opened];
}

function partsOf(plan: MigrationPlan): { readonly imports: string[]; readonly made: string[]; readonly opened: string[] } {
  const { namespaces } = plan;
  const path = (name: string): string => `./${namespaceFile(name).replace(/\.ts$/, '')}`;
  return {
    imports: namespaces.map(({ name, words, rules }) => importLine([words.make, ...(rules.length > 0 ? [words.rules] : [])], path(name))),
    made: namespaces.map(({ words, rules, isUsed }) => (rules.length > 0 || isUsed ? `const ${words.variable} = ${words.make}(app);` : `${words.make}(app);`)),
    opened: namespaces.filter(({ rules }) => rules.length > 0).map((each) => `${print(call(each.words.rules, variables(each, plan)))};`),
  };
}

function variables(plan: NamespacePlan, app: MigrationPlan): Code {
  return object(Object.fromEntries(variableNames(plan, app).map(({ word }) => [word, word])));
}

/** Whether a profile that says nothing of DNS means another one than CoreDNS, or cannot do without saying it. */
function hasDnsOfItsOwn({ name, settings }: MigrationPlan['profile']['cni']): boolean {
  return name.startsWith('gke') || settings.autoMode === 'true';
}

const CNI_METHODS: Readonly<Record<string, string>> = {
  'gke-dpv2': 'gkeDataplaneV2', 'gke-calico': 'gkeCalico', 'ovn-kubernetes': 'ovnKubernetes', 'kube-router': 'kubeRouter', 'azure-npm': 'azureNpm',
  'weave-net': 'weaveNet', 'kube-network-policies': 'kubeNetworkPolicies',
  // what an analyser assumes is no CNI
  'np-guard': 'generic',
};

export function cniCode({ name, version, settings }: MigrationPlan['profile']['cni']): Code {
  const hasSettings = Object.keys(settings).length > 0;
  const options = object({ version: version === undefined ? undefined : text(version), settings: hasSettings ? literal(settings) : undefined });
  return call(`Cni.${CNI_METHODS[name] ?? name}`, ...(options.fields.length === 0 ? [] : [options]));
}
