import { Analysis } from 'cdk8s-netpol/analysis';
import { ROLLBACK_POLICY } from 'cdk8s-netpol/policy';
import { OWNER_KEYS, STAGE_RECORD } from 'cdk8s-netpol/rules';
import { InputError, InputObject } from '../input';
import { mapping, metadataOf, text } from '../owners/object-metadata';
import { OwnerChoice, readOwners } from '../owners/read-owners';
import { easiestFirst, NamespaceStatus, RecordedTraffic, Stage, STAGES } from './namespace-status';
import { stageSince } from './stage-since';

/** What our constructs write. */
const CONTACT = 'cdk8s-netpol/contact';
const STAGE = 'cdk8s-netpol/stage';

interface Marks {
  contact?: string;
  stage?: Stage;
  since?: string;
  rolledBack: boolean;
}

/** The namespaces of the input and how far each has come. */
export function readStatus(
  analysis: Analysis, objects: readonly InputObject[], config: OwnerChoice | undefined, traffic: ReadonlyMap<string, RecordedTraffic> = new Map(),
): NamespaceStatus[] {
  const { inventory } = analysis;
  const marks = marksOf(objects);
  const owners = readOwners(objects, config);
  const workloads = countBy(inventory.workloads.map(({ namespace }) => namespace));
  const unprotected = countBy(analysis.exposure().unprotected.flatMap(({ workload }) => (workload.kind === 'workload' ? [workload.namespace] : [])));
  const names = new Set([...inventory.namespaces.keys(), ...marks.keys()]);
  return easiestFirst([...names].map((namespace) => ({
    namespace,
    ...ownerOf(owners.ofNamespace(namespace)),
    workloads: workloads.get(namespace) ?? 0,
    unprotected: unprotected.get(namespace) ?? 0,
    rolledBack: false,
    ...marks.get(namespace),
    ...(traffic.has(namespace) ? { traffic: traffic.get(namespace)! } : {}),
  })));
}

function ownerOf(owner: string | undefined): { readonly owner?: string } {
  return owner === undefined ? {} : { owner };
}

/** What objects of a namespace say about it; the record says more than a policy. */
function marksOf(objects: readonly InputObject[]): ReadonlyMap<string, Marks> {
  const found = new Map<string, Marks>();
  const marksFor = (namespace: string): Marks => {
    let marks = found.get(namespace);
    if (marks === undefined) found.set(namespace, (marks = { rolledBack: false }));
    return marks;
  };
  const records = new Set<string>();
  const ranked = objects.map((object) => ({ ...object, rank: rankOf(object) })).filter(({ rank }) => rank > 0).sort((a, b) => a.rank - b.rank);
  for (const each of ranked) {
    const { object, rank } = each;
    const { name, namespace = 'default', annotations } = metadataOf(object);
    const data = rank === 2 ? mapping(object.data) : {};
    const marks = marksFor(namespace);
    marks.contact = text(data.contact) ?? text(annotations[CONTACT]) ?? marks.contact;
    const stage = [data.stage, annotations[STAGE]].find((value): value is Stage => STAGES.includes(value as Stage));
    if (stage !== undefined) marks.stage = stage;
    if (rank === 2) {
      if (records.has(namespace)) throw new InputError([each.origin.problemIn('', `the ConfigMap ${namespace}/${STAGE_RECORD} is in the input twice: which of the stages holds is anybody's guess`)]);
      records.add(namespace);
      marks.since = stageSince(each);
    }
    if (name === ROLLBACK_POLICY) marks.rolledBack = true;
  }
  return found;
}

function rankOf({ object }: InputObject): 0 | 1 | 2 {
  const { name, labels, annotations } = metadataOf(object);
  if (object.kind === 'ConfigMap' && name === STAGE_RECORD) return 2;
  const isOurs = OWNER_KEYS[0]! in labels || STAGE in annotations;
  return object.kind === 'NetworkPolicy' && (isOurs || name === ROLLBACK_POLICY) ? 1 : 0;
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
