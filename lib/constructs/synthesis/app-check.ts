import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { ClusterProfile } from '../../cluster/cluster-profile';
import { servesApi } from '../../cluster/cni-facts';
import { POLICY_READERS } from '../../dialects';
import { AddressSet, Group, IpBlock, Policy, policyKey, PolicyError } from '../../policy';
import { documentsIn, isListKind } from './documents';
import { Estate, estatesOf } from './estate';
import { PolicyObject } from './policy-object';
import { isSynthesizing, openWindowAtSynth } from './synth-window';

/** A policy of the app: written by a construct of this library, by hand, or read by an `Include`. */
export interface AppPolicy {
  readonly policy: Policy;
  readonly apiVersion: string;
  readonly kind: string;
  readonly construct: IConstruct;
  readonly ours: boolean;
}

/** Addresses under a name, which policies of the app may allow. */
export interface AppAddressSet {
  readonly set: AddressSet;
  readonly kind: string;
  readonly construct: IConstruct;
}

export interface UnreadPolicy {
  readonly object: ApiObject;
  readonly kind: string;
}

/** What the checks of one cluster look at. */
export interface AppFacts {
  readonly estate: Estate;
  readonly policies: readonly AppPolicy[];
  /** Policies in an API that cannot be read. */
  readonly unread: readonly UnreadPolicy[];
  readonly addressSets: readonly AppAddressSet[];
  readonly objects: readonly ApiObject[];
}

export type Report = (construct: IConstruct, message: string) => void;
/** One check of all that an app emits for one cluster. */
export type AppCheck = (facts: AppFacts, report: Report) => void;
/** One check of an app, with all of its clusters. */
export type WholeAppCheck = (clusters: readonly AppFacts[], report: Report) => void;

/** What an app is checked with. */
export interface AppChecks {
  readonly eachCluster: readonly AppCheck[];
  readonly wholeApp: readonly WholeAppCheck[];
}

const CHECKED = Symbol.for('cdk8s-netpol.AppChecks');

/** Has the checks run whenever the app is validated; the first construct of an app calls it. */
export function checkAppOf(construct: IConstruct, checks: AppChecks): void {
  const { root } = construct.node;
  if (CHECKED in root) return;
  Object.defineProperty(root, CHECKED, { value: true });
  const findings = new Map<IConstruct, string[]>();
  let current = false;
  openWindowAtSynth(root, () => {
    current = false;
    for (const each of root.node.findAll()) if (PolicyObject.is(each)) each.forget();
  });
  // The root is validated first, so that findings are there when their constructs are asked.
  root.node.addValidation({
    validate: () => {
      if (!current || !isSynthesizing(root)) {
        for (const messages of findings.values()) messages.length = 0;
        run(root, checks, (where, message) => {
          if (!findings.has(where)) {
            findings.set(where, []);
            if (where !== root) where.node.addValidation({ validate: () => [...findings.get(where)!] });
          }
          const messages = findings.get(where)!;
          if (!messages.includes(message)) messages.push(message);
        });
        current = true;
      }
      return [...(findings.get(root) ?? [])];
    },
  });
}

function run(root: IConstruct, { eachCluster, wholeApp }: AppChecks, report: Report): void {
  const objects = root.node.findAll().filter((each): each is ApiObject => ApiObject.isApiObject(each));
  const byScope = new Map<IConstruct, ApiObject[]>();
  for (const object of objects) {
    const scope = ClusterProfile.of(object)._scope;
    const here = byScope.get(scope);
    if (here === undefined) byScope.set(scope, [object]);
    else here.push(object);
  }
  const clusters: AppFacts[] = [];
  if (estatesOf(root).length === 0) Estate.of(root);
  for (const estate of estatesOf(root)) {
    const here = byScope.get(estate.scope) ?? [];
    const read = here.flatMap((object) => policiesOf(object, estate, report));
    const policies = read.filter((each): each is AppPolicy => 'policy' in each);
    const addressSets = read.filter((each): each is AppAddressSet => 'set' in each);
    const unread = read.filter((each): each is UnreadPolicy => 'object' in each);
    const facts = { estate, policies, unread, addressSets, objects: here };
    for (const check of eachCluster) check(facts, report);
    clusters.push(facts);
  }
  for (const check of wholeApp) check(clusters, report);
}

type Found = AppPolicy | AppAddressSet | UnreadPolicy;

/** The addresses that stand in a group themselves. */
function blocksOf({ members }: Group): readonly IpBlock[] {
  return members.flatMap(({ terms }) => terms.filter((term): term is IpBlock => term.kind === 'ipBlock'));
}

/** API groups that hold policies, so that one which cannot be read is not taken for something else. */
const POLICY_GROUPS = [
  'networking.k8s.io', 'policy.networking.k8s.io', 'cilium.io', 'projectcalico.org', 'crd.projectcalico.org', 'crd.antrea.io', 'networking.k8s.aws',
  'networking.gke.io', 'k8s.ovn.org',
];

/** The policies that an object holds; one that the API server would refuse is reported, since no check would see it. */
function policiesOf(object: ApiObject, { profile }: Estate, report: Report): Found[] {
  if (PolicyObject.is(object) && object.saysTheModel) {
    return [{ policy: proven(object, report), apiVersion: object.apiVersion, kind: object.kind, construct: object, ours: true }];
  }
  if (!isListKind(object.kind) && !isPolicyKind(object.apiVersion, object.kind)) return [];
  return documentsIn(object.toJson()).flatMap((document): Found[] => {
    const { apiVersion = '', kind = '' } = document;
    if (!isPolicyKind(apiVersion, kind) || servesApi(profile.cni, apiVersion, kind) === false) return [];
    const reader = POLICY_READERS.find((row) => row.apiVersion === apiVersion && row.kind === kind);
    if (reader === undefined) return [{ object, kind }];
    try {
      const { policy, policies = policy === undefined ? [] : [policy], addressSet, group, issues } = reader.read(document, { path: object.node.path });
      for (const { code, path, message } of issues) if (code === 'unknown-field') report(object, `${path}: ${message}`);
      if (addressSet !== undefined) return [{ set: addressSet, kind, construct: object }];
      if (group !== undefined) return [{ set: { ...group, labels: {}, blocks: blocksOf(group) }, kind, construct: object }];
      return policies.map((each) => ({ policy: each, apiVersion, kind, construct: object, ours: PolicyObject.is(object) }));
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      report(object, `this ${kind} cannot be read, and the API server would refuse it: ${error.message}`);
      return [];
    }
  });
}

function isPolicyKind(apiVersion: string, kind: string): boolean {
  return POLICY_GROUPS.includes(apiVersion.split('/')[0] ?? '') && /(NetworkPolicy|EgressFirewall|NetworkSet|CIDRGroup|ClusterGroup)$|^Group$/.test(kind);
}

/** What is written is read back and must mean what the constructs said: a fault of ours stops the synth instead of opening a hole. */
function proven(object: PolicyObject, report: Report): Policy {
  const said = object.policy();
  const { policies, issues } = object.form.read(object.toJson());
  if (policies.length !== 1 || policyKey(policies[0]!) !== policyKey(said) || issues.length > 0) {
    report(object, 'internal error: the manifest does not say what the constructs say; please report this with the app that shows it');
  }
  return said;
}
