import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { RolloutStage } from '../../lib';
import { schemaErrors as ciliumErrors } from '../dialects/cilium/published-schema';
import { specErrors } from '../dialects/crd-schema';
import { describeWithShared, sharedPath } from '../shared-data';
import { CNIS, everyConstruct } from './every-construct';

interface Emitted {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: unknown;
}

const GROUPS = /^(cilium\.io|projectcalico\.org|crd\.antrea\.io|networking\.k8s\.aws|networking\.gke\.io|policy\.networking\.k8s\.io)\//;

/** What each CNI gets in APIs of its own. */
const KINDS: Readonly<Record<keyof typeof CNIS, readonly string[]>> = {
  'calico': ['GlobalNetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedNetworkPolicy', 'Tier'],
  'generic': [],
  'generic with ClusterNetworkPolicy': ['ClusterNetworkPolicy'],
  'cilium': ['CiliumClusterwideNetworkPolicy', 'CiliumNetworkPolicy'],
  'antrea': ['ClusterNetworkPolicy', 'NetworkPolicy'],
  'aws': ['ClusterNetworkPolicy'],
  'aws auto mode': ['ApplicationNetworkPolicy', 'ClusterNetworkPolicy'],
  'gke-dpv2': ['ClusterNetworkPolicy', 'FQDNNetworkPolicy'],
  'ovn-kubernetes': [],
};

function ownKinds(name: string): Emitted[] {
  const stages = Object.values(RolloutStage).filter((stage) => name !== 'gke-dpv2' || stage !== RolloutStage.AUDIT);
  return stages.flatMap((stage) => everyConstruct(stage, CNIS[name]) as Emitted[]).filter(({ apiVersion }) => GROUPS.test(apiVersion));
}

describe.each(Object.entries(KINDS))('on %s', (name, kinds) => {
  test('what is emitted in the APIs of the CNI', () => {
    const emitted = ownKinds(name);
    expect([...new Set(emitted.map(({ kind }) => kind))].sort()).toEqual(kinds);
    const ofCluster = emitted.filter(({ kind }) => /^(Cluster|Global|StagedGlobal|CiliumClusterwide|Tier)/.test(kind));
    expect(ofCluster.filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([]);
  });

  describeWithShared('schemas', 'the published definitions', () => {
    test('accept all of it, unknown fields refused', () => {
      expect(ownKinds(name).flatMap((object) => errorsOf(object).map((error) => `${object.kind} ${object.metadata.name}: ${error}`))).toEqual([]);
    });
  });
});

function errorsOf(object: Emitted): readonly string[] {
  const [group, version] = object.apiVersion.split('/') as [string, string];
  if (group === 'cilium.io') return ciliumErrors(object.kind, object);
  if (group === 'networking.gke.io') return gkeErrors(object);
  const plural = `${object.kind.toLowerCase().replace(/y$/, 'ie')}s`;
  // of two channels the standard one, which knows less
  return specErrors(object.spec, group, version, group === 'policy.networking.k8s.io' ? `${plural}.standard` : plural);
}

function gkeErrors(object: Emitted): string[] {
  const schema = JSON.parse(readFileSync(sharedPath('schemas', 'networking.gke.io', 'v1alpha1', `${object.kind.toLowerCase()}.schema.json`), 'utf8')) as object;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  return validate(object) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
