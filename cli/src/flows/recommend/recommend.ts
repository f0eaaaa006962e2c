import { Inventory, Profile, readInventory, SourceObject } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { CniChoice } from '../../config/cni-flag';
import { InputObject, readInput } from '../../input';
import { FoundOwner } from '../../migrate/owners';
import { SynthesisError, synthesize } from '../../migrate/synthesize';
import { UsageError } from '../../usage-error';
import { ObservedConnection, PodSighting, CoverageHour, Window } from '../store/flow-store';
import { minuteText } from '../timestamps';
import { doubtsOf, Watched, watchedIn } from './confidence';
import { DnsEvidence } from './dns-evidence';
import { evidenceOf, merged } from './evidence';
import { KnownCluster } from './known-cluster';
import { Peers } from './peers';
import { PodEnds } from './pod-ends';
import { prove, Proof } from './prove';
import { OtherEnd, portsText, RecommendedRule, Unopened, Unseen } from './recommendation';
import { hasEntities, KnownRange, RuleFacts, seenApiServer } from './rule-facts';
import { rulesFor } from './rules';
import { Tighten, Tightenings } from './tighten';
import { trialDomains } from './trial-domains';
import { unopenedText } from './words';
import { appText, AppInput } from './write-app';

/** What a recommendation is made from. */
export interface RecommendInput {
  readonly connections: readonly ObservedConnection[];
  /** Pods that were seen at all, so that a rule does not take in those that it is not about. */
  readonly sightings: readonly PodSighting[];
  readonly coverage: readonly CoverageHour[];
  readonly window: Window;
  readonly namespaces: ReadonlyArray<{ readonly name: string; readonly owner: FoundOwner }>;
  /** Manifests of the cluster; none where nobody gave any. */
  readonly objects: readonly InputObject[];
  readonly cluster: string;
  readonly cni: CniChoice;
  readonly profile: Profile;
  readonly podCidrs: readonly string[];
  readonly nodeCidrs: readonly string[];
  readonly ranges: readonly KnownRange[];
  readonly expires: string;
  readonly stage: 'ENFORCE' | 'AUDIT';
}

export interface Recommendation {
  readonly rules: readonly RecommendedRule[];
  readonly unopened: readonly Unopened[];
  readonly others: readonly OtherEnd[];
  readonly unseen: readonly Unseen[];
  readonly proof: Proof;
  readonly watched: Watched;
  /** The file of constructs, and the manifests that it synthesizes. */
  readonly typescript: string;
  readonly yaml: string;
}

/** What both answers are made from. */
interface ReadRecord {
  readonly asked: ReadonlySet<string>;
  readonly inventory: Inventory;
  readonly known: KnownCluster;
  readonly ends: PodEnds;
  readonly peers: Peers;
  readonly watched: Watched;
}

function readRecord({ connections, sightings, objects, namespaces, window, coverage, nodeCidrs }: RecommendInput): ReadRecord {
  const asked = new Set(namespaces.map(({ name }) => name));
  const inventory = readInventory(objects, { readers: POLICY_READERS });
  const known = KnownCluster.of(objects, inventory);
  const ends = new PodEnds(connections, sightings, known, asked);
  return { asked, inventory, known, ends, peers: new Peers(ends, known, nodeCidrs), watched: watchedIn(window, coverage) };
}

/** What the policies of the manifests open and nobody was seen to use. */
export function tighten(input: RecommendInput): Tightenings & { readonly watched: Watched } {
  const { asked, inventory, known, ends, peers, watched } = readRecord(input);
  return { ...new Tighten(input.connections, peers, ends, known, inventory, asked).findings(), watched };
}

