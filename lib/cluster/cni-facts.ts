import { CLUSTER_NETWORK_POLICY } from './apis';
import { CniRow, Fact, Known, ServedApi } from './cni-row';
import { cniRow } from './cni-table';
import { isAtLeast } from './version';

/** What the tables are asked with: the public class `Cni`, or the same three values from anywhere else. */
export interface CniClaim {
  readonly name: string;
  readonly version?: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** The facts of a CNI whose value is one word. */
export type FactName =
  | 'enforcesNetworkPolicy'
  | 'auditForm'
  | 'showsWouldBeDrops'
  | 'establishedOnEnforce'
  | 'ipBlockMatchesPods'
  | 'ipBlockMatchesNodes'
  | 'cnpNetworksMatchPods'
  | 'serviceMatch'
  | 'podToOwnNode';

export type FactValue<N extends FactName> = CniRow[N] extends Fact<infer T> ? T : never;

/** A fact for one cluster: what the table says for this version and these settings, with why and where it says so. */
export interface Answer<T> {
  readonly value: Known<T>;
  readonly source: string;
  readonly why?: string;
  /** The setting that turned it. */
  readonly setting?: string;
}

/** The row of a claim; `Cni` values always have one. */
export function rowOf(claim: CniClaim): CniRow {
  const row = cniRow(claim.name);
  if (row === undefined) throw new Error(`No row for the CNI "${claim.name}"`);
  return row;
}

/** What is known about a CNI as it runs in one cluster. A setting that the user claims beats the table. */
export function cniFact<N extends FactName>(claim: CniClaim, name: N): Answer<FactValue<N>> {
  const fact = rowOf(claim)[name] as Fact<FactValue<N>>;
  const claimed = claim.settings[name];
  if (claimed !== undefined) {
    return { value: (claimed === 'true') as FactValue<N>, source: fact.source, why: `the profile says ${name}=${claimed}` };
  }
  const turn = fact.when?.find(({ setting, values }) => values.includes(claim.settings[setting] ?? ''));
  if (turn !== undefined) {
    const why = `with ${turn.setting}=${claim.settings[turn.setting] ?? ''} ${turn.why}`;
    return { value: turn.value, source: fact.source, why, setting: turn.setting };
  }
  if (fact.before !== undefined) {
    const reached = isAtLeast(claim.version, fact.before.version);
    if (reached === false) return { value: fact.before.value, source: fact.source, why: `before version ${fact.before.version}` };
    if (reached === 'depends') return { value: 'depends', source: fact.source, why: `it changed with version ${fact.before.version}` };
  }
  return { value: fact.value, source: fact.source, ...(fact.note === undefined ? {} : { why: fact.note }) };
}

/**
 * Whether the cluster evaluates an API, or one kind of it. What it does not serve contributes nothing to a verdict;
 * `depends` where the profile does not say enough.
 */
export function servesApi(claim: CniClaim, api: string, kind?: string): Known<boolean> {
  if (api === CLUSTER_NETWORK_POLICY && claim.settings.cnp !== undefined) return claim.settings.cnp === 'on';
  const entries = rowOf(claim).serves.filter(
    (entry) => entry.api === api && (kind === undefined || entry.kinds === undefined || entry.kinds.includes(kind)),
  );
  const answers = entries.map((entry) => served(claim, entry));
  if (answers.includes(true)) return true;
  return answers.includes('depends') ? 'depends' : false;
}

function served(claim: CniClaim, { default: byDefault, since, setting }: ServedApi): Known<boolean> {
  const reached = since === undefined ? true : isAtLeast(claim.version, since);
  if (reached === false) return false;
  const set = setting === undefined ? undefined : claim.settings[setting.name];
  if (setting !== undefined && set !== undefined) {
    // Who sets a gate runs a version that has it.
    return set === setting.value;
  }
  if (byDefault === true) return reached;
  return byDefault;
}
