import { Inventory, Profile, readInventory } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { InputObject, readInput } from '../input';
import { OwnerChoice, readOwners } from '../owners/read-owners';
import { UsageError } from '../usage-error';
import { AppFiles, appFiles } from './files/app-files';
import { isOurs, ownNamespaceOf } from './hand-written';
import { MigrationPlan, planMigration, PlannedProfile } from './plan';
import { Proof, prove } from './proof';
import { replacedInPlace } from './replaced';
import { SynthesisError, synthesize } from './synthesize';

/** What is asked of a migration. */
export interface MigrationInput {
  /** Objects whose policies become code. */
  readonly named: readonly InputObject[];
  /** Everything that is known of the cluster. */
  readonly objects: readonly InputObject[];
  readonly profile: Profile;
  readonly planned: PlannedProfile;
  /** netpol.yaml, which says how owners are named. */
  readonly config: OwnerChoice | undefined;
  /** Only these; every one where none is given. */
  readonly namespaces: readonly string[];
}

export interface Migration {
  readonly plan: MigrationPlan;
  readonly files: AppFiles;
  readonly proof: Proof;
  /** Policies that would be replaced in place by one that says less; the rest is in other objects. */
  readonly replaced: readonly string[];
}

const KINDS = new Set(POLICY_READERS.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));

/** Turns policies into an app, runs it, and compares what it lets through with what they do. */
export async function migrate(input: MigrationInput): Promise<Migration> {
  const { objects, profile, planned, config } = input;
  const policies = chosenPolicies(input);
  const inventory = readInventory(objects, { readers: POLICY_READERS });
  const owners = readOwners(objects, config);
  const attempt = async (metadataBlock: boolean, withoutOpener: ReadonlySet<string> = new Set()): Promise<Migration> => {
    const plan = planMigration({ policies, objects, inventory, profile: planned, owners, metadataBlock, withoutOpener });
    const files = appFiles(plan);
    const manifests = await manifestsOf(files);
    const after = [...objects.filter((each) => !policies.includes(each)), ...manifests];
    return { plan, files, proof: prove(objects, after, profile), replaced: replacedInPlace(plan.namespaces, manifests) };
  };
  const proved = async (metadataBlock: boolean): Promise<Migration> => {
    const first = await attempt(metadataBlock);
    // what keeps a direction open selects pods, and some CNIs do not select all of them: those in the network of their node
    const withoutOpener = openersIn(first);
    if (first.proof.equal || withoutOpener.size === 0) return first;
    const second = await attempt(metadataBlock, withoutOpener);
    return second.proof.equal ? second : first;
  };
  if (!meansMetadata(inventory, policies)) return proved(false);
  // the promise is kept where it changes nothing: the policies leave the endpoints out already
  try {
    const promised = await proved(true);
    if (promised.proof.equal) return promised;
  } catch (error) {
    if (!(error instanceof SynthesisError)) throw error;
  }
  return proved(false);
}

/** Namespaces of the differences that an opener keeps open in some direction. */
function openersIn({ plan, proof: { diff } }: Migration): ReadonlySet<string> {
  const ends = [...diff.added, ...diff.removed, ...diff.changed].flatMap(({ source, destination }) => [source, destination]);
  const touched = new Set(ends.map((end) => (end.kind === 'workload' ? end.namespace : undefined)));
  return new Set(plan.namespaces.filter(({ name, form }) => form.kind === 'denied' && form.stillOpen.length > 0 && touched.has(name)).map(({ name }) => name));
}

function chosenPolicies({ named, namespaces }: MigrationInput): readonly InputObject[] {
  const policies = named.filter(({ object }) => KINDS.has(`${object.apiVersion} ${object.kind}`));
  const byHand = policies.filter((each) => !isOurs(each));
  if (byHand.length === 0) {
    throw new UsageError(policies.length === 0
      ? 'there is no policy to migrate in the input. netpol status shows the namespaces that have none'
      : 'every policy of the input was written by constructs: there is nothing to migrate');
  }
  const known = [...new Set(byHand.map(ownNamespaceOf))].filter((name) => name !== undefined).sort();
  const unknown = namespaces.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const have = `${known.join(', ')} ${known.length === 1 ? 'has' : 'have'}`;
    throw new UsageError(`the namespace "${unknown}" has no hand-written policy in the input; ${have}`, { word: unknown, candidates: known });
  }
  return namespaces.length === 0 ? byHand : byHand.filter((each) => namespaces.includes(ownNamespaceOf(each) ?? ''));
}

async function manifestsOf(files: AppFiles): Promise<readonly InputObject[]> {
  const { objects } = await readInput([{ name: 'the generated app', bytes: Buffer.from(synthesize(files)) }], { stdin: process.stdin });
  return objects;
}

/** Whether somebody left the metadata address out of a block: then it is meant to stay closed. */
function meansMetadata({ policies }: Inventory, migrated: readonly InputObject[]): boolean {
  const origins = new Set<unknown>(migrated.map(({ origin }) => origin));
  return policies.some(({ policy: { origin, rules } }) => origins.has(origin) && rules.some(({ direction, peers }) => direction === 'egress'
    && (peers ?? []).some(({ terms }) => terms.some((term) => term.kind === 'ipBlock' && term.except.some((hole) => METADATA.has(hole.toString()))))));
}

/** Exceptions that people write for the metadata service: the address, and all of the link-local range. */
const METADATA: ReadonlySet<string> = new Set(['169.254.169.254/32', '169.254.0.0/16']);