/** The smallest set of rules that the record supports, as code that was run, with the proof that it lets through what was seen. */
export async function recommend(input: RecommendInput): Promise<Recommendation> {
  const { connections, cni } = input;
  const { asked, known, ends, peers, watched } = readRecord(input);
  const evidence = evidenceOf(connections, peers, asked);
  const dns = new DnsEvidence(evidence.needs, cni, asked);
  const facts: RuleFacts = {
    asked, hasEntities: hasEntities(cni), hasDomains: trialDomains(cni),
    nodeCidrs: input.nodeCidrs, podCidrs: input.podCidrs, ranges: input.ranges, expires: input.expires,
    apiServer: seenApiServer(evidence.needs),
  };
  const found = rulesFor(evidence.needs, facts, dns, known, watched);
  const unopened = merged([...evidence.unopened, ...found.unopened]);
  const unseen = unseenOf(ends, found.rules, asked);
  const app = (stage: AppInput['stage']): string => appText({
    ...input, dns, stage, rules: found.rules, apiServer: facts.apiServer,
    heading: headingOf(input, watched), remarks: remarksOf(unopened, found.others, unseen),
  });
  const enforced = app('ENFORCE');
  const proved = manifestsOf(enforced);
  const proof = prove({
    rules: found.rules, manifests: await objectsOf(proved), profile: input.profile, asked, hasEntities: facts.hasEntities,
    workloads: ends.all, wellKnown: [...facts.apiServer?.addresses ?? [], ...input.nodeCidrs],
  });
  const typescript = input.stage === 'ENFORCE' ? enforced : app(input.stage);
  return { rules: found.rules, unopened, others: found.others, unseen, proof, watched, typescript, yaml: input.stage === 'ENFORCE' ? proved : manifestsOf(typescript) };
}

function manifestsOf(typescript: string): string {
  try {
    return synthesize(new Map([['main.ts', typescript]]));
  } catch (error) {
    if (error instanceof SynthesisError) throw new UsageError(`the recommended rules do not synthesize for this cluster: ${error.message}`);
    throw error;
  }
}

async function objectsOf(yaml: string): Promise<readonly SourceObject[]> {
  const { objects } = await readInput([{ name: 'the recommended rules', bytes: Buffer.from(yaml) }], { stdin: process.stdin });
  return objects;
}

/** Directions of the workloads that were asked for in which nothing is opened, since nothing was seen. */
function unseenOf(ends: PodEnds, rules: readonly RecommendedRule[], asked: ReadonlySet<string>): readonly Unseen[] {
  const needs = rules.filter(({ opening }) => opening.kind !== 'dns').flatMap((rule) => rule.needs);
  const [called, calling] = [new Set(needs.map(({ dst }) => dst.text)), new Set(needs.map(({ src }) => src.text))];
  return [...asked].sort().flatMap((namespace) => ends.in(namespace).filter(({ hostNetwork }) => !hostNetwork).flatMap(({ text }): Unseen[] => {
    const directions = [...(called.has(text) ? [] : ['ingress' as const]), ...(calling.has(text) ? [] : ['egress' as const])];
    return directions.length === 0 ? [] : [{ workload: text, directions }];
  }));
}

function headingOf({ cluster, window, stage }: RecommendInput, watched: Watched): string[] {
  return [
    `Recommended by netpol flows recommend, from recorded traffic of the cluster ${cluster}, ${minuteText(window.from)} to ${minuteText(window.until)} UTC.`,
    ...doubtsOf(watched).map((doubt) => `NOTE: ${doubt}.`),
    stage === 'ENFORCE'
      ? 'What no rule opens is dropped as soon as this is applied. Ship it with RolloutStage.AUDIT first, and compare it with what is recorded then.'
      : 'In AUDIT nothing is dropped. With RolloutStage.ENFORCE what no rule opens is.',
  ];
}

function remarksOf(unopened: readonly Unopened[], others: readonly OtherEnd[], unseen: readonly Unseen[]): string[] {
  const left = unopened.filter(({ why }) => why !== 'not-needed');
  return [
    ...(left.length === 0 ? [] : ['Seen, and not opened:', ...left.map((each) => `- ${unopenedText(each)}`)]),
    ...(others.length === 0 ? [] : ['Other namespaces need at their end, where they deny by default:', ...others.map((each) => `- ${each.namespace}: ${each.construct}, ${each.from} to ${each.to}, ${portsText(each.ports)}`)]),
    ...(unseen.length === 0 ? [] : ['Never seen, and closed by the default-deny (DNS aside):', ...unseen.map(({ workload, directions }) => `- ${workload}: ${directions.join(' and ')}`)]),
  ];
}
