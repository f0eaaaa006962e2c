import { Direction } from '../../policy';
import { ContainerPort } from '../inventory';
import { CompiledPolicy } from './compiled';
import { Condition } from './condition';
import { hitsOf, namedPorts } from './hits';
import { Hit, layerOutcome, Selected } from './layer-outcome';
import { Outcome } from './ledger';
import { NO } from './match';
import { PeerSet } from './peer-sets';
import { PolicyLayer } from './policies';
import { PortSpace } from './port-space';

/** A policy that speaks about a class of pods, with the endpoints that its rules match. */
export interface ProfilePolicy {
  readonly policy: CompiledPolicy;
  readonly certain: boolean;
  readonly conditions: readonly Condition[];
  readonly peers: readonly PeerSet[];
  /** Which of its rules speak about these pods, where some do not. */
  readonly narrowing: string;
}

/** An outcome that is known by number, so that what was computed about it is found again. */
export interface NumberedOutcome {
  readonly id: number;
  readonly outcome: Outcome;
}

function isAboutEveryPort({ rule: { ports, notPorts, sourcePorts, notSourcePorts, l7, dnsNames } }: PeerSet['rule']): boolean {
  return [ports, notPorts, sourcePorts, notSourcePorts, l7, dnsNames].every((narrowing) => narrowing === undefined);
}

const MASK_BITS = 24;

/**
 * What one layer says about a subject in one direction: which rules match decides, and there are few combinations of them.
 * Subjects that the same policies select share one.
 */
export class LayerProfile {
  private readonly entries: readonly PeerSet[];
  private readonly namesPorts: boolean;
  private readonly outcomes = new Map<number, NumberedOutcome[]>();
  private table: Int32Array | undefined;
  private combinations: Array<readonly number[]> = [[]];

  public constructor(
    private readonly layer: PolicyLayer,
    private readonly direction: Direction,
    private readonly policies: readonly ProfilePolicy[],
    private readonly size: number,
    private readonly space: PortSpace,
    private readonly number: (outcome: Outcome) => NumberedOutcome,
  ) {
    this.entries = policies.flatMap(({ peers }) => peers);
    this.namesPorts = this.entries.some(({ rule }) => rule.namesPorts);
  }

  /** Whether no endpoint can get through without a rule that lets it. */
  public get closes(): boolean {
    const { combine, unplaced, maybeTiers = [] } = this.layer.layer;
    const ends = combine.combinator === 'union' || (combine.selectedEnd === 'deny' && unplaced === undefined && this.entries.every(({ rule }) => rule.action !== 'pass'));
    if (combine.combinator === 'union' && combine.isolatesEverybody === true) return true;
    if (combine.combinator === 'firstMatch' && this.deniesTheRest) return true;
    const forced = combine.combinator === 'union' && combine.ignoresWithoutDefaultDeny === true;
    const unsure = combine.combinator === 'union' ? [...maybeTiers, ...combine.certainDenialsOnly ?? []] : maybeTiers;
    return ends && this.policies.some(({ policy: { policy }, certain }) => certain && !unsure.includes(policy.tier.name)
      && (policy.isolates.includes(this.direction) || (forced && policy.withoutDefaultDeny?.includes(this.direction) === true)));
  }

  /** Whether a rule denies whatever the others do not allow, and none of them leaves the packet to another layer. */
  private get deniesTheRest(): boolean {
    const { unplaced, unplacedTiers = {}, maybeTiers = [] } = this.layer.layer;
    if (unplaced !== undefined || this.entries.some(({ rule }) => rule.action === 'pass')) return false;
    const isPlaced = (tier: string): boolean => !maybeTiers.includes(tier) && !Object.hasOwn(unplacedTiers, tier);
    return this.policies.some(({ policy: { policy }, certain, peers }) => certain && isPlaced(policy.tier.name)
      && peers.some((set) => set.certain && set.endpoints === undefined && set.rule.action === 'deny' && isAboutEveryPort(set.rule)));
  }

  /** Whether everything gets through, because policies speak about the subject in the other direction alone. */
  public get opensAll(): boolean {
    const { combine } = this.layer.layer;
    return combine.combinator === 'union' && combine.otherDirection === 'allow'
      && this.policies.length > 0 && !this.policies.some(({ policy: { policy } }) => policy.isolates.includes(this.direction));
  }

  /** The endpoints that rules may let through; undefined for everybody. */
  public get openings(): readonly PeerSet[] {
    return this.entries.filter(({ rule }) => rule.action === 'allow');
  }

  /** What the layer says with this endpoint at the other end, and these container ports at the destination. */
  public outcome(endpoint: number, portClass: number, ports: readonly ContainerPort[]): NumberedOutcome {
    const combination = this.entries.length <= MASK_BITS ? this.mask(endpoint) : this.lookUp(endpoint);
    const key = this.namesPorts ? portClass : 0;
    let known = this.outcomes.get(key);
    if (known === undefined) this.outcomes.set(key, (known = []));
    let found = known[combination];
    if (found === undefined) {
      found = this.number(this.compute(combination, ports));
      known[combination] = found;
    }
    return found;
  }

  private mask(endpoint: number): number {
    let mask = 0;
    const { entries } = this;
    for (let index = 0; index < entries.length; index++) {
      const { endpoints } = entries[index]!;
      if (endpoints === undefined || endpoints.has(endpoint)) mask |= 1 << index;
    }
    return mask;
  }

  /** With many rules the combination of each endpoint is worked out once, from the rules' members. */
  private lookUp(endpoint: number): number {
    if (this.table === undefined) {
      const table = new Int32Array(this.size);
      const next = new Map<string, number>();
      const advance = (member: number, index: number): void => {
        const before = table[member]!;
        const key = `${before} ${index}`;
        let after = next.get(key);
        if (after === undefined) {
          after = this.combinations.push([...this.combinations[before]!, index]) - 1;
          next.set(key, after);
        }
        table[member] = after;
      };
      for (const [index, { endpoints }] of this.entries.entries()) {
        if (endpoints === undefined) for (let member = 0; member < this.size; member++) advance(member, index);
        else for (const member of endpoints.members) advance(member, index);
      }
      this.table = table;
    }
    return this.table[endpoint]!;
  }

  private compute(combination: number, ports: readonly ContainerPort[]): Outcome {
    const isSmall = this.entries.length <= MASK_BITS;
    const listed = isSmall ? undefined : new Set(this.combinations[combination]);
    const named = namedPorts(this.layer, this.direction, this.space);
    let index = 0;
    const selected = this.policies.map(({ policy, certain, conditions, peers }): Selected => {
      const hits: Hit[] = [];
      for (const { rule, certain: isPeer, conditions: open } of peers) {
        const matches = listed === undefined ? ((combination >> index) & 1) === 1 : listed.has(index);
        index++;
        if (matches) hits.push(...hitsOf(rule, { certain: isPeer, possible: true, conditions: open }, ports, {}, named));
      }
      return { policy, certain, conditions, hits };
    });
    return layerOutcome(this.layer.layer, this.direction, selected, { ownNode: NO }, this.space);
  }
}
